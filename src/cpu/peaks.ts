import { NO_SCORE, NO_SLOT, type PageWork, type Peak } from '../engine/work.ts'
import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import { MOMENT_COUNT } from '../layers/trades/moments.ts'
import { type Pool, pageVoxels, priceOf, sizeOf } from './pages.ts'

/**
 * Finds the voxels of a page whose score beats all 26 neighbours; a tie goes to the lower (time, size, price).
 * Mirrored by shaders/peaks.wgsl.
 */
export function peaks(
  work: PageWork,
  grid: Grid,
  scores: Pool<Int32Array>,
  smoothed: Float64Array,
  found: Peak[],
): void {
  const around = Array.from(work.around, slot => (slot === NO_SLOT ? null : scores.at(slot)))
  const own = scores.at(work.scores)
  const voxels = pageVoxels(grid)
  for (let voxel = 0; voxel < voxels; voxel++) {
    const score = own[voxel]
    if (score === NO_SCORE || !isPeak(around, grid.sizeBins, voxel, score)) continue
    found.push({
      slab: work.slab,
      priceBin: work.page * PAGE_PRICES + priceOf(voxel),
      sizeBin: sizeOf(voxel),
      score,
      moments: smoothed.slice(voxel * MOMENT_COUNT, (voxel + 1) * MOMENT_COUNT),
    })
  }
}

/** The 26 neighbours, those in the same slab first: they mostly decide. */
const NEIGHBOURS = [0, -1, 1].flatMap(time =>
  [0, -1, 1].flatMap(size =>
    [-1, 1, 0]
      .filter(price => time !== 0 || size !== 0 || price !== 0)
      .map(price => ({ time, size, price, lower: (time || size || price) < 0 })),
  ),
)

function isPeak(
  around: readonly (Int32Array | null)[],
  sizeBins: number,
  voxel: number,
  score: number,
): boolean {
  const ownPrice = priceOf(voxel)
  const ownSize = sizeOf(voxel)
  for (const { time, size, price, lower } of NEIGHBOURS) {
    const row = ownSize + size
    if (row < 0 || row >= sizeBins) continue
    const position = ownPrice + price + PAGE_PRICES
    const page = around[(time + 1) * 3 + Math.floor(position / PAGE_PRICES)]
    if (!page) continue
    const other = page[row * PAGE_PRICES + (position % PAGE_PRICES)]
    if (other > score || (lower && other === score)) return false
  }
  return true
}
