import type { MapShape } from '../engine/steps.ts'
import type { PicturePage } from '../engine/work.ts'
import { type Grid, PAGE_PRICES, PAGE_PRICES_LOG2 } from '../grid/axes.ts'
import { MOMENT_COUNT } from '../layers/trades/moments.ts'

/**
 * Where a voxel lies in the CPU's memory. In a page, voxel (price x, size s) is number s · 64 + x. A page of scores
 * holds one i32 a voxel, a page of moments `MOMENT_COUNT` float64 a voxel, each an exact integer.
 */
export function voxelInPage(price: number, size: number): number {
  return size * PAGE_PRICES + price
}

/** Price in the page of a voxel's number. */
export function priceOf(voxel: number): number {
  return voxel & (PAGE_PRICES - 1)
}

/** Size bin of a voxel's number. */
export function sizeOf(voxel: number): number {
  return voxel >> PAGE_PRICES_LOG2
}

/** Voxels of a page. */
export function pageVoxels(grid: Grid): number {
  return PAGE_PRICES * grid.sizeBins
}

/** Bytes of a voxel's moments. */
const MOMENT_BYTES = MOMENT_COUNT * Float64Array.BYTES_PER_ELEMENT
/** Bytes of a voxel in a picture: two float64 and three i32. */
const PICTURE_BYTES = 28
/** The count of touched voxels, and what keeps the next page's float64 aligned. */
const COUNT_BYTES = 8

/** Raw moments of one page, and which of its voxels a tick has touched, in memory that threads may share. */
export class RawMoments {
  readonly moments: Float64Array
  /** Touched voxels in order of first touch; `touchedCount` entries are used. */
  readonly touched: Uint16Array
  private readonly count: Uint32Array

  constructor(voxels: number, memory: ArrayBufferLike, at: number) {
    this.moments = new Float64Array(memory, at, MOMENT_COUNT * voxels)
    this.count = new Uint32Array(memory, at + MOMENT_BYTES * voxels, 1)
    this.touched = new Uint16Array(memory, at + MOMENT_BYTES * voxels + COUNT_BYTES, voxels)
  }

  get touchedCount(): number {
    return this.count[0]
  }

  set touchedCount(count: number) {
    this.count[0] = count
  }
}

/** Page-sized places by slot, made when first used. */
export class Pool<Page> {
  private readonly pages: Page[] = []

  constructor(private readonly make: (slot: number) => Page) {}

  at(slot: number): Page {
    while (this.pages.length <= slot) this.pages.push(this.make(this.pages.length))
    return this.pages[slot]
  }
}

/** The pools of a map. */
export interface Pools {
  readonly raw: Pool<RawMoments>
  readonly smoothed: Pool<Float64Array>
  readonly scores: Pool<Int32Array>
  /** Holds nothing unless the map keeps pictures. */
  readonly pictures: Pool<PicturePage>
}

/** How the pages of a pool lie in memory that holds zeros at first. */
export interface PageLayout<Page> {
  /** Bytes of a page, a multiple of 8. */
  readonly bytes: number
  /** The page that begins at byte `at`. */
  view(memory: ArrayBufferLike, at: number): Page
}

/** The layouts of a grid's pools. */
export function pageLayouts(grid: Grid): {
  readonly [Name in keyof Pools]: PageLayout<ReturnType<Pools[Name]['at']>>
} {
  const voxels = pageVoxels(grid)
  return {
    raw: {
      bytes: voxels * (MOMENT_BYTES + Uint16Array.BYTES_PER_ELEMENT) + COUNT_BYTES,
      view: (memory, at) => new RawMoments(voxels, memory, at),
    },
    smoothed: {
      bytes: voxels * MOMENT_BYTES,
      view: (memory, at) => new Float64Array(memory, at, MOMENT_COUNT * voxels),
    },
    scores: {
      bytes: voxels * Int32Array.BYTES_PER_ELEMENT,
      view: (memory, at) => new Int32Array(memory, at, voxels),
    },
    pictures: {
      bytes: voxels * PICTURE_BYTES,
      view: (memory, at) => ({
        volume: new Float64Array(memory, at, voxels),
        netFlow: new Float64Array(memory, at + 8 * voxels, voxels),
        activity: new Int32Array(memory, at + 16 * voxels, voxels),
        volatility: new Int32Array(memory, at + 20 * voxels, voxels),
        flow: new Int32Array(memory, at + 24 * voxels, voxels),
      }),
    },
  }
}

/** Most memory the raw moments of one map may take. */
const MOST_RAW_BYTES = 2 ** 31
/** Most memory its scores and pictures may take. */
const MOST_KEPT_BYTES = 2 ** 31

/** Most raw pages of one map. */
export function rawPageLimit(grid: Grid): number {
  return Math.floor(MOST_RAW_BYTES / (pageVoxels(grid) * MOMENT_BYTES))
}

/** Most pages of scores, with their pictures, of one map. */
export function keptPageLimit({ grid, pictures }: MapShape): number {
  const layouts = pageLayouts(grid)
  return Math.floor(MOST_KEPT_BYTES / (layouts.scores.bytes + (pictures ? layouts.pictures.bytes : 0)))
}

/** Makes a page empty again. */
export function clearRaw(page: RawMoments): void {
  for (let t = 0; t < page.touchedCount; t++) {
    const at = page.touched[t] * MOMENT_COUNT
    for (let m = 0; m < MOMENT_COUNT; m++) page.moments[at + m] = 0
  }
  page.touchedCount = 0
}
