import { OpenBins } from '../events/lateness.ts'
import { type Axes, PAGE_PRICES } from '../grid/axes.ts'
import type { Layer } from './layer.ts'
import type { Slab, Slabs, TouchedPage } from './slabs.ts'

/** Events of one batch: large enough to amortise an upload, small enough to stay in a cache. */
export const BATCH_EVENTS = 65_536

/** Puts the events of a layer into a batch, see `EventPacker.pack`. */
export interface EventPacker<Events> {
  /**
   * Puts events into the batch, from one on, until it is full, work is due or there is no room for a page.
   * @returns index of the first event that is neither packed nor late
   */
  pack(events: Events, from: number, batch: Batch): number
}

/**
 * The events on their way to a backend, and the slab and page that the last one fell into: events come in the order of
 * time and prices are sticky, so the next one mostly falls there too. A packer keeps all of this in locals, compares with
 * the limits itself, calls `enterSlab` and `enterPage` only where an event lies beyond them, and counts it in its page:
 * a call for each event would take a fifth of the time that packing takes.
 */
export class Batch {
  readonly words: Uint32Array<ArrayBuffer>
  /** Entries in use, those of context included. */
  entries: number
  /** Most entries. */
  readonly end: number
  /** Events that came too late for their slab. */
  late = 0

  /** The totals of the slab at hand, and its time, µs: from included, to excluded. */
  totals: Float64Array = new Float64Array()
  slabFrom = 0
  slabTo = 0
  /** The page at hand and its prices, ticks: from included, to excluded. An empty range where there is none. */
  page!: TouchedPage
  pageFrom = 0
  pageTo = 0
  /** Prices below this one reach the page below, prices from the other on the page above. */
  below = 0
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

  /** The highest time bin that takes no event any more. */
  get closedTo(): number {
    return this.open.closedTo
  }

  /** Whether the event at hand found no room for its page. */
  get isFull(): boolean {
    return this.full
  }

  /** Events that wait to be sent. */
  get waiting(): number {
    return this.entries - this.event.context
  }

  /** To be called before the packer goes on. */
  begin(): void {
    this.closedBefore = this.open.closedTo
  }

  /** Keeps the last entries as context of the next batch. */
  sent(): void {
    const { words, context } = this.event
    this.words.copyWithin(0, words * (this.entries - context), words * this.entries)
    this.entries = context
  }

  /** Makes the slab of a time the one at hand; false when it has closed, and the event is counted as late. */
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
    this.pageTo = this.pageFrom // of another slab: no price lies in it
    return true
  }

  /** Whether enough slabs have closed in this call for a piece of work; the packer then stops before the event at hand. */
  get isDue(): boolean {
    return this.open.closedTo > this.closedBefore && this.slabs.due(this.open.closedTo, this.pagesPerRetire())
  }

  /**
   * Makes the page of a price the one at hand; false when there is no room for it.
   * @throws {VoxriskError} `out-of-pages` when handing out what was due has made no room either
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
