import type { LayerShape } from '../../engine/layer.ts'
import { log2Q16 } from '../../fixed/log2.ts'
import { highWord, lowWord } from '../../fixed/u64.ts'
import { centrePrice, PAGE_PRICES } from '../../grid/axes.ts'
import { KAPPA, PRIOR_WORDS } from './moments.ts'

/** A prior is kept below 2^62, so that its sum with a variance below 2^53 fits 64 bits. */
const PRIOR_MAX = 2 ** 62

/**
 * What the volatility term needs to know about the prices of a page, three words per price: max(1,
 * round(κ·c·q·p²)) as low and high word, and L(p) in Q16. p is the bin's centre price in ticks, q the learnt
 * relative variance of a trade.
 */
export function priors(page: number, { axes, kernel, learnt }: LayerShape): Uint32Array<ArrayBuffer> {
  const [relativeVariance] = learnt
  const words = new Uint32Array(PAGE_PRICES * PRIOR_WORDS)
  for (let i = 0; i < PAGE_PRICES; i++) {
    const price = centrePrice(page * PAGE_PRICES + i, axes.priceWidth)
    const prior = Math.round(KAPPA * kernel.centre * relativeVariance * price * price)
    const bounded = Math.min(Math.max(prior, 1), PRIOR_MAX)
    words.set([lowWord(bounded), highWord(bounded), log2Q16(0, price)], i * PRIOR_WORDS)
  }
  return words
}
