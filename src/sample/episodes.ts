import { formatDecimal } from '../units/instrument.ts'
import { isoMillis } from '../units/iso-time.ts'
import type { Random } from './random.ts'

/** A period of injected market stress, with facts counted as its trades are made. */
export interface Episode {
  /** What happens, in a few words. */
  readonly name: string
  /** ISO 8601, UTC; `from` included, `to` excluded. */
  readonly time: { readonly from: string; readonly to: string }
  /** The same in µs since the Unix epoch. */
  readonly micros: { readonly from: number; readonly to: number }
  /** Lowest and highest price traded, decimal text, quote currency. */
  readonly price: { readonly low: string; readonly high: string }
  /** Aggressor side of most of the volume. */
  readonly side: 'bought' | 'sold'
  /** Number of trades. */
  readonly trades: number
  /** Coins. */
  readonly volume: number
  /** Net aggressor volume over volume, −1 (all sold) … +1 (all bought). */
  readonly imbalance: number
}

/** [share of the window, level] for rising shares from 0 to 1, joined by straight lines. */
type Knots = readonly (readonly [number, number])[]

/** The plan of an episode. */
export interface EpisodePlan {
  readonly name: string
  readonly minutes: number
  /** Earliest and latest start, in minutes of the day; the seed decides the exact time. */
  readonly starts: readonly [number, number]
  /** Relative price change since the start that the market is pulled towards. */
  readonly course: Knots
  /** 0 (an ordinary market) … 1 (full stress). */
  readonly stress: Knots
  /** Change in the probability of a buy at full stress, −0.5 … 0.5. */
  readonly lean: number
}

/** In order of time. Their windows do not overlap. */
export const EPISODE_PLANS: readonly EpisodePlan[] = [
  {
    name: 'liquidation cascade',
    minutes: 24,
    starts: [13 * 60 + 20, 15 * 60],
    // biome-ignore format: a table
    course: [[0, 0], [0.2, -0.004], [0.45, -0.016], [0.6, -0.031], [0.75, -0.023], [1, -0.018]],
    // biome-ignore format: a table
    stress: [[0, 0], [0.15, 0.8], [0.4, 1], [0.7, 1], [1, 0.25]],
    lean: -0.32,
  },
  {
    name: 'short squeeze',
    minutes: 18,
    starts: [18 * 60 + 30, 20 * 60 + 30],
    // biome-ignore format: a table
    course: [[0, 0], [0.3, 0.008], [0.7, 0.026], [1, 0.021]],
    // biome-ignore format: a table
    stress: [[0, 0], [0.1, 1], [0.8, 1], [1, 0.25]],
    lean: 0.32,
  },
]

/** Start of each planned episode, in µs after midnight. */
export function episodeStarts(random: Random): number[] {
  return EPISODE_PLANS.map(({ starts: [earliest, latest] }) =>
    Math.floor((earliest + (latest - earliest) * random.unit()) * 60e6),
  )
}

/** The level at a share of the window, interpolated between the knots. */
export function levelAt(knots: Knots, share: number): number {
  let k = 1
  while (k < knots.length - 1 && share > knots[k]![0]) k++
  const [from, before] = knots[k - 1]!
  const [to, after] = knots[k]!
  return before + ((after - before) * (share - from)) / (to - from)
}

/** Counts the trades in an episode's window. */
export class EpisodeRecord {
  private low = Number.POSITIVE_INFINITY
  private high = 0
  private trades = 0
  private volume = 0
  private flow = 0

  constructor(
    private readonly name: string,
    readonly from: number,
    readonly to: number,
  ) {}

  add(price: number, size: number, side: number): void {
    if (price < this.low) this.low = price
    if (price > this.high) this.high = price
    this.trades++
    this.volume += size
    this.flow += side * size
  }

  /** The facts so far, from integers of 10^-priceDecimals and 10^-sizeDecimals. */
  episode(priceDecimals: number, sizeDecimals: number): Episode {
    const { from, to } = this
    return {
      name: this.name,
      time: { from: isoMillis(from), to: isoMillis(to) },
      micros: { from, to },
      price: { low: formatDecimal(this.low, priceDecimals), high: formatDecimal(this.high, priceDecimals) },
      side: this.flow < 0 ? 'sold' : 'bought',
      trades: this.trades,
      volume: this.volume / 10 ** sizeDecimals,
      imbalance: this.flow / this.volume,
    }
  }
}
