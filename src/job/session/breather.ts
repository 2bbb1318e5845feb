/**
 * Work between two breaths, ms: half a frame at 30 frames a second. A piece of work may run over it. Measured in headless Chrome 147
 * on a 2.5 GHz Xeon, CPU backend: a Bybit day of 93,598 trades (csv.gz), read, learnt from and mapped, has no task over 50 ms;
 * the sample, whose making comes in chunks of 65,536 trades, has two while the page loads, of 149 and 83 ms.
 */
const WORK_MS = 16

/**
 * Gives the thread away between pieces of work, so that a page can draw and take clicks and a server can answer.
 * @param signal ends the work: the next breath then throws its reason
 */
export class Breather {
  private since = performance.now()

  constructor(private readonly signal?: AbortSignal) {}

  /** Returns at once until the work has held the thread for {@link WORK_MS}. */
  async breathe(): Promise<void> {
    this.signal?.throwIfAborted()
    if (performance.now() - this.since < WORK_MS) return
    await nextTask()
    this.since = performance.now()
    this.signal?.throwIfAborted()
  }
}

/** Resolves in a task of its own, ahead of what else waits where the browser can tell. */
function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?(): Promise<void> } }
  return scheduler?.yield?.() ?? new Promise(resolve => setTimeout(resolve))
}
