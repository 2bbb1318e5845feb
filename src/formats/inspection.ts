// Made from schemas/inspection.schema.json by `npm run formats`: change the schema, not this file.

/** What a source of trades holds. Plain JSON: the output of `voxrisk inspect --json`. */
export interface Inspection {
  /** Format recognised or asked for; several joined by +. */
  readonly format: string
  /** Symbol; empty when neither feed nor caller names one. */
  readonly symbol: string
  /** The account of every row: read = kept + all of outside + all of rejected. */
  readonly rows: {
    /** Rows met, headers not counted. Integer, 1 or more. */
    readonly read: number
    /** Valid trades. Integer, 1 or more. */
    readonly kept: number
    /** Valid trades that are not asked for, by reason. */
    readonly outside: Readonly<Record<string, number>>
    /** Rows that are no valid trade, by reason. */
    readonly rejected: Readonly<Record<string, number>>
    /** What a reader should know of rows that were kept, by reason. */
    readonly noted: Readonly<Record<string, number>>
  }
  /** Span of the trades. */
  readonly time: {
    /**
     * Time of the oldest trade. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs where
     * those are not whole.
     */
    readonly from: string
    /**
     * Time of the newest trade. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs where
     * those are not whole.
     */
    readonly to: string
  }
  /** Trades kept over the span; null when they share one instant. */
  readonly tradesPerSecond: number | null
  /** Prices, quote currency. */
  readonly price: DecimalRange
  /** Sizes, the feed's size unit. */
  readonly size: DecimalRange
  /** Shares of the trades by aggressor side as the feed gives it. */
  readonly sides: {
    /** Bought by the aggressor. 0 … 1. */
    readonly bought: number
    /** Sold by the aggressor. 0 … 1. */
    readonly sold: number
    /** Side not given. 0 … 1. */
    readonly none: number
  }
  /** The longest time without a trade; null when no trade is newer than the one before it. */
  readonly longestGap: {
    /** Its length, seconds. Above 0. */
    readonly seconds: number
    /**
     * Time of the trade before it. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs
     * where those are not whole.
     */
    readonly from: string
    /**
     * Time of the trade after it. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs
     * where those are not whole.
     */
    readonly to: string
  } | null
  /**
   * The trade whose price differs most from the one before it, relative to that; null when the price never
   * moved.
   */
  readonly largestJump: {
    /**
     * Time of the trade. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs where those
     * are not whole.
     */
    readonly time: string
    /**
     * Price before it, quote currency. A decimal number above 0 as text in its shortest form, such as 0.05.
     */
    readonly from: string
    /** Its price, quote currency. A decimal number above 0 as text in its shortest form, such as 0.05. */
    readonly to: string
    /** Relative change: 0.5 is half up, −0.5 half down. Above −1. */
    readonly change: number
  } | null
  /**
   * What a job would choose for these trades; null when it could not choose tick and lot by itself:
   * `obstacle` says why.
   */
  readonly suggested: Suggestion | null
  /** Why nothing is suggested; null when something is. */
  readonly obstacle: {
    /** What is wrong. */
    readonly message: string
    /** What to do about it. */
    readonly fix: string
    /** Settings that help, by the library's names, the most helpful one first. */
    readonly settings: readonly Setting[]
  } | null
}

/** A setting by the name the library gives it. */
export type Setting =
  | 'format'
  | 'symbol'
  | 'columns'
  | 'timeUnit'
  | 'timeZone'
  | 'stream'
  | 'contract'
  | 'tickSize'
  | 'lotSize'
  | 'priceWidth'
  | 'timeWidth'
  | 'sizeResolution'
  | 'sizeBins'
  | 'radii'
  | 'lateness'
  | 'calibration'
  | 'backend'
  | 'threads'
  | 'keepSlabs'
  | 'timestamps'
  | 'top'
  | 'newSpool'

/** Lowest and highest of a column of decimals. */
export interface DecimalRange {
  /** The lowest. A decimal number above 0 as text in its shortest form, such as 0.05. */
  readonly low: string
  /** The highest. A decimal number above 0 as text in its shortest form, such as 0.05. */
  readonly high: string
  /** Most decimals that any needs, trailing zeros left out. Integer, 0 … 22. */
  readonly decimals: number
}

/** What a job would choose for these trades when left to itself. */
export interface Suggestion {
  /**
   * The common increment of all prices, quote currency. A decimal number above 0 as text in its shortest
   * form, such as 0.05.
   */
  readonly tickSize: string
  /**
   * The common increment of all sizes, as fine as 32 bits hold, the feed's size unit. A decimal number above
   * 0 as text in its shortest form, such as 0.05.
   */
  readonly lotSize: string
  /** Microseconds a time bin. Integer, 1 or more. */
  readonly timeWidth: number
  /** Median of high − low over the time bins in which the price moved, quote currency. 0 or more. */
  readonly typicalRange: number
  /** Width of a price bin, ticks. Integer, 1 … 4,294,967,295. */
  readonly priceWidth: number
}
