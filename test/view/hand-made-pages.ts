import { NO_SCORE } from '../../src/engine/work.ts'
import { PAGE_PRICES } from '../../src/grid/axes.ts'
import type { KeptTrades, TradeDetail } from '../../src/layers/trades/detail.ts'
import type { Frame, Inks, SceneLook } from '../../src/view/frame/frame.ts'
import { type Extent, extentOf, Geometry } from '../../src/view/frame/geometry.ts'

export const SIZE_BINS = 3
const FIRST_SLAB = 1_710_000
const FIRST_PAGE = 40
const SLABS = 200
const PAGES = 5

/** A time bin is 15 minutes, a price bin 0.5, a lot 0.001. */
const geometry = new Geometry(
  { symbol: 'HAND', tickSize: '0.1', lotSize: '0.001', contract: 'linear' },
  { priceWidth: 5, timeWidth: 900_000_000, sizeResolution: 0, sizeBins: SIZE_BINS },
)

/** An empty page. */
export function blankPage(slab: number, page: number): KeptTrades & { detail: TradeDetail } {
  const voxels = PAGE_PRICES * SIZE_BINS
  return {
    slab,
    page,
    scores: new Int32Array(voxels).fill(NO_SCORE),
    detail: {
      activity: new Int32Array(voxels),
      volatility: new Int32Array(voxels),
      flow: new Int32Array(voxels),
      volume: new Float64Array(voxels),
      netFlow: new Float64Array(voxels),
    },
  }
}

/** Two pages in five of an extent, one voxel in six of them scored, from −2 to 8; the same ones each time. */
export function handMadePages(): KeptTrades[] {
  let state = 20_240_305
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const pages: KeptTrades[] = []
  for (let slab = 0; slab < SLABS; slab++) {
    for (let page = 0; page < PAGES; page++) {
      const isCorner = (slab === 0 && page === 0) || (slab === SLABS - 1 && page === PAGES - 1)
      if (random() > 0.4 && !isCorner) continue
      const made = blankPage(FIRST_SLAB + slab, FIRST_PAGE + page)
      for (let voxel = 0; voxel < made.scores.length; voxel++) {
        if (random() > 1 / 6) continue
        const parts = [random() * 6 - 2, random() * 3 - 1, random() * 2 - 0.5].map(part =>
          Math.round(part * 65_536),
        )
        made.detail.activity[voxel] = parts[0]
        made.detail.volatility[voxel] = parts[1]
        made.detail.flow[voxel] = parts[2]
        made.scores[voxel] = parts[0] + parts[1] + parts[2]
        made.detail.volume[voxel] = Math.floor(random() * 100_000) + 1
        made.detail.netFlow[voxel] = Math.round((random() * 2 - 1) * made.detail.volume[voxel])
      }
      pages.push(made)
    }
  }
  return pages
}

export const LIGHT: Inks = {
  background: '#ffffff',
  text: '#171a21',
  muted: '#5b6472',
  grid: '#e7eaef',
  marker: '#171a21',
  accent: '#1f5fbf',
  bought: '#2f78c4',
  sold: '#d9730d',
  font: '12px system-ui, sans-serif',
}

const DARK: Inks = {
  background: '#161a20',
  text: '#e6e9ee',
  muted: '#98a2b0',
  grid: '#252b34',
  marker: '#ffffff',
  accent: '#7db0ff',
  bought: '#5aa2ee',
  sold: '#f39237',
  font: '12px system-ui, sans-serif',
}

export interface FrameOptions {
  readonly width?: number
  readonly height?: number
  readonly ratio?: number
  readonly look?: Partial<SceneLook>
  /** The window: shares of the extent in time, then from below in price. */
  readonly part?: readonly [from: number, to: number, low: number, high: number]
}

/** A frame over the pages' extent. */
export function frameOver(pages: readonly KeptTrades[], options: FrameOptions = {}): Frame {
  const extent = extentOf(pages) as Extent
  const [from, to, low, high] = options.part ?? [0, 1, 0, 1]
  const firstBin = extent.firstPage * PAGE_PRICES
  const bins = extent.pages * PAGE_PRICES
  const look: SceneLook = {
    measure: 'score',
    size: 'all',
    threshold: 2,
    top: 7,
    theme: 'light',
    ...options.look,
  }
  return {
    geometry,
    extent,
    window: {
      fromSlab: extent.firstSlab + from * extent.slabs,
      toSlab: extent.firstSlab + to * extent.slabs,
      lowBin: firstBin + low * bins,
      highBin: firstBin + high * bins,
    },
    look,
    inks: look.theme === 'dark' ? DARK : LIGHT,
    width: options.width ?? 400,
    height: options.height ?? 260,
    ratio: options.ratio ?? 1,
  }
}
