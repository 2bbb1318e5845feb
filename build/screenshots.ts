/**
 * Takes the pictures of the report document for the README:
 *
 *         npm run screenshots [-- DATA_FOLDER]     default ../shared/data; missing files are skipped
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Viewport } from 'puppeteer-core'
import { cpuBackend, mapTrades, openTrades, sampleDay, type TradeSource } from 'voxrisk'
import { fileSpool, openFile } from 'voxrisk/node'
import { type ReportObserver, reportDocument, reportObserver } from 'voxrisk/report'
import { launchChromium } from './launch-chromium.ts'

const projectRoot = resolve(import.meta.dirname, '..')
const pictures = join(projectRoot, 'docs', 'pictures')
const dataFolder = resolve(process.argv[2] ?? join(projectRoot, '..', 'shared', 'data'))

/** Reads and maps a source and returns its report document. */
async function documentOf(source: TradeSource, sources: readonly string[], command: string): Promise<string> {
  let observer: ReportObserver | undefined
  const report = await mapTrades(source, {
    backend: cpuBackend(),
    newSpool: fileSpool,
    observe: calibration => {
      observer = reportObserver(calibration)
      return observer
    },
  })
  if (!observer) throw new Error('the map was not observed')
  return reportDocument(observer.data(report, { sources, command }))
}

const SPY = ['07', '08', '09', '10', '11'].map(day => `lean_spy_201310${day}_trade.zip`)

async function documentOfFiles(names: readonly string[], symbol?: string): Promise<string> {
  const files = await Promise.all(names.map(name => openFile(join(dataFolder, name))))
  const source = await openTrades(files, { newSpool: fileSpool, ...(symbol ? { symbol } : {}) })
  return documentOf(source, names, `voxrisk map ${names.join(' ')}${symbol ? ` --symbol ${symbol}` : ''}`)
}

interface Shot {
  readonly picture: string
  readonly viewport: Viewport
  readonly dark?: true
  /** A hotspot to select first. */
  readonly choose?: number
}

const WIDE: Viewport = { width: 1440, height: 1215 }

const REPORTS: { document: () => Promise<string>; needs?: string; name: string; shots: Shot[] }[] = [
  {
    name: 'aaveusd',
    needs: 'kraken_2021Q4_AAVE.zip',
    document: () => documentOfFiles(['kraken_2021Q4_AAVE.zip'], 'AAVEUSD'),
    shots: [
      { picture: 'report-aaveusd', viewport: WIDE },
      { picture: 'report-aaveusd-hotspot', viewport: WIDE, dark: true, choose: 1 },
    ],
  },
  {
    name: 'bybit',
    needs: 'bybit_BTCUSD2019-10-01.csv.gz',
    document: () => documentOfFiles(['bybit_BTCUSD2019-10-01.csv.gz']),
    shots: [
      { picture: 'report-bybit', viewport: WIDE },
      { picture: 'report-bybit-phone', viewport: { width: 390, height: 1160 } },
    ],
  },
  {
    name: 'spy',
    needs: SPY[0],
    document: () => documentOfFiles(SPY),
    shots: [{ picture: 'report-spy', viewport: WIDE }],
  },
  {
    name: 'sample',
    document: () => documentOf(sampleDay().source, [], 'voxrisk map'),
    shots: [{ picture: 'report-sample', viewport: WIDE }],
  },
]

async function take(browser: Browser, file: string, shot: Shot): Promise<void> {
  const page = await browser.newPage()
  try {
    await page.setViewport(shot.viewport)
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: shot.dark ? 'dark' : 'light' }])
    await page.goto(pathToFileURL(file).href)
    await page.waitForSelector('html[data-ready]')
    if (shot.choose) await page.click(`#hotspot-table tr[data-rank="${shot.choose}"] button`)
    await page.evaluate(() => scrollTo(0, 0))
    const path = join(pictures, `${shot.picture}.png`)
    await page.screenshot({ path: path as `${string}.png` })
    console.log(path)
  } finally {
    await page.close()
  }
}

const folder = await mkdtemp(join(tmpdir(), 'voxrisk-pictures-'))
const browser = await launchChromium()
try {
  await mkdir(pictures, { recursive: true })
  for (const { name, needs, document, shots } of REPORTS) {
    if (needs && !existsSync(join(dataFolder, needs))) {
      console.log(`${needs} is not in ${dataFolder}: skipping its pictures`)
      continue
    }
    const file = join(folder, `${name}.html`)
    await writeFile(file, await document())
    for (const shot of shots) await take(browser, file, shot)
  }
} finally {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
}
