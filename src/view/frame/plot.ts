import { PAGE_PRICES } from '../../grid/axes.ts'
import { axisNumber } from '../../show/price-axis.ts'
import { fontSize } from '../canvas/font.ts'
import type { ViewPick } from '../types.ts'
import type { Frame } from './frame.ts'
import type { BinWindow } from './geometry.ts'

/** Canvases narrower than this save space, CSS pixels. */
const NARROW = 480
/**
 * Smallest width and height of a tile, CSS pixels. Smaller cells are joined into tiles; a tile shows its
 * highest cell.
 */
const TILE = 3
/** Fewer device pixels could round to none. */
const LEAST_PIXELS = 2
/** Width of a digit in ems of the fonts in use. */
const DIGIT = 0.6
/** Room for the titles beside the axes, in digits. */
const TITLE = 5
/** Gap between an axis's labels and the plot, CSS pixels. */
export const LABEL_GAP = 8
/** Height of a line of text in ems. */
export const LINE = 1.3

/** The device pixels [from, to) of the canvas that show the bins [first, end) as one. */
export interface Span {
  readonly from: number
  readonly to: number
  /** Absolute bins. */
  readonly first: number
  readonly end: number
}

/**
 * How many bins a tile joins along each axis: powers of two. Tiles are numbered absolutely, so they do not
 * shift when the window moves.
 */
export interface Tiles {
  readonly times: number
  readonly prices: number
}

/** In whole device pixels of the canvas. */
export interface PixelBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * The rectangle in which a frame draws time × price, and the conversions between it and bins. CSS pixels from
 * the top left corner of the canvas.
 */
export class Plot {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** The same rectangle in whole device pixels. */
  readonly pixels: PixelBox
  readonly narrow: boolean
  readonly tiles: Tiles
  private readonly window: BinWindow

  constructor(private readonly frame: Frame) {
    const { geometry, extent, window, inks, width, height, ratio } = frame
    const size = fontSize(inks.font)
    this.window = window
    this.narrow = width < NARROW
    const snapped = (length: number) => Math.round(length * ratio)
    // Sized for the longest possible label, so that the plot does not shift when the window moves.
    const highest = geometry.price((extent.firstPage + extent.pages) * PAGE_PRICES)
    const digits = Math.max(axisNumber(highest, geometry.priceWidth).length, TITLE)
    const left = snapped(Math.min(digits * DIGIT * size + LABEL_GAP + (this.narrow ? 2 : 8), width / 3))
    const top = snapped(2 * LINE * size * (this.narrow ? 0.75 : 0.85))
    const right = snapped(width - (this.narrow ? 10 : 20))
    const bottom = snapped(height - (2 * LINE * size + LABEL_GAP + 4))
    this.pixels = { left, top, width: Math.max(right - left, 1), height: Math.max(bottom - top, 1) }
    this.left = left / ratio
    this.top = top / ratio
    this.width = this.pixels.width / ratio
    this.height = this.pixels.height / ratio
    const least = Math.max(TILE * ratio, LEAST_PIXELS)
    this.tiles = {
      times: joined(this.pixels.width / (window.toSlab - window.fromSlab), least),
      prices: joined(this.pixels.height / (window.highBin - window.lowBin), least),
    }
  }

  xOfSlab(slab: number): number {
    const { fromSlab, toSlab } = this.window
    return this.left + ((slab - fromSlab) / (toSlab - fromSlab)) * this.width
  }

  yOfBin(bin: number): number {
    const { lowBin, highBin } = this.window
    return this.top + ((highBin - bin) / (highBin - lowBin)) * this.height
  }

  slabAt(x: number): number {
    const { fromSlab, toSlab } = this.window
    return fromSlab + ((x - this.left) / this.width) * (toSlab - fromSlab)
  }

  binAt(y: number): number {
    const { lowBin, highBin } = this.window
    return highBin - ((y - this.top) / this.height) * (highBin - lowBin)
  }

  /** @param time ms since 1970 */
  x(time: number): number {
    return this.xOfSlab(this.frame.geometry.slab(time))
  }

  y(price: number): number {
    return this.yOfBin(this.frame.geometry.bin(price))
  }

  /** ms since 1970. */
  timeAt(x: number): number {
    return this.frame.geometry.time(this.slabAt(x))
  }

  priceAt(y: number): number {
    return this.frame.geometry.price(this.binAt(y))
  }

  contains(x: number, y: number): boolean {
    const { left, top, width, height } = this
    return x >= left && x < left + width && y >= top && y < top + height
  }

  /** The cell at a point; null outside the plot. */
  cellAt(x: number, y: number): ViewPick['cell'] {
    if (!this.contains(x, y)) return null
    return { time: Math.floor(this.slabAt(x)), price: Math.floor(this.binAt(y)) }
  }

  /** The cells of the tile at a point; null outside the plot. */
  tileAt(x: number, y: number): BinWindow | null {
    if (!this.contains(x, y)) return null
    const { times, prices } = this.tiles
    const [column, row] = [Math.floor(this.slabAt(x) / times), Math.floor(this.binAt(y) / prices)]
    return {
      fromSlab: column * times,
      toSlab: (column + 1) * times,
      lowBin: row * prices,
      highBin: (row + 1) * prices,
    }
  }

  /** Width and height of a cell in CSS pixels. */
  get cell(): { readonly width: number; readonly height: number } {
    const { fromSlab, toSlab, lowBin, highBin } = this.window
    return { width: this.width / (toSlab - fromSlab), height: this.height / (highBin - lowBin) }
  }

  /** The columns of tiles in both the window and the extent: consecutive, in ascending time. */
  columns(): Span[] {
    const { left, width } = this.pixels
    const { fromSlab, toSlab } = this.window
    const { firstSlab, slabs } = this.frame.extent
    const at = (slab: number) =>
      left + within(Math.round(((slab - fromSlab) / (toSlab - fromSlab)) * width), width)
    return spans([fromSlab, toSlab], [firstSlab, firstSlab + slabs], this.tiles.times, at)
  }

  /**
   * The rows of tiles in both the window and the extent: consecutive, in ascending price, that is from the
   * bottom up.
   */
  rows(): Span[] {
    const { top, height } = this.pixels
    const { lowBin, highBin } = this.window
    const { firstPage, pages } = this.frame.extent
    const at = (bin: number) =>
      top + within(Math.round(((highBin - bin) / (highBin - lowBin)) * height), height)
    const reach = [firstPage * PAGE_PRICES, (firstPage + pages) * PAGE_PRICES] as const
    return spans([lowBin, highBin], reach, this.tiles.prices, at).map(({ from, to, ...bins }) => ({
      ...bins,
      from: to,
      to: from,
    }))
  }
}

type Range = readonly [from: number, to: number]

function spans(window: Range, reach: Range, joined: number, at: (bin: number) => number): Span[] {
  const from = Math.floor(Math.max(window[0], reach[0]) / joined)
  const to = Math.ceil(Math.min(window[1], reach[1]) / joined)
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
    from: at((from + i) * joined),
    to: at((from + i + 1) * joined),
    first: Math.max((from + i) * joined, reach[0]),
    end: Math.min((from + i + 1) * joined, reach[1]),
  }))
}

/** How many cells of a given size in pixels make up the least size, as a power of two. */
function joined(size: number, least: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(least / size)))
}

function within(pixel: number, limit: number): number {
  return Math.min(Math.max(pixel, 0), limit)
}
