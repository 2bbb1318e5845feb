import { VoxriskError } from '../errors.ts'

/** Whoever read stdout has stopped, as `head` does: what is left to do is not wanted any more. */
export class ReaderGone extends Error {}

/** Text on its way to stdout, as fast as its reader takes it. */
export class Printer {
  private failure: Error | null = null
  private last: Promise<void> = Promise.resolve()

  /**
   * Writes a text; the promise, where there is one, is kept when the reader has room for more.
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

  /** Waits until all of it has left. */
  async end(): Promise<void> {
    await this.last
    if (this.failure) throw this.failure
  }
}

/** Prints a text and waits until it has left. Throws as {@link Printer.write}. */
export async function print(text: string): Promise<void> {
  const printer = new Printer()
  await printer.write(text)
  await printer.end()
}

// Every write hears of its own failure; an `error` event without a listener would end the process.
process.stdout.on('error', () => {})

function asFailure(cause: Error): Error {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return new ReaderGone()
  return new VoxriskError(
    'io',
    `standard output: ${cause.message}`,
    'Send it to a place that can be written.',
    {
      cause,
    },
  )
}
