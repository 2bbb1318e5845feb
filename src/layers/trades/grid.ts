import { type Setting, VoxriskError } from '../../errors.ts'
import type { Grid, KernelRadii } from '../../formats/calibration.ts'
import { type Axes, checkTimeWidth } from '../../grid/axes.ts'
import { createKernel, type Kernel } from '../../grid/kernel.ts'
import { logClass } from '../../grid/log-classes.ts'

export type { Grid, KernelRadii } from '../../formats/calibration.ts'

/** Radii of the kernel unless the caller says otherwise, in bins of each axis. */
export const DEFAULT_RADII: KernelRadii = { price: 4, size: 1, time: 2 }

/**
 * The kernel of a map of trades; radius 0 leaves an axis as it is.
 * @throws {VoxriskError} `bad-setting`
 */
export function tradeKernel(radii: KernelRadii = DEFAULT_RADII): Kernel {
  return createKernel({ price: radii.price, class: radii.size, time: radii.time }, 'size')
}

/** The axes as the engine sees them. */
export function axesOf({ priceWidth, timeWidth, sizeBins }: Grid): Axes {
  return { priceWidth, timeWidth, classBins: sizeBins }
}

/** @throws {VoxriskError} `bad-setting` unless it is a whole number in 0 … 4 */
export function checkSizeResolution(resolution: number): void {
  if (Number.isInteger(resolution) && resolution >= 0 && resolution <= 4) return
  throw new VoxriskError(
    'bad-setting',
    `size resolution ${resolution} is not in 0 … 4`,
    'Use 0 for one size bin per octave.',
    { settings: ['sizeResolution'] },
  )
}

/** @throws {VoxriskError} `bad-setting` when an axis is out of range */
export function checkGrid(grid: Grid): Grid {
  const whole = (value: number, low: number, high: number) =>
    Number.isInteger(value) && value >= low && value <= high
  const refuse = (setting: Setting, message: string, fix: string) => {
    throw new VoxriskError('bad-setting', message, fix, { settings: [setting] })
  }
  if (!whole(grid.priceWidth, 1, 2 ** 32 - 1))
    refuse(
      'priceWidth',
      `price width ${grid.priceWidth} is not a whole number of ticks in 1 … 2^32 − 1`,
      'Give a whole number of ticks in this range.',
    )
  checkTimeWidth(grid.timeWidth)
  checkSizeResolution(grid.sizeResolution)
  const most = logClass(2 ** 32 - 1, grid.sizeResolution) + 1
  if (!whole(grid.sizeBins, 1, most))
    refuse(
      'sizeBins',
      `${grid.sizeBins} size bins are not in 1 … ${most}`,
      `Use ${most} bins to tell every size apart.`,
    )
  return grid
}
