import { NO_SLOT, ownSlot, type PageWork } from '../engine/work.ts'
import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { MOMENT_COUNT } from '../layers/trades/moments.ts'
import { type Pool, priceOf, type RawMoments, sizeOf } from './pages.ts'

/**
 * Smooths the raw moments around a page into its touched voxels: first along time and size into a strip that reaches
 * beyond both edges of the page, then along price. Exact integers throughout. Mirrored by shaders/smooth.wgsl.
 */
export class Smoother {
  private readonly width: number
  private readonly strip: Float64Array
  private readonly priceWeights: Float64Array
  private readonly sizeWeights: Float64Array

  constructor(
    private readonly grid: Grid,
    private readonly kernel: Kernel,
  ) {
    this.priceWeights = Float64Array.from(kernel.price)
    this.sizeWeights = Float64Array.from(kernel.size)
    this.width = PAGE_PRICES + 2 * kernel.radii.price
    this.strip = new Float64Array(this.width * grid.sizeBins * MOMENT_COUNT)
  }

  /** @param smoothed page of moments that receives the result; voxels that no tick has touched get 0 */
  smooth(work: PageWork, raw: Pool<RawMoments>, smoothed: Float64Array): void {
    this.strip.fill(0)
    for (const [i, timeWeight] of this.kernel.time.entries()) {
      for (let side = 0; side < 3; side++) {
        const slot = work.raw[i * 3 + side]
        if (slot !== NO_SLOT) this.addToStrip(raw.at(slot), (side - 1) * PAGE_PRICES, timeWeight)
      }
    }
    this.smoothAlongPrice(raw.at(ownSlot(work)), smoothed)
  }

  /** Adds a page whose first price lies `offset` bins from the strip's page, spread along size. */
  private addToStrip(page: RawMoments, offset: number, timeWeight: number): void {
    const { strip, width, kernel, grid } = this
    const { moments, touched, touchedCount } = page
    const radius = kernel.radii.size
    for (let t = 0; t < touchedCount; t++) {
      const voxel = touched[t]
      const column = priceOf(voxel) + offset + kernel.radii.price
      if (column < 0 || column >= width) continue
      const row = sizeOf(voxel)
      const from = voxel * MOMENT_COUNT
      const trades = moments[from]
      const volume = moments[from + 1]
      const flow = moments[from + 2]
      const variation = moments[from + 3]
      const covariation = moments[from + 4]
      const lowest = Math.max(0, row - radius)
      const highest = Math.min(grid.sizeBins - 1, row + radius)
      for (let size = lowest; size <= highest; size++) {
        const weight = timeWeight * this.sizeWeights[row - size + radius]
        const at = (size * width + column) * MOMENT_COUNT
        strip[at] += weight * trades
        strip[at + 1] += weight * volume
        strip[at + 2] += weight * flow
        strip[at + 3] += weight * variation
        strip[at + 4] += weight * covariation
      }
    }
  }

  private smoothAlongPrice({ touched, touchedCount }: RawMoments, smoothed: Float64Array): void {
    const { strip, width, priceWeights } = this
    smoothed.fill(0)
    for (let t = 0; t < touchedCount; t++) {
      const voxel = touched[t]
      // The strip begins `radius` prices below the page, so the weights begin at the voxel's own column.
      const first = sizeOf(voxel) * width + priceOf(voxel)
      let trades = 0
      let volume = 0
      let flow = 0
      let variation = 0
      let covariation = 0
      for (let k = 0; k < priceWeights.length; k++) {
        const weight = priceWeights[k]
        const from = (first + k) * MOMENT_COUNT
        trades += weight * strip[from]
        volume += weight * strip[from + 1]
        flow += weight * strip[from + 2]
        variation += weight * strip[from + 3]
        covariation += weight * strip[from + 4]
      }
      const at = voxel * MOMENT_COUNT
      smoothed[at] = trades
      smoothed[at + 1] = volume
      smoothed[at + 2] = flow
      smoothed[at + 3] = variation
      smoothed[at + 4] = covariation
    }
  }
}
