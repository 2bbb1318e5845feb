import { classOf, pageVoxels, priceOf } from '../engine/pages.ts'
import { NO_SCORE, NO_SLOT, type PageWork, type Peak } from '../engine/work.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import type { Pool } from './pages.ts'

/**
 * Finds the voxels of a page whose score beats all 26 neighbours; a tie goes to the lower (time, class,
 * price). Mirrored by shaders/peaks.wgsl.
 */
export function peaks(
  work: PageWork,
  classBins: number,
  scores: Pool<Int32Array>,
  smoothed: Float64Array,
  moments: number,
  found: Peak[],
): void {
  const around = Array.from(work.around, slot => (slot === NO_SLOT ? null : scores.at(slot)))
  const own = scores.at(work.scores)
  const voxels = pageVoxels(classBins)
  for (let voxel = 0; voxel < voxels; voxel++) {
    const score = own[voxel]
    if (score === NO_SCORE || !isPeak(around, classBins, voxel, score)) continue
    found.push({
      slab: work.slab,
      priceBin: work.page * PAGE_PRICES + priceOf(voxel),
      classBin: classOf(voxel),
      score,
      moments: smoothed.slice(voxel * moments, (voxel + 1) * moments),
    })
  }
}

/** The 26 neighbours. Those in the same slab come first because they usually decide. */
const NEIGHBOURS = [0, -1, 1].flatMap(time =>
  [0, -1, 1].flatMap(classStep =>
    [-1, 1, 0]
      .filter(price => time !== 0 || classStep !== 0 || price !== 0)
      .map(price => ({ time, classStep, price, lower: (time || classStep || price) < 0 })),
  ),
)

function isPeak(
  around: readonly (Int32Array | null)[],
  classBins: number,
  voxel: number,
  score: number,
): boolean {
  const ownPrice = priceOf(voxel)
  const ownClass = classOf(voxel)
  for (const { time, classStep, price, lower } of NEIGHBOURS) {
    const row = ownClass + classStep
    if (row < 0 || row >= classBins) continue
    const position = ownPrice + price + PAGE_PRICES
    const page = around[(time + 1) * 3 + Math.floor(position / PAGE_PRICES)]
    if (!page) continue
    const other = page[row * PAGE_PRICES + (position % PAGE_PRICES)]
    if (other > score || (lower && other === score)) return false
  }
  return true
}
