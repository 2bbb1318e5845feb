import type { MapShape } from '../../engine/steps.ts'
import { log2Q16 } from '../../fixed/log2.ts'
import { highWord, lowWord } from '../../fixed/u64.ts'
import { centrePrice, type Grid, PAGE_PRICES } from '../../grid/axes.ts'
import type { Kernel } from '../../grid/kernel.ts'
import { KAPPA } from './moments.ts'

/** What the volatility term needs to know of the 64 prices of a page. */
export interface PricePriors {
  /** max(1, round(κ·c·q·p²)) as two words, p the centre price of the bin in ticks. */
  readonly high: Uint32Array
  readonly low: Uint32Array
  /** L(p), Q16. */
  readonly logPrice: Int32Array
}

/** A prior is kept below 2^62, so that its sum with a variance below 2^53 fits 64 bits. */
const PRIOR_MAX = 2 ** 62

/**
 * The priors of a page. Both backends take them from here: a product of float64 is the same on every machine, and
 * rounding it once makes it an integer.
 */
function pricePriors(page: number, grid: Grid, kernel: Kernel, relativeVariance: number): PricePriors {
  const high = new Uint32Array(PAGE_PRICES)
  const low = new Uint32Array(PAGE_PRICES)
  const logPrice = new Int32Array(PAGE_PRICES)
  for (let i = 0; i < PAGE_PRICES; i++) {
    const price = centrePrice(page * PAGE_PRICES + i, grid.priceWidth)
    const prior = Math.round(KAPPA * kernel.centre * relativeVariance * price * price)
    const bounded = Math.min(Math.max(prior, 1), PRIOR_MAX)
    high[i] = highWord(bounded)
    low[i] = lowWord(bounded)
    logPrice[i] = log2Q16(0, price)
  }
  return { high, low, logPrice }
}

/** Pages whose priors are remembered: far more than a market is in at a time. */
const MOST_PAGES = 1024

/** The priors of a map's pages, made when first asked for. */
export class PriorTable {
  private readonly pages = new Map<number, PricePriors>()

  constructor(private readonly shape: MapShape) {}

  of(page: number): PricePriors {
    let priors = this.pages.get(page)
    if (!priors) {
      const { grid, kernel, relativeVariance } = this.shape
      if (this.pages.size === MOST_PAGES) this.pages.clear()
      priors = pricePriors(page, grid, kernel, relativeVariance)
      this.pages.set(page, priors)
    }
    return priors
  }
}
