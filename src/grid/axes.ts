import { VoxriskError } from '../errors.ts'

/** Consecutive price bins that a page covers. */
export const PAGE_PRICES = 64
export const PAGE_PRICES_LOG2 = 6

/**
 * The three axes as the engine knows them. Price and time bins are numbered from price 0 and from the Unix
 * epoch, so equal settings give equal bins on any day. The layer decides which class an event belongs to.
 */
export interface Axes {
  /** Price ticks per bin, 1 … 2^32 − 1. */
  readonly priceWidth: number
  /** Microseconds per bin. */
  readonly timeWidth: number
  /** Number of classes on the middle axis, 1 … 1024, such as size classes of trades. */
  readonly classBins: number
}

const HOUR = 3_600_000_000

/** @throws {VoxriskError} `bad-setting` unless the width is a whole number of µs up to a year */
export function checkTimeWidth(timeWidth: number): void {
  if (Number.isInteger(timeWidth) && timeWidth >= 1 && timeWidth <= 24 * 366 * HOUR) return
  throw new VoxriskError(
    'bad-setting',
    `time bin ${timeWidth} µs is not a whole number of µs, at most a year`,
    'Try 15 minutes, 900,000,000 µs.',
    { settings: ['timeWidth'] },
  )
}

/** Centre price of a price bin in ticks, limited to 1 … 2^32 − 1. */
export function centrePrice(priceBin: number, priceWidth: number): number {
  return Math.min(Math.max(1, priceBin * priceWidth + Math.floor(priceWidth / 2)), 2 ** 32 - 1)
}
