import type { FrameLoop } from './frame-loop.ts'

/** A moving volume gets fewer pixels if a frame would take longer than this, seconds. */
const MOVING_FRAME_SECONDS = 0.05
/** A moving volume keeps at least this share of each side's pixels. */
const LEAST_SCALE = 0.2
/** The volume is drawn with all its pixels after this long without a move, ms. */
const STILL_AFTER_MS = 160
/** Longest pause between two frames, ms. */
const MOST_REST_MS = 500

/**
 * Adapts frames to the speed of the GPU: no frame starts before the last one is done, and each has only as
 * many pixels as there is time for.
 */
export class Pacing {
  /** The share of each side's pixels that a volume is drawn with. */
  scale = 1
  /** Seconds the GPU needs for a volume with all its pixels, as last measured. */
  private fullSeconds = 0
  private stillTimer: ReturnType<typeof setTimeout> | undefined
  private restTimer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly loop: FrameLoop) {}

  /** Whether a frame of all pixels is still to be asked for. */
  get isBusy(): boolean {
    return this.stillTimer !== undefined
  }

  /** Requests a frame of a moving volume, and one with all its pixels once it is still. */
  moving(): void {
    const { fullSeconds } = this
    this.scale =
      fullSeconds <= MOVING_FRAME_SECONDS
        ? 1
        : Math.max(LEAST_SCALE, Math.sqrt(MOVING_FRAME_SECONDS / fullSeconds))
    this.forgetStill()
    if (this.scale < 1) {
      this.stillTimer = setTimeout(() => {
        this.stillTimer = undefined
        this.scale = 1
        this.loop.request()
      }, STILL_AFTER_MS)
    }
    this.loop.request()
  }

  /**
   * Waits for the GPU before the next frame. If the GPU is slow, waits as long again, because the map needs
   * it too.
   * @param done resolves with the seconds the GPU took for the frame just submitted
   * @param volumeScale share of each side's pixels of a volume; null for slices
   */
  wait(done: Promise<number>, volumeScale: number | null): void {
    this.loop.hold()
    done.then(
      seconds => {
        if (volumeScale !== null) this.fullSeconds = seconds / volumeScale ** 2
        const rest = seconds > MOVING_FRAME_SECONDS ? Math.min(seconds * 1000, MOST_REST_MS) : 0
        this.restTimer = setTimeout(() => this.loop.release(), rest)
      },
      () => this.loop.release(), // the device is lost; the next frame will find out
    )
  }

  /** Stops waiting. */
  release(): void {
    clearTimeout(this.restTimer)
    this.loop.release()
  }

  stop(): void {
    this.forgetStill()
    clearTimeout(this.restTimer)
    this.loop.stop()
  }

  private forgetStill(): void {
    clearTimeout(this.stillTimer)
    this.stillTimer = undefined
  }
}
