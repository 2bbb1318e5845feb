/** Replay speeds, as multiples of real time. */
export const SPEEDS: readonly number[] = [1, 10, 60, 300, 1000]

/**
 * Longest wall time that one step covers, ms. After a slower step the replay continues where it was, without
 * a jump.
 */
const LONGEST_STEP_MS = 250

/** Schedules the steps of a replay; in a document, with `requestAnimationFrame`. */
export interface FrameClock {
  /** In ms, never decreasing. */
  now(): number
  /** Calls back once, soon. Returns a function that cancels the callback. */
  request(callback: () => void): () => void
}

export interface PlayerOptions {
  readonly clock: FrameClock
  /** Brings the view to a time (µs). The next step waits for it; an error stops the replay. */
  readonly advance: (time: number) => Promise<void>
  /** `time`, `playing` or `speed` has changed. */
  readonly onChange: () => void
  readonly onError: (error: unknown) => void
}

/** The clock of a replay over a span of time. It requests frames only while it plays. */
export class Player {
  private span = { from: 0, to: 0 }
  private at = 0
  private rate = 300
  private running = false
  private withdraw: (() => void) | null = null
  private last = 0
  /** Increases with every play, pause and jump, so that a step in progress is not followed by another one. */
  private turn = 0

  constructor(private readonly options: PlayerOptions) {}

  /** In µs since 1970. */
  get time(): number {
    return this.at
  }

  get from(): number {
    return this.span.from
  }

  get to(): number {
    return this.span.to
  }

  get playing(): boolean {
    return this.running
  }

  get speed(): number {
    return this.rate
  }

  /** Replay time per wall time. */
  set speed(speed: number) {
    this.rate = speed
    this.options.onChange()
  }

  /** Stops, and sets a new span and the time within it (µs). Does not advance: the view is there already. */
  load(from: number, to: number, time: number): void {
    this.halt()
    this.span = { from, to }
    this.at = Math.min(Math.max(time, from), to)
    this.options.onChange()
  }

  /** Continues, or starts over if the end has been reached. */
  async play(): Promise<void> {
    if (this.running) return
    this.running = true
    const turn = ++this.turn
    this.options.onChange()
    if (this.at >= this.to && !(await this.show(this.from, turn))) return
    this.last = this.options.clock.now()
    this.next(turn)
  }

  pause(): void {
    if (!this.running) return
    this.halt()
    this.options.onChange()
  }

  /** Jumps to a time. A running replay continues from there. */
  async seek(time: number): Promise<void> {
    const goOn = this.running
    this.halt()
    this.running = goOn
    const turn = this.turn
    if (!(await this.show(Math.min(Math.max(time, this.from), this.to), turn))) return
    this.last = this.options.clock.now()
    if (this.running) this.next(turn)
  }

  private halt(): void {
    this.turn++
    this.running = false
    this.withdraw?.()
    this.withdraw = null
  }

  private next(turn: number): void {
    this.withdraw = this.options.clock.request(() => {
      this.withdraw = null
      void this.step(turn)
    })
  }

  private async step(turn: number): Promise<void> {
    const now = this.options.clock.now()
    const elapsed = Math.min(Math.max(now - this.last, 0), LONGEST_STEP_MS)
    this.last = now
    if (!(await this.show(Math.min(this.at + elapsed * 1000 * this.rate, this.to), turn))) return
    if (this.at >= this.to) this.pause()
    else this.next(turn)
  }

  /** Returns whether this turn is still current. */
  private async show(time: number, turn: number): Promise<boolean> {
    this.at = time
    this.options.onChange()
    try {
      await this.options.advance(time)
    } catch (error) {
      if (turn === this.turn) {
        this.pause()
        this.options.onError(error)
      }
      return false
    }
    if (turn !== this.turn) return false
    this.options.onChange()
    return true
  }
}
