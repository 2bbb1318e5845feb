import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MapReport } from '../../src/job/report.ts'
import { projectRoot } from '../support/cli.ts'
import { type Workplace, workplace } from '../support/trade-files.ts'

let place: Workplace
beforeAll(async () => {
  place = await workplace()
})
afterAll(() => place.remove())

const fixture = (name: string) => join(projectRoot, 'test', 'fixtures', name)

test('a calibration of format 1 still maps, and the map is the one that it made then', async () => {
  const on = ['--calibration', fixture('calibration-1.json')]
  const mapped = await place.voxrisk([
    'map',
    fixture('trades.csv'),
    '--backend',
    'cpu',
    '--top',
    '3',
    '--json',
    ...on,
  ])
  expect(mapped.stderr).toBe('')
  const { calibration } = JSON.parse(mapped.stdout) as MapReport
  expect(calibration).toMatchObject({ format: 'voxrisk calibration 2', layer: 'trades' })
  await writeFile(place.at('now.report.json'), mapped.stdout)
  const compared = await place.voxrisk([
    'compare',
    fixture('report-with-calibration-1.json'),
    'now.report.json',
  ])
  expect(compared.stdout).toContain('\nThe settings are the same.\n\nmoments     equal\nhotspots    equal\n')
  expect(compared.code).toBe(0)
})
