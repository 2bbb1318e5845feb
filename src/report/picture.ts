import { NO_SCORE, type ScoredPage } from '../engine/work.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import type { Picture } from './data.ts'

/** Most cells of a finished picture: about 1 MB of the document. */
const PICTURE_CELLS = 250_000
/**
 * The picture may have more cells while the map is made, so that the start of a long map does not decide its
 * resolution.
 */
const WORKING_CELLS = 4 * PICTURE_CELLS
/** Time cells are merged while the picture has more than this many of them per price cell. */
const ASPECT = 2

/** The cells of one time step. */
interface Column {
  readonly time: number
  /** price cell · size bins + size bin, ascending. */
  readonly keys: Float64Array
  /** In Q16. */
  readonly scores: Int32Array
}

/**
 * Collects the highest score of every cell from the pages of a map. Memory does not grow with the map:
 * whenever there are too many cells, neighbours in time or price are merged in pairs.
 */
export class PictureCollector {
  private timeBins = 1
  private priceBins = 1
  /** Finished columns, ascending in time. */
  private columns: Column[] = []
  private current = new Map<number, number>()
  private currentTime = Number.NaN
  private finished = 0
  private lowest = Number.POSITIVE_INFINITY
  private highest = Number.NEGATIVE_INFINITY

  /** @param workingCells most cells while collecting */
  constructor(
    private readonly sizeBins: number,
    private readonly workingCells = WORKING_CELLS,
  ) {}

  /** Adds a page. Pages arrive in order of time. */
  add({ slab, page, scores }: ScoredPage): void {
    const { sizeBins, current } = this
    const time = Math.floor(slab / this.timeBins)
    if (time !== this.currentTime) {
      this.finishColumn()
      this.currentTime = time
    }
    for (let x = 0; x < PAGE_PRICES; x++) {
      const price = Math.floor((page * PAGE_PRICES + x) / this.priceBins)
      for (let size = 0; size < sizeBins; size++) {
        const score = scores[size * PAGE_PRICES + x]
        if (score === NO_SCORE) continue
        raise(current, price * sizeBins + size, score)
        if (price < this.lowest) this.lowest = price
        if (price > this.highest) this.highest = price
      }
    }
    if (this.finished + current.size > this.workingCells) {
      this.finishColumn()
      while (this.finished > this.workingCells && this.coarsen());
    }
  }

  /** The picture so far, with at most `cells` cells. */
  picture(cells = PICTURE_CELLS): Picture {
    this.finishColumn()
    while (this.finished > cells && this.coarsen());
    const { sizeBins, columns } = this
    const firstTime = columns[0]?.time ?? 0
    const firstPrice = columns.length > 0 ? this.lowest : 0
    const time: number[] = []
    const price: number[] = []
    const size: number[] = []
    const score: number[] = []
    for (const column of columns) {
      for (const [i, key] of column.keys.entries()) {
        time.push(column.time - firstTime)
        price.push(Math.floor(key / sizeBins) - firstPrice)
        size.push(key % sizeBins)
        score.push(Math.round((column.scores[i] * 100) / 65_536) + 0) // + 0: JSON has no −0
      }
    }
    return {
      timeBins: this.timeBins,
      priceBins: this.priceBins,
      firstTime,
      firstPrice,
      time,
      price,
      size,
      score,
    }
  }

  /** Merges neighbours in pairs along the longer axis; false if there is nothing left to merge. */
  private coarsen(): boolean {
    const { columns } = this
    const times = columns[columns.length - 1].time - columns[0].time + 1
    const prices = this.highest - this.lowest + 1
    if (times === 1 && prices === 1) return false
    if (times > ASPECT * prices || prices === 1) {
      this.timeBins *= 2
      this.merge(time => Math.floor(time / 2), 1)
    } else {
      this.priceBins *= 2
      this.lowest = Math.floor(this.lowest / 2)
      this.highest = Math.floor(this.highest / 2)
      this.merge(time => time, 2)
    }
    return true
  }

  /** Moves every cell to its new index. */
  private merge(timeOf: (time: number) => number, prices: number): void {
    const { sizeBins, columns } = this
    this.columns = []
    this.finished = 0
    for (const { time, keys, scores } of columns) {
      if (timeOf(time) !== this.currentTime) {
        this.finishColumn()
        this.currentTime = timeOf(time)
      }
      for (const [i, key] of keys.entries()) {
        const price = Math.floor(Math.floor(key / sizeBins) / prices)
        raise(this.current, price * sizeBins + (key % sizeBins), scores[i])
      }
    }
    this.finishColumn()
  }

  private finishColumn(): void {
    const { current, columns } = this
    if (current.size > 0) {
      const time = this.currentTime
      const last = columns[columns.length - 1]
      if (last?.time === time) {
        // More pages of this time cell arrived after it was finished.
        columns.pop()
        this.finished -= last.keys.length
        for (const [i, key] of last.keys.entries()) raise(current, key, last.scores[i])
      }
      const keys = Float64Array.from(current.keys()).sort()
      const scores = Int32Array.from(keys, key => current.get(key) as number)
      columns.push({ time, keys, scores })
      this.finished += keys.length
      current.clear()
    }
    this.currentTime = Number.NaN
  }
}

/** Keeps the higher of a cell's scores. */
function raise(cells: Map<number, number>, key: number, score: number): void {
  const known = cells.get(key)
  if (known === undefined || score > known) cells.set(key, score)
}
