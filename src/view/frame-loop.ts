/** Draws on request only. Several requests before the next animation frame give one frame. */
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

  /** Draws no more frames until `release()`, which then draws what was requested in the meantime. */
  hold(): void {
    this.held = true
    cancelAnimationFrame(this.pending)
    this.pending = 0
  }

  release(): void {
    this.held = false
    this.schedule()
  }

  /** Draws immediately, requested or not. */
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
