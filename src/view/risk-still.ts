/// <reference lib="esnext.disposable" preserve="true" />

import { VoxriskError } from '../errors.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import { OrbitCamera } from './frame/camera.ts'
import type { SceneLook } from './frame/frame.ts'
import { Geometry, windowOf } from './frame/geometry.ts'
import { INKS } from './frame/inks.ts'
import { DEFAULT_THRESHOLDS, paletteTop } from './frame/palette-top.ts'
import { Plot } from './frame/plot.ts'
import { type Painters, paintersOf } from './gpu/painters.ts'
import { Scene } from './gpu/scene.ts'

/** Options of {@link RiskStill.create}. */
export interface RiskStillOptions {
  /** Format of the target textures. */
  readonly format: GPUTextureFormat
}

/** Arguments of {@link RiskStill.draw}. */
export interface RiskStillDraw {
  /** A map on the same device, created with `keepSlabs`. */
  readonly map: Pick<RiskMap, 'scorePages' | 'keptPages' | 'instrument' | 'grid'>
  /** Its hotspots, highest score first. They set the upper end of the palette. */
  readonly hotspots: readonly Hotspot[]
  /** A volume in perspective, or slices: price over time. */
  readonly mode: 'volume' | 'slices'
  /** One render pass is recorded here. Submit it before the next `draw()`. */
  readonly encoder: GPUCommandEncoder
  /** One sample per pixel, `width` × `height`. Its content is replaced. */
  readonly target: GPUTextureView
  /** Width of the target, px. */
  readonly width: number
  /** Height of the target, px. */
  readonly height: number
  /** Timestamps to write around the render pass. */
  readonly timestampWrites?: GPURenderPassTimestampWrites
}

/**
 * Draws the scores of everything a map has kept into a texture, without axes, the way `RiskView` draws them
 * into a canvas. For pictures without a document, for example in Node. Device, map and texture are borrowed.
 */
export class RiskStill {
  private readonly camera = new OrbitCamera()

  private constructor(
    private readonly device: GPUDevice,
    private readonly painters: Painters,
    private readonly scene: Scene,
  ) {}

  /** @throws {VoxriskError} `device-error` if the device rejects a shader */
  static async create(device: GPUDevice, { format }: RiskStillOptions): Promise<RiskStill> {
    const [painters, scene] = await Promise.all([paintersOf(device, format), Scene.create(device)])
    return new RiskStill(device, painters, scene)
  }

  /**
   * Records one picture of the map's current state, in the light theme.
   * @throws {VoxriskError} `bad-setting` if the map has nothing to draw on this device
   */
  draw(still: RiskStillDraw): void {
    const { map, hotspots, mode, encoder, target, width, height, timestampWrites } = still
    const look: SceneLook = {
      measure: 'score',
      size: 'all',
      threshold: DEFAULT_THRESHOLDS.score,
      top: paletteTop('score', hotspots),
      theme: 'light',
    }
    const kept = map.scorePages
    const bound = kept?.device === this.device ? this.scene.update(kept, map.grid.sizeBins, look) : null
    const window = windowOf(map.keptPages)
    const { extent } = this.scene
    if (!bound || !window || !extent) {
      throw new VoxriskError(
        'bad-setting',
        'the map has no score pages on this device',
        'Create the map on the device of this picture with slabs to keep, and draw it once slabs have retired.',
        { settings: ['backend', 'keepSlabs'] },
      )
    }
    const geometry = new Geometry(map.instrument, map.grid)
    const frame = { geometry, extent, window, look, inks: INKS.light, width, height, ratio: 1 }
    const pass = encoder.beginRenderPass({
      label: 'voxrisk still',
      colorAttachments: [{ view: target, loadOp: 'clear', storeOp: 'store' }],
      ...(timestampWrites ? { timestampWrites } : {}),
    })
    if (mode === 'volume') this.painters.volume.draw(pass, bound, frame, this.camera)
    else this.painters.slices.draw(pass, bound, frame, new Plot(frame))
    pass.end()
  }

  /** Frees what this object owns. */
  destroy(): void {
    this.scene.destroy()
  }

  [Symbol.dispose](): void {
    this.destroy()
  }
}
