import type { FrameLoop } from './frame-loop.ts'

/** While it is moved, the volume is drawn with fewer pixels where a frame would take longer, seconds. */
const MOVING_FRAME_SECONDS = 0.05
/** The least share of each side's pixels that a moving volume is drawn with. */
const LEAST_SCALE = 0.2
/** After this long without a move the volume is drawn with all its pixels, ms. */
const STILL_AFTER_MS = 160
/** Longest rest between two frames, ms. */
const MOST_REST_MS = 500

/** Fits frames to the GPU: no frame before the last one is done, and as many pixels as it has time for. */
export class Pacing {
  /** Share of each side's pixels that a volume is drawn with. */
  scale = 1
  /** Seconds that the GPU took for a volume of all pixels, last known. */
  private fullSeconds = 0
  private stillTimer: ReturnType<typeof setTimeout> | undefined
  private restTimer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly loop: FrameLoop) {}

  /** Whether a frame of all pixels is still to be asked for. */
  get isBusy(): boolean {
    return this.stillTimer !== undefined
  }

  /** Asks for a frame of a volume that has moved, and for one of all pixels once it is still. */
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
   * Waits for the GPU before the next frame, and as long again where it is slow: the map works on it too.
   * @param done resolves with the seconds that the GPU needs for the frame just handed over
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
      () => this.loop.release(), // the device is gone, which the next frame finds
    )
  }

  /** Waits for nothing any more. */
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
