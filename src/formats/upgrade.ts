/**
 * Converts files from older versions of voxrisk to the current formats. Anything else, including invalid
 * values, is returned unchanged.
 */

type Loose = Readonly<Record<string, unknown>>

/**
 * Converts a calibration of format 1 to format 2. Format 1 had `grid.timeBin` instead of `grid.timeWidth`,
 * and only the layer of trades.
 */
export function upgradeCalibration(value: unknown): unknown {
  if (!isObject(value) || value.format !== 'voxrisk calibration 1') return value
  return { ...value, format: 'voxrisk calibration 2', layer: 'trades', grid: upgradeGrid(value.grid) }
}

/** Converts a report that contains a calibration of format 1 to the current format. */
export function upgradeReport(value: unknown): unknown {
  if (!isObject(value)) return value
  const calibration = upgradeCalibration(value.calibration)
  if (calibration === value.calibration) return value
  return { ...value, grid: upgradeGrid(value.grid), calibration }
}

function upgradeGrid(grid: unknown): unknown {
  if (!isObject(grid) || !('timeBin' in grid)) return grid
  const { timeBin, ...rest } = grid
  return { ...rest, timeWidth: timeBin }
}

export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
