import { type Grid, PAGE_PRICES, PAGE_PRICES_LOG2 } from '../grid/axes.ts'
import { MOMENT_COUNT } from '../map/backend.ts'

/**
 * Where a voxel lies in the CPU's memory. In a page, voxel (price x, size s) is number s · 64 + x. A page of scores
 * holds one i32 a voxel, a page of moments `MOMENT_COUNT` float64 a voxel, each an exact integer.
 */
export function voxelInPage(price: number, size: number): number {
  return size * PAGE_PRICES + price
}

/** Price in the page of a voxel's number. */
export function priceOf(voxel: number): number {
  return voxel & (PAGE_PRICES - 1)
}

/** Size bin of a voxel's number. */
export function sizeOf(voxel: number): number {
  return voxel >> PAGE_PRICES_LOG2
}

/** Voxels of a page. */
export function pageVoxels(grid: Grid): number {
  return PAGE_PRICES * grid.sizeBins
}

/** Raw moments of one page, and which of its voxels a tick has touched. */
export interface RawMoments {
  readonly moments: Float64Array
  /** Touched voxels in order of first touch; `touchedCount` entries are used. */
  readonly touched: Uint16Array
  touchedCount: number
}

/** Page-sized places by slot, made when first used. */
export class Pool<Page> {
  private readonly pages: Page[] = []

  constructor(private readonly make: () => Page) {}

  at(slot: number): Page {
    while (this.pages.length <= slot) this.pages.push(this.make())
    return this.pages[slot]
  }
}

export function rawMoments(grid: Grid): RawMoments {
  const voxels = pageVoxels(grid)
  return {
    moments: new Float64Array(MOMENT_COUNT * voxels),
    touched: new Uint16Array(voxels),
    touchedCount: 0,
  }
}

/** Makes a page empty again. */
export function clearRaw(page: RawMoments): void {
  for (let t = 0; t < page.touchedCount; t++) {
    const at = page.touched[t] * MOMENT_COUNT
    for (let m = 0; m < MOMENT_COUNT; m++) page.moments[at + m] = 0
  }
  page.touchedCount = 0
}
