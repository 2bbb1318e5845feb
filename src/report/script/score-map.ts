import type { Box } from '../../show/viewport.ts'
import type { ReportData } from '../data.ts'

/** The cells of one size class, or the highest of all classes. Columns, ordered by (time, price). */
export interface Cells {
  /** Relative to the picture's first cell. */
  readonly time: Int32Array
  readonly price: Int32Array
  /** In hundredths. */
  readonly score: Int32Array
  readonly size: Int32Array
}

/** How many cells a tile joins along each axis; powers of two. */
export interface Tiles {
  readonly times: number
  readonly prices: number
}

const WHOLE_CELLS: Tiles = { times: 1, prices: 1 }

/** The report's picture in human units. */
export class ScoreMap {
  /** ms and price units per cell. */
  readonly cellWidthMs: number
  readonly cellHeight: number
  /** ms per time bin, price units per price bin. */
  readonly timeWidthMs: number
  readonly priceWidth: number
  private readonly classes = new Map<number | 'all', Cells>()

  constructor(private readonly data: ReportData) {
    const { grid, instrument } = data.report
    const { picture } = data
    this.timeWidthMs = grid.timeWidth / 1000
    this.priceWidth = grid.priceWidth * Number(instrument.tickSize)
    this.cellWidthMs = picture.timeBins * this.timeWidthMs
    this.cellHeight = picture.priceBins * this.priceWidth
  }

  /** The box around everything traded or scored. */
  whole(): Box {
    const { picture, tape, report } = this.data
    const tick = Number(report.instrument.tickSize)
    const tapeWidthMs = tape.timeBins * this.timeWidthMs
    const box = { from: Infinity, to: -Infinity, low: Infinity, high: -Infinity }
    const include = (from: number, to: number, low: number, high: number) => {
      box.from = Math.min(box.from, from)
      box.to = Math.max(box.to, to)
      box.low = Math.min(box.low, low)
      box.high = Math.max(box.high, high)
    }
    for (const [i, time] of picture.time.entries()) {
      const { from, to, low, high } = this.tile(time, picture.price[i], WHOLE_CELLS)
      include(from, to, low, high)
    }
    const scored = picture.time.length > 0
    for (const [i, time] of tape.time.entries()) {
      const from = Math.floor(((tape.firstTime + time) * tapeWidthMs) / this.timeWidthMs) * this.timeWidthMs
      const [low, high] = scored ? [box.low, box.high] : [tape.low[i] * tick, tape.high[i] * tick]
      include(from, from + Math.max(tapeWidthMs, this.timeWidthMs), low, high + (scored ? 0 : tick))
    }
    if (box.from > box.to) return { from: 0, to: this.timeWidthMs, low: 0, high: this.priceWidth }
    return box
  }

  /** The cells of a size bin; for `all`, the highest of all sizes at each time and price. */
  cells(size: number | 'all'): Cells {
    const known = this.classes.get(size)
    if (known) return known
    const { picture } = this.data
    const entries: number[] = []
    for (let i = 0; i < picture.time.length; i++) {
      if (size !== 'all') {
        if (picture.size[i] === size) entries.push(i)
        continue
      }
      // All sizes of a time and price are next to each other.
      const before = entries.length > 0 ? entries[entries.length - 1] : -1
      const same =
        before >= 0 && picture.time[before] === picture.time[i] && picture.price[before] === picture.price[i]
      if (!same) entries.push(i)
      else if (picture.score[i] > picture.score[before]) entries[entries.length - 1] = i
    }
    const column = (values: readonly number[]) => Int32Array.from(entries, i => values[i])
    const cells = {
      time: column(picture.time),
      price: column(picture.price),
      score: column(picture.score),
      size: column(picture.size),
    }
    this.classes.set(size, cells)
    return cells
  }

  /** The box of a cell. */
  box(cells: Cells, i: number): Box {
    return this.tile(cells.time[i], cells.price[i], WHOLE_CELLS)
  }

  /** The tile of the given size that contains a cell. Tiles are numbered absolutely, like cells. */
  tileOf(cells: Cells, i: number, tiles: Tiles): Box {
    return this.tile(cells.time[i], cells.price[i], tiles)
  }

  /** The tile at a time and price. */
  tileAt(time: number, price: number, tiles: Tiles): Box {
    const { picture } = this.data
    const cellTime = Math.floor(time / this.cellWidthMs) - picture.firstTime
    const cellPrice = Math.floor(price / this.cellHeight) - picture.firstPrice
    return this.tile(cellTime, cellPrice, tiles)
  }

  /** The highest cell of a tile; −1 if there is none. */
  highest(cells: Cells, { from, to, low, high }: Box): number {
    const { picture } = this.data
    const firstTime = Math.round(from / this.cellWidthMs) - picture.firstTime
    const endTime = Math.round(to / this.cellWidthMs) - picture.firstTime
    const firstPrice = Math.round(low / this.cellHeight) - picture.firstPrice
    const endPrice = Math.round(high / this.cellHeight) - picture.firstPrice
    let best = -1
    for (let i = lowerBound(cells.time, firstTime); i < cells.time.length && cells.time[i] < endTime; i++) {
      if (cells.price[i] < firstPrice || cells.price[i] >= endPrice) continue
      if (best < 0 || cells.score[i] > cells.score[best]) best = i
    }
    return best
  }

  private tile(time: number, price: number, tiles: Tiles): Box {
    const { picture } = this.data
    const fromTime = Math.floor((picture.firstTime + time) / tiles.times) * tiles.times
    const fromPrice = Math.floor((picture.firstPrice + price) / tiles.prices) * tiles.prices
    return {
      from: fromTime * this.cellWidthMs,
      to: (fromTime + tiles.times) * this.cellWidthMs,
      low: fromPrice * this.cellHeight,
      high: (fromPrice + tiles.prices) * this.cellHeight,
    }
  }
}

/** Index of the first entry ≥ `value` in an ascending column. */
export function lowerBound(column: ArrayLike<number>, value: number): number {
  let [from, to] = [0, column.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (column[middle] < value) from = middle + 1
    else to = middle
  }
  return from
}
