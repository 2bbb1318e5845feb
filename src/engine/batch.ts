import { OpenBins } from '../events/lateness.ts'
import { type Axes, PAGE_PRICES } from '../grid/axes.ts'
import type { Layer } from './layer.ts'
import type { Slab, Slabs, TouchedPage } from './slabs.ts'

/** Events of one batch: large enough to amortise an upload, small enough to stay in a cache. */
export const BATCH_EVENTS = 65_536

/** Puts the events of a layer into a batch, see `EventPacker.pack`. */
export interface EventPacker<Events> {
  /**
   * Packs events, starting at `from`, until the batch is full, work is due or a page finds no room.
   * @returns index of the first event not dealt with
   */
  pack(events: Events, from: number, batch: Batch): number
}

/**
 * Events on their way to a backend, with the slab and page of the last one. Events are in time order and
 * prices are sticky, so the next event usually falls into the same page. A packer copies the limits into
 * locals and compares them itself. It calls `enterSlab` and `enterPage` only when an event lies outside, and
 * counts the event in its page. One call per event would add a fifth to the time of packing.
 */
export class Batch {
  /** The packed events, `Layer.event.words` per entry. */
  readonly words: Uint32Array<ArrayBuffer>
  /** Entries in use, including the context. */
  entries: number
  /** Most entries. */
  readonly end: number
  /** Events whose slab had already closed. */
  late = 0

  /** Totals of the current slab, one for each of the layer's bounds. */
  totals: Float64Array = new Float64Array()
  /** Time of the current slab in µs, included. */
  slabFrom = 0
  /** End of the current slab in µs, excluded. */
  slabTo = 0
  /** The current page; only valid while `pageFrom` is below `pageTo`. */
  page!: TouchedPage
  /** Lowest price of the current page in ticks, included. */
  pageFrom = 0
  /** End of the current page in ticks, excluded; equal to `pageFrom` when there is no page. */
  pageTo = 0
  /** Prices below this one, in ticks, reach the page below. */
  below = 0
  /** Prices from this one on, in ticks, reach the page above. */
  above = 0

  private slab!: Slab
  private readonly open: OpenBins
  private readonly pageTicks: number
  private readonly reach: number
  private readonly event: Layer['event']
  private full = false
  private closedBefore = Number.NEGATIVE_INFINITY

  constructor(
    { event }: Layer,
    private readonly slabs: Slabs,
    private readonly axes: Axes,
    priceRadius: number,
    lateness: number,
    private readonly pagesPerRetire: () => number,
  ) {
    this.event = event
    this.words = new Uint32Array(event.words * (event.context + BATCH_EVENTS))
    this.entries = event.context
    this.end = event.context + BATCH_EVENTS
    this.open = new OpenBins(lateness)
    this.pageTicks = PAGE_PRICES * axes.priceWidth
    this.reach = priceRadius * axes.priceWidth
  }

  /** The highest time bin that is closed. */
  get closedTo(): number {
    return this.open.closedTo
  }

  /** Whether the last event found no room for its page. */
  get isFull(): boolean {
    return this.full
  }

  /** Events packed and not yet sent. */
  get waiting(): number {
    return this.entries - this.event.context
  }

  /** Call before each `pack`. */
  begin(): void {
    this.closedBefore = this.open.closedTo
  }

  /** Call after sending: keeps the last entries as context for the next batch. */
  sent(): void {
    const { words, context } = this.event
    this.words.copyWithin(0, words * (this.entries - context), words * this.entries)
    this.entries = context
  }

  /**
   * Makes the slab of this time current. Returns false and counts the event as late when the slab has closed.
   */
  enterSlab(time: number): boolean {
    const { timeWidth } = this.axes
    const bin = Math.floor(time / timeWidth)
    if (!this.open.admit(bin)) {
      this.late++
      return false
    }
    this.slab = this.slabs.slab(bin)
    this.totals = this.slab.totals
    this.slabFrom = bin * timeWidth
    this.slabTo = this.slabFrom + timeWidth
    this.pageTo = this.pageFrom // the page belongs to the slab before
    return true
  }

  /**
   * Whether enough slabs have closed since `begin()` for a piece of work. The packer then stops before this
   * event.
   */
  get isDue(): boolean {
    return this.open.closedTo > this.closedBefore && this.slabs.due(this.open.closedTo, this.pagesPerRetire())
  }

  /**
   * Makes the page of this price current. Returns false when there is no room for it.
   * @throws {VoxriskError} `out-of-pages` when handing out the work that was due made no room either
   */
  enterPage(price: number): boolean {
    const number = Math.floor(price / this.pageTicks)
    const page = this.slabs.page(this.slab, number)
    if (page === null) {
      if (this.full) throw this.slabs.outOfPages()
      this.full = true
      return false
    }
    this.full = false
    this.page = page
    this.pageFrom = number * this.pageTicks
    this.pageTo = this.pageFrom + this.pageTicks
    this.below = this.pageFrom + this.reach
    this.above = this.pageTo - this.reach
    return true
  }
}
