import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { MOMENT_COUNT, NO_SLOT, type PageWork } from '../map/backend.ts'
import { type Pool, type RawMoments, voxelInPage } from './pages.ts'

/**
 * Smooths the raw moments around a page into the page: first along time and size into a strip that reaches beyond
 * both edges of the page, then along price. Exact integers throughout. Mirrored by shaders/smooth.wgsl.
 */
export class Smoother {
  private readonly width: number
  private readonly strip: Float64Array

  constructor(
    private readonly grid: Grid,
    private readonly kernel: Kernel,
  ) {
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
      const column = (voxel % PAGE_PRICES) + offset + kernel.radii.price
      if (column < 0 || column >= width) continue
      const row = Math.floor(voxel / PAGE_PRICES)
      const lowest = Math.max(0, row - radius)
      const highest = Math.min(grid.sizeBins - 1, row + radius)
      for (let size = lowest; size <= highest; size++) {
        const weight = timeWeight * kernel.size[row - size + radius]
        const at = (size * width + column) * MOMENT_COUNT
        for (let m = 0; m < MOMENT_COUNT; m++) strip[at + m] += weight * moments[voxel * MOMENT_COUNT + m]
      }
    }
  }

  private smoothAlongPrice(smoothed: Float64Array): void {
    const { strip, width, kernel, grid } = this
    const reach = 2 * kernel.radii.price
    smoothed.fill(0)
    for (let size = 0; size < grid.sizeBins; size++) {
      for (let column = 0; column < width; column++) {
        const from = (size * width + column) * MOMENT_COUNT
        if (strip[from] === 0) continue // no trades, so all moments are 0
        const lowest = Math.max(0, column - reach)
        const highest = Math.min(PAGE_PRICES - 1, column)
        for (let price = lowest; price <= highest; price++) {
          const weight = kernel.price[column - price]
          const at = voxelInPage(price, size) * MOMENT_COUNT
          for (let m = 0; m < MOMENT_COUNT; m++) smoothed[at + m] += weight * strip[from + m]
        }
      }
    }
  }
}
