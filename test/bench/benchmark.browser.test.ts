import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BenchmarkResult } from '../../bench/suite/result.ts'
import { inventedResult } from '../support/benchmark-results.ts'
import { openPages, type Pages } from '../support/browser.ts'
import { projectRoot, run } from '../support/cli.ts'

let folder = ''
let browser: Pages

const OTHER = { processor: 'Other CPU(R) @ 2.5 GHz', cores: 2, started: '2026-11-21T09:00:00.000Z' }
const RICH: readonly BenchmarkResult[] = [
  inventedResult({ peers: true }),
  inventedResult({ runtime: 'chrome', speed: 0.8, gpuSpeed: 0.9, started: '2026-11-22T10:30:00.000Z' }),
  inventedResult({ ...OTHER, adapter: 'software', quick: true, speed: 0.4 }),
]

const tsx = join(projectRoot, 'node_modules', '.bin', 'tsx')
const reporter = join(projectRoot, 'bench', 'report.ts')
const benchReport = (...parameters: string[]) => run(tsx, [reporter, ...parameters], { cwd: folder })

/** Writes results to files and their page, and gives the path of the page. */
async function pageOf(name: string, results: readonly BenchmarkResult[]): Promise<string> {
  const files = results.map((_, i) => `${name}-${i}.json`)
  for (const [i, file] of files.entries()) await writeFile(join(folder, file), JSON.stringify(results[i]))
  const { code, stdout, stderr } = await benchReport(...files, '--out', `${name}.html`)
  expect(code, stderr).toBe(0)
  expect(stdout.trim()).toMatch(new RegExp(`[\\\\/]${name}\\.html$`))
  return join(folder, `${name}.html`)
}

interface Opened {
  readonly page: Page
  readonly complaints: string[]
  readonly requests: string[]
}

async function open(
  file: string,
  reader: { readonly width?: number; readonly dark?: boolean; readonly script?: boolean } = {},
): Promise<Opened> {
  const page = await browser.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('request', request => requests.push(request.url()))
  await page.setViewport({ width: reader.width ?? 1280, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: reader.dark ? 'dark' : 'light' }])
  await page.setJavaScriptEnabled(reader.script ?? true)
  await page.goto(pathToFileURL(file).href)
  if (reader.script !== false) {
    await page.waitForSelector('html[data-ready]')
    // What is emulated may reach a page some time after it has opened.
    await page.waitForFunction(
      dark => matchMedia('(prefers-color-scheme: dark)').matches === dark,
      {},
      reader.dark ?? false,
    )
  }
  return { page, complaints, requests: requests.filter(url => url !== pathToFileURL(file).href) }
}

/** Rows of the tables of a section, as texts of their cells. */
async function rowsOf(page: Page, section: string): Promise<string[][]> {
  return page.$$eval(`#${section} tbody tr`, rows =>
    rows.map(row => [...row.children].map(cell => (cell.textContent ?? '').replace(/\s+/g, ' ').trim())),
  )
}

const textOf = (page: Page, selector: string) =>
  page.$eval(selector, element => (element.textContent ?? '').replace(/\s+/g, ' ').trim())

let rich = ''
let software = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-benchmark-'))
  browser = await openPages()
  rich = await pageOf('rich', RICH)
  software = await pageOf('software', RICH.slice(2))
})

afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the page', () => {
  test('opens without a request or a complaint, and nothing else may run in it', async () => {
    const { page, complaints, requests } = await open(rich)
    expect(complaints).toEqual([])
    expect(requests).toEqual([])
    const policy = await page.$eval('meta[http-equiv]', meta => (meta as HTMLMetaElement).content)
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; /)
    await page.close()
  })

  test('draws a line of every contestant in its own colour on every chart', async () => {
    const { page } = await open(rich)
    const charts = JSON.parse(await textOf(page, '#line-charts')) as {
      readonly lines: readonly { readonly name: string; readonly tone: string }[]
    }[]
    expect(charts.length).toBeGreaterThan(8)
    const missing = await page.evaluate(all => {
      const style = getComputedStyle(document.documentElement)
      const wrong: string[] = []
      for (const plot of document.querySelectorAll<HTMLElement>('.plot')) {
        const canvas = plot.querySelector('canvas') as HTMLCanvasElement
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        const seen = new Set<string>()
        for (let i = 0; i < data.length; i += 4) {
          if (data[i + 3] === 255) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`)
        }
        for (const { name, tone } of all[Number(plot.dataset.chart)].lines) {
          const hex = Number.parseInt(style.getPropertyValue(`--${tone}`).trim().slice(1), 16)
          if (!seen.has(`${hex >> 16},${(hex >> 8) & 255},${hex & 255}`))
            wrong.push(`${plot.dataset.chart} ${name}`)
        }
      }
      return wrong
    }, charts)
    expect(missing).toEqual([])
    expect(await page.$$('.plot')).toHaveLength(charts.length)
    await page.close()
  })

  test('names every chart and every table', async () => {
    const { page } = await open(rich)
    const nameless = await page.$$eval('.plot canvas, .plot, [role=region], section', elements =>
      elements
        .filter(element => {
          const by = element.getAttribute('aria-labelledby')
          return !(by ? document.getElementById(by)?.textContent : element.getAttribute('aria-label'))
        })
        .map(element => element.outerHTML.slice(0, 80)),
    )
    expect(nameless).toEqual([])
    const ids = await page.$$eval('[id]', elements => elements.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    await page.close()
  })

  test('its tables hold every figure of every measurement', async () => {
    const { page } = await open(rich)
    const rows = await rowsOf(page, 'everything')
    expect(rows).toHaveLength(RICH.reduce((sum, { measurements }) => sum + measurements.length, 0))
    expect(rows).toContainEqual([
      'WebGPU · Invented GPU 9000 · Node',
      'whole job',
      '1,000,000 ticks as in a market, 400,000 touched voxels, kernel radii 4 × 1 × 2',
      ...['11.3 ms', '12.7 ms', '–', '10.7 ms', '23.8 ms', '4.3 %', '31', 'host', '–', '88.2 M ticks/s', '–'],
    ])
    expect(await rowsOf(page, 'stages')).toContainEqual([
      'CPU, 16 threads · Invented Xylophon 7700 · Chrome',
      '',
      ...['19.2 M ticks/s', '52.1 ms', '58.4 ms', '4.3 %', '–', 'host'],
    ])
    expect(
      (await rowsOf(page, 'ticks')).find(([name, stage]) => /GPU 9000 · Node/.test(name) && stage === 'bin'),
    ).toEqual([
      'WebGPU · Invented GPU 9000 · Node',
      'bin',
      'device',
      'M ticks/s',
      '284',
      '888',
      '1,128',
      '1,148',
    ])
    expect((await rowsOf(page, 'live')).flat()).toContain('below the clock')
    expect(
      (await rowsOf(page, 'frames')).filter(([name]) => /GPU 9000/.test(name)).length,
    ).toBeGreaterThanOrEqual(6)
    await page.close()
  })

  test('draws bars to scale within their group', async () => {
    const { page } = await open(rich)
    const widths = await page.$$eval('#stages tbody:last-of-type td.bar rect', bars =>
      bars.map(bar => bar.getBoundingClientRect().width),
    )
    expect(widths).toHaveLength(9)
    const full = Math.max(...widths)
    // The whole job on 16 threads: 24.0 of 88.2 M ticks/s.
    expect(widths[1] / full).toBeCloseTo(24.0 / 88.2, 2)
    await page.close()
  })

  test('marks the software adapter and sets it against nothing', async () => {
    const { page } = await open(rich)
    expect(await textOf(page, '#ticks-title')).toContain('not a GPU figure')
    expect(await page.$$eval('#ticks .legend-list .swatch.software', found => found.length)).toBe(1)
    const rows = await page.$$eval('.software-row', all => all.map(row => row.textContent ?? ''))
    expect(rows.length).toBeGreaterThan(10)
    for (const row of rows) expect(row).toContain('software, not a GPU figure')
    const ratios = await textOf(page, '#ratios')
    expect(ratios).toContain('WebGPU · Invented GPU 9000 · Node against CPU, 16 threads')
    expect(ratios).not.toMatch(/software/i)
    const hatched = await page.$eval('#stages .bar .software rect', bar => getComputedStyle(bar).fill)
    expect(hatched).toContain('#hatch')
    await page.close()
  })

  test('of a software adapter alone says so in its title, and states no GPU and no ratio', async () => {
    const { page, complaints } = await open(software)
    expect(await page.title()).toBe('Benchmark of voxrisk 0.1.0 (software, not a GPU figure)')
    expect(await textOf(page, 'h1')).toContain('software, not a GPU figure')
    expect(await textOf(page, '.lead')).toMatch(/with CPU, 2 threads on Other .* No GPU was measured\.$/)
    expect(await textOf(page, '#ratios')).toBe(
      'GPU against CPU No GPU was measured, so there is nothing to set against the CPU. A software adapter says nothing about GPUs.',
    )
    expect(complaints).toEqual([])
    await page.close()
  })

  test('sets Node beside Chrome on one machine only, without a ratio', async () => {
    const { page } = await open(rich)
    const section = await textOf(page, '#runtimes')
    expect(section).toContain('whole job: WebGPU, Invented GPU 9000, 1,000,000 ticks')
    expect(section).not.toContain('Other')
    expect(section).toContain('No ratio is stated')
    await page.close()
    const strangers = [RICH[0], inventedResult({ runtime: 'chrome', processor: null })]
    const apart = await open(await pageOf('apart', strangers))
    expect(await textOf(apart.page, '#runtimes')).toContain('there is nothing to compare')
    await apart.page.close()
  })

  test('reads points out with the arrow keys', async () => {
    const { page } = await open(rich)
    await page.focus('#ticks .plot')
    await page.keyboard.press('ArrowRight')
    expect(await textOf(page, '#tip')).toContain('10,000 ticks: GB/s')
    await page.keyboard.press('ArrowRight')
    expect(await textOf(page, '#tip')).toContain('100,000 ticks: GB/s')
    expect(await textOf(page, '#tip')).toContain('WebGPU · Invented GPU 9000 · Node5.62')
    await page.keyboard.press('Escape')
    expect(await page.$eval('#tip', tip => (tip as HTMLElement).hidden)).toBe(true)
    await page.close()
  })

  test.each([
    [390, true],
    [768, false],
    [1280, true],
  ])('fits a window of %d px, dark: %s', async (width, dark) => {
    const { page, complaints } = await open(rich, { width, dark })
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    expect(scroll).toBeLessThanOrEqual(client)
    const ground = await page.$eval('body', body => getComputedStyle(body).backgroundColor)
    expect(ground).toBe(dark ? 'rgb(15, 18, 22)' : 'rgb(246, 247, 249)')
    expect(complaints).toEqual([])
    await page.close()
  })

  test('is complete without its script but for the line charts', async () => {
    const { page } = await open(rich, { script: false })
    expect(await page.$$('#stages td.bar rect')).not.toHaveLength(0)
    await page.close()
  })

  test('shows hostile names as text', async () => {
    const result = inventedResult({ adapterName: `</script><img src=x onerror="document.title='x'">` })
    const { page, complaints, requests } = await open(await pageOf('hostile', [result]))
    expect(await page.$$('img')).toHaveLength(0)
    expect(complaints).toEqual([])
    expect(requests).toEqual([])
    await page.close()
  })
})

describe('npm run bench:report', () => {
  const good = inventedResult()
  const [measurement] = good.measurements

  test.each<[string, string, RegExp]>([
    ['text', 'not JSON', /bad\.json is not JSON/],
    ['a list', '[]', /bad\.json is not a benchmark's result: it names no format/],
    [
      'another format',
      JSON.stringify({ ...good, format: 'voxrisk benchmark 2' }),
      /bad\.json is not a benchmark's result: its format is "voxrisk benchmark 2"/,
    ],
    ['a field of another type', JSON.stringify({ ...good, seconds: 'long' }), /bad\.json: \/seconds must be/],
    [
      'a contestant that is not told',
      JSON.stringify({ ...good, measurements: [{ ...measurement, contestant: 'ghost' }] }),
      /bad\.json: no contestant has the id "ghost"/,
    ],
  ])('refuses %s by the name of the file, with exit 2, and writes nothing', async (_, text, message) => {
    await writeFile(join(folder, 'bad.json'), text)
    const { code, stdout, stderr } = await benchReport('bad.json', '--out', 'none.html')
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
    expect(existsSync(join(folder, 'none.html'))).toBe(false)
  })

  test('refuses a file that is not there, and to write over one that it reads', async () => {
    const absent = await benchReport('absent.json')
    expect([absent.code, absent.stderr.split('\n')[0]]).toEqual([2, 'absent.json cannot be read: ENOENT'])
    const file = join(folder, 'kept.json')
    await writeFile(file, JSON.stringify(good))
    const over = await benchReport('kept.json', '--out', './kept.json')
    expect(over.code).toBe(2)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(good)
  })
})
