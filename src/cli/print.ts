import { VoxriskError } from '../errors.ts'

/** The reader of stdout has stopped, as `head` does. The rest is no longer needed, so it is cancelled. */
export class ReaderGone extends Error {}

/** Writes text to stdout as fast as its reader takes it. */
export class Printer {
  private failure: Error | null = null
  private last: Promise<void> = Promise.resolve()

  /**
   * Writes a text.
   * @returns a promise if the output is full; it resolves when there is room for more
   * @throws {ReaderGone}
   * @throws {VoxriskError} `io`
   */
  write(text: string): void | Promise<void> {
    if (this.failure) throw this.failure
    let hasRoom = true
    const written = new Promise<void>((resolve, reject) => {
      hasRoom = process.stdout.write(text, error => (error ? reject(asFailure(error)) : resolve()))
    })
    written.catch(error => {
      this.failure ??= error
    })
    this.last = written
    if (!hasRoom) return written
  }

  /** Waits until everything is written. */
  async end(): Promise<void> {
    await this.last
    if (this.failure) throw this.failure
  }
}

/** Prints a text and waits until it is written. Throws as {@link Printer.write} does. */
export async function print(text: string): Promise<void> {
  const printer = new Printer()
  await printer.write(text)
  await printer.end()
}

// Each write handles its own failure. Without this listener, an `error` event would end the process.
process.stdout.on('error', () => {})

function asFailure(cause: Error): Error {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return new ReaderGone()
  return new VoxriskError(
    'io',
    `standard output: ${cause.message}`,
    'Send it somewhere that can be written.',
    {
      cause,
    },
  )
}
