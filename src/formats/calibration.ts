// Made from schemas/calibration.schema.json by `npm run formats`: change the schema, not this file.

/**
 * Everything a map needs to know in advance, learnt from a reference history. Plain JSON: the output of
 * `voxrisk calibrate` and `voxrisk map --save-calibration`.
 */
export interface Calibration {
  /** Name and version of this format. */
  readonly format: 'voxrisk calibration 2'
  /** What is binned: the engine layer that the map uses. */
  readonly layer: 'trades'
  /** What is traded, and its increments. */
  readonly instrument: Instrument
  /**
   * The axes of a map of trades: price × trade size × time. Price and time bins are numbered absolutely (from
   * price 0 and from 1970), so equal settings give equal bins on any day.
   */
  readonly grid: Grid
  /** Radii of the smoothing kernel, in bins of each axis; at most 14 in total. */
  readonly kernel: KernelRadii
  /** q: mean relative variance per trade, free of bid-ask bounce. 0 or more. */
  readonly relativeVariance: number
  /** Constants of the three terms of the score. */
  readonly score: {
    /** Constants of the activity, the logarithm of the volume. */
    readonly activity: TermConstants
    /** Constants of the volatility, the logarithm of the relative standard deviation per trade. */
    readonly volatility: TermConstants
    /** Constants of the flow, the one-sidedness of the volume. */
    readonly flow: TermConstants
  }
  /** The reference history it was learnt from. */
  readonly reference: {
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
    /** Trades learnt from. Integer, 1 or more. */
    readonly ticks: number
    /** Voxels touched by trades. Integer, 1 or more. */
    readonly voxels: number
  }
}

/** What is traded, and its increments. */
export interface Instrument {
  /** Symbol; empty when neither the feed nor the caller gives one. */
  readonly symbol: string
  /**
   * Minimum price increment, in quote currency. A decimal number above 0 as text in its shortest form, such
   * as 0.05.
   */
  readonly tickSize: string
  /**
   * Minimum size increment, in the feed's size unit. A decimal number above 0 as text in its shortest form,
   * such as 0.05.
   */
  readonly lotSize: string
  /**
   * What a size of 1 is worth: base units (linear) or quote units (inverse). For information only: it changes
   * no sum.
   */
  readonly contract: 'linear' | 'inverse'
}

/**
 * The axes of a map of trades: price × trade size × time. Price and time bins are numbered absolutely (from
 * price 0 and from 1970), so equal settings give equal bins on any day.
 */
export interface Grid {
  /** Price ticks per bin. Integer, 1 … 4,294,967,295. */
  readonly priceWidth: number
  /** Microseconds per bin, up to a year. Integer, 1 … 31,622,400,000,000. */
  readonly timeWidth: number
  /** Size bins per octave, as a power of two: 2^sizeResolution. Integer, 0 … 4. */
  readonly sizeResolution: number
  /**
   * Number of size bins. The last one has no upper limit, so no trade is too large for the map. Integer, 1 …
   * 463.
   */
  readonly sizeBins: number
}

/** Radii of the smoothing kernel, in bins of each axis; at most 14 in total. */
export interface KernelRadii {
  /** Price bins. Integer, 0 … 8. */
  readonly price: number
  /** Size bins. Integer, 0 … 8. */
  readonly size: number
  /** Time bins. Integer, 0 … 8. */
  readonly time: number
}

/** Mean and coefficient of one term of the score, with one entry per size bin. */
export interface TermConstants {
  /** Means, Q16 (an octave is 65,536). Integer, −8,388,608 … 8,388,608. */
  readonly mean: readonly number[]
  /** Weight divided by the standard deviation, Q10. Integer, 0 … 16,384. */
  readonly coefficient: readonly number[]
}
