import type { ScoreConstants } from '../engine/steps.ts'
import type { PicturePage } from '../engine/work.ts'
import type { Kernel } from '../grid/kernel.ts'
import { KAPPA, MOMENT_COUNT, SCORE_CONSTANTS } from '../layers/trades/moments.ts'
import type { PricePriors } from '../layers/trades/priors.ts'
import { priceOf, type RawMoments, sizeOf } from './pages.ts'
import { activity, flow, standardised, volatility } from './score.ts'

/**
 * Writes what a view draws of a page besides its scores: the parts of each score, and the voxel's own volume and net
 * flow. Mirrored by shaders/picture.wgsl.
 * @param raw the page's own raw moments
 */
export function picture(
  smoothed: Float64Array,
  raw: RawMoments,
  kernel: Kernel,
  { table }: ScoreConstants,
  priors: PricePriors,
  page: PicturePage,
): void {
  const shrinkage = KAPPA * kernel.centre
  for (const plane of Object.values(page)) plane.fill(0)
  for (let t = 0; t < raw.touchedCount; t++) {
    const voxel = raw.touched[t]
    const at = voxel * MOMENT_COUNT
    page.volume[voxel] = raw.moments[at + 1]
    page.netFlow[voxel] = raw.moments[at + 2]
    const trades = smoothed[at]
    if (trades < shrinkage) continue
    const volume = smoothed[at + 1]
    const signed = smoothed[at + 2]
    const variation = smoothed[at + 3]
    const covariation = smoothed[at + 4]
    const k = sizeOf(voxel) * SCORE_CONSTANTS
    const a = activity(volume)
    const v = volatility(trades, variation, covariation, shrinkage, priors, priceOf(voxel))
    const f = flow(trades, volume, signed, shrinkage)
    page.activity[voxel] = standardised(a, table[k], table[k + 3])
    page.volatility[voxel] = standardised(v, table[k + 1], table[k + 4])
    page.flow[voxel] = standardised(f, table[k + 2], table[k + 5])
  }
}
