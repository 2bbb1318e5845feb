import type { Backend } from '../../src/engine/steps.ts'
import { rankHotspots } from '../../src/hotspots/rank.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import { OrbitCamera } from '../../src/view/frame/camera.ts'
import type { BinWindow, Frame, SceneLook } from '../../src/view/frame/frame.ts'
import { Geometry } from '../../src/view/frame/geometry.ts'
import { INKS } from '../../src/view/frame/inks.ts'
import { DEFAULT_THRESHOLDS, paletteTop } from '../../src/view/frame/palette-top.ts'
import { Plot } from '../../src/view/frame/plot.ts'
import { type Painters, paintersOf } from '../../src/view/gpu/painters.ts'
import { Scene } from '../../src/view/gpu/scene.ts'
import { PassClock } from './pass-clock.ts'
import type { Pixels } from './result.ts'
import type { Tape } from './ticks.ts'

const FORMAT: GPUTextureFormat = 'rgba8unorm'
/** WebGPU's GPUTextureUsage.COPY_SRC | RENDER_ATTACHMENT. */
const TEXTURE_USAGE = 0x11

/** A map that has seen a tape, all its pages kept, drawn into a texture as `RiskView` draws it into a canvas. */
export class DrawnMap {
  /** What was drawn last; RGBA. */
  readonly texture: GPUTexture
  private readonly clock: PassClock
  private readonly camera = new OrbitCamera()

  private constructor(
    private readonly device: GPUDevice,
    private readonly painters: Painters,
    private readonly scene: Scene,
    private readonly map: RiskMap,
    private readonly look: SceneLook,
    private readonly pixels: Pixels,
  ) {
    const { width, height } = pixels
    this.texture = device.createTexture({
      label: 'bench frame',
      size: [width, height],
      format: FORMAT,
      usage: TEXTURE_USAGE,
    })
    this.clock = new PassClock(device)
  }

  /**
   * Makes the map, which takes as long as a job.
   * @param backend on `device`, which has timestamps
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
      const look = {
        measure: 'score',
        size: 'all',
        threshold: DEFAULT_THRESHOLDS.score,
        top: paletteTop('score', rankHotspots(hotspots)),
        theme: 'light',
      } as const
      const [painters, scene] = await Promise.all([paintersOf(device, FORMAT), Scene.create(device)])
      return new DrawnMap(device, painters, scene, map, look, pixels)
    } catch (error) {
      map.destroy()
      throw error
    }
  }

  /** Pages that are drawn: fewer than were scored where the device cannot keep them all. */
  get pages(): number {
    return this.map.keptPages.length
  }

  /**
   * Draws a frame, with all that is written anew for one while the camera moves or the window is moved.
   * @returns seconds that its render pass took by the device's timestamps; what is kept from frame to frame is made before
   */
  async draw(mode: 'volume' | 'slices'): Promise<number> {
    const { device, map, look, scene, clock } = this
    const kept = map.scorePages
    const bound = kept && scene.update(kept, map.grid.sizeBins, look)
    if (!bound) throw new Error('the map has no page to draw')
    const encoder = device.createCommandEncoder({ label: 'bench frame' })
    const pass = encoder.beginRenderPass({
      label: 'bench frame',
      colorAttachments: [{ view: this.texture.createView(), loadOp: 'clear', storeOp: 'store' }],
      timestampWrites: clock.timestampWrites,
    })
    const frame = this.frame()
    if (mode === 'volume') this.painters.volume.draw(pass, bound, frame, this.camera)
    else this.painters.slices.draw(pass, bound, frame, new Plot(frame))
    pass.end()
    clock.resolve(encoder)
    device.queue.submit([encoder.finish()])
    return await clock.seconds()
  }

  destroy(): void {
    this.scene.destroy()
    this.clock.destroy()
    this.texture.destroy()
    this.map.destroy()
  }

  /** The whole map. */
  private frame(): Frame {
    const { map, look, pixels, scene } = this
    const geometry = new Geometry(map.instrument, map.grid)
    const { from, to, low, high } = geometry.box(map.keptPages)!
    const window: BinWindow = {
      fromSlab: geometry.slab(from),
      toSlab: geometry.slab(to),
      lowBin: geometry.bin(low),
      highBin: geometry.bin(high),
    }
    return { geometry, extent: scene.extent!, window, look, inks: INKS.light, ...pixels, ratio: 1 }
  }
}
