import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Inspection } from '../../src/job/inspect.ts'
import {
  bybit,
  COLUMNS,
  csv,
  kraken,
  sampleTrades,
  type Trade,
  type Workplace,
  workplace,
  zip,
} from '../support/trade-files.ts'

let place: Workplace
let trades: Trade[] = []
beforeAll(async () => {
  place = await workplace()
  trades = await sampleTrades(1000)
  await writeFile(place.at('trades.csv'), csv(trades))
  await writeFile(place.at('bybit.csv'), bybit(trades))
  await writeFile(place.at('kraken.csv'), kraken(trades))
})
afterAll(() => place.remove())

async function inspected(...parameters: string[]): Promise<Inspection> {
  const { code, stdout, stderr } = await place.voxrisk(['inspect', ...parameters, '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

test('tells the same trades in any format', async () => {
  const named = await inspected('trades.csv', ...COLUMNS)
  expect(named).toMatchObject({ format: 'csv', symbol: '', rows: { read: 1000, kept: 1000 } })
  const { tickSize, lotSize, priceWidth } = named.suggested!
  const report = JSON.parse(
    (await place.voxrisk(['map', 'trades.csv', ...COLUMNS, '--backend', 'cpu', '--json'])).stdout,
  )
  expect({ tickSize, lotSize }).toMatchObject({ tickSize: '0.5', lotSize: '0.001' })
  expect(report.instrument).toMatchObject({ tickSize, lotSize })
  expect(report.grid.priceWidth).toBe(priceWidth) // a map uses the suggested width

  const reversed = await inspected('bybit.csv')
  expect(reversed).toEqual({ ...named, format: 'bybit', symbol: 'XYZUSD' })
  const sideless = await inspected('kraken.csv')
  expect(sideless).toMatchObject({ format: 'kraken', sides: { bought: 0, sold: 0, none: 1 } })
})

test('as text, one fact a line', async () => {
  const { code, stdout, stderr } = await place.voxrisk(['inspect', 'bybit.csv'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = stdout.trimEnd().split('\n')
  expect(lines.map(line => line.slice(0, 12).trim())).toEqual([
    'format',
    'symbol',
    'rows',
    'noted',
    'span',
    'longest gap',
    'price',
    'jump',
    'size',
    'sides',
    'tick, lot',
    'range',
    'price width',
  ])
  for (const line of lines) expect(line).toMatch(/^.{11} \S/)
  const bought = trades.filter(([, , , side]) => side > 0).length
  expect(stdout).toContain(`\nsides       ${bought / 10} % bought, ${(1000 - bought) / 10} % sold\n`)
  expect(stdout).toContain('\nrows        1,000 read = 1,000 kept + outside (0) + rejected (0)\n')
})

test('an obstacle to a map is reported, not thrown', async () => {
  await writeFile(
    place.at('noise.csv'),
    'time,price,size\n1600000000,0.1,1\n1600000001,0.1000000000000003,1\n',
  )
  const { code, stdout } = await place.voxrisk(['inspect', 'noise.csv'])
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^WARNING {5}the only increment that all prices share is .*\n {12}Give the true tick size; .* \(--tick-size\)\.$/m,
  )
})

test('of several symbols it says which there are', async () => {
  await writeFile(
    place.at('pairs.zip'),
    await zip({ 'AAAUSD.csv': kraken(trades), 'BBBUSD.csv': kraken(trades) }),
  )
  const { code, stdout, stderr } = await place.voxrisk(['inspect', 'pairs.zip'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe(
    '2 symbols; choose one, e.g. --symbol AAAUSD\n\nsymbol  trades\nAAAUSD   1,000\nBBBUSD   1,000\n',
  )
  expect((await inspected('pairs.zip', '--symbol', 'BBBUSD')).symbol).toBe('BBBUSD')
})
