/**
 * Time to work before taking a breath, ms: half a frame at 30 frames a second. A single piece of work may
 * overrun it. Measured in headless Chrome 147 on a 2.5 GHz Xeon, CPU backend: reading, learning from and
 * mapping a Bybit day of 93,598 trades (csv.gz) has no task over 50 ms. The sample is generated in chunks of
 * 65,536 trades and has two such tasks while the document loads, of 149 and 83 ms.
 */
const WORK_MS = 16

/**
 * Yields the thread between pieces of work, so that a document can draw and take clicks, and a server can
 * answer.
 * @param signal ends the work: once it is aborted, the next breath throws its reason
 */
export class Breather {
  private since = performance.now()

  constructor(private readonly signal?: AbortSignal) {}

  /** Yields once the work has held the thread for {@link WORK_MS}; until then, returns at once. */
  async breathe(): Promise<void> {
    this.signal?.throwIfAborted()
    if (performance.now() - this.since < WORK_MS) return
    await nextTask()
    this.since = performance.now()
    this.signal?.throwIfAborted()
  }
}

/** Resolves in a new task, ahead of other waiting tasks if the browser supports that. */
function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?(): Promise<void> } }
  return scheduler?.yield?.() ?? new Promise(resolve => setTimeout(resolve))
}
