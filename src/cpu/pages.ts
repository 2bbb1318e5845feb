import { momentBytes, pageVoxels, RawMoments } from '../engine/pages.ts'
import type { MapShape } from '../engine/steps.ts'
import type { DetailPage } from '../engine/work.ts'

/** Pages by slot, created on first use. */
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
  /** Empty unless the map keeps details. */
  readonly details: Pool<DetailPage>
}

/** How the pages of a pool are laid out in memory. The memory is zero at first. */
export interface PageLayout<Page> {
  /** Bytes of a page, a multiple of 8. */
  readonly bytes: number
  /** The page that begins at byte `at`. */
  view(memory: ArrayBufferLike, at: number): Page
}

/** The layouts of a map's pools. */
export function pageLayouts({ layer, axes }: Pick<MapShape, 'layer' | 'axes'>): {
  readonly [Name in keyof Pools]: PageLayout<ReturnType<Pools[Name]['at']>>
} {
  const voxels = pageVoxels(axes.classBins)
  const moments = layer.moments.length
  const parts = layer.terms.length
  const detailed = layer.detailed.count
  return {
    raw: {
      bytes: RawMoments.bytes(voxels, moments),
      view: (memory, at) => new RawMoments(voxels, moments, memory, at),
    },
    smoothed: {
      bytes: momentBytes(voxels, moments),
      view: (memory, at) => new Float64Array(memory, at, moments * voxels),
    },
    scores: {
      bytes: voxels * Int32Array.BYTES_PER_ELEMENT,
      view: (memory, at) => new Int32Array(memory, at, voxels),
    },
    details: {
      bytes: voxels * (8 * detailed + 4 * parts),
      view: (memory, at) => ({
        moments: planes(detailed, i => new Float64Array(memory, at + 8 * i * voxels, voxels)),
        parts: planes(parts, i => new Int32Array(memory, at + (8 * detailed + 4 * i) * voxels, voxels)),
      }),
    },
  }
}

function planes<Plane>(count: number, make: (i: number) => Plane): Plane[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

/** Most memory the raw moments of one map may take. */
const MOST_RAW_BYTES = 2 ** 31
/** Most memory the scores and details of one map may take. */
const MOST_KEPT_BYTES = 2 ** 31

/** Most raw pages in one map. */
export function rawPageLimit({ layer, axes }: MapShape): number {
  return Math.floor(MOST_RAW_BYTES / momentBytes(pageVoxels(axes.classBins), layer.moments.length))
}

/** Most pages of scores, with their details, in one map. */
export function keptPageLimit(shape: MapShape): number {
  const layouts = pageLayouts(shape)
  return Math.floor(MOST_KEPT_BYTES / (layouts.scores.bytes + (shape.details ? layouts.details.bytes : 0)))
}
