import { VoxriskError } from '../errors.ts'
import type { Grid } from '../formats/calibration.ts'

/** Consecutive price bins that one page covers. */
export const PAGE_PRICES = 64
export const PAGE_PRICES_LOG2 = 6

export type { Grid } from '../formats/calibration.ts'

const HOUR = 3_600_000_000

/** @throws {VoxriskError} `bad-setting` unless it is a whole number of µs up to a year */
export function checkTimeWidth(timeWidth: number): void {
  if (Number.isInteger(timeWidth) && timeWidth >= 1 && timeWidth <= 24 * 366 * HOUR) return
  throw new VoxriskError(
    'bad-setting',
    `time bin ${timeWidth} µs is not a whole number of µs up to a year`,
    'Try 15 minutes: --time-bin 15m.',
  )
}

/** @throws {VoxriskError} `bad-setting` when an axis is out of range */
export function checkGrid(grid: Grid): Grid {
  const whole = (value: number, low: number, high: number) =>
    Number.isInteger(value) && value >= low && value <= high
  const refuse = (message: string, fix: string) => {
    throw new VoxriskError('bad-setting', message, fix)
  }
  if (!whole(grid.priceWidth, 1, 2 ** 32 - 1))
    refuse(`price width ${grid.priceWidth} is not a whole number of ticks in 1 … 2^32 − 1`, 'Use wider bins.')
  checkTimeWidth(grid.timeWidth)
  if (!whole(grid.sizeResolution, 0, 4))
    refuse(`size resolution ${grid.sizeResolution} is not in 0 … 4`, 'Use 0 for one bin an octave.')
  const most = sizeBin(2 ** 32 - 1, grid.sizeResolution) + 1
  if (!whole(grid.sizeBins, 1, most))
    refuse(`${grid.sizeBins} size bins are not in 1 … ${most}`, `Use ${most} bins to tell every size apart.`)
  return grid
}

/**
 * Log-linear bin of a size in lots (0 … 2^32 − 1), 2^resolution bins an octave, the scheme of G. Tene's HdrHistogram:
 * sizes below 2^resolution have a bin each, above that every octave is cut into equal parts. The lowest bin holds
 * size 1 and dust (size 0). Mirrored by shaders/bin.wgsl. The caller limits the result to the grid's last bin.
 */
export function sizeBin(size: number, resolution: number): number {
  const lots = Math.max(size, 1)
  const octave = 31 - Math.clz32(lots) - resolution
  return octave < 0 ? lots - 1 : (octave << resolution) + (lots >>> octave) - 1
}

/** Smallest size in lots that lies in a size bin: 0, dust, in the lowest. */
export function sizeBinFrom(bin: number, resolution: number): number {
  if (bin === 0) return 0
  const position = bin + 1
  const octave = (position >> resolution) - 1
  if (octave < 0) return position
  return ((position & ((1 << resolution) - 1)) + (1 << resolution)) * 2 ** octave
}

/** Centre price of a price bin in ticks, at least 1 and within 32 bits. */
export function centrePrice(priceBin: number, priceWidth: number): number {
  return Math.min(Math.max(1, priceBin * priceWidth + Math.floor(priceWidth / 2)), 2 ** 32 - 1)
}
