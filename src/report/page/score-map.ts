import type { ReportData } from '../data.ts'

/** A part of the map: time in ms since 1970, price in quote currency. */
export interface Box {
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
}

/** Cells of one size class, or the highest of all. Columns, in (time, price) order. */
export interface Cells {
  /** Relative to the picture's first cells. */
  readonly time: Int32Array
  readonly price: Int32Array
  /** Hundredths. */
  readonly score: Int32Array
  readonly size: Int32Array
}

/** The picture of the report in human units. */
export class ScoreMap {
  /** ms a cell. */
  readonly timeStep: number
  readonly priceStep: number
  /** Left edge of time cell 0, lower edge of price cell 0. */
  private readonly firstTime: number
  private readonly firstPrice: number
  /** ms a time bin and price units a price bin. */
  readonly timeBin: number
  readonly priceBin: number
  private readonly classes = new Map<number | 'all', Cells>()

  constructor(private readonly data: ReportData) {
    const { grid, instrument } = data.report
    const { picture } = data
    this.timeBin = grid.timeBin / 1000
    this.priceBin = grid.priceWidth * Number(instrument.tickSize)
    this.timeStep = picture.timeBins * this.timeBin
    this.priceStep = picture.priceBins * this.priceBin
    this.firstTime = picture.firstTime * this.timeStep
    this.firstPrice = picture.firstPrice * this.priceStep
  }

  /** Everything that was traded or scored. */
  whole(): Box {
    const { picture, tape, report } = this.data
    const tick = Number(report.instrument.tickSize)
    const tapeStep = tape.timeBins * this.timeBin
    const box = { from: Infinity, to: -Infinity, low: Infinity, high: -Infinity }
    const include = (from: number, to: number, low: number, high: number) => {
      box.from = Math.min(box.from, from)
      box.to = Math.max(box.to, to)
      box.low = Math.min(box.low, low)
      box.high = Math.max(box.high, high)
    }
    for (const [i, time] of picture.time.entries()) {
      const from = this.firstTime + time * this.timeStep
      const low = this.firstPrice + picture.price[i] * this.priceStep
      include(from, from + this.timeStep, low, low + this.priceStep)
    }
    const scored = picture.time.length > 0
    for (const [i, time] of tape.time.entries()) {
      const from = Math.floor(((tape.firstTime + time) * tapeStep) / this.timeBin) * this.timeBin
      const [low, high] = scored ? [box.low, box.high] : [tape.low[i] * tick, tape.high[i] * tick]
      include(from, from + Math.max(tapeStep, this.timeBin), low, high + (scored ? 0 : tick))
    }
    if (box.from > box.to) return { from: 0, to: this.timeBin, low: 0, high: this.priceBin }
    return box
  }

  /** The cells of a size bin, or of every time and price the highest of all sizes. */
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
      // All sizes of a time and price stand next to each other.
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

  /** Where a cell lies. */
  box(cells: Cells, i: number): Box {
    const from = this.firstTime + cells.time[i] * this.timeStep
    const low = this.firstPrice + cells.price[i] * this.priceStep
    return { from, to: from + this.timeStep, low, high: low + this.priceStep }
  }

  /** The highest cell that meets a box, −1 where there is none. */
  highest(cells: Cells, { from, to, low, high }: Box): number {
    const firstTime = Math.floor((from - this.firstTime) / this.timeStep)
    const lastTime = Math.floor((to - this.firstTime) / this.timeStep)
    const firstPrice = Math.floor((low - this.firstPrice) / this.priceStep)
    const lastPrice = Math.floor((high - this.firstPrice) / this.priceStep)
    let best = -1
    for (let i = lowerBound(cells.time, firstTime); i < cells.time.length && cells.time[i] <= lastTime; i++) {
      if (cells.price[i] < firstPrice || cells.price[i] > lastPrice) continue
      if (best < 0 || cells.score[i] > cells.score[best]) best = i
    }
    return best
  }
}

/** Index of the first entry that is at least `value`, in an ascending column. */
export function lowerBound(column: ArrayLike<number>, value: number): number {
  let [from, to] = [0, column.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (column[middle] < value) from = middle + 1
    else to = middle
  }
  return from
}
