/** Takes the pictures of the site and of the view for the README; a part of `npm run screenshots`. */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Page, Viewport } from 'puppeteer-core'
import type { RiskViewElement } from '../src/entries/view.ts'
import { launchChromium } from './launch-chromium.ts'
import { serveSite } from './serve-site.ts'

const pictures = join(resolve(import.meta.dirname, '..'), 'docs', 'pictures')

interface Shot {
  readonly picture: string
  readonly viewport: Viewport
  readonly dark?: true
  /** Where the site computes; software must be requested explicitly. */
  readonly backend: 'webgpu' | 'cpu'
  /** Only the view, not the whole site. */
  readonly viewOnly?: true
  /** Prepares the site before the picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>
}

const WIDE: Viewport = { width: 1280, height: 900 }
const PHONE: Viewport = { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true }

const SHOTS: readonly Shot[] = [
  { picture: 'site-volume', viewport: WIDE, dark: true, backend: 'webgpu' },
  { picture: 'site-slices', viewport: WIDE, backend: 'cpu' },
  { picture: 'site-phone', viewport: PHONE, backend: 'cpu' },
  { picture: 'site-phone-volume', viewport: PHONE, dark: true, backend: 'webgpu' },
  { picture: 'view-footprint', viewport: WIDE, backend: 'cpu', viewOnly: true, prepare: zoomToFootprints },
]

/** Shows a few time bins around the first hotspot, so that cells have room for the trades in them. */
async function zoomToFootprints(page: Page): Promise<void> {
  await page.evaluate(() => {
    const view = document.querySelector('voxrisk-view') as RiskViewElement
    const { time, price } = view.hotspots[0]
    const [from, to, low, high] = [Date.parse(time.from), Date.parse(time.to), +price.from, +price.to]
    const [bin, width] = [to - from, high - low]
    view.range = { from: from - 3 * bin, to: to + 5 * bin, low: low - 9 * width, high: high + 6 * width }
  })
}

/** Waits until everything is mapped and the picture has stopped changing. */
async function still(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const view = document.querySelector('voxrisk-view') as RiskViewElement
      const rows = document.querySelector('#fact-rows')?.textContent ?? ''
      return view.hotspots.length > 0 && /read/.test(rows) && document.querySelector('#progress[hidden]')
    },
    { timeout: 180_000 },
  )
  for (let before = -1, now = 0; before !== now; ) {
    before = now
    await new Promise(resolve => setTimeout(resolve, 2500))
    now = await page.evaluate(
      () => (document.querySelector('voxrisk-view') as RiskViewElement).view?.frames ?? 0,
    )
  }
}

const site = await serveSite()
try {
  await mkdir(pictures, { recursive: true })
  for (const { picture, viewport, dark, backend, viewOnly, prepare } of SHOTS) {
    const browser = await launchChromium({ gpu: backend === 'webgpu' ? 'software' : 'none' })
    try {
      const page = await browser.newPage()
      await page.setViewport(viewport)
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }])
      await page.goto(`${site.address}?backend=${backend}`)
      await still(page)
      if (prepare) {
        await prepare(page)
        await still(page)
      }
      const path = join(pictures, `${picture}.png`) as `${string}.png`
      const view = viewOnly && (await page.$('voxrisk-view'))
      await (view ? view.screenshot({ path }) : page.screenshot({ path }))
      console.log(path)
    } finally {
      await browser.close()
    }
  }
} finally {
  await site.close()
}
