import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scoreColour } from '../../src/show/colours.ts'
import type { ViewMeasure, ViewSize } from '../../src/view/types.ts'
import { type Chrome, openChrome } from '../support/chrome.ts'
import type { Shown } from './in-document/view-pictures.ts'

type InPage = typeof import('./in-document/view-pictures.ts')

/** Reference pictures, checked by eye. VOXRISK_PICTURES=write replaces them with those of this run. */
const PICTURES = join(import.meta.dirname, 'pictures')
const WRITES = process.env.VOXRISK_PICTURES === 'write'
/** Share of pixels that may differ: fonts and their smoothing vary between systems. */
const TOLERANCE = 0.02

let chrome: Chrome
beforeAll(async () => {
  chrome = await openChrome()
  await chrome.page.setViewport({ width: 400, height: 300 })
})
afterAll(() => chrome?.close())

async function call<Name extends keyof InPage>(
  name: Name,
  ...parameters: InPage[Name] extends (...given: infer Given) => unknown ? Given : never
): Promise<InPage[Name] extends (...given: never[]) => infer Result ? Awaited<Result> : never> {
  const list = JSON.stringify(parameters)
  const script = `import('/test/view/in-document/view-pictures.ts').then(page => page.${name}(...${list}))`
  return (await chrome.page.evaluate(script)) as never
}

async function picture(markers: boolean): Promise<PNG> {
  return PNG.sync.read(Buffer.from(await call('png', markers), 'base64'))
}

const pixel = ({ data, width }: PNG, { x, y }: { readonly x: number; readonly y: number }) => [
  ...data.subarray(
    4 * (Math.floor(y) * width + Math.floor(x)),
    4 * (Math.floor(y) * width + Math.floor(x)) + 3,
  ),
]

/** Largest difference per channel. */
const difference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((channel, i) => Math.abs(channel - b[i])))

describe.each(['webgpu', 'cpu'] as const)('slices of a map on %s', where => {
  const other = where === 'cpu' ? 'webgpu' : 'cpu'

  test.each<[ViewMeasure, ViewSize]>([
    ['score', 'all'],
    ['score', 3],
    ['activity', 'all'],
    ['volatility', 'all'],
    ['flow', 2],
  ])('show the %s of the other backend, sizes: %s', async (measure, size) => {
    await call('show', { where, mode: 'slices', theme: 'light', measure, size })
    const drawn = await picture(false)
    const places = await call('cells', 100_000)
    const expected = await call('reference', other, places, measure, size)
    const { top } = await call('state')
    // Without hotspots the scale of the score ends at its minimum.
    const scale = measure === 'score' ? 4 : top
    let scored = 0
    for (const [i, place] of places.entries()) {
      const value = expected[i]
      if (value === null) continue
      scored++
      const colour = scoreColour(value, scale, 'light')
      expect(difference(pixel(drawn, place), colour), JSON.stringify({ place, value })).toBeLessThanOrEqual(3)
    }
    expect(scored).toBeGreaterThan(20)
  })

  test('a click chooses the hotspot under it, n and p the next and the one before, Escape none', async () => {
    await call('show', { where, mode: 'slices', theme: 'dark' })
    const at = await call('place', 0)
    expect(await call('pick', at!.x, at!.y)).toBe(0)
    await chrome.page.mouse.click(at!.x, at!.y)
    for (const key of ['n', 'N', 'p', 'Escape'] as const) await chrome.page.keyboard.press(key)
    expect((await call('state')).selected).toEqual([0, 1, 2, 1, null])
  })

  test('facts of the cell under the pointer are the hotspot’s', async () => {
    await call('show', { where, mode: 'slices', theme: 'dark' })
    const at = await call('place', 0)
    const facts = (await call('facts', at!.x, at!.y)) as { measure: number; volume: number }
    expect(facts.measure).toBeGreaterThan(0)
    expect(facts.volume).toBeGreaterThan(0)
  })

  test('footprints stay when the settings are set again and when they come back', async () => {
    await call('show', { where, mode: 'slices', theme: 'light', width: 360 })
    const afar = await picture(false)
    await call('closeUp', 0)
    const close = await picture(false)
    const share = (a: PNG, b: PNG) =>
      pixelmatch(a.data, b.data, undefined, a.width, a.height) / (a.width * a.height)
    expect(share(afar, close)).toBeGreaterThan(0.1)
    await call('change', { size: 'all', measure: 'score' })
    expect(share(await picture(false), close)).toBe(0)
    await call('change', { size: 3, measure: 'flow' })
    expect(share(await picture(false), close)).toBeGreaterThan(0.01)
    await call('change', { size: 'all', measure: 'score' })
    expect(share(await picture(false), close)).toBe(0)
  })

  test('keys move, zoom and reset', async () => {
    await call('show', { where, mode: 'slices', theme: 'light' })
    await call('focus')
    expect((await call('state')).range).toBeNull()
    await chrome.page.keyboard.press('+')
    const closer = (await call('state')).range as { from: number; to: number }
    await chrome.page.keyboard.press('ArrowRight')
    const moved = (await call('state')).range as { from: number; to: number }
    expect(moved.from).toBeGreaterThan(closer.from)
    expect(moved.to - moved.from).toBeCloseTo(closer.to - closer.from, 3)
    await chrome.page.keyboard.press('0')
    expect((await call('state')).range).toBeNull()
  })
})

describe('the volume', () => {
  test('the first hotspots glow where they lie', async () => {
    await call('show', { where: 'webgpu', mode: 'volume', theme: 'dark' })
    const drawn = await picture(false)
    const background = pixel(drawn, { x: 2, y: 2 })
    for (const rank of [0, 1, 2]) {
      const at = await call('place', rank)
      const [red, green, blue] = pixel(drawn, at!)
      expect(difference([red, green, blue], background), `hotspot ${rank + 1}`).toBeGreaterThan(60)
      // In the dark theme the palette rises through red, and no hotspot is cooler than that.
      expect(red).toBeGreaterThan(blue)
    }
  })

  test('picking gives the hotspot that is marked there', async () => {
    await call('show', { where: 'webgpu', mode: 'volume', theme: 'dark' })
    for (const rank of [0, 1, 2]) {
      const at = await call('place', rank)
      const picked = await call('pick', at!.x, at!.y)
      // A higher one may be at the same place.
      expect(picked).not.toBeNull()
      expect(picked!).toBeLessThanOrEqual(rank)
    }
    const first = await call('place', 0)
    await chrome.page.mouse.click(first!.x, first!.y)
    expect((await call('state')).selected).toEqual([0])
    expect(await call('pick', 3, 3)).toBeNull()
  })

  test('no frame is drawn without an update or a move; a drag draws', async () => {
    await call('show', { where: 'webgpu', mode: 'volume', theme: 'light' })
    expect(await call('framesDuring', 40)).toBe(0)
    const before = (await call('state')).frames
    await chrome.page.mouse.move(180, 120)
    await chrome.page.mouse.down()
    await chrome.page.mouse.move(220, 130, { steps: 3 })
    await chrome.page.mouse.up()
    await call('still')
    expect((await call('state')).frames).toBeGreaterThan(before)
  })
})

describe('pictures', () => {
  const shown: readonly (readonly [string, Shown])[] = [
    ['volume-dark', { where: 'webgpu', mode: 'volume', theme: 'dark' }],
    ['volume-light', { where: 'webgpu', mode: 'volume', theme: 'light' }],
    ['slices-light', { where: 'webgpu', mode: 'slices', theme: 'light' }],
    ['slices-dark-cpu', { where: 'cpu', mode: 'slices', theme: 'dark' }],
  ]
  test.each(shown)('%s matches its reference picture', async (name, given) => {
    await call('show', given)
    const drawn = await picture(true)
    const file = join(PICTURES, `${name}.png`)
    if (WRITES) {
      await mkdir(PICTURES, { recursive: true })
      await writeFile(file, PNG.sync.write(drawn))
    }
    expect(existsSync(file), `${file} is missing: VOXRISK_PICTURES=write makes it`).toBe(true)
    const right = PNG.sync.read(await readFile(file))
    expect([drawn.width, drawn.height]).toEqual([right.width, right.height])
    const differing = pixelmatch(drawn.data, right.data, undefined, drawn.width, drawn.height, {
      threshold: 0.15,
    })
    expect(differing / (drawn.width * drawn.height)).toBeLessThan(TOLERANCE)
  })
})

test('the console is silent', () => {
  expect(chrome.complaints).toEqual([])
})
