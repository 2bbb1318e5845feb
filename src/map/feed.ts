import { type Slab, Slabs, type TouchedPage } from '../engine/slabs.ts'
import type { MapSteps } from '../engine/steps.ts'
import type { KeptPlace, PageWork, RawPage, RetireWork } from '../engine/work.ts'
import { OpenBins } from '../events/lateness.ts'
import { type MarkAccount, Marker } from '../events/marks.ts'
import type { TickColumns } from '../events/ticks.ts'
import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { Meta } from '../layers/trades/moments.ts'
import type { Counts } from '../units/counts.ts'
import { count } from '../units/counts.ts'

export interface FeedOptions {
  /** Time bins a tick may lag behind the newest one. */
  readonly lateness: number
  /** Slabs whose score pages stay. */
  readonly keepSlabs: number
  /** See `Slabs`. */
  readonly leastTrades: number
  /** Takes over each piece of work, in order; the feed waits for the promise before it bins on. */
  readonly onWork: (work: RetireWork) => Promise<void>
}

/** Exact sums over all binned ticks. */
export interface Totals {
  trades: bigint
  volume: bigint
  flow: bigint
  variation: bigint
  covariation: bigint
}

/** Ticks of one batch: large enough to amortise an upload, small enough to stay in a cache. */
export const BATCH_TICKS = 65_536
const CONTEXT = 2
/** Calls a backend may be working on while the host prepares the next. */
export const CALLS_IN_FLIGHT = 3

/**
 * Feeds ticks to a backend: marks them, finds their page, sends them off in batches, and hands out the work on slabs
 * that no tick can reach any more. What comes out does not depend on how the ticks are cut into columns.
 */
export class MapFeed {
  readonly outside: Counts = {}
  binned = 0
  /** Seconds spent in marking and locating ticks. */
  seconds = 0

  private readonly slabs: Slabs
  private readonly priceRadius: number
  private readonly marker: Marker
  private readonly open: OpenBins
  private readonly words = new Uint32Array(3 * (CONTEXT + BATCH_TICKS))
  private entries = CONTEXT

  // The slab and page that the last tick fell into; prices are sticky, so the next one mostly falls there too.
  private slab: Slab | null = null
  private slabFrom = 0
  private slabTo = 0
  private page: TouchedPage | null = null
  private pageFrom = 0
  private pageTo = 0
  /** Whether the tick at hand found no room for its page. */
  private full = false

  private readonly sum = { volume: 0, flow: 0, variation: 0, covariation: 0 }
  private readonly total: Totals = { trades: 0n, volume: 0n, flow: 0n, variation: 0n, covariation: 0n }

  constructor(
    private readonly steps: MapSteps,
    private readonly grid: Grid,
    kernel: Kernel,
    private readonly options: FeedOptions,
  ) {
    this.priceRadius = kernel.radii.price
    this.slabs = new Slabs(grid, kernel, options.leastTrades, steps, options.keepSlabs)
    this.marker = new Marker(grid.timeWidth)
    this.open = new OpenBins(options.lateness)
  }

  get marks(): MarkAccount {
    return this.marker.account
  }

  get totals(): Readonly<Totals> {
    this.carryTotals()
    return { ...this.total, trades: BigInt(this.binned) }
  }

  /** Adds ticks, already checked, and hands out the work that is due after them. */
  async ingest(ticks: TickColumns): Promise<void> {
    let from = 0
    while (from < ticks.length) {
      const start = performance.now()
      from = this.locate(ticks, from)
      this.seconds += (performance.now() - start) / 1000
      this.sendBatch()
      await this.steps.settle(CALLS_IN_FLIGHT)
      if (this.isDue() || this.full) await this.handOut(this.open.closedTo)
    }
    await this.handOut(this.open.closedTo)
  }

  /** No tick comes any more: hands out all work that is left. */
  async end(): Promise<void> {
    await this.handOut(Number.POSITIVE_INFINITY)
  }

  /**
   * Raw pages that are still held, their moments exact.
   * @throws {VoxriskError} `overflow`
   */
  held(): RawPage[] {
    this.slabs.checkHeld()
    return this.slabs.held()
  }

  /** Scored pages whose scores are still held. */
  scored(): PageWork[] {
    return this.slabs.scoredPages()
  }

  /** Where the pages of {@link scored} lie. */
  keptPlaces(): KeptPlace[] {
    return this.slabs.keptPlaces()
  }

  /** Grows whenever the pages of {@link scored} change. */
  get revision(): number {
    return this.slabs.revision
  }

  private async handOut(closedTo: number): Promise<void> {
    let work = this.slabs.next(closedTo, this.steps.pagesPerRetire)
    while (work) {
      await this.options.onWork(work)
      work = this.slabs.next(closedTo, this.steps.pagesPerRetire)
    }
  }

  private isDue(): boolean {
    return this.slabs.due(this.open.closedTo, this.steps.pagesPerRetire)
  }

  /** Puts ticks into the batch until it is full or work is due; returns the index of the next tick. */
  private locate(ticks: TickColumns, from: number): number {
    const { time, price, size, side, flags } = ticks
    const { marker, words, sum } = this
    const pageTicks = PAGE_PRICES * this.grid.priceWidth
    const reach = this.priceRadius * this.grid.priceWidth
    const closedBefore = this.open.closedTo
    for (let i = from; i < ticks.length; i++) {
      if (this.entries === CONTEXT + BATCH_TICKS) return i
      const at = time[i]
      const p = price[i]
      if (at < this.slabFrom || at >= this.slabTo) {
        if (!this.enterSlab(at)) {
          count(this.outside, 'late')
          continue
        }
        if (this.open.closedTo > closedBefore && this.isDue()) return i
      }
      if (this.page === null || p < this.pageFrom || p >= this.pageTo) {
        const page = Math.floor(p / pageTicks)
        this.page = this.slabs.page(this.slab!, page)
        if (this.page === null) {
          if (this.full) throw this.slabs.outOfPages() // handing out what was due made no room
          this.full = true
          return i
        }
        this.full = false
        this.pageFrom = page * pageTicks
        this.pageTo = this.pageFrom + pageTicks
      }
      marker.mark(at, p, side[i], flags ? flags[i] : 0)
      const { increment } = marker
      const lots = size[i]
      const squared = increment * increment
      const product = increment * marker.previousIncrement
      const slab = this.slab!
      slab.volume += lots || 1 // so that the bound covers the count of trades too
      slab.increments += squared + 2 * Math.abs(product)
      this.page.trades++
      if (p < this.page.low) this.page.low = p
      if (p > this.page.high) this.page.high = p
      if (p < this.pageFrom + reach) this.page.below++
      if (p >= this.pageTo - reach) this.page.above++
      sum.volume += lots
      sum.flow += marker.side * lots
      sum.variation += squared
      sum.covariation += product
      const word = 3 * this.entries++
      words[word] = p
      words[word + 1] = lots
      words[word + 2] =
        (this.page.slot << Meta.slotShift) |
        (marker.marked ? Meta.marked : 0) |
        (marker.side === 0 ? 0 : marker.side > 0 ? 1 : 2)
    }
    return ticks.length
  }

  /** Makes the slab of a time the current one; false when it has closed. */
  private enterSlab(time: number): boolean {
    const bin = Math.floor(time / this.grid.timeWidth)
    if (!this.open.admit(bin)) return false
    this.carryTotals() // the sums of one slab are exact: its bound is checked when it retires
    this.slab = this.slabs.slab(bin)
    this.slabFrom = bin * this.grid.timeWidth
    this.slabTo = this.slabFrom + this.grid.timeWidth
    this.page = null
    return true
  }

  private sendBatch(): void {
    if (this.entries === CONTEXT) return
    this.steps.bin({ words: this.words, entries: this.entries, pages: this.slabs.slots })
    this.binned += this.entries - CONTEXT
    this.words.copyWithin(0, 3 * (this.entries - CONTEXT), 3 * this.entries)
    this.entries = CONTEXT
  }

  /** Moves the running float64 sums into the totals. */
  private carryTotals(): void {
    for (const name of ['volume', 'flow', 'variation', 'covariation'] as const) {
      this.total[name] += BigInt(this.sum[name])
      this.sum[name] = 0
    }
  }
}
