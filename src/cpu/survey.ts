import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { KAPPA, MOMENT_COUNT, SUM_COUNT } from '../map/backend.ts'
import type { PricePriors } from '../map/priors.ts'
import { voxelInPage } from './pages.ts'
import { activity, flow, volatility } from './score.ts'

/**
 * Adds the terms of a page's voxels with trades~ ≥ c to the sums of their size bins, in Q10 so that a page's sums of
 * squares stay exact. Mirrored by shaders/survey.wgsl.
 */
export function survey(
  smoothed: Float64Array,
  grid: Grid,
  kernel: Kernel,
  priors: PricePriors,
  sums: BigInt64Array,
): void {
  const shrinkage = KAPPA * kernel.centre
  const row = new Float64Array(SUM_COUNT)
  for (let size = 0; size < grid.sizeBins; size++) {
    row.fill(0)
    for (let price = 0; price < PAGE_PRICES; price++) {
      const voxel = voxelInPage(price, size)
      const at = voxel * MOMENT_COUNT
      const trades = smoothed[at]
      if (trades < kernel.centre) continue
      const volume = smoothed[at + 1]
      const signed = smoothed[at + 2]
      const variation = smoothed[at + 3]
      const covariation = smoothed[at + 4]
      const a = activity(volume) >> 6
      const v = volatility(trades, variation, covariation, shrinkage, priors, price) >> 6
      const f = flow(trades, volume, signed, shrinkage) >> 6
      row[0] += 1
      row[1] += a
      row[2] += a * a
      row[3] += v
      row[4] += v * v
      row[5] += f
      row[6] += f * f
    }
    if (row[0] === 0) continue
    for (let i = 0; i < SUM_COUNT; i++) sums[size * SUM_COUNT + i] += BigInt(row[i])
  }
}
