import { CommanderError } from 'commander'
import { ERRORS, VoxriskError } from '../errors.ts'
import { ReaderGone } from './print.ts'
import { fixText } from './setting-options.ts'

/** Exit statuses. `compare` follows diff: 1 means that the reports differ, 2 covers every failure. */
export const Exit = {
  done: 0,
  /** Bad data, a file that cannot be written, a device that failed. */
  failed: 1,
  differ: 1,
  usage: 2,
  compareFailed: 2,
} as const

/**
 * Says on stderr what went wrong and sets the exit status. A reader that has stopped reading is not a
 * failure.
 * @param failed exit status for failures other than wrong usage
 */
export function complain(error: unknown, failed: number = Exit.failed): void {
  if (error instanceof ReaderGone) return
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? Exit.done : Exit.usage // commander has printed what is wrong
  } else if (error instanceof VoxriskError) {
    process.stderr.write(`voxrisk: ${error.message}\n         ${fixText(error)}\n`)
    process.exitCode = ERRORS[error.code].exit === Exit.usage ? Exit.usage : failed
  } else {
    // A bug in voxrisk; the stack says where. Rethrowing would exit with 1, which for `compare` is an answer.
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = failed
  }
}
