import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { validateCalibration, validateReport } from 'virtual:voxrisk-validators'
import { describe, expect, test } from 'vitest'
import { faultOf } from '../../src/formats/fault.ts'
import { upgradeCalibration, upgradeReport } from '../../src/formats/upgrade.ts'
import { checkReport } from '../../src/job/check-report.ts'
import { compareReports } from '../../src/job/compare.ts'
import type { MapReport } from '../../src/job/report.ts'
import { checkCalibration } from '../../src/map/calibration.ts'
import { projectRoot } from '../support/cli.ts'
import { refusal } from '../support/refusal.ts'

const load = async (name: string) =>
  JSON.parse(await readFile(join(projectRoot, 'test', 'fixtures', name), 'utf8'))

describe('a calibration of format 1', () => {
  test('becomes one of format 2, otherwise unchanged', async () => {
    const old = await load('calibration-1.json')
    const { timeBin, ...grid } = old.grid
    expect(timeBin).toBe(3_600_000_000)
    expect(faultOf(validateCalibration, old)).not.toBe(null)
    expect(checkCalibration(old)).toEqual({
      ...old,
      format: 'voxrisk calibration 2',
      layer: 'trades',
      grid: { ...grid, timeWidth: timeBin },
    })
    expect(await load('calibration-1.json')).toEqual(old) // which it does not change
  })

  test('is checked as a new one is', async () => {
    const old = await load('calibration-1.json')
    for (const [change, message] of [
      [{ grid: undefined }, /^calibration: field grid is missing$/],
      [{ grid: { ...old.grid, timeBin: 0 } }, /^calibration: grid\.timeWidth is 0, not 1 or more$/],
      [{ score: 5 }, /^calibration: score is 5, not an object$/],
    ] as const) {
      expect(refusal(() => checkCalibration({ ...old, ...change })).message).toMatch(message)
    }
  })

  test('stays as it is when it is of another format', async () => {
    const upgraded = upgradeCalibration(await load('calibration-1.json'))
    for (const value of [upgraded, { format: 'voxrisk calibration 3' }, null, 'x', []]) {
      expect(upgradeCalibration(value)).toBe(value)
    }
  })
})

describe('a report with such a calibration', () => {
  test('becomes one of today', async () => {
    const old = await load('report-with-calibration-1.json')
    expect(faultOf(validateReport, old)).not.toBe(null)
    const { timeBin, ...grid } = old.grid
    const report = checkReport(old)
    expect(report).toEqual({
      ...old,
      grid: { ...grid, timeWidth: timeBin },
      calibration: checkCalibration(old.calibration),
    })
    expect(upgradeReport(report)).toBe(report)
  })

  test('compares as equal with itself as of today', async () => {
    const old: MapReport = await load('report-with-calibration-1.json')
    for (const [a, b] of [
      [old, checkReport(old)],
      [checkReport(old), old],
    ]) {
      const { equal, settings, hotspots } = compareReports(a, b)
      expect({ equal, settings }).toEqual({ equal: true, settings: [] })
      expect(hotspots?.both).toHaveLength(2)
    }
  })
})
