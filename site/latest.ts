/**
 * Fulfils the latest of many wishes, such as the places a slider is dragged over: what is quickly done is done for as many as
 * possible, what takes long is begun anew for the last.
 */
export class Latest<Wish> {
  /** At most one. */
  private waiting: Wish[] = []
  private since: number | null = null
  private turn = 0

  /**
   * @param fulfil a second call ends the first
   * @param patience ms that a wish is given before a newer one ends it
   */
  constructor(
    private readonly fulfil: (wish: Wish) => Promise<void>,
    private readonly patience: number,
  ) {}

  wish(wish: Wish): void {
    if (this.since !== null && performance.now() - this.since < this.patience) this.waiting = [wish]
    else void this.start(wish)
  }

  private async start(wish: Wish): Promise<void> {
    const turn = ++this.turn
    this.waiting = []
    this.since = performance.now()
    await this.fulfil(wish)
    if (turn !== this.turn) return
    this.since = null
    for (const wish of this.waiting) void this.start(wish)
  }
}
