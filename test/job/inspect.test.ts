import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TradeChunk, TradeSource } from '../../src/events/trades.ts'
import { inspectTrades } from '../../src/job/inspect.ts'
import { openFile } from '../../src/node/files.ts'
import { openTrades } from '../../src/read/source.ts'
import { DATA, needsData } from '../support/real-data.ts'

/** time in s, price and size as printed, side. */
type Row = readonly [time: number, price: string, size: string, side?: number]

/** A chunk per list of rows, with just the decimals its rows need. */
function sourceOf(...parts: readonly (readonly Row[])[]): TradeSource {
  const account = { read: 5, rejected: { 'zero-size': 2 }, outside: { 'other-symbol': 3 }, noted: { tie: 1 } }
  const chunkOf = (rows: readonly Row[]): TradeChunk => {
    const decimals = (text: string) => text.split('.')[1]?.length ?? 0
    const priceDecimals = Math.max(0, ...rows.map(([, price]) => decimals(price)))
    const sizeDecimals = Math.max(0, ...rows.map(([, , size]) => decimals(size)))
    const units = (text: string, decimals: number) => Math.round(Number(text) * 10 ** decimals)
    return {
      length: rows.length,
      time: Float64Array.from(rows, ([time]) => time * 1e6),
      // One entry more than is used: entries beyond the length must not count.
      price: Float64Array.from([...rows.map(([, price]) => units(price, priceDecimals)), 1]),
      size: Float64Array.from([...rows.map(([, , size]) => units(size, sizeDecimals)), 1]),
      side: Int8Array.from(rows, ([, , , side]) => side ?? 0),
      flags: new Uint8Array(rows.length),
      priceDecimals,
      sizeDecimals,
    }
  }
  return {
    format: 'test',
    symbol: 'ABC',
    account,
    async *chunks() {
      for (const rows of parts) {
        account.read += rows.length
        yield chunkOf(rows)
      }
    },
  }
}

describe('an inspection', () => {
  test('of a few trades, counted by hand', async () => {
    const rows: number[] = []
    const source = sourceOf(
      [
        [1_600_000_000, '100', '2', 1],
        [1_600_000_000, '101.5', '0.5', -1],
        [1_600_000_010, '101', '3', 1],
      ],
      [
        [1_600_000_009.5, '90.90', '3', 1], // a step back in time
        [1_600_000_030.25, '90.9', '10', 0],
      ],
    )
    expect(await inspectTrades(source, count => rows.push(count))).toEqual({
      format: 'test',
      symbol: 'ABC',
      rows: {
        read: 10,
        kept: 5,
        outside: { 'other-symbol': 3 },
        rejected: { 'zero-size': 2 },
        noted: { tie: 1 },
      },
      time: { from: '2020-09-13T12:26:40.000Z', to: '2020-09-13T12:27:10.250Z' },
      tradesPerSecond: 5 / 30.25,
      price: { low: '90.9', high: '101.5', decimals: 2 },
      size: { low: '0.5', high: '10', decimals: 1 },
      sides: { bought: 0.6, sold: 0.2, none: 0.2 },
      longestGap: { seconds: 20.75, from: '2020-09-13T12:26:49.500Z', to: '2020-09-13T12:27:10.250Z' },
      largestJump: { time: '2020-09-13T12:26:49.500Z', from: '101', to: '90.9', change: 90.9 / 101 - 1 },
      suggested: {
        tickSize: '0.1',
        lotSize: '0.5',
        timeWidth: 900_000_000,
        typicalRange: expect.closeTo(10.6, 10),
        priceWidth: 100,
      },
      obstacle: null,
    })
    expect(rows).toEqual([3, 5])
  })

  test('of one trade has no rate, no gap and no jump', async () => {
    const found = await inspectTrades(sourceOf([[1_600_000_000, '5', '1']]))
    expect(found).toMatchObject({ tradesPerSecond: null, longestGap: null, largestJump: null })
    expect(found.suggested).toMatchObject({ tickSize: '5', typicalRange: 0, priceWidth: 1 })
  })

  test('says why no tick can be suggested', async () => {
    const noise: Row[] = [
      [1_600_000_000, '0.1', '1'],
      [1_600_000_001, '0.1000000000000003', '1'],
    ]
    const { suggested, obstacle } = await inspectTrades(sourceOf(noise))
    expect(suggested).toBeNull()
    expect(obstacle?.message).toMatch(/^the only increment that all prices share is /)
    expect(obstacle?.fix).toMatch(/^Give the true tick size;/)
    expect(obstacle?.settings).toEqual(['tickSize'])
  })

  test('of no trade is refused', async () => {
    await expect(inspectTrades(sourceOf())).rejects.toMatchObject({
      code: 'bad-data',
      message: 'there are no trades',
    })
  })
})

test('of a real Bybit day, which runs newest first', needsData('bybit_BTCUSD2019-10-01.csv.gz'), async () => {
  const file = await openFile(join(DATA, 'bybit_BTCUSD2019-10-01.csv.gz'))
  const found = await inspectTrades(await openTrades(file))
  // As counted in shared/data/README.md.
  expect(found.rows).toMatchObject({ read: 93_598, kept: 93_598, outside: {}, rejected: {} })
  expect(found.price).toEqual({ low: '8199', high: '8539.5', decimals: 1 })
  expect(found.size).toEqual({ low: '1', high: '419397', decimals: 0 })
  expect(found.time.from).toMatch(/^2019-10-01T00:00:00\.7/)
  expect(found.time.to).toMatch(/^2019-10-01T23:59:56\.5/)
  expect(found.suggested).toMatchObject({ tickSize: '0.5', lotSize: '1' })
})
