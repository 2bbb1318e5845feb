import { VoxriskError } from '../errors.ts'
import { checkGrid, tradeKernel } from '../layers/trades/grid.ts'
import { checkCalibration } from '../map/calibration.ts'
import { normalInstrument } from '../units/instrument.ts'
import type { MapReport } from './report.ts'

type Loose = Record<string, unknown>

/**
 * Checks a report that comes from outside, such as a JSON file, as far as a comparison relies on it.
 * @throws {VoxriskError} `bad-data` that says what is wrong with it; `bad-setting` for its settings
 */
export function checkReport(value: unknown): MapReport {
  if (!isObject(value)) throw noReport('it is no JSON object')
  if (typeof value.format === 'string') throw noReport(`it is a file of "${value.format}"`)
  if (value.type !== undefined) throw noReport(`it is a line of a stream, of type "${value.type}"`)
  const { instrument, grid, kernel, calibration, rows, digest, hotspots, lateness } = value as Loose &
    Partial<MapReport>
  if (!isObject(value.voxrisk) || typeof value.voxrisk.version !== 'string') {
    throw noReport('it does not say which version of voxrisk made it')
  }
  if (!isObject(instrument) || !isObject(grid) || !isObject(kernel)) {
    throw noReport('instrument, grid or kernel is missing')
  }
  normalInstrument(instrument)
  checkGrid(grid)
  tradeKernel(isObject(kernel.radii) ? kernel.radii : undefined)
  checkCalibration(calibration)
  if (!isCount(lateness)) throw noReport('lateness is missing')
  const outsideAndRejected = [rows?.outside, rows?.rejected]
  if (!isCount(rows?.read) || !isCount(rows?.binned) || !outsideAndRejected.every(isObject)) {
    throw noReport('the account of its rows is missing')
  }
  if (![digest?.moments, digest?.hotspots].every(text => /^[0-9a-f]{64}$/.test(`${text}`))) {
    throw noReport('a digest is missing')
  }
  if (!isCount(value.hotspotsFound) || !Array.isArray(hotspots)) {
    throw noReport('its list of hotspots is missing')
  }
  const bad = hotspots.findIndex(hotspot => !isHotspot(hotspot))
  if (bad >= 0) throw noReport(`hotspot ${bad + 1} of its list is incomplete`)
  return value as unknown as MapReport
}

function isHotspot(value: unknown): boolean {
  if (!isObject(value)) return false
  const { rank, score, time, price, size, voxel } = value
  const isRange = (range: unknown) =>
    isObject(range) &&
    typeof range.from === 'string' &&
    (typeof range.to === 'string' || (range === size && range.to === null))
  return (
    isCount(rank) &&
    Number.isFinite(score) &&
    [time, price, size].every(isRange) &&
    isObject(voxel) &&
    [voxel.time, voxel.price, voxel.size].every(bin => Number.isInteger(bin))
  )
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0
}

function noReport(problem: string): VoxriskError {
  return new VoxriskError(
    'bad-data',
    `not a report: ${problem}`,
    'Give a report as voxrisk made it, whole and unchanged.',
  )
}
