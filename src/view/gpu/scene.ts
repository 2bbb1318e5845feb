import { SHADES, scoreColour, type Theme } from '../../show/colours.ts'
import { Usage } from '../../webgpu/flags.ts'
import { type Bound, packStruct } from '../../webgpu/shader.ts'
import { sizeRange } from '../frame/ceiling.ts'
import type { SceneLook } from '../frame/frame.ts'
import { type Extent, extentOf, type PagePlace } from '../frame/geometry.ts'
import { VIEW_MEASURES } from '../types.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { type DrawnPages, PageCeilings } from './page-ceilings.ts'

/**
 * What the pictures of one map share on the GPU: the directory of its kept pages, their ceilings and the
 * palette. The score pages belong to the map and are borrowed for one frame; nothing is read back or copied.
 */
export class Scene {
  private readonly uniform: GPUBuffer
  private readonly palette: GPUBuffer
  private readonly directories: GrowingBuffer
  private directory: GPUBuffer | null = null
  private pages: readonly PagePlace[] | null = null
  private reach: Extent | null = null
  private colours = ''

  private constructor(
    private readonly device: GPUDevice,
    private readonly ceilings: PageCeilings,
  ) {
    this.uniform = device.createBuffer({
      label: 'voxrisk view scene',
      size: ceilings.sceneLayout.size,
      usage: Usage.uniform | Usage.copyTarget,
    })
    this.palette = device.createBuffer({
      label: 'voxrisk view palette',
      size: 4 * (SHADES + 1),
      usage: Usage.storage | Usage.copyTarget,
    })
    this.directories = new GrowingBuffer(device, 'voxrisk view directory')
  }

  /** @throws {VoxriskError} `device-error` if the device rejects a shader */
  static async create(device: GPUDevice): Promise<Scene> {
    return new Scene(device, await PageCeilings.create(device))
  }

  /** The extent of the directory; null while nothing is kept. */
  get extent(): Extent | null {
    return this.reach
  }

  /**
   * Takes a map's current pages and how to draw them.
   * @returns the shaders' bindings, valid until the next call of the map; null while nothing is kept
   */
  update(kept: DrawnPages, sizeBins: number, look: SceneLook): Record<string, Bound> | null {
    if (kept.pages !== this.pages) {
      this.pages = kept.pages
      this.reach = extentOf(kept.pages)
      if (this.reach) this.writeDirectory(kept.pages, this.reach)
    }
    if (!this.reach || !this.directory) return null
    const { slabs, pages } = this.reach
    const hasPicture = kept.details !== null
    const [firstSize, endSize] = sizeRange(sizeBins, look.size)
    this.device.queue.writeBuffer(
      this.uniform,
      0,
      packStruct(this.ceilings.sceneLayout, {
        slabs,
        pages,
        sizeBins,
        measure: hasPicture ? VIEW_MEASURES.indexOf(look.measure) : 0,
        firstSize,
        lastSize: endSize - 1,
        threshold: look.threshold,
        top: look.top,
      }),
    )
    this.writePalette(look.theme)
    const { scores } = kept
    const details = kept.details ?? scores // never read if there are no details
    const ceilings = this.ceilings.update({ scene: this.uniform, scores, details }, kept, sizeBins, look)
    const { uniform: scene, directory, palette } = this
    return { scene, directory, scores, details, palette, ceilings }
  }

  destroy(): void {
    this.uniform.destroy()
    this.palette.destroy()
    this.directories.destroy()
    this.ceilings.destroy()
  }

  private writeDirectory(places: readonly PagePlace[], extent: Extent): void {
    const { firstSlab, slabs, firstPage, pages } = extent
    const words = new Int32Array(slabs * pages).fill(-1)
    for (const { slab, page, slot } of places) {
      if (page - firstPage < pages) words[(slab - firstSlab) * pages + page - firstPage] = slot
    }
    this.directory = this.directories.write(words)
  }

  private writePalette(theme: Theme): void {
    if (theme === this.colours) return
    this.colours = theme
    const packed = Uint32Array.from({ length: SHADES + 1 }, (_, shade) => {
      const [red, green, blue] = scoreColour(shade === SHADES ? -1 : shade / (SHADES - 1), 1, theme)
      return red | (green << 8) | (blue << 16)
    })
    this.device.queue.writeBuffer(this.palette, 0, packed)
  }
}
