import type { KeptPlace } from '../../engine/work.ts'
import { sizeTexts } from '../../layers/trades/facts.ts'
import type { Grid } from '../../layers/trades/grid.ts'
import type { Box } from '../../show/viewport.ts'
import type { Instrument } from '../../units/instrument.ts'

/** The range of pages that a picture covers: whole slabs and whole pages, absolute numbers. */
export interface Extent {
  readonly firstSlab: number
  readonly slabs: number
  readonly firstPage: number
  readonly pages: number
}

/** The position of a page; `slot` is its place in the score pool. */
export interface PagePlace {
  readonly slab: number
  readonly page: number
  readonly slot: number
}

/** Largest product of slabs and pages of an extent: a directory of them then takes 16 MiB. */
const MOST_PLACES = 2 ** 22

/**
 * The smallest extent that contains all pages; null if there are none. Its upper end is cut off if prices
 * span more than can be shown.
 */
export function extentOf(pages: readonly { readonly slab: number; readonly page: number }[]): Extent | null {
  if (pages.length === 0) return null
  let [firstSlab, lastSlab, firstPage, lastPage] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { slab, page } of pages) {
    firstSlab = Math.min(firstSlab, slab)
    lastSlab = Math.max(lastSlab, slab)
    firstPage = Math.min(firstPage, page)
    lastPage = Math.max(lastPage, page)
  }
  const slabs = lastSlab - firstSlab + 1
  const most = Math.floor(MOST_PLACES / slabs)
  return { firstSlab, slabs, firstPage, pages: Math.min(lastPage - firstPage + 1, most) }
}

/** The window around all trades of some pages, in whole bins; null if there are none. */
export function windowOf(places: readonly KeptPlace[]): BinWindow | null {
  if (places.length === 0) return null
  let [fromSlab, toSlab, lowBin, highBin] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { slab, low, high } of places) {
    fromSlab = Math.min(fromSlab, slab)
    toSlab = Math.max(toSlab, slab + 1)
    lowBin = Math.min(lowBin, low)
    highBin = Math.max(highBin, high + 1)
  }
  return { fromSlab, toSlab, lowBin, highBin }
}

/**
 * Converts between bins and human units. Bins are absolute and may be fractional: 3.5 is the middle of bin 3.
 */
export class Geometry {
  /** Milliseconds per time bin. */
  readonly timeWidthMs: number
  /** Quote currency per price bin. */
  readonly priceWidth: number
  /** Smallest size of each size bin, as decimal text in the feed's size unit. */
  readonly sizes: readonly string[]

  constructor(
    readonly instrument: Instrument,
    readonly grid: Grid,
  ) {
    this.timeWidthMs = grid.timeWidth / 1000
    this.priceWidth = grid.priceWidth * Number(instrument.tickSize)
    this.sizes = sizeTexts(instrument, grid)
  }

  time(slab: number): number {
    return slab * this.timeWidthMs
  }

  slab(time: number): number {
    return time / this.timeWidthMs
  }

  price(bin: number): number {
    return bin * this.priceWidth
  }

  bin(price: number): number {
    return price / this.priceWidth
  }

  /** The times and prices around all trades of some pages, in whole bins; null if there are none. */
  box(places: readonly KeptPlace[]): Box | null {
    const window = windowOf(places)
    return (
      window && {
        from: this.time(window.fromSlab),
        to: this.time(window.toSlab),
        low: this.price(window.lowBin),
        high: this.price(window.highBin),
      }
    )
  }
}

/** A part of the map in absolute bins, possibly fractional. */
export interface BinWindow {
  /** First time bin. */
  readonly fromSlab: number
  /** End of the time bins, excluded. */
  readonly toSlab: number
  /** Lowest price bin. */
  readonly lowBin: number
  /** End of the price bins, excluded. */
  readonly highBin: number
}
