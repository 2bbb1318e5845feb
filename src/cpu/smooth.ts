import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { MOMENT_COUNT, NO_SLOT, type PageWork } from '../map/backend.ts'
import { type Pool, priceOf, type RawMoments, sizeOf, voxelInPage } from './pages.ts'

/**
 * Smooths the raw moments around a page into the page: first along time and size into a strip that reaches beyond
 * both edges of the page, then along price. Exact integers throughout. Mirrored by shaders/smooth.wgsl.
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

  /** @param smoothed page of moments that receives the result */
  smooth(work: PageWork, raw: Pool<RawMoments>, smoothed: Float64Array): void {
    this.strip.fill(0)
    for (const [i, timeWeight] of this.kernel.time.entries()) {
      for (let side = 0; side < 3; side++) {
        const slot = work.raw[i * 3 + side]
        if (slot !== NO_SLOT) this.addToStrip(raw.at(slot), (side - 1) * PAGE_PRICES, timeWeight)
      }
    }
    this.smoothAlongPrice(smoothed)
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

  private smoothAlongPrice(smoothed: Float64Array): void {
    const { strip, width, grid, priceWeights } = this
    const reach = priceWeights.length - 1
    smoothed.fill(0)
    for (let size = 0; size < grid.sizeBins; size++) {
      const row = size * width
      let first = 0
      while (first < width && strip[(row + first) * MOMENT_COUNT] === 0) first++
      if (first === width) continue // a row without trades
      let last = width - 1
      while (strip[(row + last) * MOMENT_COUNT] === 0) last--
      const highest = Math.min(PAGE_PRICES - 1, last)
      for (let price = Math.max(0, first - reach); price <= highest; price++) {
        let trades = 0
        let volume = 0
        let flow = 0
        let variation = 0
        let covariation = 0
        for (let k = 0; k <= reach; k++) {
          const weight = priceWeights[k]
          const from = (row + price + k) * MOMENT_COUNT
          trades += weight * strip[from]
          volume += weight * strip[from + 1]
          flow += weight * strip[from + 2]
          variation += weight * strip[from + 3]
          covariation += weight * strip[from + 4]
        }
        const at = voxelInPage(price, size) * MOMENT_COUNT
        smoothed[at] = trades
        smoothed[at + 1] = volume
        smoothed[at + 2] = flow
        smoothed[at + 3] = variation
        smoothed[at + 4] = covariation
      }
    }
  }
}
