/**
 * A queue that keeps only the latest request, for example while a slider is dragged. A run within its grace
 * period is left alone, and the next one starts when it has ended; a longer run is abandoned for the newer
 * request.
 */
export class Latest<Request> {
  /** At most one request. */
  private waiting: Request[] = []
  private since: number | null = null
  private turn = 0

  /**
   * @param run calling it again cancels the previous call
   * @param graceMs how long a run is left alone, however many requests arrive
   */
  constructor(
    private readonly run: (request: Request) => Promise<void>,
    private readonly graceMs: number,
  ) {}

  request(request: Request): void {
    if (this.since !== null && performance.now() - this.since < this.graceMs) this.waiting = [request]
    else void this.start(request)
  }

  private async start(request: Request): Promise<void> {
    const turn = ++this.turn
    this.waiting = []
    this.since = performance.now()
    await this.run(request)
    if (turn !== this.turn) return
    this.since = null
    for (const waiting of this.waiting) void this.start(waiting)
  }
}
