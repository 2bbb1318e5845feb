import { type Counts, count } from '../units/counts.ts'
import { TradeFlag } from './trades.ts'

/** How many of the largest squared increments the report considers. */
const LARGEST = 10

/** Which ticks have no increment, and how much that matters. */
export interface MarkAccount {
  /** Unmarked ticks by reason: `first`, `gap`, `jump`, `flagged`, `after-flagged`, `session-break`. */
  readonly unmarked: Counts
  /** Share of ΣΔp² over all ticks that the unmarked ones would have carried, 0 … 1. */
  readonly unmarkedShare: number
  /** Share of the marked ΣΔp² that its ten largest increments carry, 0 … 1. */
  readonly largestShare: number
}

/**
 * Marks ticks one by one in arrival order: computes Δp, the price increment from the previous tick, and the
 * side. Call `mark()`, then read the fields.
 */
export class Marker {
  /** Δp of the last tick marked, in ticks; 0 if it is unmarked. */
  increment = 0
  /** Δp of the tick before it. */
  previousIncrement = 0
  /** Whether the last tick marked has an increment (which may be 0). */
  marked = false
  /** Its aggressor side, from the feed, otherwise by the tick rule (the sign of the last non-zero Δp). */
  side = 0

  private previousPrice = 0
  private previousTime = 0
  /** `TradeFlag.flagged` if the venue flagged the previous tick: no increment is measured from its price. */
  private previousFlag = 0
  private rule = 0
  private variation = 0
  private unmarkedVariation = 0
  private readonly unmarked: Counts = {}
  private readonly largest = new Float64Array(LARGEST) // ascending
  private leastLarge = 0

  /** @param longestGap µs without a trade after which a price has no increment: one time bin */
  constructor(private readonly longestGap: number) {}

  /**
   * Marks the next tick and sets the fields.
   * @param time µs since the Unix epoch
   * @param price in ticks, 1 … 2^32 − 1
   * @param side +1 bought, −1 sold, 0 if the tick rule should decide
   * @param flags bits of `TradeFlag`
   */
  mark(time: number, price: number, side: number, flags: number): void {
    const difference = price - this.previousPrice
    const distance = difference < 0 ? -difference : difference
    this.previousIncrement = this.increment
    // The first tick has previous price 0, so its increment exceeds half of that price.
    if (
      (flags | this.previousFlag) === 0 &&
      time - this.previousTime <= this.longestGap &&
      2 * distance <= this.previousPrice
    ) {
      const squared = difference * difference
      this.marked = true
      this.increment = difference
      if (difference !== 0) this.rule = difference > 0 ? 1 : -1
      this.variation += squared
      if (squared > this.leastLarge) this.keepLargest(squared)
    } else {
      this.unmark(time, difference, flags)
    }
    this.side = side !== 0 ? side : this.rule
    this.previousPrice = price
    this.previousTime = time
    this.previousFlag = flags & TradeFlag.flagged
  }

  private unmark(time: number, difference: number, flags: number): void {
    this.marked = false
    this.increment = 0
    if (this.previousPrice === 0) {
      count(this.unmarked, 'first')
      return
    }
    this.unmarkedVariation += difference * difference
    if (flags & TradeFlag.sessionBreak) count(this.unmarked, 'session-break')
    else if (flags & TradeFlag.flagged) count(this.unmarked, 'flagged')
    else if (this.previousFlag) count(this.unmarked, 'after-flagged')
    else if (time - this.previousTime > this.longestGap) count(this.unmarked, 'gap')
    else count(this.unmarked, 'jump')
  }

  /** Which ticks had no increment so far, and how much that matters. */
  get account(): MarkAccount {
    const all = this.variation + this.unmarkedVariation
    const largest = this.largest.reduce((sum, squared) => sum + squared, 0)
    return {
      unmarked: { ...this.unmarked },
      unmarkedShare: all > 0 ? this.unmarkedVariation / all : 0,
      largestShare: this.variation > 0 ? largest / this.variation : 0,
    }
  }

  private keepLargest(squared: number): void {
    const { largest } = this
    let at = 0
    while (at + 1 < LARGEST && largest[at + 1] < squared) {
      largest[at] = largest[at + 1]
      at++
    }
    largest[at] = squared
    this.leastLarge = largest[0]
  }
}
