import { CommanderError } from 'commander'
import { ERRORS, VoxriskError } from '../errors.ts'
import { ReaderGone } from './print.ts'
import { fixText } from './setting-options.ts'

/** What the shell gets. `compare` answers as diff does: its 1 says that the two differ, its 2 covers every failure. */
export const Exit = {
  done: 0,
  /** Bad data, a file that cannot be written, a device that failed. */
  failed: 1,
  differ: 1,
  usage: 2,
  compareFailed: 2,
} as const

/**
 * Says on stderr what went wrong and sets the exit status. A reader that has left is no failure.
 * @param failed status of a failure that is not one of usage
 */
export function complain(error: unknown, failed: number = Exit.failed): void {
  if (error instanceof ReaderGone) return
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? Exit.done : Exit.usage // commander has printed what is wrong
  } else if (error instanceof VoxriskError) {
    process.stderr.write(`voxrisk: ${error.message}\n         ${fixText(error)}\n`)
    process.exitCode = ERRORS[error.code].exit === Exit.usage ? Exit.usage : failed
  } else {
    // A mistake of voxrisk itself: the stack says where. Thrown on, it would exit 1, which for `compare` is an answer.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = failed
  }
}
