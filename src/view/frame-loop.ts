/** Draws when it was asked to, once for all requests before the next animation frame, and else not at all. */
export class FrameLoop {
  /** Frames drawn so far. */
  drawn = 0
  private pending = 0

  constructor(private readonly draw: () => void) {}

  request(): void {
    if (this.pending === 0) this.pending = requestAnimationFrame(() => this.run())
  }

  /** Draws now what was requested for the next animation frame. */
  flush(): void {
    if (this.pending === 0) return
    cancelAnimationFrame(this.pending)
    this.run()
  }

  stop(): void {
    if (this.pending !== 0) cancelAnimationFrame(this.pending)
    this.pending = 0
  }

  private run(): void {
    this.pending = 0
    this.drawn++
    this.draw()
  }
}
