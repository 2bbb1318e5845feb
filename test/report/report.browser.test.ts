import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { type ReportObserver, reportDocument, reportObserver } from '../../src/entries/report.ts'
import type { TradeSource } from '../../src/events/trades.ts'
import { type MapTradesOptions, mapTrades } from '../../src/job/map-trades.ts'
import { openFile } from '../../src/node/files.ts'
import { openTrades } from '../../src/read/source.ts'
import type { ReportData } from '../../src/report/data.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'
import { scoreColour } from '../../src/show/colours.ts'
import { hotspotFacts } from '../../src/show/text.ts'
import { openPages, type Pages } from '../support/browser.ts'
import type { needs } from '../support/needs.ts'
import { needsData, realFile } from '../support/real-data.ts'

const AAVE = 'kraken_2021Q4_AAVE.zip'

let folder = ''
let browser: Pages

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-report-'))
  browser = await openPages()
})

afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

interface Opened {
  readonly page: Page
  readonly data: ReportData
  /** Console messages and network requests. */
  readonly complaints: string[]
  readonly requests: string[]
}

interface Reader {
  readonly width?: number
  readonly dark?: boolean
  readonly print?: boolean
}

async function dataOf(
  source: TradeSource,
  name: string,
  options: Partial<MapTradesOptions> = {},
): Promise<ReportData> {
  let observer: ReportObserver | undefined
  const report = await mapTrades(source, {
    backend: cpuBackend(),
    ...options,
    observe: calibration => {
      observer = reportObserver(calibration)
      return observer
    },
  })
  if (!observer) throw new Error('not observed')
  return observer.data(report, { sources: [name], command: `voxrisk map ${name}` })
}

async function open(data: ReportData, reader: Reader = {}): Promise<Opened> {
  const file = join(folder, `${Math.random()}.html`)
  await writeFile(file, await reportDocument(data))
  const page = await browser.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('request', request => requests.push(request.url()))
  await page.setViewport({ width: reader.width ?? 1280, height: 1000 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: reader.dark ? 'dark' : 'light' }])
  if (reader.print) {
    // Both at once: puppeteer's own calls each take back the other's.
    const features = [{ name: 'prefers-color-scheme', value: reader.dark ? 'dark' : 'light' }]
    const session = await page.createCDPSession()
    await session.send('Emulation.setEmulatedMedia', { media: 'print', features })
  }
  await page.goto(pathToFileURL(file).href)
  await page.waitForSelector('html[data-ready]')
  // An emulated setting may reach a document some time after it has opened.
  await page.waitForFunction(
    (dark, print) =>
      matchMedia('(prefers-color-scheme: dark)').matches === dark && matchMedia('print').matches === print,
    {},
    reader.dark ?? false,
    reader.print ?? false,
  )
  return { page, data, complaints, requests: requests.filter(url => url !== pathToFileURL(file).href) }
}

/** The plot of the heat map: where it is in the window, and what part of the map it shows. */
async function plot(page: Page) {
  return page.$eval('#heat-chart', chart => {
    const { from, to, low, high, top } = (chart as HTMLElement).dataset as Record<string, string>
    const { x, y, width, height } = chart.querySelector('.u-over')!.getBoundingClientRect()
    return {
      ...{ x, y, width, height },
      ...{
        from: Date.parse(from),
        to: Date.parse(to),
        low: Number(low),
        high: Number(high),
        top: Number(top),
      },
    }
  })
}

type Plot = Awaited<ReturnType<typeof plot>>

function pixelOf({ x, y, width, height, from, to, low, high }: Plot, time: number, price: number) {
  return {
    x: x + ((time - from) / (to - from)) * width,
    y: y + ((high - price) / (high - low)) * height,
  }
}

/** Centre of a hotspot's voxel in ms and quote currency, computed from the JSON alone. */
function centreOf({ report }: ReportData, { voxel }: ReportData['report']['hotspots'][number]) {
  const { grid, instrument } = report
  return {
    time: ((voxel.time + 0.5) * grid.timeWidth) / 1000,
    price: (voxel.price + 0.5) * grid.priceWidth * Number(instrument.tickSize),
  }
}

/** The visible marks by rank, with their centres in the window. */
async function shownMarks(page: Page) {
  const marks = await page.$$eval('.mark', buttons =>
    buttons
      .filter(button => !(button as HTMLButtonElement).hidden)
      .map(button => {
        const { x, y, width, height } = button.getBoundingClientRect()
        return {
          rank: Number((button as HTMLButtonElement).dataset.rank),
          x: x + width / 2,
          y: y + height / 2,
        }
      }),
  )
  return marks.sort((a, b) => a.rank - b.rank)
}

async function expectMarksInPlace({ page, data }: Opened, ranks: readonly number[]) {
  const view = await plot(page)
  const marks = await shownMarks(page)
  expect(marks.map(({ rank }) => rank)).toEqual(ranks)
  for (const { rank, x, y } of marks) {
    const { time, price } = centreOf(data, data.report.hotspots[rank - 1])
    const wanted = pixelOf(view, time, price)
    expect(Math.abs(x - wanted.x), `x of mark ${rank}`).toBeLessThan(0.75)
    expect(Math.abs(y - wanted.y), `y of mark ${rank}`).toBeLessThan(0.75)
  }
}

/** Colours of the heat map's canvas at points of the window. */
async function colours(page: Page, places: readonly { readonly x: number; readonly y: number }[]) {
  return page.$eval(
    '#heat-chart canvas',
    (element, places) => {
      const canvas = element as HTMLCanvasElement
      const { left, top, width } = canvas.getBoundingClientRect()
      const scale = canvas.width / width
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      return places.map(({ x, y }) => [
        ...context.getImageData(Math.floor((x - left) * scale), Math.floor((y - top) * scale), 1, 1).data,
      ])
    },
    places,
  )
}

/** Whether a place is well inside the part of the map shown, so that its pixel is inside too. */
function wellInView(view: Plot, { time, price }: { time: number; price: number }) {
  const { x, y } = pixelOf(view, time, price)
  return x > view.x + 2 && x < view.x + view.width - 2 && y > view.y + 2 && y < view.y + view.height - 2
}

/** The highest score of every (time, price) cell of a picture, in hundredths, with the middle of the cell. */
function highestCells({ picture, report }: ReportData) {
  const { grid, instrument } = report
  const cells = new Map<string, { time: number; price: number; score: number }>()
  for (const [i, time] of picture.time.entries()) {
    const price = picture.price[i]
    const known = cells.get(`${time},${price}`)
    if (known && known.score >= picture.score[i]) continue
    cells.set(`${time},${price}`, {
      time: ((picture.firstTime + time + 0.5) * picture.timeBins * grid.timeWidth) / 1000,
      price:
        (picture.firstPrice + price + 0.5) *
        picture.priceBins *
        grid.priceWidth *
        Number(instrument.tickSize),
      score: picture.score[i],
    })
  }
  return [...cells.values()]
}

function inView({ from, to, low, high }: Plot, { time, price }: { time: number; price: number }) {
  return time >= from && time <= to && price >= low && price <= high
}

const press = (page: Page, selector: string) =>
  page.$eval(selector, button => (button as HTMLElement).click())

async function tip(page: Page): Promise<string> {
  return page.$eval('#tip', element => ((element as HTMLElement).hidden ? '' : (element.textContent ?? '')))
}

const ranksOf = (page: Page) =>
  page.$$eval('#hotspot-table tbody tr', rows =>
    rows.map(row => Number((row as HTMLTableRowElement).dataset.rank)),
  )

const sources: [string, ReturnType<typeof needs>, () => Promise<ReportData>][] = [
  ['the sample day', {}, () => dataOf(sampleDay().source, 'sample')],
  [
    'a quarter of AAVEUSD',
    needsData(AAVE),
    async () => dataOf(await openTrades(await openFile(realFile(AAVE)), { symbol: 'AAVEUSD' }), 'AAVE.zip'),
  ],
]

for (const [name, options, make] of sources) {
  describe(`the report of ${name}`, options, () => {
    let data: ReportData
    let opened: Opened
    const all = () => data.report.hotspots.map(({ rank }) => rank)

    beforeAll(async () => {
      data = await make()
      opened = await open(data)
    })

    test('opens without a complaint and asks nothing of a network', () => {
      expect(opened.complaints).toEqual([])
      expect(opened.requests).toEqual([])
    })

    test('marks sit where the JSON says', async () => {
      await expectMarksInPlace(opened, all())
      expect(all()).toHaveLength(20)
    })

    test('the highest cell has the colour of its score, however small it is', async () => {
      const { page } = opened
      const view = await plot(page)
      const [highest] = highestCells(data).sort((a, b) => b.score - a.score)
      const [colour] = await colours(page, [pixelOf(view, highest.time, highest.price)])
      expect(colour).toEqual([...scoreColour(highest.score / 100, view.top, 'light'), 255])
    })

    test('choosing a row shows its place: marks and every cell there as the JSON says', async () => {
      const { page } = opened
      await press(page, '#hotspot-table tr[data-rank="2"] button')
      const view = await plot(page)
      const hotspot = data.report.hotspots[1]
      expect(inView(view, centreOf(data, hotspot))).toBe(true)
      expect(view.to - view.from).toBeLessThanOrEqual((64 * data.report.grid.timeWidth) / 1000)
      const marks = await shownMarks(page)
      await expectMarksInPlace(
        opened,
        all().filter(rank => inView(view, centreOf(data, data.report.hotspots[rank - 1]))),
      )
      expect(marks.length).toBeGreaterThan(0)
      expect(await page.$eval('tr.chosen', row => (row as HTMLElement).dataset.rank)).toBe('2')
      expect(await page.$eval('.mark.chosen', mark => (mark as HTMLElement).dataset.rank)).toBe('2')

      const cells = highestCells(data).filter(cell => wellInView(view, cell))
      expect(cells.length).toBeGreaterThan(20)
      const found = await colours(
        page,
        cells.map(cell => pixelOf(view, cell.time, cell.price)),
      )
      expect(found).toEqual(cells.map(({ score }) => [...scoreColour(score / 100, view.top, 'light'), 255]))
      await press(page, '#zoom-reset')
      expect(await page.$('tr.chosen')).toBeNull()
      await expectMarksInPlace(opened, all())
    })

    test('one size class shows its own cells and marks', async () => {
      const { page } = opened
      const { size } = data.report.hotspots[0].voxel
      await press(page, `#sizes input[value="${size}"]`)
      const own = data.report.hotspots.filter(({ voxel }) => voxel.size === size)
      await expectMarksInPlace(
        opened,
        own.map(({ rank }) => rank),
      )
      await press(page, '#hotspot-table tr[data-rank="1"] button')
      const only = (i: number) => data.picture.size[i] === size
      const filter = (values: readonly number[]) => values.filter((_, i) => only(i))
      const { picture } = data
      const ofSize = {
        ...data,
        picture: {
          ...picture,
          time: filter(picture.time),
          price: filter(picture.price),
          score: filter(picture.score),
        },
      }
      const view = await plot(page)
      const cells = highestCells(ofSize).filter(cell => wellInView(view, cell))
      expect(cells.length).toBeGreaterThan(3)
      const found = await colours(
        page,
        cells.map(cell => pixelOf(view, cell.time, cell.price)),
      )
      expect(found).toEqual(cells.map(({ score }) => [...scoreColour(score / 100, view.top, 'light'), 255]))
      await press(page, '#sizes input[value="all"]')
      await press(page, '#zoom-reset')
    })

    test('pointing at a cell gives its facts', async () => {
      const { page } = opened
      await press(page, '#hotspot-table tr[data-rank="1"] button')
      const view = await plot(page)
      const marks = await shownMarks(page)
      const cell = highestCells(data).find(candidate => {
        const { x, y } = pixelOf(view, candidate.time, candidate.price)
        return (
          wellInView(view, candidate) &&
          y > 0 &&
          y < 1000 &&
          marks.every(mark => Math.hypot(mark.x - x, mark.y - y) > 60)
        )
      })
      if (!cell) throw new Error('no cell away from the marks')
      const { x, y } = pixelOf(view, cell.time, cell.price)
      await page.mouse.move(x, y)
      const half = (data.picture.timeBins * data.report.grid.timeWidth) / 2000
      const from = new Date(cell.time - half).toISOString()
      expect(await tip(page)).toContain(`Score ${(cell.score / 100).toFixed(2)}`)
      expect(await tip(page)).toContain(from.slice(0, 16).replace('T', ' '))
      await page.mouse.move(2, 2)
      expect(await tip(page)).toBe('')
      await press(page, '#zoom-reset')
    })
  })
}

describe('the report document', () => {
  let data: ReportData
  let opened: Opened

  beforeAll(async () => {
    data = await dataOf(sampleDay().source, 'sample')
    opened = await open(data)
  })

  test('the table sorts by every column, both ways, and says so', async () => {
    const { page } = opened
    const order = (value: (row: ReportData['report']['hotspots'][number]) => number, way: number) =>
      [...data.report.hotspots].sort((a, b) => way * (value(a) - value(b))).map(value)
    const columns: [number, number, (row: ReportData['report']['hotspots'][number]) => number][] = [
      [1, -1, row => row.score],
      [2, 1, row => Date.parse(row.time.from)],
      [3, -1, row => Number(row.price.from)],
      [4, -1, row => Number(row.size.from)],
      [5, -1, row => row.trades],
      [6, -1, row => row.volume],
      [7, -1, row => row.volatilityBps],
      [8, -1, row => row.imbalance],
      [0, 1, row => row.rank],
    ]
    for (const [column, first, value] of columns) {
      for (const way of [first, -first]) {
        await press(page, `#hotspot-table th:nth-child(${column + 1}) button`)
        const shown = (await ranksOf(page)).map(rank => value(data.report.hotspots[rank - 1]))
        expect(shown).toEqual(order(value, way))
        const sorts = await page.$$eval('#hotspot-table th', cells => cells.map(cell => cell.ariaSort))
        expect(sorts.filter(sort => sort !== 'none')).toHaveLength(1)
        expect(sorts[column]).toBe(way > 0 ? 'ascending' : 'descending')
      }
    }
    await press(page, '#hotspot-table th:first-child button')
    expect(await ranksOf(page)).toEqual(data.report.hotspots.map(({ rank }) => rank))
  })

  test('works by keyboard alone', async () => {
    const { page } = opened
    await page.focus('#heat-chart')
    const whole = await plot(page)
    await page.keyboard.press('+')
    const near = await plot(page)
    expect((near.to - near.from) / (whole.to - whole.from)).toBeCloseTo(0.5, 6)
    await page.keyboard.press('ArrowRight')
    const right = await plot(page)
    expect((right.from - near.from) / (near.to - near.from)).toBeCloseTo(0.2, 3)
    await page.keyboard.press('ArrowUp')
    const up = await plot(page)
    expect((up.low - right.low) / (right.high - right.low)).toBeCloseTo(0.2, 6)
    await page.keyboard.press('-')
    await page.keyboard.press('0')
    expect(await plot(page)).toEqual(whole)

    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement
        return { rank: Number(element.dataset.rank), label: element.getAttribute('aria-label') }
      })
    for (const [key, rank] of [
      ['n', 1],
      ['n', 2],
      ['n', 3],
      ['p', 2],
    ] as const) {
      await page.keyboard.press(key)
      const label = `Hotspot ${rank}: ${hotspotFacts(data.report.hotspots[rank - 1])}`
      expect(await focused()).toEqual({ rank, label })
      expect(await tip(page)).toContain(`Hotspot ${rank}`)
    }
    await page.keyboard.press('Enter')
    expect(await page.$eval('tr.chosen', row => (row as HTMLElement).dataset.rank)).toBe('2')
    await page.keyboard.press('Escape')
    expect(await plot(page)).toEqual(whole)
    // Only one mark is a Tab stop, so it does not take twenty presses to get past them.
    expect(
      await page.$$eval('.mark', marks => marks.filter(mark => (mark as HTMLElement).tabIndex === 0).length),
    ).toBe(1)
  })

  test('dragging over the map zooms all charts to what was dragged over', async () => {
    const { page } = opened
    await page.$eval('#heat-chart', chart => chart.scrollIntoView({ block: 'center' }))
    const view = await plot(page)
    const [x0, y0] = [view.x + view.width * 0.25, view.y + view.height * 0.2]
    const [x1, y1] = [view.x + view.width * 0.75, view.y + view.height * 0.7]
    await page.mouse.move(x0, y0)
    await page.mouse.down()
    await page.mouse.move(x1, y1, { steps: 4 })
    await page.mouse.up()
    const zoomed = await plot(page)
    const share = (value: number, from: number, to: number) => (value - from) / (to - from)
    expect(share(zoomed.from, view.from, view.to)).toBeCloseTo(0.25, 2)
    expect(share(zoomed.to, view.from, view.to)).toBeCloseTo(0.75, 2)
    expect(share(zoomed.high, view.low, view.high)).toBeCloseTo(0.8, 2)
    expect(share(zoomed.low, view.low, view.high)).toBeCloseTo(0.3, 2)
    await page.mouse.move(2, 2)
    await press(page, '#zoom-reset')
    expect(await plot(page)).toEqual(view)
  })

  test('a row under the pointer lights up its mark, and a mark its row', async () => {
    const { page } = opened
    await page.hover('#hotspot-table tr[data-rank="4"]')
    expect(await page.$eval('.mark.pointed', mark => (mark as HTMLElement).dataset.rank)).toBe('4')
    // Scrolling hides the facts, so bring the map into the window before pointing at it.
    await page.$eval('#heat-chart', chart => chart.scrollIntoView({ block: 'center' }))
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
    await page.hover('.mark[data-rank="1"]')
    expect(await page.$eval('tr.pointed', row => (row as HTMLElement).dataset.rank)).toBe('1')
    expect(await tip(page)).toContain(`score${data.report.hotspots[0].score.toFixed(2)}`)
    await page.mouse.move(2, 2)
  })

  test('every picture has a name, every control too', async () => {
    const unnamed = await opened.page.$$eval('canvas[role=img], button, input', elements =>
      elements
        .filter(element => {
          const label = (element as HTMLInputElement).labels?.[0]
          return !element.getAttribute('aria-label') && !(label ?? element).textContent?.trim()
        })
        .map(element => element.outerHTML),
    )
    expect(unnamed).toEqual([])
    expect(await opened.page.$$eval('canvas[role=img]', canvases => canvases.length)).toBe(3)
  })

  test('is dark where the reader’s system is, also when that changes', async () => {
    const { page } = opened
    const cell = highestCells(data).sort((a, b) => b.score - a.score)[0]
    const colour = async () => {
      const view = await plot(page)
      return { top: view.top, found: (await colours(page, [pixelOf(view, cell.time, cell.price)]))[0] }
    }
    const background = () => page.$eval('body', body => getComputedStyle(body).backgroundColor)
    const light = await background()
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
    await page.waitForSelector('#heat-chart[data-theme=dark]')
    expect(await background()).not.toBe(light)
    const dark = await colour()
    expect(dark.found).toEqual([...scoreColour(cell.score / 100, dark.top, 'dark'), 255])
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }])
    await page.waitForSelector('#heat-chart[data-theme=light]')
    expect((await colour()).found).toEqual([...scoreColour(cell.score / 100, dark.top, 'light'), 255])
  })

  test('prints light, without controls, within the paper, marks in place', async () => {
    const printed = await open(data, { dark: true, print: true })
    const { page } = printed
    expect(await page.$eval('body', body => getComputedStyle(body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    )
    expect(await page.$eval('.buttons', buttons => getComputedStyle(buttons).display)).toBe('none')
    await expectMarksInPlace(
      printed,
      data.report.hotspots.map(({ rank }) => rank),
    )
    const wide = await page.$$eval('main *', elements =>
      elements
        .filter(
          element =>
            element.getBoundingClientRect().right >
            document.querySelector('main')!.getBoundingClientRect().right + 1,
        )
        .map(element => element.outerHTML.slice(0, 80)),
    )
    expect(wide).toEqual([])
    // 300 dpi, on a screen of 96 dpi.
    const sharpness = await page.$eval(
      '#heat-chart canvas',
      canvas => (canvas as HTMLCanvasElement).width / canvas.getBoundingClientRect().width,
    )
    expect(sharpness).toBeCloseTo(3, 1)
    const pdf = await page.pdf({ format: 'A4' })
    await page.waitForSelector('html:not([data-printing])')
    expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')
    expect(printed.complaints).toEqual([])
    await page.close()
  })

  test('is light before a print in browsers that copy the document, and dark again after it', async () => {
    const { page } = await open(data, { dark: true })
    const theme = () => page.$eval('#heat-chart', chart => (chart as HTMLElement).dataset.theme)
    expect(await theme()).toBe('dark')
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    expect(await theme()).toBe('light')
    expect(await page.$eval('#heat-chart .uplot', plot => plot.getBoundingClientRect().width)).toBe(680)
    await page.evaluate(() => dispatchEvent(new Event('afterprint')))
    expect(await theme()).toBe('dark')
    await page.close()
  })

  test.each([390, 720, 960, 1280, 1440])('fits a window of %d px', async width => {
    const { page, complaints } = await open(data, { width })
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    expect(scroll).toBeLessThanOrEqual(client)
    const marks = await shownMarks(page)
    expect(marks).toHaveLength(20)
    expect(complaints).toEqual([])
    await page.close()
  })

  const cut = (source: TradeSource, trades: number): TradeSource => ({
    ...source,
    async *chunks() {
      let left = trades
      for await (const chunk of source.chunks()) {
        const length = Math.min(left, chunk.length)
        left -= length
        if (length > 0) yield { ...chunk, length }
      }
      source.account.read = trades
    },
  })

  test.each<[string, () => Promise<ReportData>, number]>([
    ['no hotspot', () => dataOf(cut(sampleDay().source, 3), 'few'), 0],
    ['one hotspot', () => dataOf(sampleDay().source, 'one', { top: 1 }), 1],
    [
      'one time bin',
      () => dataOf(sampleDay().source, 'bin', { timeWidth: 86_400e6 * 7, priceWidth: '50' }),
      -1,
    ],
    [
      'hundreds of hotspots',
      () => dataOf(sampleDay().source, 'many', { timeWidth: 30e6, priceWidth: '5', top: 3000 }),
      500,
    ],
    [
      'a hostile name',
      async () => {
        const made = await dataOf(sampleDay().source, `</script><img src=x onerror="document.title='x'">`)
        const instrument = { ...made.report.instrument, symbol: '<b onclick=alert(1)>&"\'</b>' }
        return { ...made, report: { ...made.report, instrument } }
      },
      20,
    ],
  ])('%s: opens as well', async (_, make, marks) => {
    const { page, complaints, requests } = await open(await make())
    if (marks >= 0) expect(await page.$$('.mark')).toHaveLength(marks)
    expect(complaints).toEqual([])
    expect(requests).toEqual([])
    expect(await page.title()).not.toBe('x')
    await page.close()
  })
})
