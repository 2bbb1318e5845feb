/** Files of older versions of voxrisk, brought to the form of today. What is not old, or not what it should be, comes back as it is. */

type Loose = Readonly<Record<string, unknown>>

/**
 * A calibration of format 1 (which had `grid.timeBin` for `grid.timeWidth`, and no layer but that of trades) as one of
 * format 2.
 */
export function upgradeCalibration(value: unknown): unknown {
  if (!isObject(value) || value.format !== 'voxrisk calibration 1') return value
  return { ...value, format: 'voxrisk calibration 2', layer: 'trades', grid: upgradeGrid(value.grid) }
}

/** A report with a calibration of format 1 as one of today. */
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
