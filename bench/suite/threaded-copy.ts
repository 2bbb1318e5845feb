import type { Thread } from 'voxrisk/engine'
import type { CopyCall } from './copy-thread.ts'

/**
 * Copies one array into another on several threads, a part on each: the ceiling of a contestant that uses all
 * of them.
 */
export class ThreadedCopy {
  private readonly threads: Thread[]

  /** @param spawn starts a thread running `copy-thread.ts` */
  constructor(
    private readonly count: number,
    spawn: () => Thread,
  ) {
    this.threads = Array.from({ length: count }, spawn)
    for (const thread of this.threads) thread.ref?.()
  }

  /** Seconds from the call to the last thread's answer. */
  async copy(bytes: number, times: number): Promise<number> {
    const part = Math.floor(bytes / 8 / this.count)
    const [from, to] = [0, 1].map(() =>
      new Float64Array(new SharedArrayBuffer(8 * part * this.count)).fill(1),
    )
    const start = performance.now()
    await Promise.all(
      this.threads.map((thread, i) => {
        const [begin, end] = [i * part, (i + 1) * part]
        return call(thread, { from: from.subarray(begin, end), to: to.subarray(begin, end), times })
      }),
    )
    return (performance.now() - start) / 1000
  }

  destroy(): void {
    for (const thread of this.threads) thread.terminate()
  }
}

function call(thread: Thread, message: CopyCall): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.addEventListener('message', () => resolve())
    thread.addEventListener('error', event => reject(new Error(event.message ?? 'a copying thread failed')))
    thread.postMessage(message)
  })
}
