import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import { MOMENT_COUNT, NO_SCORE, NO_SLOT, type PageWork, type Peak } from '../map/backend.ts'
import { type Pool, pageVoxels } from './pages.ts'

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
      priceBin: work.page * PAGE_PRICES + (voxel % PAGE_PRICES),
      sizeBin: Math.floor(voxel / PAGE_PRICES),
      score,
      moments: Float64Array.from({ length: MOMENT_COUNT }, (_, m) => smoothed[voxel + m * voxels]),
    })
  }
}

function isPeak(
  around: readonly (Int32Array | null)[],
  sizeBins: number,
  voxel: number,
  score: number,
): boolean {
  const price = voxel % PAGE_PRICES
  const size = Math.floor(voxel / PAGE_PRICES)
  const lowestSize = Math.max(0, size - 1)
  const highestSize = Math.min(sizeBins - 1, size + 1)
  for (let time = -1; time <= 1; time++) {
    for (let otherSize = lowestSize; otherSize <= highestSize; otherSize++) {
      for (let step = -1; step <= 1; step++) {
        const order = time || otherSize - size || step // negative: the neighbour has the lower index
        if (order === 0) continue
        const column = price + step
        const side = column < 0 ? 0 : column < PAGE_PRICES ? 1 : 2
        const page = around[(time + 1) * 3 + side]
        if (!page) continue
        const other = page[otherSize * PAGE_PRICES + (column & (PAGE_PRICES - 1))]
        if (order < 0 ? other >= score : other > score) return false
      }
    }
  }
  return true
}
