/**
 * A queue that keeps only the latest request, as for the places a slider is dragged over. A run that ends within its grace is
 * let end before the next begins; one that takes longer is given up for the newer request.
 */
export class Latest<Request> {
  /** At most one. */
  private waiting: Request[] = []
  private since: number | null = null
  private turn = 0

  /**
   * @param run a second call ends the first
   * @param graceMs how long a run is left alone, however many requests come
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
