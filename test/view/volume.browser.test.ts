import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scoreColour } from '../../src/show/colours.ts'
import { boxPoint } from '../../src/view/frame/camera.ts'
import { type Chrome, openChrome } from '../support/chrome.ts'
import {
  cameraOf,
  frameOf,
  type HandMadePage,
  type HandMadePicture,
  LOOK,
  SIZE_BINS,
  type WrittenText,
} from './in-document/volume-pictures.ts'

const [WIDTH, HEIGHT] = [160, 120]
const PICTURE = { width: WIDTH, height: HEIGHT }
const SLAB = 1_899_552
const PAGE = 37
/** Eight price bins of the middle of the page, so that voxels are some pixels large. */
const WINDOW = { fromSlab: SLAB, toSlab: SLAB + 5, lowBin: PAGE * 64 + 28, highBin: PAGE * 64 + 36 }
const HOT = 5
const FRONT = { yaw: 0, pitch: 0 }
/** The least of FACE_LIGHT in shaders/draw/march.wgsl. */
const DARKEST_FACE = 0.84

let chrome: Chrome

beforeAll(async () => {
  chrome = await openChrome()
})

afterAll(() => chrome?.close())

/** Calls an export of test/view/in-document/volume-pictures.ts in the document. */
async function inDocument<Result>(name: string, parameter: unknown): Promise<Result> {
  const call = `import('/test/view/in-document/volume-pictures.ts').then(m => m.${name}(${JSON.stringify(parameter)}))`
  return (await chrome.page.evaluate(call)) as Result
}

const drawn = (...pictures: HandMadePicture[]) => inDocument<number[][]>('draw', pictures)

/** Five slabs, of which the third has voxels. */
function slabs(...voxels: HandMadePage['voxels']): HandMadePage[] {
  return [0, 1, 2, 3, 4].map(i => ({ slab: SLAB + i, page: PAGE, voxels: i === 2 ? voxels : [] }))
}

interface Pixels {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The part of a picture that is not empty; null if it is all empty. */
function lit(rgba: readonly number[]): Pixels | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < rgba.length / 4; i++) {
    if (rgba[4 * i + 3] === 0) continue
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)]
    ;[left, top] = [Math.min(left, x), Math.min(top, y)]
    ;[right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)]
  }
  return left < right ? { left, top, right, bottom } : null
}

/** Where a box of bins is drawn. */
function placeOf(picture: HandMadePicture, from: readonly number[], to: readonly number[]): Pixels {
  const corners = Array.from({ length: 8 }, (_, corner) => {
    const [time, price, size] = from.map((bin, axis) => ((corner >> axis) & 1 ? to[axis] : bin))
    return cameraOf(picture).project(boxPoint(frameOf(picture), { time, price, size }), WIDTH, HEIGHT)!
  })
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  }
}

/** Pixels are sampled at their centres, so an edge may be off by one pixel. */
function expectAt(found: Pixels | null, expected: Pixels): void {
  expect(found).not.toBeNull()
  for (const side of ['left', 'top', 'right', 'bottom'] as const) {
    expect(Math.abs(found![side] - expected[side]), side).toBeLessThanOrEqual(1)
  }
}

function pixelAt(
  rgba: readonly number[],
  picture: HandMadePicture,
  [time, price, size]: readonly number[],
): number[] {
  const at = cameraOf(picture).project(boxPoint(frameOf(picture), { time, price, size }), WIDTH, HEIGHT)!
  const first = 4 * (Math.floor(at.y) * WIDTH + Math.floor(at.x))
  return rgba.slice(first, first + 4)
}

/** The pixel has the colour of a score, lit by whichever face of a voxel it shows. */
function expectColour([red, green, blue, alpha]: readonly number[], score: number): void {
  const expected = scoreColour(score, LOOK.top, LOOK.theme)
  for (const [i, channel] of [red, green, blue].entries()) {
    const shown = (channel / alpha) * 255
    const slack = 2 + 255 / alpha
    expect(shown, `channel ${i}`).toBeLessThanOrEqual(expected[i] + slack)
    expect(shown, `channel ${i}`).toBeGreaterThanOrEqual(expected[i] * DARKEST_FACE - slack)
  }
}

/** Voxel [price 32 of the page, size 4] of the third slab, at the centre of the box. */
const VOXEL = { from: [SLAB + 2, PAGE * 64 + 32, 4], to: [SLAB + 3, PAGE * 64 + 33, 5] }
const MIDDLE = [SLAB + 2.5, PAGE * 64 + 32.5, 4.5]

describe('the volume in Chrome', () => {
  test('a voxel glows where the camera says it lies, from every side, and nowhere else', async () => {
    const pictures = [
      {},
      FRONT,
      { yaw: 2.3, pitch: -0.4 },
      { yaw: -1.1, pitch: 1.2 },
      { yaw: 4, distance: 0.6 },
    ].map(camera => ({ ...PICTURE, camera, window: WINDOW, pages: slabs([32, 4, HOT]) }))
    for (const [i, rgba] of (await drawn(...pictures)).entries()) {
      expectAt(lit(rgba), placeOf(pictures[i], VOXEL.from, VOXEL.to))
      const pixel = pixelAt(rgba, pictures[i], MIDDLE)
      expect(pixel[3] / 255).toBeGreaterThan(0.94)
      expectColour(pixel, HOT)
    }
    expect(chrome.complaints).toEqual([])
  })

  test('colours are those of the scores, the more opaque the higher', async () => {
    const scores = [1.5, 2, 3, 4, 5, 9]
    const pictures = scores.map(score => ({ ...PICTURE, window: WINDOW, pages: slabs([32, 4, score]) }))
    const pixels = (await drawn(...pictures)).map((rgba, i) => pixelAt(rgba, pictures[i], MIDDLE))
    for (const [i, pixel] of pixels.entries()) expectColour(pixel, scores[i])
    const alphas = pixels.map(pixel => pixel[3])
    expect(alphas).toEqual([...alphas].sort((a, b) => a - b))
    expect(new Set(alphas.slice(0, 5)).size).toBe(5)
    expect(alphas[5]).toBe(alphas[4])
  })

  test('nothing is drawn below the threshold, nor of hidden sizes', async () => {
    const picture = { ...PICTURE, window: WINDOW, pages: slabs([32, 4, 3], [33, 1, -2], [30, 5, 0.5]) }
    const [above, below, other, chosen] = await drawn(
      picture,
      { ...picture, look: { threshold: 3.01 } },
      { ...picture, look: { size: 3 } },
      { ...picture, look: { size: 4 } },
    )
    expect(lit(above)).not.toBeNull()
    expect(lit(below)).toBeNull()
    expect(lit(other)).toBeNull()
    expectAt(lit(chosen), placeOf({ ...picture, look: { size: 4 } }, VOXEL.from, VOXEL.to))
  })

  test('the window cuts through voxels', async () => {
    const beside = { ...WINDOW, fromSlab: SLAB + 3 }
    const through = { ...WINDOW, fromSlab: SLAB + 2.4, highBin: PAGE * 64 + 32.75 }
    const pictures = [beside, through].map(window => ({ ...PICTURE, window, pages: slabs([32, 4, HOT]) }))
    const [none, part] = await drawn(...pictures)
    expect(lit(none)).toBeNull()
    expectAt(
      lit(part),
      placeOf(pictures[1], [SLAB + 2.4, PAGE * 64 + 32, 4], [SLAB + 3, PAGE * 64 + 32.75, 5]),
    )
  })

  test('pages that are skipped look like pages without scores', async () => {
    const voxels = Array.from({ length: 64 * SIZE_BINS }, (_, i) => [i % 64, i >> 6, 1 + (i % 5)] as const)
    const kept = [
      { slab: SLAB, page: PAGE, voxels },
      { slab: SLAB + 3, page: PAGE + 2, voxels },
      { slab: SLAB + 4, page: PAGE, voxels },
    ]
    const isKept = (slab: number, page: number) => kept.some(one => one.slab === slab && one.page === page)
    const empty = [0, 1, 2, 3, 4].flatMap(i =>
      [0, 1, 2]
        .filter(j => !isKept(SLAB + i, PAGE + j))
        .map(j => ({ slab: SLAB + i, page: PAGE + j, voxels: [] })),
    )
    for (const camera of [{}, { yaw: 2.5, pitch: -0.3 }]) {
      const [skipped, walked] = await drawn(
        { ...PICTURE, camera, pages: kept },
        { ...PICTURE, camera, pages: [...empty, ...kept] },
      )
      expect(lit(skipped)).not.toBeNull()
      expect(skipped).toEqual(walked)
    }
  })

  test('skipping invisible voxels changes no pixel', async () => {
    let state = 20_240_305
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state / 2 ** 32
    }
    const pages = Array.from({ length: 24 }, (_, i) => ({
      slab: SLAB + (i % 8),
      page: PAGE + Math.floor(i / 8),
      voxels: Array.from(
        { length: i % 5 === 0 ? 0 : 90 },
        () => [Math.floor(random() * 64), Math.floor(random() * SIZE_BINS), random() * 5 - 1.5] as const,
      ),
    }))
    const part = {
      fromSlab: SLAB + 1.3,
      toSlab: SLAB + 6.7,
      lowBin: PAGE * 64 + 20.5,
      highBin: PAGE * 64 + 99.1,
    }
    const seen: Partial<HandMadePicture>[] = [
      {},
      { camera: FRONT },
      { camera: { yaw: 2.5, pitch: -0.3 } },
      { camera: { yaw: -1.2, pitch: 1.5, distance: 0.3 } },
      { camera: { yaw: 4, pitch: 0.05, distance: 0.15 } },
      { window: part },
      { look: { threshold: 3 }, window: part, camera: { yaw: 1.57, pitch: 0 } },
      { look: { threshold: -1 } },
      { look: { size: 3 } },
    ]
    const pictures = seen.map(picture => ({ ...PICTURE, pages, ...picture }))
    const passing = await drawn(...pictures)
    const looking = await drawn(...pictures.map(picture => ({ ...picture, ceiling: 2 ** 31 - 1 })))
    for (const [i, rgba] of passing.entries()) {
      expect(lit(rgba), `picture ${i}`).not.toBeNull()
      expect(rgba.filter((channel, j) => channel !== looking[i][j]).length, `picture ${i}`).toBe(0)
    }
    const [none] = await drawn({ ...pictures[0], ceiling: 0 })
    expect(lit(none)).toBeNull()
  })

  test('a voxel in front hides the one behind', async () => {
    const window = { ...WINDOW, fromSlab: SLAB + 2, toSlab: SLAB + 3 }
    const picture = { ...PICTURE, window, pages: slabs([32, 6, HOT]) }
    const fromFront = { ...picture, camera: FRONT }
    const fromBack = { ...picture, camera: { yaw: Math.PI, pitch: 0 } }
    const pages = slabs([32, 1, 3], [32, 6, HOT])
    const [front, hiding, back, hidden] = (
      await drawn(fromFront, { ...fromFront, pages }, fromBack, { ...fromBack, pages })
    ).map((rgba, i) => pixelAt(rgba, i < 2 ? fromFront : fromBack, MIDDLE))
    const apart = (a: readonly number[], b: readonly number[]) =>
      Math.max(...a.map((channel, i) => Math.abs(channel - b[i])))
    expectColour(hiding, HOT)
    expect(apart(front, hiding)).toBeLessThanOrEqual(13) // a twentieth shines through
    expect(apart(back, hidden)).toBeGreaterThan(26)
  })

  test('depth of another renderer hides what lies behind it', async () => {
    const picture = { ...PICTURE, camera: FRONT, window: WINDOW, pages: slabs([32, 4, HOT]) }
    const [time, price] = MIDDLE
    const depthAt = (size: number) =>
      cameraOf(picture).project(boxPoint(frameOf(picture), { time, price, size }), WIDTH, HEIGHT)!.depth
    const [alone, far, behind, before, near] = await drawn(
      picture,
      { ...picture, depth: 1 },
      { ...picture, depth: depthAt(2) },
      { ...picture, depth: depthAt(6) },
      { ...picture, depth: 0 },
    )
    expect(far).toEqual(alone)
    expectAt(lit(behind), lit(alone)!)
    expect(lit(before)).toBeNull()
    expect(lit(near)).toBeNull()
  })

  test('an ordinary region is as transparent, however finely it is cut', async () => {
    const ordinary = Array.from({ length: 64 * SIZE_BINS }, (_, i) => [i % 64, i >> 6, 1.4] as const)
    const pages = slabs(...ordinary).slice(2, 3)
    const windows = [4, 16, 64].map(bins => ({
      ...{ fromSlab: SLAB + 2, toSlab: SLAB + 3 },
      ...{ lowBin: PAGE * 64, highBin: PAGE * 64 + bins },
    }))
    const pictures = windows.map(window => ({ ...PICTURE, camera: { pitch: 1.5 }, window, pages }))
    const alphas = (await drawn(...pictures)).map(
      rgba => rgba[4 * ((HEIGHT / 2) * WIDTH + WIDTH / 2) + 3] / 255,
    )
    for (const alpha of alphas) {
      expect(alpha).toBeGreaterThan(0.6)
      expect(alpha).toBeLessThan(0.85)
    }
  })

  test('RiskVolume draws the same into another renderer’s texture', async () => {
    const picture = { ...PICTURE, pages: slabs([10, 1, 4], [32, 4, HOT], [33, 6, 2]) }
    const [own, embedded, hidden] = await drawn(
      picture,
      { ...picture, embedded: true },
      { ...picture, embedded: true, depth: 0 },
    )
    expect(lit(own)).not.toBeNull()
    const worst = own.reduce((most, value, i) => Math.max(most, Math.abs(value - embedded[i])), 0)
    expect(worst).toBeLessThanOrEqual(1)
    expect(lit(hidden)).toBeNull()
  })

  test('labels of the axes stay inside the picture and apart', async () => {
    const angles = [{}, { yaw: -0.6 }, { yaw: 1.4, pitch: 0.9 }, { yaw: 3, pitch: -0.7 }]
    const sizes = [
      [320, 640],
      [390, 390],
      [640, 400],
      [1200, 400],
    ]
    const pages = Array.from({ length: 96 }, (_, i) => ({ slab: SLAB + i, page: PAGE, voxels: [] }))
    const pictures = angles.flatMap(camera =>
      sizes.map(([width, height]) => ({ pages, camera, width, height })),
    )
    for (const [i, texts] of (await inDocument<WrittenText[][]>('axisTexts', pictures)).entries()) {
      const { width, height } = pictures[i]
      const about = JSON.stringify(pictures[i].camera) + width
      for (const title of ['price', 'size', 'time (UTC)']) {
        expect(texts.filter(({ text }) => text === title).length, `${title} ${about}`).toBe(1)
      }
      expect(texts.length, about).toBeGreaterThan(6)
      for (const [j, one] of texts.entries()) {
        expect(one.x - one.width / 2, one.text).toBeGreaterThanOrEqual(0)
        expect(one.x + one.width / 2, one.text).toBeLessThanOrEqual(width)
        expect(one.y, one.text).toBeGreaterThanOrEqual(6)
        expect(one.y, one.text).toBeLessThanOrEqual(height - 6)
        for (const other of texts.slice(j + 1)) {
          const isApart =
            Math.abs(one.x - other.x) >= (one.width + other.width) / 2 || Math.abs(one.y - other.y) >= 12
          expect(isApart, `${one.text} and ${other.text} ${about}`).toBe(true)
        }
      }
    }
  })
})
