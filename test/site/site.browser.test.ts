import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PageGpu } from '../../build/launch-chromium.ts'
import { type ServedSite, serveSite } from '../../build/serve-site.ts'
import { checkReport } from '../../src/job/check-report.ts'
import { hotspotsToCsv } from '../../src/job/tables.ts'
import { openPages, type Pages } from '../support/browser.ts'
import { HANG_MS } from '../support/hang.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

let site: ServedSite
let folder = ''
const browsers = new Map<PageGpu, Promise<Pages>>()

beforeAll(async () => {
  site = await serveSite()
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-downloads-'))
})

afterAll(async () => {
  for (const browser of browsers.values()) await (await browser).close()
  await site?.close()
  await rm(folder, { recursive: true, force: true })
})

interface Visit {
  readonly page: Page
  /** Console messages, including forbidden requests and uncaught errors. */
  readonly complaints: string[]
  readonly requests: string[]
}

interface Visitor {
  readonly gpu?: PageGpu
  readonly query?: string
  readonly width?: number
  readonly dark?: boolean
}

/** Chrome's own message if it has no GPU. The site asks for one and copes without. */
const NO_GPU = 'Failed to create WebGPU Context Provider'

/** Waits for the first line of the list. */
async function firstHotspot(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.querySelector('voxrisk-view')?.shadowRoot?.querySelector('tbody tr'),
  )
}

/** Opens the site and waits for the sample's hotspots. */
async function visit({ gpu = 'none', query = '', width = 1280, dark = false }: Visitor = {}): Promise<Visit> {
  const browser = browsers.get(gpu) ?? openPages(gpu)
  browsers.set(gpu, browser)
  const page = await (await browser).newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', message => {
    if (message.text() !== NO_GPU) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('request', request => requests.push(request.url()))
  await page.setViewport({ width, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }])
  await page.goto(`${site.address}${query}`)
  await firstHotspot(page)
  return { page, complaints, requests }
}

const textOf = (page: Page, id: string) =>
  page.$eval(`#${id}`, found => (found as HTMLElement).textContent?.trim() ?? '')
const isShown = (page: Page, id: string) => page.$eval(`#${id}`, found => !(found as HTMLElement).hidden)
const found = async (page: Page) => Number((await textOf(page, 'found')).replace(/\D/g, ''))
const clock = async (page: Page) =>
  Date.parse((await textOf(page, 'clock')).replace(' UTC', 'Z').replace(' ', 'T'))

async function waitForText(page: Page, id: string, part: string): Promise<void> {
  await page.waitForFunction(
    (id, part) => document.getElementById(id)?.textContent?.includes(part),
    {},
    id,
    part,
  )
}

/** Requests to anything but the site. */
const strangers = (requests: readonly string[]) =>
  requests.filter(url => !/^(data|blob):/.test(url) && !url.startsWith(site.address))

/** Trades a minute apart over two days that walk up and down, of one or more symbols in turn. */
function csvOf(symbols: readonly string[], rows = 4000): string {
  const lines = ['time,symbol,price,size,side']
  for (let i = 0; i < rows; i++) {
    const time = new Date(Date.UTC(2024, 0, 1) + Math.floor((i / rows) * 48 * 60) * 60_000).toISOString()
    const price = (100 + ((i * 7) % 41) / 10 + Math.floor(i / 500)).toFixed(1)
    lines.push(
      `${time},${symbols[i % symbols.length]},${price},${1 + ((i * 13) % 29)},${i % 3 ? 'buy' : 'sell'}`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** Drops a file on the document as a visitor would. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  await page.evaluate(
    (name, content) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([content], name))
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
      }
    },
    name,
    content,
  )
}

async function scrubTo(page: Page, share: number): Promise<void> {
  await page.$eval(
    '#scrub',
    (slider, share) => {
      const input = slider as HTMLInputElement
      input.value = `${share * Number(input.max)}`
      input.dispatchEvent(new Event('input', { bubbles: true }))
    },
    share,
  )
}

/** Presses a button that downloads a file, and returns the file. */
async function download(page: Page, button: string): Promise<{ name: string; content: Buffer }> {
  const session = await page.createCDPSession()
  const { id } = page.browserContext()
  const target = await mkdtemp(join(folder, 'one-'))
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: target,
    ...(id ? { browserContextId: id } : {}),
  })
  await page.click(`#${button}`)
  const deadline = Date.now() + HANG_MS
  for (;;) {
    const [name] = (await readdir(target)).filter(name => !name.endsWith('.crdownload'))
    if (name) {
      const content = await readFile(join(target, name))
      if (content.length > 0) return { name, content }
    }
    if (Date.now() > deadline) throw new Error(`#${button} gave no file`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

test('shows hotspots of the sample, on the CPU, without a click or a foreign request', async () => {
  const { page, complaints, requests } = await visit()
  await waitForText(page, 'fact-rows', ' = ')
  expect(await found(page)).toBeGreaterThan(20)
  const [read, binned, outside, rejected] = (await textOf(page, 'fact-rows'))
    .split(/[^\d,]+/)
    .filter(part => part !== '')
    .map(part => Number(part.replaceAll(',', '')))
  expect(read).toBe(binned + outside + rejected)
  expect(read).toBeGreaterThan(100_000)
  expect(await textOf(page, 'fact-backend')).toContain('CPU')
  expect(await page.$$('voxrisk-view >>> tbody tr')).not.toHaveLength(0)
  expect(strangers(requests)).toEqual([])
  expect(complaints).toEqual([])
  await page.close()
})

test('computes and draws on WebGPU where it is asked for, and says when that is software', async () => {
  const { page, complaints } = await visit({ gpu: 'software', query: '?backend=webgpu' })
  await waitForText(page, 'fact-rows', ' = ')
  expect(await textOf(page, 'fact-backend')).toMatch(/^WebGPU on .*software/)
  expect(await found(page)).toBeGreaterThan(20)
  expect(await isShown(page, 'error')).toBe(false)
  expect(complaints).toEqual([])
  const { content } = await download(page, 'export-png')
  expect(coloursOf(PNG.sync.read(content))).toBeGreaterThan(50)
  await page.goto(site.address)
  await firstHotspot(page)
  expect(await textOf(page, 'fact-backend')).toContain('the only WebGPU adapter is software')
  await page.close()
})

test('reads a dropped file, keeps it shown when the next one is bad, and asks for the symbol', async () => {
  const { page, complaints, requests } = await visit()
  await drop(page, 'walk.csv', csvOf(['WALK']))
  await waitForText(page, 'fact-source', 'WALK')
  expect(await textOf(page, 'fact-source')).toContain('4,000 trades')
  expect(await textOf(page, 'fact-source')).toContain('walk.csv')
  expect(await textOf(page, 'fact-rows')).toBe('4,000 read = 4,000 binned + 0 outside + 0 rejected')
  const hotspots = await found(page)

  await drop(page, 'broken.csv', 'time,price\nnonsense\n')
  await page.waitForSelector('#error:not([hidden])')
  expect(await textOf(page, 'error-message')).toContain('broken.csv')
  // Only the command line can say which columns hold what.
  expect(await textOf(page, 'error-fix')).toMatch(
    /^Name the format csv and .*\. This site .*: npx voxrisk map FILE$/,
  )
  expect(await textOf(page, 'fact-source')).toContain('WALK')
  expect(await found(page)).toBe(hotspots)

  await drop(page, 'two.csv', csvOf(['AAA', 'BBB']))
  await page.waitForSelector('#symbols:not([hidden])')
  expect(await page.$$eval('#symbol option', options => options.map(option => option.textContent))).toEqual([
    'AAA, 2,000 trades',
    'BBB, 2,000 trades',
  ])
  await page.click('#symbols-close')
  expect([await isShown(page, 'symbols'), await isShown(page, 'error')]).toEqual([false, false])

  await page.$eval('voxrisk-view', view => view.setAttribute('size', '0'))
  await drop(page, 'two.csv', csvOf(['AAA', 'BBB']))
  await page.waitForSelector('#symbols:not([hidden])')
  await page.select('#symbol', 'BBB')
  await page.click('#symbols button[type=submit]')
  await waitForText(page, 'fact-source', 'BBB')
  expect(await textOf(page, 'fact-rows')).toBe('4,000 read = 2,000 binned + 2,000 outside + 0 rejected')
  expect(await page.$eval('voxrisk-view', view => view.getAttribute('size'))).toBe('all')
  expect(await isShown(page, 'error')).toBe(false)
  expect(strangers(requests)).toEqual([])
  expect(complaints).toEqual([])
  await page.close()
})

test('plays, pauses, scrubs and shows all at once', async () => {
  const { page } = await visit()
  await waitForText(page, 'fact-rows', ' = ')
  const all = await found(page)
  const end = await clock(page)

  await scrubTo(page, 0.25)
  await page.waitForFunction(
    end => {
      const text = document.getElementById('clock')?.textContent ?? ''
      return Date.parse(text.replace(' UTC', 'Z').replace(' ', 'T')) < end - 12 * 3600_000
    },
    {},
    end,
  )
  await page.waitForFunction(
    all => {
      const found = Number(document.getElementById('found')?.textContent?.replace(/\D/g, ''))
      return found > 0 && found < all
    },
    {},
    all,
  )
  const early = await clock(page)
  const few = await found(page)
  expect(new Date(early).toISOString().slice(0, 16)).toBe('2024-03-05T06:00')

  // The list agrees with the counter, and a selected hotspot survives a jump in time.
  const caption = () => page.$eval('voxrisk-view >>> caption', found => found.textContent)
  const listed = few > 100 ? `the 100 highest, ${few - 100} more` : `Hotspots: ${few},`
  expect(await caption()).toContain(listed)
  await page.$eval('voxrisk-view >>> tbody tr', row => (row as HTMLElement).click())
  const chosen = () =>
    page.$eval('voxrisk-view', view => (view as HTMLElement & { selected: unknown }).selected !== null)
  expect(await chosen()).toBe(true)
  await page.click('#all')
  await page.waitForFunction(
    all => Number(document.getElementById('found')?.textContent?.replace(/\D/g, '')) === all,
    {},
    all,
  )
  await scrubTo(page, 0.25)
  await page.waitForFunction(
    few => Number(document.getElementById('found')?.textContent?.replace(/\D/g, '')) === few,
    {},
    few,
  )
  expect(await chosen()).toBe(true)

  await page.click('#speeds label:last-of-type')
  await page.click('#play')
  expect(await textOf(page, 'play')).toBe('Pause')
  // Paused from within the document: a slow test would come after the end of the replay.
  await page.waitForFunction(
    few => {
      const hasMore = Number(document.getElementById('found')?.textContent?.replace(/\D/g, '')) > few
      if (hasMore) document.getElementById('play')?.click()
      return hasMore
    },
    {},
    few,
  )
  const paused = await clock(page)
  expect(paused).toBeGreaterThan(early)
  const drawn = await page.$eval('voxrisk-view', async element => {
    const { view } = element as HTMLElement & { view: { frames: number; settle(): Promise<void> } }
    await view.settle()
    const before = view.frames
    for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame)
    return view.frames - before
  })
  expect([await clock(page), drawn]).toEqual([paused, 0])

  await page.click('#all')
  await page.waitForFunction(
    all => Number(document.getElementById('found')?.textContent?.replace(/\D/g, '')) === all,
    {},
    all,
  )
  expect(await clock(page)).toBe(end)
  await page.close()
})

test('a change of the grid is seen at once, a bad one is explained', async () => {
  const { page } = await visit()
  await waitForText(page, 'fact-rows', ' = ')
  const before = await found(page)
  await page.select('#time-bin', String(3600e6))
  await waitForText(page, 'calibration', 'bins of 1 h')
  expect(await found(page)).not.toBe(before)
  await page.type('#price-width', '0.3')
  await page.waitForSelector('#error:not([hidden])')
  expect(await textOf(page, 'error-message')).toContain(
    'price width 0.3 is not a whole number of ticks of 0.5',
  )
  expect(await textOf(page, 'error-fix')).toBe('Give a multiple of 0.5. Field: “Price width”.')
  await page.$eval('#price-width', input => {
    ;(input as HTMLInputElement).value = ''
  })
  await page.type('#price-width', '300')
  await waitForText(page, 'calibration', 'bins of 1 h × 300')
  expect(await isShown(page, 'error'), await textOf(page, 'error-message')).toBe(false)
  await page.close()
})

test('gives the hotspots as JSON and CSV and the picture as PNG', async () => {
  const { page } = await visit()
  await waitForText(page, 'fact-rows', ' = ')
  const json = await download(page, 'export-json')
  expect(json.name).toBe('voxrisk-SAMPLE-PERP-2024-03-05.json')
  const report = checkReport(JSON.parse(json.content.toString()))
  expect(report.hotspots).toHaveLength(await found(page))
  expect(report.instrument.symbol).toBe('SAMPLE-PERP')

  const csv = await download(page, 'export-csv')
  expect(csv.name).toBe('voxrisk-SAMPLE-PERP-2024-03-05.csv')
  expect(csv.content.toString()).toBe(hotspotsToCsv(report))

  const png = await download(page, 'export-png')
  expect(png.name).toBe('voxrisk-SAMPLE-PERP-2024-03-05.png')
  const picture = PNG.sync.read(png.content)
  expect(picture.width).toBeGreaterThan(500)
  expect(coloursOf(picture)).toBeGreaterThan(50)
  await page.close()
})

/** Number of different colours; 1 for a blank picture. */
function coloursOf({ data }: PNG): number {
  const colours = new Set<number>()
  for (let i = 0; i < data.length; i += 4) colours.add(data.readUInt32BE(i))
  return colours.size
}

test.each([
  { width: 390, dark: false },
  { width: 1280, dark: true },
])('fits $width px, dark $dark, and leaves axe nothing serious to say', async visitor => {
  const { page } = await visit(visitor)
  await waitForText(page, 'fact-rows', ' = ')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(visitor.width)
  await page.setBypassCSP(true) // for axe alone
  await page.evaluate(await readFile(AXE, 'utf8'))
  const { violations } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }
      }
    ).axe.run(),
  )
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
  await page.close()
})
