/**
 * A started thread that runs `voxrisk/cpu-thread`. A page's own `Worker` is one:
 *
 * ```ts
 * new Worker(new URL('voxrisk/cpu-thread', import.meta.url), { type: 'module' })
 * ```
 */
export interface Thread {
  postMessage(message: unknown): void
  /** Ends the thread, whatever it does. */
  terminate(): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  /** Whatever ends the thread, or loses a message of it. */
  addEventListener(
    type: 'error' | 'messageerror',
    listener: (event: { readonly message?: string }) => void,
  ): void
  /** Keep the process alive, where there is one that would end otherwise; a thread begins without. */
  ref?(): void
  unref?(): void
}
