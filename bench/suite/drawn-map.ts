import { type Backend, type Hotspot, RiskMap, rankHotspots } from 'voxrisk'
import { RiskStill } from 'voxrisk/view'
import { TextureUsage } from './flags.ts'
import { PassClock } from './pass-clock.ts'
import type { Pixels } from './result.ts'
import type { Tape } from './ticks.ts'

const FORMAT: GPUTextureFormat = 'rgba8unorm'

/**
 * The finished map of a tape with all its pages kept, drawn into a texture the way `RiskView` draws into a
 * canvas.
 */
export class DrawnMap {
  /** The last frame drawn; RGBA. */
  readonly texture: GPUTexture
  private readonly clock: PassClock

  private constructor(
    private readonly device: GPUDevice,
    private readonly still: RiskStill,
    private readonly map: RiskMap,
    private readonly hotspots: readonly Hotspot[],
    private readonly pixels: Pixels,
  ) {
    const { width, height } = pixels
    this.texture = device.createTexture({
      label: 'bench frame',
      size: [width, height],
      format: FORMAT,
      usage: TextureUsage.copySource | TextureUsage.renderTarget,
    })
    this.clock = new PassClock(device)
  }

  /**
   * Makes the map, which takes as long as a job.
   * @param backend on `device`, which must support timestamps
   */
  static async open(tape: Tape, backend: Backend, device: GPUDevice, pixels: Pixels): Promise<DrawnMap> {
    const { ticks, calibration } = tape
    const { timeWidth } = calibration.grid
    const [first, last] = [ticks.time[0], ticks.time[ticks.length - 1]].map(time =>
      Math.floor(time / timeWidth),
    )
    const map = await RiskMap.create({ backend, calibration, keepSlabs: last - first + 1 })
    try {
      await map.ingest(ticks)
      await map.flush()
      const hotspots: Hotspot[] = []
      for await (const hotspot of map.hotspots) hotspots.push(hotspot)
      const still = await RiskStill.create(device, { format: FORMAT })
      return new DrawnMap(device, still, map, rankHotspots(hotspots), pixels)
    } catch (error) {
      map.destroy()
      throw error
    }
  }

  /** Pages that are drawn; fewer than were scored if the device cannot keep them all. */
  get pages(): number {
    return this.map.keptPages.length
  }

  /**
   * Draws a frame, including everything that is rewritten for each frame while the camera or the window
   * moves.
   * @returns seconds its render pass took by the device's timestamps; anything kept between frames is
   *   prepared beforehand
   */
  async draw(mode: 'volume' | 'slices'): Promise<number> {
    const { device, still, map, hotspots, pixels, clock } = this
    const encoder = device.createCommandEncoder({ label: 'bench frame' })
    const target = this.texture.createView()
    const { timestampWrites } = clock
    still.draw({ map, hotspots, mode, encoder, target, ...pixels, timestampWrites })
    clock.resolve(encoder)
    device.queue.submit([encoder.finish()])
    return await clock.seconds()
  }

  destroy(): void {
    this.still.destroy()
    this.clock.destroy()
    this.texture.destroy()
    this.map.destroy()
  }
}
