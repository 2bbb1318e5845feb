import type { TickColumns } from '../events/ticks.ts'
import { logClass } from '../grid/log-classes.ts'
import { sizeTexts } from '../layers/trades/facts.ts'
import type { Grid } from '../layers/trades/grid.ts'
import type { Instrument } from '../units/instrument.ts'
import { isoMillis } from '../units/iso-time.ts'
import type { SizeProfile, Tape } from './data.ts'

/** Most cells of a tape: about 200 kB of the document, and finer than a screen. */
const TAPE_CELLS = 16_384
/** Initial cells per time bin. A power of two, so that merged cells stay aligned with time bins. */
const FINEST = 64

interface Cell {
  low: number
  high: number
  last: number
  volume: number
  trades: number
}

/** Collects price and volume over time and by trade size. Memory does not grow with the number of ticks. */
export class TapeCollector {
  private readonly sizeTrades: number[]
  private readonly sizeVolume: number[]
  private cells = new Map<number, Cell>()
  /** Pairwise merges so far: a cell covers 2^merges / 64 time bins. */
  private merges = 0
  private first = Number.POSITIVE_INFINITY
  private latest = Number.NEGATIVE_INFINITY

  /** @param mostCells most cells of the time axis */
  constructor(
    private readonly instrument: Instrument,
    private readonly grid: Grid,
    private readonly mostCells = TAPE_CELLS,
  ) {
    this.sizeTrades = Array(grid.sizeBins).fill(0)
    this.sizeVolume = Array(grid.sizeBins).fill(0)
  }

  add({ length, time, price, size }: TickColumns): void {
    const { timeWidth, sizeResolution, sizeBins } = this.grid
    let number = Number.NaN
    let cell: Cell | undefined
    for (let i = 0; i < length; i++) {
      const slab = Math.floor(time[i] / timeWidth)
      const part = Math.floor(((time[i] - slab * timeWidth) * FINEST) / timeWidth)
      const at = Math.floor((slab * FINEST + part) / 2 ** this.merges)
      if (at !== number || !cell) {
        number = at
        cell = this.cells.get(at)
        if (!cell) {
          cell = { low: price[i], high: price[i], last: price[i], volume: 0, trades: 0 }
          this.cells.set(at, cell)
        }
      }
      if (price[i] < cell.low) cell.low = price[i]
      if (price[i] > cell.high) cell.high = price[i]
      cell.last = price[i]
      cell.volume += size[i]
      cell.trades++
      const bin = Math.min(logClass(size[i], sizeResolution), sizeBins - 1)
      this.sizeTrades[bin]++
      this.sizeVolume[bin] += size[i]
      if (time[i] < this.first) this.first = time[i]
      if (time[i] > this.latest) this.latest = time[i]
      if (this.cells.size > this.mostCells) {
        this.merge()
        number = Number.NaN
      }
    }
  }

  tape(): Tape {
    const cells = [...this.cells].sort(([a], [b]) => a - b)
    const firstTime = cells[0]?.[0] ?? 0
    const iso = (micros: number) => (cells.length > 0 ? isoMillis(micros) : '')
    const column = (name: keyof Cell) => cells.map(([, cell]) => cell[name])
    return {
      timeBins: 2 ** this.merges / FINEST,
      firstTime,
      time: cells.map(([at]) => at - firstTime),
      low: column('low'),
      high: column('high'),
      last: column('last'),
      volume: column('volume'),
      trades: column('trades'),
      from: iso(this.first),
      to: iso(this.latest),
    }
  }

  sizes(): SizeProfile {
    return {
      from: sizeTexts(this.instrument, this.grid),
      trades: this.sizeTrades,
      volume: this.sizeVolume,
    }
  }

  /** Merges neighbours in pairs. */
  private merge(): void {
    this.merges++
    const merged = new Map<number, Cell>()
    for (const [at, cell] of [...this.cells].sort(([a], [b]) => a - b)) {
      const into = merged.get(Math.floor(at / 2))
      if (!into) {
        merged.set(Math.floor(at / 2), cell)
        continue
      }
      into.low = Math.min(into.low, cell.low)
      into.high = Math.max(into.high, cell.high)
      into.last = cell.last
      into.volume += cell.volume
      into.trades += cell.trades
    }
    this.cells = merged
  }
}
