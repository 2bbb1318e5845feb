import type { ScoreConstants } from '../engine/steps.ts'
import { NO_SCORE } from '../engine/work.ts'
import { log2Q16 } from '../fixed/log2.ts'
import { ratioQ16 } from '../fixed/ratio.ts'
import { highWord, lowWord } from '../fixed/u64.ts'
import type { Kernel } from '../grid/kernel.ts'
import { KAPPA, MOMENT_COUNT, SCORE_CONSTANTS } from '../layers/trades/moments.ts'
import type { PricePriors } from '../layers/trades/priors.ts'
import { priceOf, type RawMoments, sizeOf } from './pages.ts'

/** Largest deviation of a term from its mean: 16 octaves in Q12. */
const DEVIATION_MAX = 16 << 12

/** Activity: L(volume~). Q16, 0 … 2^22. */
export function activity(volume: number): number {
  const bounded = Math.max(volume, 1)
  return log2Q16(highWord(bounded), lowWord(bounded))
}

/**
 * Volatility: half the logarithm of the relative variance a trade, free of bid-ask bounce and shrunk towards the
 * calibrated one. Q16, signed. The sum with the prior is taken in two words: it may pass 2^53.
 */
export function volatility(
  trades: number,
  variation: number,
  covariation: number,
  shrinkage: number,
  priors: PricePriors,
  price: number,
): number {
  const variance = Math.max(variation + 2 * covariation, 0)
  const low = lowWord(variance) + priors.low[price]
  const high = highWord(variance) + priors.high[price] + (low >= 2 ** 32 ? 1 : 0)
  const weight = trades + shrinkage
  const perTrade = log2Q16(high >>> 0, low >>> 0) - log2Q16(highWord(weight), lowWord(weight))
  return (perTrade >> 1) - priors.logPrice[price]
}

/** Flow: how one-sided the volume is, shrunk where trades are few. Q16, 0 … 65,534. */
export function flow(trades: number, volume: number, signed: number, shrinkage: number): number {
  return (ratioQ16(Math.abs(signed), volume) * ratioQ16(trades, trades + shrinkage)) >>> 16
}

/** A term as a part of the score: coefficient · (term − mean) in Q16, a clamped Q12 deviation times a Q10 coefficient. */
export function standardised(term: number, mean: number, coefficient: number): number {
  const deviation = Math.min(Math.max((term - mean) >> 4, -DEVIATION_MAX), DEVIATION_MAX)
  return (deviation * coefficient) >> 6
}

/**
 * Scores the touched voxels of a smoothed page, see docs/numerics.md. Mirrored by shaders/score.wgsl.
 * @param raw the page's own raw moments
 */
export function score(
  smoothed: Float64Array,
  raw: RawMoments,
  kernel: Kernel,
  { table }: ScoreConstants,
  priors: PricePriors,
  scores: Int32Array,
): void {
  const shrinkage = KAPPA * kernel.centre
  scores.fill(NO_SCORE)
  for (let t = 0; t < raw.touchedCount; t++) {
    const voxel = raw.touched[t]
    const at = voxel * MOMENT_COUNT
    const trades = smoothed[at]
    if (trades < shrinkage) continue
    const volume = smoothed[at + 1]
    const signed = smoothed[at + 2]
    const variation = smoothed[at + 3]
    const covariation = smoothed[at + 4]
    const price = priceOf(voxel)
    const k = sizeOf(voxel) * SCORE_CONSTANTS
    const a = activity(volume)
    const v = volatility(trades, variation, covariation, shrinkage, priors, price)
    const f = flow(trades, volume, signed, shrinkage)
    scores[voxel] =
      standardised(a, table[k], table[k + 3]) +
      standardised(v, table[k + 1], table[k + 4]) +
      standardised(f, table[k + 2], table[k + 5])
  }
}
