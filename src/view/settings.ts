import { VoxriskError } from '../errors.ts'
import type { Theme } from '../show/colours.ts'
import type { Inks } from './frame/frame.ts'
import { INKS } from './frame/inks.ts'
import { DEFAULT_THRESHOLDS } from './frame/palette-top.ts'
import type { ViewMeasure, ViewMode, ViewSize } from './types.ts'

/** The settings of a view as requested: what is drawn of a map, and how. */
export class Settings {
  mode: ViewMode = 'volume'
  measure: ViewMeasure = 'score'
  size: ViewSize = 'all'
  theme: Theme = 'light'
  inks: Inks = INKS.light
  private readonly thresholds = { ...DEFAULT_THRESHOLDS }

  /** The threshold of the current measure. */
  get threshold(): number {
    return this.thresholds[this.measure]
  }

  /** @throws {VoxriskError} `bad-setting` */
  set threshold(threshold: number) {
    if (!Number.isFinite(threshold)) {
      throw new VoxriskError(
        'bad-setting',
        `threshold ${threshold} is not a number`,
        'Give a number such as 2.',
      )
    }
    this.thresholds[this.measure] = threshold
  }
}

/** @throws {VoxriskError} `bad-setting` if the value is not one of `values` */
export function checkedOneOf<Value extends string>(
  name: string,
  values: readonly Value[],
  given: Value,
): Value {
  if (values.includes(given)) return given
  throw new VoxriskError('bad-setting', `${name} "${given}" is unknown`, `Give one of ${values.join(', ')}.`)
}

/**
 * @param bins number of size bins of the map; null while there is no map
 * @throws {VoxriskError} `bad-setting`
 */
export function checkedSize(size: ViewSize, bins: number | null): ViewSize {
  if (size === 'all' || isSizeBin(size, bins)) return size
  throw new VoxriskError(
    'bad-setting',
    `size ${size} is not a size bin${bins === null ? '' : ' of the map'}`,
    `Give ${bins === null ? 'a whole number, 0 or more,' : `0 … ${bins - 1}`} or "all".`,
  )
}

export function isSizeBin(size: number, bins: number | null): boolean {
  return Number.isInteger(size) && size >= 0 && (bins === null || size < bins)
}
