import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareReports } from '../../src/job/compare.ts'
import { COLUMNS, csv, sampleTrades, type Workplace, workplace } from '../support/trade-files.ts'

let place: Workplace
beforeAll(async () => {
  place = await workplace()
  await writeFile(place.at('trades.csv'), csv(await sampleTrades(3000)))
  for (const [name, options] of [
    ['a', []],
    ['again', []],
    ['kernel', ['--kernel', 'time=1', '--top', '5']],
    ['grid', ['--time-bin', '5m']],
  ] as const) {
    const { stdout } = await place.voxrisk([
      'map',
      'trades.csv',
      ...COLUMNS,
      '--backend',
      'cpu',
      '--json',
      ...options,
    ])
    await writeFile(place.at(`${name}.json`), stdout)
  }
  await writeFile(place.at('cut.json'), (await readFile(place.at('a.json'), 'utf8')).slice(0, 100))
})
afterAll(() => place.remove())

const compare = (...parameters: string[]) => place.voxrisk(['compare', ...parameters])
const load = async (name: string) => JSON.parse(await readFile(place.at(name), 'utf8'))

describe('the text', () => {
  test('of equal maps says so and exits 0', async () => {
    const { code, stdout, stderr } = await compare('a.json', 'again.json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { hotspots, hotspotsFound } = await load('a.json')
    const side = (name: string) =>
      `${name}: (no symbol), 3,000 ticks, ${hotspots.length} of ${hotspotsFound} hotspots listed, on cpu`
    expect(stdout).toBe(
      [
        `A           ${side('a.json')}`,
        `B           ${side('again.json')}`,
        '',
        'The settings are the same.',
        '',
        'moments     equal',
        'hotspots    equal',
        '',
        `Of the hotspots listed: ${hotspots.length} in both (${hotspots.length} unchanged), 0 moved, 0 only in A, 0 only in B.`,
        '',
      ].join('\n'),
    )
  })

  test('of other settings says that first, then what it did to the hotspots, and exits 1', async () => {
    const { code, stdout, stderr } = await compare('a.json', 'kernel.json')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const order = [
      'The settings differ\n',
      'moments     equal\n',
      'hotspots    DIFFERENT\n',
      'Of the hotspots',
    ]
    const places = order.map(text => stdout.indexOf(text))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
    expect(stdout).toMatch(/^ {2}kernel\.radii\.time +2 +1$/m)
    const { both, moved, onlyA, onlyB } = compareReports(await load('a.json'), await load('kernel.json'))
      .hotspots!
    const rows = stdout.split('\n').filter(line => /^(both|moved|only A|only B) /.test(line))
    const count = (name: string) => rows.filter(line => line.startsWith(`${name} `)).length
    expect(['both', 'moved', 'only A', 'only B'].map(count)).toEqual([
      both.filter(({ scoreChange, rankChange }) => scoreChange !== 0 || rankChange !== 0).length,
      moved.length,
      onlyA.length,
      onlyB.length,
    ])
    expect(onlyA.length).toBeGreaterThan(0)
    expect(stdout).not.toMatch(/ \n/)
  })

  test('of other grids pairs nothing', async () => {
    const { code, stdout } = await compare('a.json', 'grid.json')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^ {2}grid\.timeWidth +900000000 +300000000$/m)
    expect(stdout).toMatch(/^moments {5}DIFFERENT\nhotspots {4}DIFFERENT\n/m)
    expect(stdout).toContain('\nThe hotspots cannot be paired: ')
  })
})

test('--json is the comparison', async () => {
  const { code, stdout } = await compare('a.json', 'kernel.json', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual(compareReports(await load('a.json'), await load('kernel.json')))
})

test.each<[string, string[], RegExp]>([
  ['a missing file', ['a.json', 'nowhere.json'], /^voxrisk: nowhere\.json: does not exist\n/],
  ['a folder', ['tmp', 'a.json'], /^voxrisk: tmp: is a directory\n/],
  ['a report cut off', ['a.json', 'cut.json'], /^voxrisk: cut\.json: is not JSON: .*\n +Give the output of /],
  ['trades', ['a.json', 'trades.csv'], /^voxrisk: trades\.csv: is not JSON: /],
  ['three files', ['a.json', 'a.json', 'a.json'], /^error: too many arguments/],
])('%s exits 2, which no difference does', async (_, parameters, message) => {
  const { code, stdout, stderr } = await compare(...parameters)
  expect(stderr).toMatch(message)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})
