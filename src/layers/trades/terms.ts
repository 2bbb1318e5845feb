import { priceOf, type RawMoments } from '../../engine/pages.ts'
import { log2OfInteger, log2Q16 } from '../../fixed/log2.ts'
import { ratioQ16 } from '../../fixed/ratio.ts'
import { highWord, lowWord } from '../../fixed/u64.ts'
import { MOMENT_COUNT, PRIOR_WORDS } from './moments.ts'

// The three terms of the score, see docs/numerics.md. Mirrored by shaders/trades/terms.wgsl.

/** Activity: L(volume~). Q16, 0 … 2^22. */
function activity(volume: number): number {
  return log2OfInteger(Math.max(volume, 1))
}

/**
 * Volatility: half the logarithm of the relative variance per trade, without bid-ask bounce and shrunk
 * towards the calibrated one. Q16, signed. The sum with the prior takes two words because it may exceed 2^53.
 * @param priors at index `at`: low word and high word of the prior variance, then L(p)
 */
function volatility(
  trades: number,
  variation: number,
  covariation: number,
  shrinkage: number,
  priors: Uint32Array,
  at: number,
): number {
  const variance = Math.max(variation + 2 * covariation, 0)
  const low = lowWord(variance) + priors[at]
  const high = highWord(variance) + priors[at + 1] + (low >= 2 ** 32 ? 1 : 0)
  const weight = trades + shrinkage
  const perTrade = log2Q16(high >>> 0, low >>> 0) - log2OfInteger(weight)
  return (perTrade >> 1) - (priors[at + 2] | 0)
}

/** Flow: how one-sided the volume is, shrunk where trades are few. Q16, 0 … 65,534. */
function flow(trades: number, volume: number, signed: number, shrinkage: number): number {
  return (ratioQ16(Math.abs(signed), volume) * ratioQ16(trades, trades + shrinkage)) >>> 16
}

/** The terms of the touched voxels of a page, see `Layer.score`. */
export function score(
  smoothed: Float64Array,
  { touched, touchedCount }: RawMoments,
  least: number,
  priors: Uint32Array,
  shrinkage: number,
  voxels: Uint16Array,
  terms: Int32Array,
): number {
  let count = 0
  for (let t = 0; t < touchedCount; t++) {
    const voxel = touched[t]
    const at = voxel * MOMENT_COUNT
    const trades = smoothed[at]
    if (trades < least) continue
    const volume = smoothed[at + 1]
    const signed = smoothed[at + 2]
    const variation = smoothed[at + 3]
    const covariation = smoothed[at + 4]
    const priorAt = priceOf(voxel) * PRIOR_WORDS
    const to = 3 * count
    terms[to] = activity(volume)
    terms[to + 1] = volatility(trades, variation, covariation, shrinkage, priors, priorAt)
    terms[to + 2] = flow(trades, volume, signed, shrinkage)
    voxels[count++] = voxel
  }
  return count
}
