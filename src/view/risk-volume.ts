/// <reference lib="esnext.disposable" preserve="true" />

import type { ScorePages } from '../engine/steps.ts'
import { VoxriskError } from '../errors.ts'
import type { RiskMap } from '../map/risk-map.ts'
import type { Theme } from '../show/colours.ts'
import { BOX, boxPoint } from './frame/camera.ts'
import type { SceneLook } from './frame/frame.ts'
import type { BinWindow } from './frame/geometry.ts'
import { Geometry, windowOf } from './frame/geometry.ts'
import { product, scaledAndMoved } from './frame/matrix.ts'
import { Scene } from './gpu/scene.ts'
import { VolumePainter } from './gpu/volume.ts'
import type { ViewMeasure, ViewSize } from './types.ts'

/** Options of {@link RiskVolume.create}. */
export interface RiskVolumeOptions {
  /** Format of the target textures. */
  readonly format: GPUTextureFormat
}

/** Arguments of {@link RiskVolume.draw}. */
export interface RiskVolumeDraw {
  /** A map on the same device, created with `keepSlabs`. */
  readonly map: Pick<RiskMap, 'scorePages' | 'keptPages' | 'instrument' | 'grid'>
  /**
   * One render pass is recorded here. The camera is written immediately, so submit before the next `draw()`.
   */
  readonly encoder: GPUCommandEncoder
  /**
   * One sample per pixel. The volume is blended over its content, with premultiplied alpha and sRGB values.
   */
  readonly target: GPUTextureView
  /**
   * The unit box (−½ … ½: time to the right, price up, size towards the viewer) → clip space with z 0 (near)
   * … 1 (far). Sixteen numbers, column by column: projection × view × model matrix of the renderer.
   */
  readonly viewProjection: ArrayLike<number>
  /** Depth of what the renderer has drawn, one sample per pixel. It hides the volume behind it. */
  readonly depth?: GPUTextureView
  /** Clears the target to this colour first. */
  readonly clear?: GPUColor
}

/** What is known about a map's pages until they change. */
interface Reach {
  readonly kept: ScorePages
  readonly geometry: Geometry
  readonly window: BinWindow | null
}

/**
 * The volume of a map in your own renderer. It draws with your camera into your texture, on the device that
 * both share. Device, map and textures are borrowed.
 *
 * ```ts
 * import { RiskVolume } from 'voxrisk/view'
 *
 * const volume = await RiskVolume.create(device, { format: navigator.gpu.getPreferredCanvasFormat() })
 * volume.threshold = 2
 * const encoder = device.createCommandEncoder()
 * volume.draw({
 *   map, // RiskMap.create({ backend: webgpuBackend(device), calibration, keepSlabs: 96 })
 *   encoder,
 *   target: context.getCurrentTexture().createView(),
 *   viewProjection: new Matrix4() // three.js
 *     .multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
 *     .multiply(box.matrixWorld).elements,
 * })
 * device.queue.submit([encoder.finish()])
 * ```
 */
export class RiskVolume {
  /** Only the score works for a map without `details`. */
  measure: ViewMeasure = 'score'
  /** Size bin to draw, from 0, or `all`. */
  size: ViewSize = 'all'
  /** Voxels with a measure below it are not drawn. */
  threshold = 1
  /** The measure at the upper end of the palette, drawn nearly opaque. */
  top = 6
  /** Colours of the palette: `dark` or `light`, to suit the background. */
  theme: Theme = 'dark'
  private known: Reach | null = null

  private constructor(
    private readonly device: GPUDevice,
    private readonly painter: VolumePainter,
    private readonly scene: Scene,
  ) {}

  /** @throws {VoxriskError} `device-error` if the device rejects a shader */
  static async create(device: GPUDevice, { format }: RiskVolumeOptions): Promise<RiskVolume> {
    const [painter, scene] = await Promise.all([VolumePainter.create(device, format), Scene.create(device)])
    return new RiskVolume(device, painter, scene)
  }

  /**
   * Records one picture of the map's current state. The box covers all kept trades, in whole bins.
   * @returns what the box covers; null while nothing is kept, in which case nothing is drawn
   * @throws {VoxriskError} `bad-setting` if the map is not on this device
   */
  draw({ map, encoder, target, viewProjection, depth, clear }: RiskVolumeDraw): BinWindow | null {
    const { kept, geometry, window } = this.reach(map)
    const { look } = this
    const bound = this.scene.update(kept, map.grid.sizeBins, look)
    const { extent } = this.scene
    const pass = encoder.beginRenderPass({
      label: 'voxrisk volume',
      colorAttachments: [
        {
          view: target,
          loadOp: clear === undefined ? 'load' : 'clear',
          storeOp: 'store',
          ...(clear === undefined ? {} : { clearValue: clear }),
        },
      ],
    })
    const isShown = bound && extent && window
    if (isShown) {
      const frame = { geometry, extent, window, look, width: 1, height: 1 }
      const unitBox = scaledAndMoved([1 / BOX[0], 1 / BOX[1], 1 / BOX[2]], [0, 0, 0])
      const camera = { view: () => ({ viewProjection: product(viewProjection, unitBox) }) }
      this.painter.draw(pass, bound, frame, camera, depth ? { depth } : {})
    }
    pass.end()
    return isShown ? window : null
  }

  /**
   * Where absolute bins are in the unit box of `draw()`, for your own labels and objects: [time, price,
   * size], −½ … ½ within the box. A fraction is a place within a bin: + ½ is the middle. The box grows with
   * the map, so ask again when `map.revision` has increased.
   * @returns null while nothing is kept
   * @throws {VoxriskError} as `draw()`
   */
  place(
    map: RiskVolumeDraw['map'],
    bins: { readonly time: number; readonly price: number; readonly size: number },
  ): [x: number, y: number, z: number] | null {
    const { geometry, window } = this.reach(map)
    if (!window) return null
    const [x, y, z] = boxPoint({ geometry, window, look: this.look }, bins)
    return [x / BOX[0], y / BOX[1], z / BOX[2]]
  }

  /**
   * The map's pages and what they cover, recomputed only if they have changed.
   * @throws {VoxriskError} `bad-setting`
   */
  private reach(map: RiskVolumeDraw['map']): Reach {
    const kept = map.scorePages
    if (kept?.device !== this.device) {
      throw new VoxriskError(
        'bad-setting',
        kept ? 'the map is on another device' : 'the map has no score pages on a GPU',
        'Create the map on the device of this volume, and draw it before it is destroyed.',
        { settings: ['backend'] },
      )
    }
    if (this.known?.kept !== kept) {
      const geometry = new Geometry(map.instrument, map.grid)
      this.known = { kept, geometry, window: windowOf(map.keptPages) }
    }
    return this.known
  }

  private get look(): SceneLook {
    const { measure, size, threshold, top, theme } = this
    return { measure, size, threshold, top, theme }
  }

  /** Frees what this object owns. */
  destroy(): void {
    this.scene.destroy()
    this.painter.destroy()
  }

  [Symbol.dispose](): void {
    this.destroy()
  }
}
