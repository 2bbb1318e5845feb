import type { Kernel } from '../grid/kernel.ts'
import { KAPPA, MOMENT_COUNT, SUM_COUNT } from '../layers/trades/moments.ts'
import type { PricePriors } from '../layers/trades/priors.ts'
import { priceOf, type RawMoments, sizeOf } from './pages.ts'
import { activity, flow, volatility } from './score.ts'

/**
 * Adds the terms of a page's touched voxels to the sums of their size bins, in Q10 so that a page's sums of squares
 * stay exact. Mirrored by shaders/survey.wgsl.
 * @param raw the page's own raw moments
 */
export function survey(
  smoothed: Float64Array,
  raw: RawMoments,
  kernel: Kernel,
  priors: PricePriors,
  sums: BigInt64Array,
): void {
  const shrinkage = KAPPA * kernel.centre
  const page = new Float64Array(sums.length)
  for (let t = 0; t < raw.touchedCount; t++) {
    const voxel = raw.touched[t]
    const at = voxel * MOMENT_COUNT
    const trades = smoothed[at]
    const volume = smoothed[at + 1]
    const signed = smoothed[at + 2]
    const variation = smoothed[at + 3]
    const covariation = smoothed[at + 4]
    const a = activity(volume) >> 6
    const v = volatility(trades, variation, covariation, shrinkage, priors, priceOf(voxel)) >> 6
    const f = flow(trades, volume, signed, shrinkage) >> 6
    const row = sizeOf(voxel) * SUM_COUNT
    page[row] += 1
    page[row + 1] += a
    page[row + 2] += a * a
    page[row + 3] += v
    page[row + 4] += v * v
    page[row + 5] += f
    page[row + 6] += f * f
  }
  for (let row = 0; row < page.length; row += SUM_COUNT) {
    if (page[row] === 0) continue
    for (let i = row; i < row + SUM_COUNT; i++) sums[i] += BigInt(page[i])
  }
}
