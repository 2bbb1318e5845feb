import { describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { NO_SCORE, type ScoredPage } from '../../src/engine/work.ts'
import { type ReportObserver, reportDocument, reportObserver } from '../../src/entries/report.ts'
import type { TradeSource } from '../../src/events/trades.ts'
import { PAGE_PRICES } from '../../src/grid/axes.ts'
import { type MapTradesOptions, mapTrades } from '../../src/job/map-trades.ts'
import type { MapReport } from '../../src/job/report.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import type { Picture, ReportData, Tape } from '../../src/report/data.ts'
import { unpack } from '../../src/report/pack.ts'
import { PictureCollector } from '../../src/report/picture.ts'
import { TapeCollector } from '../../src/report/tape.ts'
import { scaleTop, scoreColour } from '../../src/show/colours.ts'
import { duration, number, percent, timeRange } from '../../src/show/text.ts'
import { timeLabels, timeSplits } from '../../src/show/time-axis.ts'
import { columns, GRID, gridSizeBin, INSTRUMENT, madeUpCalibration, miniMarket } from '../support/ticks.ts'

const MEGABYTE = 1e6
const MARKET = miniMarket(6000, 11)

/** Every scored page of the market in miniature. */
async function marketPages(): Promise<ScoredPage[]> {
  const pages: ScoredPage[] = []
  const map = await RiskMap.create({
    backend: cpuBackend(),
    calibration: madeUpCalibration(),
    lateness: 3,
    onPage: page => pages.push({ ...page, scores: page.scores.slice() }),
  })
  await map.ingest(columns(MARKET))
  await map.flush()
  map.destroy()
  return pages
}

/** The highest score in hundredths of every cell of the given size, by `time,price,size`. */
function highestByCell(pages: readonly ScoredPage[], timeBins: number, priceBins: number) {
  const cells = new Map<string, number>()
  for (const { slab, page, scores } of pages) {
    for (const [voxel, score] of scores.entries()) {
      if (score === NO_SCORE) continue
      const price = page * PAGE_PRICES + (voxel % PAGE_PRICES)
      const size = Math.floor(voxel / PAGE_PRICES)
      const cell = `${Math.floor(slab / timeBins)},${Math.floor(price / priceBins)},${size}`
      const hundredths = Math.round((score * 100) / 65_536) + 0 // no −0
      cells.set(cell, Math.max(cells.get(cell) ?? -Infinity, hundredths))
    }
  }
  return cells
}

function cellsOf({ firstTime, firstPrice, time, price, size, score }: Picture) {
  return new Map(
    time.map((at, i) => [`${firstTime + at},${firstPrice + price[i]},${size[i]}`, score[i]] as const),
  )
}

const isPowerOfTwo = (value: number) => Number.isInteger(Math.log2(value))

describe('the picture', () => {
  test('has the score of every voxel where there is room', async () => {
    const pages = await marketPages()
    const collector = new PictureCollector(GRID.sizeBins)
    for (const page of pages) collector.add(page)
    const picture = collector.picture()
    expect([picture.timeBins, picture.priceBins]).toEqual([1, 1])
    expect(picture.time.length).toBeGreaterThan(300)
    expect(cellsOf(picture)).toEqual(highestByCell(pages, 1, 1))
  })

  test.each([
    [100, 100_000],
    [100, 150],
    [20, 40],
    [1, 30],
  ])(
    'keeps the highest score of every cell when it may have %d (%d while it is made)',
    async (most, working) => {
      const pages = await marketPages()
      const collector = new PictureCollector(GRID.sizeBins, working)
      for (const page of pages) collector.add(page)
      const picture = collector.picture(most)
      const { timeBins, priceBins } = picture
      expect(timeBins * priceBins).toBeGreaterThan(1)
      expect(isPowerOfTwo(timeBins) && isPowerOfTwo(priceBins)).toBe(true)
      // Sizes are never merged: a picture of one time and price cannot get coarser.
      expect(picture.time.length).toBeLessThanOrEqual(Math.max(most, GRID.sizeBins))
      expect(cellsOf(picture)).toEqual(highestByCell(pages, timeBins, priceBins))
    },
  )

  test('lists its cells by time, price and size', async () => {
    const collector = new PictureCollector(GRID.sizeBins, 200)
    for (const page of await marketPages()) collector.add(page)
    const { time, price, size } = collector.picture()
    const places = time.map((at, i) => (at * 100_000 + price[i]) * 100 + size[i])
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
    expect(Math.min(...time)).toBe(0)
    expect(Math.min(...price)).toBe(0)
  })

  test('of nothing is empty', () => {
    const { time, firstTime, firstPrice } = new PictureCollector(8).picture()
    expect([time.length, firstTime, firstPrice]).toEqual([0, 0, 0])
  })
})

describe('the tape', () => {
  const exact = (tape: Tape) => {
    const width = tape.timeBins * GRID.timeWidth
    const cells = new Map<
      number,
      { low: number; high: number; last: number; volume: number; trades: number }
    >()
    for (const { time, price, size } of MARKET) {
      const at = Math.floor(time / width)
      const cell = cells.get(at) ?? { low: price, high: price, last: price, volume: 0, trades: 0 }
      cell.low = Math.min(cell.low, price)
      cell.high = Math.max(cell.high, price)
      cell.last = price
      cell.volume += size
      cell.trades++
      cells.set(at, cell)
    }
    return [...cells].sort(([a], [b]) => a - b)
  }
  const cells = ({ firstTime, time, low, high, last, volume, trades }: Tape) =>
    time.map((at, i) => [
      firstTime + at,
      { low: low[i], high: high[i], last: last[i], volume: volume[i], trades: trades[i] },
    ])
  /** Ticks in two batches, so that a cell is seen again. */
  const collected = (most?: number) => {
    const tape = new TapeCollector(INSTRUMENT, GRID, most)
    tape.add(columns(MARKET.slice(0, 2500)))
    tape.add(columns(MARKET.slice(2500)))
    return tape
  }

  test('has every tick, at 64 cells a time bin where there is room', () => {
    const tape = collected().tape()
    expect(tape.timeBins).toBe(1 / 64)
    expect(cells(tape)).toEqual(exact(tape))
  })

  test.each([200, 10, 1])('merges its cells in twos to keep to %d', most => {
    const tape = collected(most).tape()
    expect(tape.time.length).toBeLessThanOrEqual(most)
    expect(isPowerOfTwo(tape.timeBins)).toBe(true)
    // The last price of a merged cell comes from its later part, so late ticks of the earlier part do not
    // count.
    const late = (all: ReturnType<typeof cells>) =>
      all.map(([at, cell]) => [at, { ...(cell as object), last: 0 }])
    expect(late(cells(tape))).toEqual(late(exact(tape)))
  })

  test('spans the ticks', () => {
    const times = MARKET.map(({ time }) => time)
    const { from, to } = collected(10).tape()
    expect(from).toBe(new Date(Math.min(...times) / 1000).toISOString())
    expect(to).toBe(new Date(Math.max(...times) / 1000).toISOString())
  })

  test('knows trades and volume by size', () => {
    const { from, trades, volume } = collected().sizes()
    const bins = MARKET.map(({ size }) => gridSizeBin(size, GRID))
    expect(from).toEqual(['0', '0.002', '0.004', '0.008', '0.016', '0.032', '0.064', '0.128'])
    for (let bin = 0; bin < GRID.sizeBins; bin++) {
      const ticks = MARKET.filter((_, i) => bins[i] === bin)
      expect(trades[bin]).toBe(ticks.length)
      expect(volume[bin]).toBe(ticks.reduce((sum, { size }) => sum + size, 0))
    }
  })
})

/** The market in miniature as a source of trades. */
function marketSource(symbol = 'TEST', ticks = MARKET): TradeSource {
  const account = { read: 0, rejected: {}, outside: {}, noted: {} }
  return {
    format: 'test',
    symbol,
    account,
    async *chunks() {
      const { length, time, price, size, side, flags } = columns(ticks)
      account.read = length
      const chunk = { length, time, side, flags: flags ?? new Uint8Array(length) }
      yield {
        ...chunk,
        price: Float64Array.from(price),
        size: Float64Array.from(size),
        priceDecimals: 2,
        sizeDecimals: 3,
      }
    },
  }
}

async function reportData(
  source = marketSource(),
  options: Partial<MapTradesOptions> = {},
): Promise<ReportData> {
  let observer: ReportObserver | undefined
  const report = await mapTrades(source, {
    backend: cpuBackend(),
    timeWidth: 1000,
    priceWidth: '0.04',
    ...options,
    observe: calibration => {
      observer = reportObserver(calibration)
      return observer
    },
  })
  if (!observer) throw new Error('not observed')
  return observer.data(report, { sources: ['trades.csv'], command: 'voxrisk map trades.csv' })
}

/** Text of the script element with an id. */
function scriptText(page: string, id: string): string {
  return new RegExp(`<script [^>]*id="${id}"[^>]*>([^<]*)</script>`).exec(page)?.[1] ?? ''
}

describe('the document', () => {
  test('holds the report and the drawn data, and both can be read back', async () => {
    const data = await reportData()
    const page = await reportDocument(data)
    const { report, ...drawn } = data
    expect(JSON.parse(scriptText(page, 'voxrisk-report'))).toEqual(JSON.parse(JSON.stringify(report)))
    expect(await unpack(scriptText(page, 'voxrisk-drawn'))).toEqual(drawn)
    expect(data.tape.trades.reduce((sum, trades) => sum + trades)).toBe(MARKET.length)
    const { late } = report.rows.outside
    expect(late).toBeGreaterThan(1)
    expect(page).toContain(`include ${late.toLocaleString('en')} late trades that the map leaves out.`)
  })

  test('names nothing that a browser would fetch', async () => {
    const page = await reportDocument(await reportData())
    expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/)
    const markup = page.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
    expect(markup).not.toMatch(/<(link|img|iframe|object|embed|base)\b|\s(src|href|srcset|action)=/)
    expect(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1]).not.toMatch(/url\(|@import/)
  })

  test('has a row for every hotspot, with the facts of the JSON', async () => {
    const { report, ...drawn } = await reportData()
    const page = await reportDocument({ report, ...drawn })
    const rows = [...page.matchAll(/<tr data-rank="(\d+)">([\s\S]*?)<\/tr>/g)]
    expect(rows.map(([, rank]) => Number(rank))).toEqual(report.hotspots.map(({ rank }) => rank))
    for (const [i, [, , cells]] of rows.entries()) {
      const { score, price } = report.hotspots[i]
      expect(cells).toContain(`>${score.toFixed(2)}</td>`)
      expect(cells).toContain(`>${price.from} – ${price.to}</td>`)
    }
  })

  test('shows hostile names as the text they are', async () => {
    const hostile = `</script><script>alert(1)</script>"'&<!-- \u0007`
    const data = await reportData(marketSource(hostile))
    const page = await reportDocument({
      ...data,
      sources: [hostile],
      command: `voxrisk map '${hostile}'`,
      report: { ...data.report, warnings: [hostile] },
    })
    const safe = await reportDocument({ ...data, report: { ...data.report, warnings: ['x'] } })
    expect(page.match(/<script/g)?.length).toBe(safe.match(/<script/g)?.length)
    expect(page).not.toContain('alert(1)</script>')
    expect(page).not.toContain('\u0007')
    expect(page).toContain(
      '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;&lt;!-- \ufffd',
    )
    expect(JSON.parse(scriptText(page, 'voxrisk-report')).instrument.symbol).toBe(hostile)
  })

  test('says so when it found little', async () => {
    const none = await reportDocument(await reportData(marketSource('', MARKET.slice(0, 3))))
    expect(none).toContain('No hotspot was found')
    expect(none).toContain('<h1>Unnamed instrument</h1>')
    const data = await reportData()
    const [strongest] = data.report.hotspots
    const open = { ...strongest, score: 2.5, size: { from: '0.128', to: null } }
    const one: MapReport = { ...data.report, hotspots: [open], hotspotsFound: 1 }
    const page = await reportDocument({ ...data, report: one })
    expect(page).toContain('in trades\nof size ≥ 0.128: score <b>2.50</b>')
    expect(page).toContain('That is below 3: nothing on this map is rare.')
    const unasked: MapReport = { ...data.report, hotspots: [] }
    expect(await reportDocument({ ...data, report: unasked })).toContain('none were requested')
  })

  test('stays under 3 MB whatever the map is', async () => {
    const data = await reportData(marketSource(), { top: 1 })
    // A dense map of 6,000 time bins, all sizes, scores without any order.
    const sizeBins = 32
    const collector = new PictureCollector(sizeBins)
    let random = 1
    for (let slab = 1_800_000; slab < 1_806_000; slab++) {
      const scores = new Int32Array(PAGE_PRICES * sizeBins).fill(NO_SCORE)
      for (let i = 0; i < 400; i++) {
        random = (Math.imul(random, 1664525) + 1013904223) >>> 0
        scores[(random >>> 8) % scores.length] = ((random >>> 12) % 1_000_000) - 200_000
      }
      collector.add({
        slab,
        page: 40 + Math.floor((slab % 3000) / 30),
        smoothed: new Float64Array(0),
        scores,
      })
    }
    const picture = collector.picture()
    expect(picture.time.length).toBeGreaterThan(100_000)
    expect(picture.time.length).toBeLessThanOrEqual(250_000)
    const [hotspot] = data.report.hotspots
    const hotspots = Array.from({ length: 5000 }, (_, i) => ({ ...hotspot, rank: i + 1 }))
    const cells = Array.from({ length: 16_384 }, (_, i) => i)
    const noise = cells.map(i => Math.imul(i, 2654435761) >>> 8)
    const tape = {
      ...data.tape,
      time: cells,
      low: noise,
      high: noise,
      last: noise,
      volume: noise,
      trades: noise,
    }
    const page = await reportDocument({ ...data, picture, tape, report: { ...data.report, hotspots } })
    expect(Buffer.byteLength(page)).toBeLessThan(3 * MEGABYTE)
    expect(page).toContain('The run listed 5,000; this document holds 500.')
  })
})

describe('numbers and words', () => {
  test('durations', () => {
    const shown = [900e6, 225e6, 14_062_500, 3600e6, 86_400e6, 112.5e6, 1500, 1, 15.625, 26 * 3600e6]
    expect(shown.map(duration)).toEqual([
      ...[
        '15 min',
        '3 min 45 s',
        '14.06 s',
        '1 h',
        '1 d',
        '1.875 min',
        '1.5 ms',
        '1 µs',
        '15.63 µs',
        '1 d 2 h',
      ],
    ])
  })

  test('numbers, shares and times', () => {
    expect([number(-0.00046, 3), number(1234567), number(0.1)]).toEqual(['−0.00046', '1,234,567', '0.1'])
    expect([0, 0.0001, 0.012, 0.5, 1].map(percent)).toEqual(['0 %', '< 0.1 %', '1.2 %', '50 %', '100 %'])
    expect(timeRange({ from: '2021-10-26T23:45:00.000Z', to: '2021-10-27T00:00:00.000Z' })).toBe(
      '2021-10-26 23:45 – 2021-10-27 00:00',
    )
  })

  test('the time axis counts in UTC, months by the calendar', () => {
    const day = Date.UTC(2021, 9, 26)
    const hours = timeSplits(day - 3600e3, day + 5 * 3600e3, 2 * 3600e3)
    expect(timeLabels(hours, 2 * 3600e3)).toEqual(['00:00\n26 Oct 2021', '02:00', '04:00'])
    const months = timeSplits(Date.UTC(2021, 10, 15), Date.UTC(2022, 2, 1), 30.4375 * 86_400e3)
    expect(months.map(at => new Date(at).toISOString().slice(0, 10))).toEqual([
      '2021-12-01',
      '2022-01-01',
      '2022-02-01',
    ])
    expect(timeLabels(months, 30.4375 * 86_400e3)).toEqual(['Dec\n2021', 'Jan\n2022', 'Feb'])
  })

  test('colours grow darker on light grounds, brighter on dark ones, and are faint below 0', () => {
    const luminance = ([red, green, blue]: readonly [number, number, number]) =>
      0.2126 * red + 0.7152 * green + 0.0722 * blue
    const ramp = (theme: 'light' | 'dark') =>
      Array.from({ length: 41 }, (_, i) => luminance(scoreColour(i / 4, 10, theme)))
    for (const theme of ['light', 'dark'] as const) {
      const way = theme === 'light' ? -1 : 1
      const shades = ramp(theme)
      for (let i = 1; i < shades.length; i++) expect(way * (shades[i] - shades[i - 1])).toBeGreaterThan(0)
      expect(scoreColour(99, 10, theme)).toEqual(scoreColour(10, 10, theme))
      expect(scoreColour(-0.01, 10, theme)).toEqual(scoreColour(-9, 10, theme))
    }
  })

  test('the scale ends where 999 of 1,000 cells do, at 4 or more', () => {
    expect(scaleTop(Int32Array.from({ length: 10_000 }, (_, i) => i))).toBe(100)
    expect(scaleTop(Int32Array.of(10, 20))).toBe(4)
    expect(scaleTop(new Int32Array(0))).toBe(4)
  })
})
