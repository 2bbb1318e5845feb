import { validateCalibration, validateReport } from 'virtual:voxrisk-validators'
import { expect, test } from 'vitest'
import { faultOf } from '../../src/formats/fault.ts'
import { madeUpCalibration } from '../support/ticks.ts'

// biome-ignore lint/suspicious/noExplicitAny: a calibration taken apart by hand
type Loose = Record<string, any>

test.each<[string, (calibration: Loose) => void]>([
  ['field kernel is missing', value => delete value.kernel],
  ['field score.flow.mean is missing', value => delete value.score.flow.mean],
  ['field extra is not known', value => Object.assign(value, { extra: 1 })],
  ['field grid.timeBin is not known', value => Object.assign(value.grid, { timeBin: 1 })],
  ['format is "other", not "voxrisk calibration 2"', value => Object.assign(value, { format: 'other' })],
  ['score.flow is [], not an object', value => Object.assign(value.score, { flow: [] })],
  ['score.flow.mean is 5, not a list', value => Object.assign(value.score.flow, { mean: 5 })],
  ['score.flow.mean is [], not a list of 1 or more', value => Object.assign(value.score.flow, { mean: [] })],
  ['score.flow.mean[3] is 0.5, not a whole number', value => (value.score.flow.mean[3] = 0.5)],
  ['score.flow.mean[3] is null, not a whole number', value => (value.score.flow.mean[3] = null)],
  ['score.flow.coefficient[0] is -1, not 0 or more', value => (value.score.flow.coefficient[0] = -1)],
  ['grid.sizeBins is 464, not 463 or less', value => (value.grid.sizeBins = 464)],
  ['relativeVariance is NaN, not a number', value => (value.relativeVariance = Number.NaN)],
  ['instrument.symbol is 5, not a text', value => (value.instrument.symbol = 5)],
  [
    'instrument.contract is "quanto", not "linear" or "inverse"',
    value => (value.instrument.contract = 'quanto'),
  ],
  [
    'instrument.tickSize is "0.50", not a decimal number above 0 as text in its shortest form, such as 0.05',
    value => (value.instrument.tickSize = '0.50'),
  ],
  [
    'reference.from is "2026-13-01T00:00:00.000Z", not a time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if not whole ms',
    value => (value.reference.from = '2026-13-01T00:00:00.000Z'),
  ],
])('%s', (message, change) => {
  const calibration = structuredClone(madeUpCalibration()) as Loose
  expect(faultOf(validateCalibration, calibration)).toBe(null)
  change(calibration)
  expect(faultOf(validateCalibration, calibration)).toBe(message)
})

test('a value that is not an object is wrong as a whole, and long values are cut', () => {
  expect(faultOf(validateCalibration, 'x')).toBe('the value is "x", not an object')
  expect(faultOf(validateReport, 'x'.repeat(100))).toBe(`the value is "${'x'.repeat(59)}…, not an object`)
})
