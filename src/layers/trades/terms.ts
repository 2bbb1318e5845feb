import { log2Q16 } from '../../fixed/log2.ts'
import { ratioQ16 } from '../../fixed/ratio.ts'
import { highWord, lowWord } from '../../fixed/u64.ts'

// The three terms of the score, see docs/numerics.md. Mirrored by shaders/trades/terms.wgsl.

/** Activity: L(volume~). Q16, 0 … 2^22. */
function activity(volume: number): number {
  const bounded = Math.max(volume, 1)
  return log2Q16(highWord(bounded), lowWord(bounded))
}

/**
 * Volatility: half the logarithm of the relative variance a trade, free of bid-ask bounce and shrunk towards the
 * calibrated one. Q16, signed. The sum with the prior is taken in two words: it may pass 2^53.
 * @param priors from index `at` on: low and high word of the prior variance, L(p)
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
  const perTrade = log2Q16(high >>> 0, low >>> 0) - log2Q16(highWord(weight), lowWord(weight))
  return (perTrade >> 1) - priors[at + 2]
}

/** Flow: how one-sided the volume is, shrunk where trades are few. Q16, 0 … 65,534. */
function flow(trades: number, volume: number, signed: number, shrinkage: number): number {
  return (ratioQ16(Math.abs(signed), volume) * ratioQ16(trades, trades + shrinkage)) >>> 16
}

/** All terms of a voxel, see `Layer.score`. */
export function score(
  moments: Float64Array,
  at: number,
  priors: Uint32Array,
  priorAt: number,
  shrinkage: number,
  terms: Int32Array,
): void {
  const trades = moments[at]
  const volume = moments[at + 1]
  terms[0] = activity(volume)
  terms[1] = volatility(trades, moments[at + 3], moments[at + 4], shrinkage, priors, priorAt)
  terms[2] = flow(trades, volume, moments[at + 2], shrinkage)
}
