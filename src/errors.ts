import type { Setting } from './formats/inspection.ts'

/** What an error code means, and how a command or a service should treat it. */
export interface ErrorKind {
  /** One sentence. */
  readonly meaning: string
  /**
   * Exit status of a command: 2 when it was called wrongly, 1 when it failed. (`compare` exits with 2 on
   * both.)
   */
  readonly exit: 1 | 2
  /** HTTP status of a service. */
  readonly http: number
  /** Whether the same call may succeed if repeated later without change. */
  readonly retry: boolean
}

/** Every code an error of the library can have. */
export const ERRORS = {
  'bad-setting': {
    meaning: 'A setting is unknown, out of range, or contradicts another.',
    exit: 2,
    http: 400,
    retry: false,
  },
  'several-symbols': {
    meaning: 'The files hold trades of several symbols, and the call names none of them.',
    exit: 2,
    http: 400,
    retry: false,
  },
  'bad-data': {
    meaning: 'A file or a tick column is not what it claims to be.',
    exit: 1,
    http: 422,
    retry: false,
  },
  io: {
    meaning:
      'A file cannot be read or written, for reasons outside its contents: no space, no permission, no network.',
    exit: 1,
    http: 503,
    retry: true,
  },
  overflow: {
    meaning: 'An exact integer would exceed its range.',
    exit: 1,
    http: 422,
    retry: false,
  },
  'out-of-pages': {
    meaning: 'The map needs more memory at one time than the backend can address.',
    exit: 1,
    http: 413,
    retry: false,
  },
  'out-of-memory': {
    meaning: 'The GPU or the machine has no memory left for the map or its trades.',
    exit: 1,
    http: 503,
    retry: true,
  },
  'no-device': {
    meaning: 'There is no GPU adapter, or not the one that was asked for.',
    exit: 1,
    http: 501,
    retry: false,
  },
  'device-lost': {
    meaning: 'The GPU device was lost while a map was using it.',
    exit: 1,
    http: 503,
    retry: true,
  },
  'device-error': {
    meaning: 'The GPU reported a validation or internal error: a bug, here or in its driver.',
    exit: 1,
    http: 500,
    retry: false,
  },
  'no-threads': {
    meaning: 'Threads cannot be started here, or cannot share memory.',
    exit: 1,
    http: 501,
    retry: false,
  },
  'thread-lost': {
    meaning: 'A thread failed or ended while maps were using it.',
    exit: 1,
    http: 503,
    retry: true,
  },
  mismatch: {
    meaning: 'Two backends gave different integers: a bug, or a broken device.',
    exit: 1,
    http: 500,
    retry: false,
  },
  'bad-state': {
    meaning: 'An object was used after it had ended or failed, or twice where once is allowed.',
    exit: 1,
    http: 409,
    retry: false,
  },
} as const satisfies Record<string, ErrorKind>

/** What went wrong, as one word for a program to branch on. */
export type ErrorCode = keyof typeof ERRORS

export type { Setting } from './formats/inspection.ts'

/** What an error carries besides its code and its texts. */
export interface VoxriskErrorOptions extends ErrorOptions {
  /** Settings to change, most helpful first. */
  readonly settings?: readonly Setting[]
}

/**
 * Every error the library throws on purpose. Programs branch on `code`, see {@link ERRORS}; people read
 * `message` and `fix`. A front end adds its own names for the `settings`.
 */
export class VoxriskError extends Error {
  override readonly name = 'VoxriskError'
  /** Settings that `fix` refers to, most helpful first; empty when no setting helps. */
  readonly settings: readonly Setting[]

  constructor(
    /** What went wrong, for a program to branch on. */
    readonly code: ErrorCode,
    /** What was wrong, and where. */
    message: string,
    /** What to do about it, in one line. Names no option of a particular front end. */
    readonly fix: string,
    { settings = [], ...options }: VoxriskErrorOptions = {},
  ) {
    super(message, options)
    this.settings = settings
  }
}
