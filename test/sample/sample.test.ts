import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { TickConverter } from '../../src/events/convert.ts'
import { CHUNK_ROWS, type TradeSource } from '../../src/events/trades.ts'
import { rankHotspots } from '../../src/hotspots/rank.ts'
import { Measure } from '../../src/job/measure.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { tradeKernel } from '../../src/layers/trades/grid.ts'
import { calibrate } from '../../src/map/calibration.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import type { Episode } from '../../src/sample/episodes.ts'
import { type SampleDay, type SampleOptions, sampleDay } from '../../src/sample/sample-day.ts'

const MIDNIGHT = Date.UTC(2024, 2, 5) * 1000
const DAY = 86_400e6
const TICK = 5

interface Columns {
  time: number[]
  price: number[]
  size: number[]
  side: number[]
}

async function columnsOf(source: TradeSource): Promise<Columns> {
  const columns: Columns = { time: [], price: [], size: [], side: [] }
  for await (const chunk of source.chunks()) {
    for (let i = 0; i < chunk.length; i++) {
      columns.time.push(chunk.time[i])
      columns.price.push(chunk.price[i])
      columns.size.push(chunk.size[i])
      columns.side.push(chunk.side[i])
    }
  }
  return columns
}

async function digestOf(source: TradeSource): Promise<string> {
  const hash = createHash('sha256')
  for await (const { length, time, price, size, side, flags } of source.chunks()) {
    for (const column of [time, price, size, side, flags]) hash.update(column.subarray(0, length))
  }
  return hash.digest('hex')
}

describe('the same everywhere', () => {
  test('a seed and a number of trades fix every column, on any machine', async () => {
    const { source } = sampleDay()
    const digest = await digestOf(source)
    expect(digest).toBe('154e8dc7f498e6d94980baa20362803a0dae06e53d8220f03d676628c40fb9bd')
    expect(await digestOf(source), 'a second reading').toBe(digest)
    expect(await digestOf(sampleDay({ seed: 20_240_305, trades: 30_000 }).source)).toBe(
      '6381c0540cb7ce5e0b16b43a07a32987e4c8028fc5ea8076710e5e8a0f0107a2',
    )
  })

  test('another seed is another day', async () => {
    const options = { trades: 10_000 }
    expect(await digestOf(sampleDay({ ...options, seed: 2 }).source)).not.toBe(
      await digestOf(sampleDay({ ...options, seed: 3 }).source),
    )
  })
})

describe('the trades', () => {
  let day: SampleDay
  let trades: Columns
  beforeAll(async () => {
    day = sampleDay()
    trades = await columnsOf(day.source)
  })

  test('are about as many as asked for, all of them counted', async () => {
    expect(trades.time.length).toBe(day.source.account.read)
    const asked: SampleOptions[] = [
      { trades: 10_000 },
      { trades: 250_000, seed: 5 },
      { trades: 600_000, seed: 6 },
    ]
    for (const options of asked) {
      const { source } = sampleDay(options)
      for await (const { length } of source.chunks()) expect(length).toBeLessThanOrEqual(CHUNK_ROWS)
      expect(Math.abs(source.account.read / options.trades! - 1)).toBeLessThan(0.2)
      expect(source.account).toMatchObject({ rejected: {}, outside: {} })
    }
  })

  test('are in time order, of one UTC day, in whole µs, on the tick and lot grid, with a side', () => {
    const { time, price, size, side } = trades
    let faults = 0
    for (let i = 0; i < time.length; i++) {
      if (!Number.isInteger(time[i]) || (i > 0 && time[i] < time[i - 1])) faults++
      if (!(price[i] > 0 && price[i] % TICK === 0)) faults++
      if (!(Number.isInteger(size[i]) && size[i] > 0)) faults++
      if (Math.abs(side[i]) !== 1) faults++
    }
    expect(faults).toBe(0)
    expect(time[0]).toBeGreaterThanOrEqual(MIDNIGHT)
    expect(time.at(-1)).toBeLessThan(MIDNIGHT + DAY)
  })

  test('bounce between bid and ask: neighbouring price increments go against each other', () => {
    const increments = differences(trades.price)
    expect(autocorrelation(increments)).toBeLessThan(-0.05)
  })

  test('have heavy-tailed sizes over five decades', () => {
    const sizes = [...trades.size].sort((a, b) => b - a)
    const top = sum(sizes.slice(0, sizes.length / 100))
    expect(top / sum(sizes)).toBeGreaterThan(0.35)
    expect(sizes[0] / sizes.at(-1)!).toBeGreaterThan(1e5)
  })

  test('come in clusters', () => {
    // Starts in a calm half-hour, so that neither the shape of the day nor an episode makes the counts vary.
    const counts = countsBy(trades.time, 1e6).slice(3 * 3600, 3 * 3600 + 1800)
    expect(variance(counts) / mean(counts)).toBeGreaterThan(2)
  })

  test('follow one another in side', () => {
    const same = trades.side.filter((side, i) => i > 0 && side === trades.side[i - 1]).length
    expect(same / trades.side.length).toBeGreaterThan(0.6)
  })

  test('are more volatile by day than by night', () => {
    const minutes = closes(60e6)
    const hourly = Array.from({ length: 24 }, (_, hour) =>
      Math.sqrt(mean(differences(minutes.slice(hour * 60, hour * 60 + 60)).map(change => change * change))),
    )
    const calm = (hourly[3] + hourly[4] + hourly[5]) / 3
    expect(hourly[13]).toBeGreaterThan(1.4 * calm)
    expect(Math.max(...hourly)).toBeGreaterThan(4 * calm)
  })

  test('follow one course of the day, however many there are', async () => {
    const sparse = await columnsOf(sampleDay({ trades: 20_000 }).source)
    for (const hour of [6, 12, 15, 20, 24]) {
      const until = MIDNIGHT + hour * 3600e6
      const last = (columns: Columns) => columns.price[columns.time.findLastIndex(time => time < until)]
      expect(Math.abs(last(sparse) / last(trades) - 1)).toBeLessThan(0.002)
    }
  })

  test('hold the two episodes, reported as they were traded', () => {
    expect(day.episodes.map(({ name, side }) => [name, side])).toEqual([
      ['liquidation cascade', 'sold'],
      ['short squeeze', 'bought'],
    ])
    const quarterHours = ranges(15 * 60e6).sort((a, b) => a - b)
    const typical = quarterHours[quarterHours.length >> 1]
    const trades15 = trades.time.length / 96
    for (const { micros, time, price, trades: count, volume, imbalance } of day.episodes) {
      const { low, high, rows, size, flow } = traded(micros.from, micros.to)
      expect({ count, volume, imbalance }).toEqual({
        count: rows,
        volume: size / 1000,
        imbalance: flow / size,
      })
      expect([Number(price.low), Number(price.high)]).toEqual([low / 10, high / 10])
      expect([Date.parse(time.from), Date.parse(time.to)]).toEqual(
        [micros.from, micros.to].map(at => Math.floor(at / 1000)),
      )
      expect(high - low).toBeGreaterThan(4 * typical)
      expect(high / low - 1).toBeGreaterThan(0.02)
      expect(count).toBeGreaterThan(2.5 * trades15)
      expect(Math.abs(imbalance)).toBeGreaterThan(0.3)
    }
  })

  function traded(from: number, to: number) {
    const facts = { low: Number.POSITIVE_INFINITY, high: 0, rows: 0, size: 0, flow: 0 }
    const { time, price, size, side } = trades
    for (let i = 0; i < time.length; i++) {
      if (time[i] < from || time[i] >= to) continue
      facts.low = Math.min(facts.low, price[i])
      facts.high = Math.max(facts.high, price[i])
      facts.rows++
      facts.size += size[i]
      facts.flow += side[i] * size[i]
    }
    return facts
  }

  function ranges(width: number): number[] {
    return Array.from({ length: DAY / width }, (_, bin) => {
      const { low, high } = traded(MIDNIGHT + bin * width, MIDNIGHT + (bin + 1) * width)
      return high - low
    })
  }

  /** The last price of every bin, or that of the bin before if nothing was traded. */
  function closes(width: number): number[] {
    const prices: number[] = []
    const { time, price } = trades
    for (let i = 0; i < time.length; i++) prices[Math.floor((time[i] - MIDNIGHT) / width)] = price[i]
    for (let bin = 0; bin < DAY / width; bin++) prices[bin] ??= prices[bin - 1] ?? price[0]
    return prices
  }
})

test.each([1, 2, 3])(
  'the engine ranks a hotspot of each episode among its first ten (seed %i)',
  async seed => {
    const day = sampleDay({ seed })
    const ranked = await hotspotsOf(day.source)
    expect(day.episodes).toHaveLength(2)
    for (const episode of day.episodes) {
      expect(ranked.slice(0, 10).some(hotspot => lies(hotspot, episode))).toBe(true)
    }
    // The first three are in episodes. In price, smoothing may carry one a bin past the last trade.
    for (const hotspot of ranked.slice(0, 3)) {
      expect(day.episodes.some(episode => during(hotspot, episode))).toBe(true)
    }
  },
)

test.each([
  { trades: 9_999 },
  { trades: 1.5e8 },
  { trades: 20_000.5 },
  { seed: -1 },
  { seed: 0.5 },
  { seed: 2 ** 32 },
])('%o is refused', options => {
  expect(() => sampleDay(options)).toThrow(expect.objectContaining({ code: 'bad-setting' }))
})

async function hotspotsOf(source: TradeSource): Promise<Hotspot[]> {
  const measure = new Measure({ contract: 'linear', timeWidth: 15 * 60e6 }, tradeKernel())
  for await (const chunk of source.chunks()) measure.add(chunk)
  const instrument = measure.instrument(source.symbol)
  expect(instrument).toMatchObject({ symbol: 'SAMPLE-PERP', tickSize: '0.5', lotSize: '0.001' })
  const converter = new TickConverter(instrument)
  async function* history() {
    for await (const chunk of source.chunks()) yield converter.convert(chunk)
  }
  const backend = cpuBackend()
  const calibration = await calibrate(history, { backend, instrument, grid: measure.grid(instrument) })
  const map = await RiskMap.create({ backend, calibration })
  for await (const ticks of history()) await map.ingest(ticks)
  await map.flush()
  const hotspots: Hotspot[] = []
  for await (const hotspot of map.hotspots) hotspots.push(hotspot)
  map.destroy()
  return rankHotspots(hotspots)
}

/** Whether a hotspot's voxel overlaps an episode in time and in price. */
function lies(hotspot: Hotspot, episode: Episode): boolean {
  const { from, to } = hotspot.price
  return (
    during(hotspot, episode) &&
    Number(from) <= Number(episode.price.high) &&
    Number(to) > Number(episode.price.low)
  )
}

function during({ time }: Hotspot, episode: Episode): boolean {
  return (
    Date.parse(time.from) < Date.parse(episode.time.to) && Date.parse(time.to) > Date.parse(episode.time.from)
  )
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i])
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function variance(values: readonly number[]): number {
  const centre = mean(values)
  return mean(values.map(value => (value - centre) ** 2))
}

function autocorrelation(values: readonly number[]): number {
  const centre = mean(values)
  return mean(values.slice(1).map((value, i) => (value - centre) * (values[i] - centre))) / variance(values)
}

function countsBy(times: readonly number[], width: number): number[] {
  const counts = new Array<number>(DAY / width).fill(0)
  for (const time of times) counts[Math.floor((time - MIDNIGHT) / width)]++
  return counts
}
