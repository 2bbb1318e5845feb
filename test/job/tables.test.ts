import { tableFromIPC } from 'apache-arrow'
import { beforeAll, describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { TradeSource } from '../../src/events/trades.ts'
import { mapTrades } from '../../src/job/map-trades.ts'
import type { MapReport } from '../../src/job/report.ts'
import { hotspotsToArrow, hotspotsToCsv } from '../../src/job/tables.ts'
import { MOMENTS } from '../../src/layers/trades/moments.ts'
import { chunkOf, miniMarket } from '../support/ticks.ts'

// biome-ignore format: a list
const NAMES = [
  'rank', 'score', 'time_from', 'time_to', 'price_from', 'price_to', 'size_from', 'size_to', 'trades', 'volume',
  'imbalance', 'volatility_bps', 'smoothed_trades', 'smoothed_volume', 'smoothed_flow', 'smoothed_variation',
  'smoothed_covariation', 'voxel_time', 'voxel_price', 'voxel_size',
]

let report: MapReport

beforeAll(async () => {
  const ticks = miniMarket(4000, 3)
  const source: TradeSource = {
    format: 'test',
    symbol: 'MINI',
    account: { read: ticks.length, rejected: {}, outside: {}, noted: {} },
    async *chunks() {
      yield chunkOf(ticks)
    },
  }
  report = await mapTrades(source, {
    backend: cpuBackend(),
    timeWidth: 1001, // ends of bins have microseconds
    tickSize: '0.01',
    priceWidth: '0.04',
    radii: { price: 1, size: 1, time: 1 },
  })
  const [first, ...rest] = report.hotspots
  expect(rest.length).toBeGreaterThan(3)
  const open = { ...first, size: { from: first.size.from, to: null } }
  report = { ...report, hotspots: [open, ...rest] }
})

/** µs since the Unix epoch of an ISO 8601 text with up to six decimals. */
function micros(text: string): bigint {
  const [, seconds, fraction = ''] = text.match(/^(.*?)(?:\.(\d+))?Z$/)!
  return BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

describe('the hotspots as CSV', () => {
  test('a header and a row each', () => {
    const text = hotspotsToCsv(report)
    expect(text.endsWith('\n')).toBe(true)
    const [header, ...rows] = text.slice(0, -1).split('\n')
    expect(header.split(',')).toEqual(NAMES)
    expect(rows).toHaveLength(report.hotspots.length)
    for (const [i, row] of rows.entries()) {
      const fields = Object.fromEntries(row.split(',').map((field, column) => [NAMES[column], field]))
      const hotspot = report.hotspots[i]
      expect(Object.keys(fields)).toHaveLength(NAMES.length)
      expect([fields.time_from, fields.time_to]).toEqual([hotspot.time.from, hotspot.time.to])
      expect([fields.price_from, fields.price_to]).toEqual([hotspot.price.from, hotspot.price.to])
      expect([fields.size_from, fields.size_to]).toEqual([hotspot.size.from, hotspot.size.to ?? ''])
      expect(Number(fields.rank)).toBe(i + 1)
      expect(Number(fields.score)).toBe(hotspot.score)
      expect(Number(fields.trades)).toBe(hotspot.trades)
      expect(Number(fields.volume)).toBe(hotspot.volume)
      expect(Number(fields.imbalance)).toBe(hotspot.imbalance)
      expect(Number(fields.volatility_bps)).toBe(hotspot.volatilityBps)
      expect(MOMENTS.map(moment => fields[`smoothed_${moment}`])).toEqual(Object.values(hotspot.moments))
      const { time, price, size } = hotspot.voxel
      expect([fields.voxel_time, fields.voxel_price, fields.voxel_size].map(Number)).toEqual([
        time,
        price,
        size,
      ])
    }
  })

  test('of none', () => {
    expect(hotspotsToCsv({ ...report, hotspots: [] })).toBe(`${NAMES.join(',')}\n`)
  })
})

describe('the hotspots as Arrow', () => {
  test('the same columns, typed', async () => {
    const table = tableFromIPC(await hotspotsToArrow(report))
    expect(table.schema.fields.map(field => field.name)).toEqual(NAMES)
    expect(Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, `${type}`]))).toMatchObject({
      rank: 'Int64',
      score: 'Float64',
      time_from: 'Timestamp<MICROSECOND, UTC>',
      price_from: 'Float64',
      size_to: 'Float64',
      smoothed_covariation: 'Int64',
      voxel_price: 'Int64',
    })
    expect(table.schema.fields.filter(field => field.nullable).map(field => field.name)).toEqual(['size_to'])

    const column = (name: string) => table.getChild(name)!
    expect(table.numRows).toBe(report.hotspots.length)
    const instants = (name: string) => [...(column(name).data[0].values as BigInt64Array)]
    expect(instants('time_from')).toEqual(report.hotspots.map(({ time }) => micros(time.from)))
    expect(instants('time_to')).toEqual(report.hotspots.map(({ time }) => micros(time.to)))
    for (const [row, hotspot] of report.hotspots.entries()) {
      const numbers = [
        'score',
        'trades',
        'volume',
        'imbalance',
        'volatility_bps',
        'price_from',
        'price_to',
        'size_from',
      ]
      expect(numbers.map(name => column(name).get(row))).toEqual([
        hotspot.score,
        hotspot.trades,
        hotspot.volume,
        hotspot.imbalance,
        hotspot.volatilityBps,
        Number(hotspot.price.from),
        Number(hotspot.price.to),
        Number(hotspot.size.from),
      ])
      expect(column('size_to').get(row)).toBe(hotspot.size.to === null ? null : Number(hotspot.size.to))
      expect(column('rank').get(row)).toBe(BigInt(hotspot.rank))
      expect(MOMENTS.map(moment => `${column(`smoothed_${moment}`).get(row)}`)).toEqual(
        Object.values(hotspot.moments),
      )
      const { time, price, size } = hotspot.voxel
      expect(['time', 'price', 'size'].map(axis => Number(column(`voxel_${axis}`).get(row)))).toEqual([
        time,
        price,
        size,
      ])
    }
    expect(column('size_to').get(0)).toBeNull()
  })

  test('the schema says where it comes from', async () => {
    const { metadata } = tableFromIPC(await hotspotsToArrow(report)).schema
    expect(Object.fromEntries(metadata)).toEqual({
      'voxrisk.version': report.voxrisk.version,
      'voxrisk.symbol': 'MINI',
      'voxrisk.digest.moments': report.digest.moments,
      'voxrisk.digest.hotspots': report.digest.hotspots,
    })
  })

  test('of none', async () => {
    const table = tableFromIPC(await hotspotsToArrow({ ...report, hotspots: [] }))
    expect(table.numRows).toBe(0)
    expect(table.schema.fields.map(field => field.name)).toEqual(NAMES)
  })
})
