// Made from schemas/report-document.schema.json by `npm run formats`: change the schema, not this file.

import type { MapReport } from './report.ts'

/**
 * Everything that a report document shows (`voxrisk map --report`), as plain JSON: `report` stands in its
 * element #voxrisk-report as JSON, the rest in #voxrisk-drawn as deflated JSON in base64.
 */
export interface ReportData {
  /** Name and version of this form. */
  readonly format: 'voxrisk report 1'
  /** The report, as `voxrisk map --json` prints it; the document holds at most its first 500 hotspots. */
  readonly report: MapReport
  /** Names of the files the trades came from, in the order given; none for the built-in sample. */
  readonly sources: readonly string[]
  /** The command line that gives this report again. */
  readonly command: string
  /** The scores of the map, coarse enough to look at. */
  readonly picture: Picture
  /** Price and volume over time. */
  readonly tape: Tape
  /** Trades and volume by size bin. */
  readonly sizes: SizeProfile
}

/**
 * The scores of the map, coarse enough to look at: for every cell of time × price × size bin the highest
 * score of its voxels. A cell is `timeBins` time bins long and `priceBins` price bins wide and is numbered
 * absolutely, as bins are: cell number = ⌊bin / bins a cell⌋. The four columns hold one entry a cell that has
 * a score, in (time, price, size) order.
 */
export interface Picture {
  /**
   * Time bins a cell, a power of two; 1 unless the map has more cells than the document can hold. Integer, 1
   * or more.
   */
  readonly timeBins: number
  /** Price bins a cell, a power of two. Integer, 1 or more. */
  readonly priceBins: number
  /** Absolute time cell that `time` counts from. Integer, 0 or more. */
  readonly firstTime: number
  /** Absolute price cell that `price` counts from. Integer, 0 or more. */
  readonly firstPrice: number
  /** Time cell of every entry. Integer, 0 or more. */
  readonly time: readonly number[]
  /** Price cell of every entry. Integer, 0 or more. */
  readonly price: readonly number[]
  /** Size bin of every entry; these are never merged. Integer, 0 or more. */
  readonly size: readonly number[]
  /** Hundredths of a score, rounded. Integer. */
  readonly score: readonly number[]
}

/**
 * Price and volume over time. All trades are in it, late ones too, which the map leaves out. A cell is
 * `timeBins` time bins long (a fraction of one where there is room) and is numbered absolutely: cell number =
 * ⌊time / (timeBins · time width)⌋. The columns hold one entry a cell that has a trade, in time order.
 */
export interface Tape {
  /** Time bins a cell, a power of two, 1/64 or more. 0.015625 or more. */
  readonly timeBins: number
  /** Absolute time cell that `time` counts from. Integer, 0 or more. */
  readonly firstTime: number
  /** Time cell of every entry. Integer, 0 or more. */
  readonly time: readonly number[]
  /** Lowest price, in price ticks. Integer, 1 or more. */
  readonly low: readonly number[]
  /** Highest price, in price ticks. Integer, 1 or more. */
  readonly high: readonly number[]
  /**
   * Last price in arrival order, of the later half where cells were merged, in price ticks. Integer, 1 or
   * more.
   */
  readonly last: readonly number[]
  /** Volume, in lots. Integer, 0 or more. */
  readonly volume: readonly number[]
  /** Number of trades. Integer, 1 or more. */
  readonly trades: readonly number[]
  /** Time of the earliest trade, ISO 8601, UTC; empty without one. */
  readonly from: string
  /** Time of the latest trade, ISO 8601, UTC; empty without one. */
  readonly to: string
}

/** Trades and volume by size bin, an entry for every size bin of the grid. Late trades are in it. */
export interface SizeProfile {
  /** Smallest size of every bin, decimal text in the feed's size unit. */
  readonly from: readonly string[]
  /** Number of trades. Integer, 0 or more. */
  readonly trades: readonly number[]
  /** Volume, in lots. Integer, 0 or more. */
  readonly volume: readonly number[]
}
