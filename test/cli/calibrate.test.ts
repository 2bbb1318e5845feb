import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCalibration } from '../../src/map/calibration.ts'
import { COLUMNS, csv, sampleTrades, type Workplace, workplace } from '../support/trade-files.ts'

const FILE = ['trades.csv', ...COLUMNS, '--backend', 'cpu', '--lateness', '0']

let place: Workplace
beforeAll(async () => {
  place = await workplace()
  const trades = await sampleTrades(3000)
  const [time, ...rest] = trades[0]
  const late = csv([[time, ...rest]]).split('\n')[1] // hours late at the end of the file
  await writeFile(place.at('trades.csv'), `${csv(trades)}${late}\n${late.replace(/[\d.]+$/, '0.000')}\n`)
})
afterAll(() => place.remove())

test('learns what a map learns, into a file or onto stdout', async () => {
  const filed = await place.voxrisk(['calibrate', ...FILE, '--out', 'learnt.json'])
  expect({ code: filed.code, stderr: filed.stderr }).toEqual({ code: 0, stderr: '' })
  const learnt = await readFile(place.at('learnt.json'), 'utf8')
  const mapped = await place.voxrisk(['map', ...FILE, '--json'])
  expect(JSON.parse(learnt)).toEqual(JSON.parse(mapped.stdout).calibration)

  for (const out of [[], ['--out', '-']]) {
    const piped = await place.voxrisk(['calibrate', ...FILE, ...out])
    expect(piped).toEqual({ code: 0, stdout: learnt, stderr: filed.stdout }) // the text makes room
  }
})

test('says in short what it learnt', async () => {
  const { stdout } = await place.voxrisk(['calibrate', ...FILE, '--out', 'said.json'])
  const { reference, relativeVariance, grid } = checkCalibration(
    JSON.parse(await readFile(place.at('said.json'), 'utf8')),
  )
  expect(reference.ticks).toBe(3000)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.map(line => line.slice(0, 12).trim())).toEqual([
    'instrument',
    'grid',
    'kernel',
    'span',
    'rows',
    'voxels',
    'q',
  ])
  const said = Object.fromEntries(lines.map(line => [line.slice(0, 12).trim(), line.slice(12)]))
  expect(said.instrument).toBe('(no symbol), tick 0.5, lot 0.001, linear')
  expect(said.grid).toBe(
    `price ${grid.priceWidth / 2} (${grid.priceWidth} ticks), size 1 bin per octave (${grid.sizeBins}), time 15 min`,
  )
  expect(said.span).toMatch(/^2024-03-05 00:00:\d\d\.\d+ – [\d:.]+ \([\d.]+ hours\)$/)
  expect(said.rows).toBe(
    '3,002 read = 3,000 learnt from + outside (0) + rejected (1 zero-size) + 1 late or off the grid',
  )
  expect(said.voxels).toBe(`${reference.voxels.toLocaleString('en')} touched`)
  expect(said.q).toContain(`${relativeVariance.toPrecision(4)} relative variance per trade: `)
})

test('a map on it differs from one of its own in nothing but the reading', async () => {
  await place.voxrisk(['calibrate', ...FILE, '--out', 'reused.json'])
  const own = await place.voxrisk(['map', ...FILE, '--json'])
  const on = await place.voxrisk(['map', ...FILE, '--json', '--calibration', 'reused.json'])
  expect(JSON.parse(on.stdout).digest).toEqual(JSON.parse(own.stdout).digest)
})
