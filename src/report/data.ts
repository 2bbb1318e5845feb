import type { MapReport } from '../job/report.ts'

/** Everything the report document shows, as plain JSON. */
export interface ReportData {
  readonly format: 'voxrisk report 1'
  readonly report: MapReport
  /** Names of the files the trades came from, in the order in which they were read. */
  readonly sources: readonly string[]
  /** The command line that gives this report again. */
  readonly command: string
  readonly picture: Picture
  readonly tape: Tape
  readonly sizes: SizeProfile
}

/**
 * The scores of the map, coarse enough to look at: for every cell of time × price × size bin the highest score of its
 * voxels. A cell is `timeBins` time bins long and `priceBins` price bins wide and is numbered absolutely, as bins are:
 * cell number = ⌊bin / bins a cell⌋. The four columns hold one entry a cell that has a score, in (time, price, size) order.
 */
export interface Picture {
  /** Time bins a cell, a power of two; 1 unless the map has more cells than the document can hold. */
  readonly timeBins: number
  /** Price bins a cell, a power of two. */
  readonly priceBins: number
  /** The absolute time cell that `time` counts from. */
  readonly firstTime: number
  /** The absolute price cell that `price` counts from. */
  readonly firstPrice: number
  readonly time: readonly number[]
  readonly price: readonly number[]
  /** Size bins; these are never merged. */
  readonly size: readonly number[]
  /** Hundredths of a score, rounded. */
  readonly score: readonly number[]
}

/**
 * Price and volume over time. All ticks are in it, late ones too, which the map leaves out. A cell is `timeBins` time
 * bins long (a fraction of one where there is room) and is numbered absolutely: cell number = ⌊time / (timeBins · time bin)⌋.
 * The columns hold one entry a cell that has a tick, in time order.
 */
export interface Tape {
  /** Time bins a cell, a power of two, 1/64 or more. */
  readonly timeBins: number
  /** The absolute time cell that `time` counts from. */
  readonly firstTime: number
  readonly time: readonly number[]
  /** Lowest, highest and last price, in price ticks; the last one in arrival order, of the later half where cells were merged. */
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly last: readonly number[]
  /** Lots. */
  readonly volume: readonly number[]
  /** Number of ticks. */
  readonly trades: readonly number[]
  /** Time of the earliest and the latest tick, ISO 8601, UTC; empty text when there was none. */
  readonly from: string
  readonly to: string
}

/** Trades and volume by size bin, an entry for every size bin of the grid. Late ticks are in it. */
export interface SizeProfile {
  /** Smallest size of every bin, decimal text in the feed's size unit. */
  readonly from: readonly string[]
  readonly trades: readonly number[]
  /** Lots. */
  readonly volume: readonly number[]
}
