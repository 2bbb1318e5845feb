import type { TimeUnit } from '../../units/decimal.ts'

/** Which column of a delimited text plays which role; columns count from 0. */
export interface Columns {
  readonly time: number
  /** Whole milliseconds (0 … 999) to add to the time. */
  readonly milliseconds?: number
  readonly price: number
  readonly size: number
  /** Aggressor side: `buy`, `b`, `1`, `+1` or `sell`, `s`, `-1`, in any case; empty means not given. */
  readonly side?: number
  readonly symbol?: number
  /** What the row does to the feed's table of trades: `insert` is a trade, `partial` repeats an old one. */
  readonly action?: number
  /**
   * Whether the buyer's order rested, in any case: `true` means the aggressor sold, `false` bought. Instead
   * of `side`.
   */
  readonly buyerIsMaker?: number
  /**
   * Whether the row's `side` is the aggressor's (`true`) or the resting order's (`false`: reversed and
   * marked).
   */
  readonly aggressor?: number
  /** Trade id, a whole number: gaps are counted. */
  readonly id?: number
  /** Whether the venue flags the print: `0` or `false`, `1` or `true`; empty means not flagged. */
  readonly flag?: number
}

/** How to read the rows of one delimited text. */
export interface RowLayout {
  /** The byte between fields. */
  readonly delimiter: number
  /** Whether the first line names the columns. */
  readonly header: boolean
  readonly columns: Columns
  readonly timeUnit: TimeUnit
  /** µs to add to every time: midnight, for a feed whose times count from midnight. Default 0. */
  readonly timeOffset?: number
  /** Implied decimals of a price printed as a whole number (4: `1664300` is 166.43). Default 0. */
  readonly priceDecimals?: number
  /** Spellings of the side besides the common ones, in any case. */
  readonly sides?: { readonly buy: string; readonly sell: string }
}

/** How many fields of a row to look at: up to the last needed one. */
export function fieldsNeeded(columns: Columns): number {
  return 1 + Math.max(...Object.values(columns))
}
