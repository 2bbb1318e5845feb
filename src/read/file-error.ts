import { type Setting, VoxriskError } from '../errors.ts'
import type { ReadAccount } from '../events/trades.ts'
import { totalOf } from '../units/counts.ts'
import { grouped } from '../units/grouped.ts'
import type { Rejection } from './rows/rejection.ts'
import { reasonOf } from './unpack.ts'

/** An error whose message begins with the file's name. */
class FileError extends VoxriskError {}

/** Runs `step`. Puts the file's name in front of the message of any VoxriskError. */
export function inFile<T>(name: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw named(name, error)
  }
}

/** Puts the file's name in front of the message of a VoxriskError; returns other errors unchanged. */
export function named(name: string, error: unknown): unknown {
  if (!(error instanceof VoxriskError) || error instanceof FileError) return error
  return new FileError(error.code, `${name}: ${error.message}`, error.fix, {
    cause: error,
    settings: error.settings,
  })
}

/** @param name of one file, or of several */
export function holdsNoTrades(name: string): VoxriskError {
  return new FileError('bad-data', `${name}: holds no trades`, 'Give a file with one trade per line.')
}

/** The error for a file that cannot be read past `row`. */
export function breaksOff(name: string, row: number, cause: unknown): VoxriskError {
  if (cause instanceof VoxriskError) return cause
  const where = row === 0 ? 'before its first row' : `after row ${grouped(row)}`
  return new FileError(
    'bad-data',
    `${name}: breaks off ${where}: ${reasonOf(cause)}`,
    'The file is damaged or cut off: fetch it again.',
    { cause },
  )
}

/** The error when every requested row is rejected. */
export function allRejected(
  name: string,
  { rejected }: ReadAccount,
  { row, text }: Rejection,
  fix: string,
  settings: readonly Setting[],
): VoxriskError {
  return new FileError(
    'bad-data',
    `${name}: all ${grouped(totalOf(rejected))} rows are rejected; row ${grouped(row)}: ${text}`,
    fix,
    { settings },
  )
}
