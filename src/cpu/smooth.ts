import { classOf, priceOf, type RawMoments } from '../engine/pages.ts'
import type { MapShape } from '../engine/steps.ts'
import { NO_SLOT, type PageWork } from '../engine/work.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import { type MomentLoops, momentLoops } from './moment-loops.ts'
import type { Pool } from './pages.ts'

/**
 * Smooths the raw moments around a page into its touched voxels: first along time and class into a strip that
 * extends beyond both edges of the page, then along price. Exact integers throughout. Mirrored by
 * shaders/smooth.wgsl.
 */
export class Smoother {
  private readonly moments: number
  private readonly width: number
  private readonly strip: Float64Array
  private readonly priceWeights: Float64Array
  private readonly classWeights: Float64Array
  private readonly loops: MomentLoops

  constructor(private readonly shape: MapShape) {
    const { layer, axes, kernel } = shape
    this.moments = layer.moments.length
    this.loops = momentLoops(this.moments)
    this.priceWeights = Float64Array.from(kernel.price)
    this.classWeights = Float64Array.from(kernel.class)
    this.width = PAGE_PRICES + 2 * kernel.radii.price
    this.strip = new Float64Array(this.width * axes.classBins * this.moments)
  }

  /** @param smoothed page of moments for the result; voxels that no event has touched get 0 */
  smooth(work: PageWork, raw: Pool<RawMoments>, smoothed: Float64Array): void {
    this.strip.fill(0)
    for (const [i, timeWeight] of this.shape.kernel.time.entries()) {
      for (let side = 0; side < 3; side++) {
        const slot = work.raw[i * 3 + side]
        if (slot !== NO_SLOT) this.addToStrip(raw.at(slot), (side - 1) * PAGE_PRICES, timeWeight)
      }
    }
    this.smoothAlongPrice(raw.at(work.own), smoothed)
  }

  /** Adds a page, spread along the classes; its first price is `offset` bins from the strip's page. */
  private addToStrip(page: RawMoments, offset: number, timeWeight: number): void {
    const { strip, width, classWeights, loops, moments: count } = this
    const { moments, touched, touchedCount } = page
    const { price: priceRadius, class: radius } = this.shape.kernel.radii
    const lastClass = this.shape.axes.classBins - 1
    const step = width * count
    for (let t = 0; t < touchedCount; t++) {
      const voxel = touched[t]
      const column = priceOf(voxel) + offset + priceRadius
      if (column < 0 || column >= width) continue
      const row = classOf(voxel)
      const lowest = Math.max(0, row - radius)
      const classes = Math.min(lastClass, row + radius) - lowest + 1
      const at = (lowest * width + column) * count
      const first = row - lowest + radius
      loops.spread(strip, at, step, classes, moments, voxel * count, classWeights, first, timeWeight)
    }
  }

  private smoothAlongPrice({ touched, touchedCount }: RawMoments, smoothed: Float64Array): void {
    const { strip, width, priceWeights, loops, moments: count } = this
    smoothed.fill(0)
    for (let t = 0; t < touchedCount; t++) {
      const voxel = touched[t]
      // The strip begins `radius` prices below the page, so the weights begin at the voxel's price within the
      // page.
      const first = classOf(voxel) * width + priceOf(voxel)
      loops.gather(smoothed, voxel * count, strip, first, priceWeights)
    }
  }
}
