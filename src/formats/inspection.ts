// Made from schemas/inspection.schema.json by `npm run formats`: change the schema, not this file.

/** What a source of trades holds. Plain JSON: the output of `voxrisk inspect --json`. */
export interface Inspection {
  /** Format recognised or requested; several are joined by +. */
  readonly format: string
  /** Symbol; empty when neither the feed nor the caller gives one. */
  readonly symbol: string
  /** The account of every row: read = kept + all of outside + all of rejected. */
  readonly rows: {
    /** Rows read, not counting headers. Integer, 1 or more. */
    readonly read: number
    /** Valid trades. Integer, 1 or more. */
    readonly kept: number
    /** Valid trades that were not requested, by reason. */
    readonly outside: Readonly<Record<string, number>>
    /** Rows that are not valid trades, by reason. */
    readonly rejected: Readonly<Record<string, number>>
    /** Peculiarities of the rows that were kept, by reason. */
    readonly noted: Readonly<Record<string, number>>
  }
  /** Time span of the trades. */
  readonly time: {
    /**
     * Time of the oldest trade. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if
     * not whole ms.
     */
    readonly from: string
    /**
     * Time of the newest trade. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if
     * not whole ms.
     */
    readonly to: string
  }
  /** Trades kept per second of the span; null when all share one instant. */
  readonly tradesPerSecond: number | null
  /** Prices, in quote currency. */
  readonly price: DecimalRange
  /** Sizes, in the feed's size unit. */
  readonly size: DecimalRange
  /** Shares of the trades by aggressor side, as given by the feed. */
  readonly sides: {
    /** Bought by the aggressor. 0 … 1. */
    readonly bought: number
    /** Sold by the aggressor. 0 … 1. */
    readonly sold: number
    /** Side not given. 0 … 1. */
    readonly none: number
  }
  /** The longest time without a trade; null when no trade is later than the one before it. */
  readonly longestGap: {
    /** Its length in seconds. Above 0. */
    readonly seconds: number
    /**
     * Time of the trade before it. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if
     * not whole ms.
     */
    readonly from: string
    /**
     * Time of the trade after it. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if
     * not whole ms.
     */
    readonly to: string
  } | null
  /**
   * The trade whose price differs most, in relative terms, from the one before it; null when the price never
   * moved.
   */
  readonly largestJump: {
    /**
     * Time of the trade. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if not whole
     * ms.
     */
    readonly time: string
    /**
     * Price of the trade before it, in quote currency. A decimal number above 0 as text in its shortest form,
     * such as 0.05.
     */
    readonly from: string
    /**
     * Its own price, in quote currency. A decimal number above 0 as text in its shortest form, such as 0.05.
     */
    readonly to: string
    /** Relative change: 0.5 is up by half, −0.5 is down by half. Above −1. */
    readonly change: number
  } | null
  /**
   * The settings a job would choose for these trades; null if it cannot choose tick and lot by itself, for
   * the reason in `obstacle`.
   */
  readonly suggested: Suggestion | null
  /** Why nothing is suggested; null if something is. */
  readonly obstacle: {
    /** What is wrong. */
    readonly message: string
    /** What to do about it. */
    readonly fix: string
    /** Settings that help, by their names in the library, most helpful first. */
    readonly settings: readonly Setting[]
  } | null
}

/** A setting, by its name in the library. */
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
  | 'mostTrades'
  | 'mostHotspots'
  | 'size'

/** Lowest and highest value of a decimal column. */
export interface DecimalRange {
  /** The lowest. A decimal number above 0 as text in its shortest form, such as 0.05. */
  readonly low: string
  /** The highest. A decimal number above 0 as text in its shortest form, such as 0.05. */
  readonly high: string
  /** Most decimals in any value, without trailing zeros. Integer, 0 … 22. */
  readonly decimals: number
}

/** The settings a job would choose for these trades by default. */
export interface Suggestion {
  /**
   * The common increment of all prices, in quote currency. A decimal number above 0 as text in its shortest
   * form, such as 0.05.
   */
  readonly tickSize: string
  /**
   * The common increment of all sizes, as fine as 32 bits allow, in the feed's size unit. A decimal number
   * above 0 as text in its shortest form, such as 0.05.
   */
  readonly lotSize: string
  /** Microseconds per time bin. Integer, 1 or more. */
  readonly timeWidth: number
  /** Median of high − low over the time bins in which the price moved, in quote currency. 0 or more. */
  readonly typicalRange: number
  /** Width of a price bin, in ticks. Integer, 1 … 4,294,967,295. */
  readonly priceWidth: number
}
