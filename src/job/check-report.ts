import { validateReport } from 'virtual:voxrisk-validators'
import { VoxriskError } from '../errors.ts'
import { faultOf } from '../formats/fault.ts'
import type { MapReport } from '../formats/report.ts'
import { isObject, upgradeReport } from '../formats/upgrade.ts'
import { checkGrid, tradeKernel } from '../layers/trades/grid.ts'
import { checkCalibration } from '../map/calibration.ts'
import { normalInstrument } from '../units/instrument.ts'

/**
 * Checks a report from outside, such as a JSON file. Upgrades reports made by older versions to the current
 * format.
 * @throws {VoxriskError} `bad-data` saying what is wrong with it; `bad-setting` for its settings
 */
export function checkReport(value: unknown): MapReport {
  if (!isObject(value)) throw noReport('it is not a JSON object')
  if (typeof value.format === 'string') throw noReport(`it is a "${value.format}" file`)
  if (value.type !== undefined) throw noReport(`it is one line of a stream, of type "${value.type}"`)
  const upgraded = upgradeReport(value)
  const fault = faultOf(validateReport, upgraded)
  if (fault !== null) throw noReport(fault)
  const report = upgraded as MapReport
  normalInstrument(report.instrument)
  checkGrid(report.grid)
  tradeKernel(report.kernel.radii)
  checkCalibration(report.calibration)
  return report
}

function noReport(problem: string): VoxriskError {
  return new VoxriskError(
    'bad-data',
    `not a report: ${problem}`,
    'Use a complete, unmodified report from voxrisk.',
  )
}
