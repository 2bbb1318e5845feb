/** Opens the examples with the built package, as somebody who copied them would, and checks their pictures. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import type { Page } from 'puppeteer-core'
import sirv from 'sirv'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { scoreColour } from '../../src/show/colours.ts'
import { openPages, type Pages } from '../support/browser.ts'
import { ON_SOFTWARE_GPU } from '../support/chrome.ts'
import { projectRoot } from '../support/cli.ts'

const examples = join(projectRoot, 'examples')
/** The least of FACE_LIGHT in shaders/draw/march.wgsl. */
const DARKEST_FACE = 0.84

let folder = ''
let server: Server
let browser: Pages
let page: Page
let complaints: string[] = []

beforeAll(async () => {
  if (!existsSync(join(projectRoot, 'dist', 'view.js'))) {
    throw new Error('dist/ is not complete: run `npm run build` before this test')
  }
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-examples-'))
  await build({
    configFile: false, // `voxrisk` is then the package of this folder, by the exports of its package.json
    root: examples,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"development"' }, // React's StrictMode does nothing otherwise
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      minify: false,
      rolldownOptions: {
        input: ['.', 'plain', 'react', 'three'].map(name => join(examples, name, 'index.html')),
      },
    },
  })
  const files = sirv(folder, { dev: true })
  server = createServer((request, response) => {
    files(request, response, () => {
      response.writeHead(404).end()
    })
  }).listen(0, '127.0.0.1')
  browser = await openPages(ON_SOFTWARE_GPU ? 'software' : 'hardware')
})

afterEach(() => page?.close())

afterAll(async () => {
  await browser?.close()
  server?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Opens an example in the dark theme and counts its GPU devices. */
async function open(name: string, width: number, height: number): Promise<void> {
  page = await browser.newPage()
  complaints = []
  page.on('console', message => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  await page.setViewport({ width, height })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
  await page.evaluateOnNewDocument(countDevices)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`)
}

declare global {
  /** The document's GPU devices: how many were created, how many of those destroyed, and the last one. */
  var devices: { made: number; destroyed: number; last: GPUDevice | null }
}

function countDevices(): void {
  globalThis.devices = { made: 0, destroyed: 0, last: null }
  const { requestDevice } = GPUAdapter.prototype
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    devices.made++
    devices.last = await requestDevice.call(this, descriptor)
    return devices.last
  }
  const { destroy } = GPUDevice.prototype
  GPUDevice.prototype.destroy = function () {
    devices.destroyed++
    return destroy.call(this)
  }
}

const counted = () => page.evaluate(() => [devices.made, devices.destroyed])

const text = (selector: string) => page.$eval(selector, found => found.textContent ?? '')

/** Resolves when all trades are in. */
function complete(): Promise<unknown> {
  return page.waitForFunction(() => /are in\b/.test(document.querySelector('#state')?.textContent ?? ''))
}

const frames = () => page.$eval('voxrisk-view', view => view.view?.frames ?? 0)

/** Performs an action that changes the view, and waits until the view shows it. */
async function shown(change: () => Promise<unknown>): Promise<void> {
  const before = await frames()
  await change()
  await page.waitForFunction(
    before => (document.querySelector('voxrisk-view')?.view?.frames ?? 0) > before,
    {},
    before,
  )
  await stillness()
}

/** Resolves when the view shows its map and draws no more frames. */
function stillness(): Promise<void> {
  return page.$eval('voxrisk-view', async ({ view }) => {
    // The element learns its size and its hotspots in the browser's next frame.
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame)
    await view?.settle()
  })
}

interface Spot {
  /** The centre of its marker in the window, CSS pixels. */
  readonly x: number
  readonly y: number
  readonly score: number
  readonly top: number
}

/** Shows only one hotspot, the highest or the lowest, and returns where it can be picked. */
async function showAlone(which: 'highest' | 'lowest'): Promise<Spot> {
  await shown(() =>
    page.$eval(
      'voxrisk-view',
      (view, which) => {
        const hotspots = (view as typeof view & { all?: typeof view.hotspots }).all ?? view.hotspots
        Object.assign(view, { all: hotspots, hotspots: [hotspots.at(which === 'highest' ? 0 : -1)!] })
      },
      which,
    ),
  )
  return page.$eval('voxrisk-view', element => {
    const view = element.view!
    const { left, top, width, height } = view.canvas.getBoundingClientRect()
    const picked: [x: number, y: number][] = []
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) if (view.pick(x, y).hotspot) picked.push([x, y])
    }
    const middle = (axis: 0 | 1) => picked.reduce((sum, at) => sum + at[axis], 0) / picked.length
    return { x: left + middle(0), y: top + middle(1), score: view.hotspots[0].score, top: view.top }
  })
}

interface Picture {
  readonly width: number
  readonly height: number
  pixel(x: number, y: number): [red: number, green: number, blue: number]
}

/** A picture of the window. */
async function picture(): Promise<Picture> {
  const { width, height, data } = PNG.sync.read(Buffer.from(await page.screenshot()))
  return {
    width,
    height,
    pixel: (x, y) => [0, 1, 2].map(i => data[4 * (y * width + x) + i]) as [number, number, number],
  }
}

/** Pixels inside the ring of a marker, beside its number. */
function inside(shown: Picture, { x, y }: Spot): [number, number, number][] {
  const offsets = [-3, -2, -1, 0, 1, 2]
  return offsets.flatMap(dy => [-3, -2, -1, 0].map(dx => shown.pixel(Math.round(x) + dx, Math.round(y) + dy)))
}

/** In the dark theme, hot pixels are bright and warm, and no others are. */
function isWarm([red, green, blue]: readonly number[]): boolean {
  return red > 140 && red > blue + 25 && red >= green
}

const warmShare = (pixels: readonly (readonly number[])[]) => pixels.filter(isWarm).length / pixels.length

describe('plain HTML', () => {
  test('shows the volume while trades arrive, and reports which hotspot is clicked', async () => {
    await open('plain/?backend=webgpu', 640, 900)
    await complete()
    await stillness()
    expect(await text('#state')).toMatch(/^\d\d,\d{3} trades are in$/)
    expect(await page.$eval('voxrisk-view', view => view.view?.canShowVolume)).toBe(true)
    expect(await page.$eval('voxrisk-view', view => view.hotspots.length)).toBeGreaterThan(20)
    const lowest = await showAlone('lowest')
    expect(lowest.score).toBeLessThan(0)
    expect(warmShare(inside(await picture(), lowest))).toBe(0)
    const highest = await showAlone('highest')
    expect(highest.score).toBeGreaterThan(6)
    expect(warmShare(inside(await picture(), highest))).toBeGreaterThan(0.5)

    await page.mouse.click(highest.x, highest.y)
    expect(await text('#chosen')).toMatch(`Selected: score ${highest.score.toFixed(2)} `)
    await page.keyboard.press('Escape')
    expect(await text('#chosen')).toBe('No hotspot selected.')
    expect(complaints).toEqual([])
  })

  test('shows slices where there is no WebGPU, in the colours of the same scores', async () => {
    await open('plain/', 640, 900)
    await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'gpu', { value: undefined }))
    await page.reload()
    await complete()
    await stillness()
    expect(await page.evaluate(() => devices.made)).toBe(0)
    expect(await page.$eval('voxrisk-view', view => view.view?.canShowVolume)).toBe(false)
    const highest = await showAlone('highest')
    const expected = scoreColour(highest.score, highest.top, 'dark')
    expect(inside(await picture(), highest)).toContainEqual([...expected])
    expect(complaints).toEqual([])
  })
})

describe('React', () => {
  test('sets the properties, receives the events, and StrictMode leaves one map behind', async () => {
    await open('react/?backend=webgpu', 640, 900)
    await complete()
    await stillness()
    expect(await counted()).toEqual([2, 1])
    const highest = await showAlone('highest')
    expect(warmShare(inside(await picture(), highest))).toBeGreaterThan(0.5)
    await page.mouse.click(highest.x, highest.y)
    await page.waitForFunction(() => /^Selected/.test(document.querySelector('#chosen')?.textContent ?? ''))
    expect(await text('#chosen')).toMatch(`Selected: score ${highest.score.toFixed(2)} `)

    await shown(() => page.select('select', 'flow'))
    expect(
      await page.$eval('voxrisk-view', view => [view.measure, view.view?.measure, view.list, view.controls]),
    ).toEqual(['flow', 'flow', true, false])
    expect(complaints).toEqual([])
  })
})

describe('three.js', () => {
  /** Moves the sheet and waits for a new picture that stays. */
  async function sheetAt(size: number): Promise<Picture> {
    const before = await page.screenshot()
    await page.$eval(
      '#sheet',
      (input, size) => {
        ;(input as HTMLInputElement).valueAsNumber = size
        input.dispatchEvent(new Event('input'))
      },
      size,
    )
    for (let last = before; ; ) {
      await gpuDone()
      const now = await page.screenshot()
      if (isSame(now, last) && !isSame(now, before)) return picture()
      last = now
    }
  }

  /** Resolves when the GPU is done with a frame that was begun after the call. */
  const gpuDone = () =>
    page.evaluate(async () => {
      for (let i = 0; i < 3; i++) {
        await new Promise(requestAnimationFrame)
        await devices.last?.queue.onSubmittedWorkDone()
      }
    })

  const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

  function warmPlaces(shown: Picture): Map<string, number[]> {
    const places = new Map<string, number[]>()
    for (let y = 0; y < shown.height; y++) {
      for (let x = 0; x < shown.width; x++) {
        const pixel = shown.pixel(x, y)
        if (isWarm(pixel)) places.set(`${x} ${y}`, pixel)
      }
    }
    return places
  }

  test('draws the scene and the volume on one device, each behind the other', async () => {
    await open('three/', 280, 210)
    await complete()
    expect(await counted()).toEqual([1, 0])
    const pictures = [await sheetAt(-0.6), await sheetAt(0), await sheetAt(0.6)]
    const [behind, between, before] = pictures.map(warmPlaces)
    const lowest = (places: Map<string, number[]>) =>
      Math.max(...[...places.keys()].map(place => Number(place.split(' ')[1])))
    expect(behind.size).toBeGreaterThan(400)
    expect(between.size).toBeLessThan(0.9 * behind.size)
    expect(before.size).toBeLessThan(between.size)
    expect(lowest(between)).toBe(lowest(behind))
    expect(lowest(before)).toBeLessThan(lowest(behind) - 15)
    expect(before.size).toBeGreaterThan(0.2 * behind.size)
    // Pixels that the sheet does not hide stay the same, apart from what shines through it.
    for (const [place, pixel] of before) {
      const [x, y] = place.split(' ').map(Number)
      const difference = pictures[0].pixel(x, y).map((value, i) => Math.abs(value - pixel[i]))
      expect(Math.max(...difference), place).toBeLessThan(45)
    }

    const last = scoreColour(6, 6, 'dark')
    const isLast = (pixel: number[]) =>
      pixel.every((value, i) => value <= last[i] + 2 && value >= last[i] * DARKEST_FACE - 4)
    expect([...behind.values()].filter(isLast).length).toBeGreaterThan(10)
    expect(complaints).toEqual([])
  })
})

test('the index links to every example', async () => {
  await open('', 640, 480)
  expect(await page.$$eval('a', links => links.map(link => link.getAttribute('href')))).toEqual([
    'plain/',
    'react/',
    'three/',
  ])
})
