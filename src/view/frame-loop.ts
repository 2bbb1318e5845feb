/** Draws when it was asked to, once for all requests before the next animation frame, and else not at all. */
export class FrameLoop {
  /** Frames drawn so far. */
  drawn = 0
  private wanted = false
  private held = false
  private pending = 0

  constructor(private readonly draw: () => void) {}

  /** Whether a frame is to come, or held. */
  get isBusy(): boolean {
    return this.wanted || this.held
  }

  request(): void {
    this.wanted = true
    this.schedule()
  }

  /** Draws no further frame until `release()`: what was requested meanwhile is drawn then. */
  hold(): void {
    this.held = true
    cancelAnimationFrame(this.pending)
    this.pending = 0
  }

  release(): void {
    this.held = false
    this.schedule()
  }

  /** Draws at once, whatever was requested. */
  flush(): void {
    cancelAnimationFrame(this.pending)
    this.run()
  }

  stop(): void {
    this.wanted = false
    this.held = false
    cancelAnimationFrame(this.pending)
    this.pending = 0
  }

  private schedule(): void {
    if (this.wanted && !this.held && this.pending === 0) {
      this.pending = requestAnimationFrame(() => this.run())
    }
  }

  private run(): void {
    this.pending = 0
    this.wanted = false
    this.drawn++
    this.draw()
  }
}
