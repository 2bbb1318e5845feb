// Made from schemas/report-document.schema.json by `npm run formats`: change the schema, not this file.

import type { MapReport } from './report.ts'

/**
 * Everything shown in a report document (`voxrisk map --report`), as plain JSON. `report` is in its element
 * #voxrisk-report as JSON, the rest in #voxrisk-drawn as deflated JSON in base64.
 */
export interface ReportData {
  /** Name and version of this format. */
  readonly format: 'voxrisk report 1'
  /** The report, as printed by `voxrisk map --json`; the document holds at most its first 500 hotspots. */
  readonly report: MapReport
  /** Names of the trade files, in the order given; empty for the built-in sample. */
  readonly sources: readonly string[]
  /** The command line that reproduces this report. */
  readonly command: string
  /** The scores of the map, coarse enough to view. */
  readonly picture: Picture
  /** Price and volume over time. */
  readonly tape: Tape
  /** Trades and volume by size bin. */
  readonly sizes: SizeProfile
}

/**
 * The scores of the map, coarse enough to view: for every cell of time × price × size bin, the highest score
 * of its voxels. A cell is `timeBins` time bins long and `priceBins` price bins wide. Cells are numbered
 * absolutely, like bins: cell number = ⌊bin / bins per cell⌋. The four columns have one entry per cell with a
 * score, in (time, price, size) order.
 */
export interface Picture {
  /**
   * Time bins per cell, a power of two; 1 unless the map has more cells than the document can hold. Integer,
   * 1 or more.
   */
  readonly timeBins: number
  /** Price bins per cell, a power of two. Integer, 1 or more. */
  readonly priceBins: number
  /** Absolute number of the time cell that `time` counts from. Integer, 0 or more. */
  readonly firstTime: number
  /** Absolute number of the price cell that `price` counts from. Integer, 0 or more. */
  readonly firstPrice: number
  /** Time cell of every entry. Integer, 0 or more. */
  readonly time: readonly number[]
  /** Price cell of every entry. Integer, 0 or more. */
  readonly price: readonly number[]
  /** Size bin of every entry. Size bins are never merged. Integer, 0 or more. */
  readonly size: readonly number[]
  /** Hundredths of a score, rounded. Integer. */
  readonly score: readonly number[]
}

/**
 * Price and volume over time. Includes all trades, even late ones that the map leaves out. A cell is
 * `timeBins` time bins long (or a fraction of one if there is room). Cells are numbered absolutely: cell
 * number = ⌊time / (timeBins · time width)⌋. The columns have one entry per cell with a trade, in order of
 * time.
 */
export interface Tape {
  /** Time bins per cell, a power of two, 1/64 or more. 0.015625 or more. */
  readonly timeBins: number
  /** Absolute number of the time cell that `time` counts from. Integer, 0 or more. */
  readonly firstTime: number
  /** Time cell of every entry. Integer, 0 or more. */
  readonly time: readonly number[]
  /** Lowest price, in price ticks. Integer, 1 or more. */
  readonly low: readonly number[]
  /** Highest price, in price ticks. Integer, 1 or more. */
  readonly high: readonly number[]
  /**
   * Last price in arrival order, in price ticks; that of the later half where cells were merged. Integer, 1
   * or more.
   */
  readonly last: readonly number[]
  /** Volume, in lots. Integer, 0 or more. */
  readonly volume: readonly number[]
  /** Number of trades. Integer, 1 or more. */
  readonly trades: readonly number[]
  /** Time of the earliest trade, ISO 8601, UTC; empty if there is none. */
  readonly from: string
  /** Time of the latest trade, ISO 8601, UTC; empty if there is none. */
  readonly to: string
}

/** Trades and volume by size bin, with one entry per size bin of the grid. Includes late trades. */
export interface SizeProfile {
  /** Smallest size of every bin, as decimal text in the feed's size unit. */
  readonly from: readonly string[]
  /** Number of trades. Integer, 0 or more. */
  readonly trades: readonly number[]
  /** Volume, in lots. Integer, 0 or more. */
  readonly volume: readonly number[]
}
