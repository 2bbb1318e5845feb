import type { Batch, EventPacker } from '../../engine/batch.ts'
import { type MarkAccount, Marker } from '../../events/marks.ts'
import type { TickColumns } from '../../events/ticks.ts'
import type { Totals } from './moments.ts'

/**
 * Three words per tick: price, size, meta. The context is the two ticks before a batch: increments look back.
 */
export const TICK = { words: 3, context: 2 } as const

/** Layout of a tick's meta word: raw page slot · 8 + marked · 4 + side (0 none, 1 bought, 2 sold). */
export const Meta = { sideMask: 3, marked: 4, slotShift: 3 } as const

/** Places of a slab's totals. */
const Bound = { volume: 0, increments: 1 } as const

/** Packs ticks: marks them, finds their page and keeps the totals for the report. */
export class TickPacker implements EventPacker<TickColumns> {
  private readonly marker: Marker
  private packed = 0
  private readonly sum = { volume: 0, flow: 0, variation: 0, covariation: 0 }
  private readonly total = { volume: 0n, flow: 0n, variation: 0n, covariation: 0n }

  /** @param timeWidth µs per time bin; after a longer gap a price makes no increment */
  constructor(timeWidth: number) {
    this.marker = new Marker(timeWidth)
  }

  /** Which of the ticks packed so far have no increment. */
  get marks(): MarkAccount {
    return this.marker.account
  }

  /** Exact sums over all ticks packed so far. */
  get totals(): Readonly<Totals> {
    this.carryTotals()
    return { trades: BigInt(this.packed), ...this.total }
  }

  /**
   * Packs ticks that are already checked, starting at index `from`, until the batch is full, work is due or a
   * page finds no room.
   * @returns index of the first tick not dealt with
   */
  pack(ticks: TickColumns, from: number, batch: Batch): number {
    const { time, price, size, side, flags } = ticks
    const { marker, sum } = this
    const { words, end } = batch
    const before = batch.waiting
    let { entries, slabFrom, slabTo, pageFrom, pageTo, below, above, page, totals } = batch
    let i = from
    for (; i < ticks.length; i++) {
      if (entries === end) break
      const at = time[i]
      const p = price[i]
      if (at < slabFrom || at >= slabTo) {
        if (!batch.enterSlab(at)) continue
        this.carryTotals() // sums of one slab are exact, since its bound is checked when it retires
        ;({ slabFrom, slabTo, pageFrom, pageTo, totals } = batch)
        if (batch.isDue) break
      }
      if (p < pageFrom || p >= pageTo) {
        if (!batch.enterPage(p)) break
        ;({ pageFrom, pageTo, below, above, page } = batch)
      }
      marker.mark(at, p, side[i], flags ? flags[i] : 0)
      const { increment } = marker
      const lots = size[i]
      const squared = increment * increment
      const product = increment * marker.previousIncrement
      totals[Bound.volume] += lots || 1 // so that the bound covers the count of trades too
      totals[Bound.increments] += squared + 2 * Math.abs(product)
      page.events++
      if (p < page.low) page.low = p
      if (p > page.high) page.high = p
      if (p < below) page.below++
      if (p >= above) page.above++
      sum.volume += lots
      sum.flow += marker.side * lots
      sum.variation += squared
      sum.covariation += product
      const word = TICK.words * entries++
      words[word] = p
      words[word + 1] = lots
      words[word + 2] =
        (page.slot << Meta.slotShift) |
        (marker.marked ? Meta.marked : 0) |
        (marker.side === 0 ? 0 : marker.side > 0 ? 1 : 2)
    }
    batch.entries = entries
    this.packed += batch.waiting - before
    return i
  }

  /** Moves the running float64 sums into the totals. */
  private carryTotals(): void {
    for (const name of ['volume', 'flow', 'variation', 'covariation'] as const) {
      this.total[name] += BigInt(this.sum[name])
      this.sum[name] = 0
    }
  }
}
