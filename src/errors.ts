/** What went wrong, in a word a program can branch on. */
export type ErrorCode =
  /** A setting is unknown, out of range, or contradicts another. */
  | 'bad-setting'
  /** The files hold trades of several symbols, and none is asked for. */
  | 'several-symbols'
  /** A file or a tick column cannot be read as what it claims to be. */
  | 'bad-data'
  /** A file cannot be written or read, for reasons outside its contents: no space, no permission. */
  | 'io'
  /** An exact integer would pass the range it is kept in. */
  | 'overflow'
  /** The grid needs more memory at one time than the backend has. */
  | 'out-of-pages'
  /** No adapter, or not one that was asked for. */
  | 'no-device'
  /** The GPU device was lost while a map stood on it. */
  | 'device-lost'
  /** The GPU reported a validation, memory or internal error. */
  | 'device-error'
  /** Threads cannot be started here, or share no memory. */
  | 'no-threads'
  /** A thread failed or ended while maps stood on it. */
  | 'thread-lost'
  /** Two backends gave different integers: a bug, or a broken device. */
  | 'mismatch'
  /** A map was used after `flush()` or `destroy()`, or after it had failed. */
  | 'bad-state'

/**
 * Every error the library throws on purpose: what was wrong and where (`message`), and what to do (`fix`).
 * A caller branches on `code`; a person reads `message` and `fix`.
 */
export class VoxriskError extends Error {
  override readonly name = 'VoxriskError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** One line that says what to do about it. */
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
