/**
 * A started thread that runs `voxrisk/cpu-thread`. In a document, that is a `Worker`:
 *
 * ```ts
 * new Worker(new URL('voxrisk/cpu-thread', import.meta.url), { type: 'module' })
 * ```
 */
export interface Thread {
  /** Sends the thread a message, by structured clone; shared memory stays shared. */
  postMessage(message: unknown): void
  /** Ends the thread, whatever it is doing. */
  terminate(): void
  /** Called with each message of the thread, in `data`. */
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  /** Called when the thread dies or one of its messages is lost. */
  addEventListener(
    type: 'error' | 'messageerror',
    listener: (event: { readonly message?: string }) => void,
  ): void
  /** Keeps the process alive, in runtimes where it would otherwise end. A new thread does not. */
  ref?(): void
  /** Undoes `ref()`: the process may end although the thread has not. */
  unref?(): void
}
