import { VoxriskError } from '../errors.ts'
import type { Axes } from '../grid/axes.ts'
import { checkBounds, type SlabBound } from '../grid/bounds.ts'
import type { Kernel } from '../grid/kernel.ts'
import { isoTime } from '../units/iso-time.ts'
import { PageJobs, ReleaseJobs, type RetireWork } from './packing.ts'
import { Slots } from './slots.ts'
import type { MapSteps } from './steps.ts'
import { type KeptPlace, NO_SLOT, type PageWork, type RawPage } from './work.ts'

/** A touched page, and how many of its events the price kernel carries into the neighbouring pages. */
export interface TouchedPage {
  readonly slot: number
  events: number
  /** Events that reach the page below. */
  below: number
  /** Events that reach the page above. */
  above: number
  /** Lowest and highest price in it, ticks. */
  low: number
  high: number
}

/** A time bin that events have touched. */
export interface Slab {
  readonly bin: number
  readonly pages: Map<number, TouchedPage>
  /** One total for each of the layer's bounds. They bound the moments of the slab's voxels. */
  readonly totals: Float64Array
}

interface ScoredSlab {
  readonly bin: number
  readonly pages: Map<number, PageWork>
  /** The slab's pages as events have touched them. */
  readonly touched: ReadonlyMap<number, TouchedPage>
}

/**
 * The page table and the timetable of a map: which pages exist, where they are, and when a slab can be
 * scored, searched for peaks and released. Pure bookkeeping on the host, the same for every backend.
 *
 * A slab is *closed* when no event can fall into it any more. With time radius r, slab s can be scored once
 * s + r is closed, and searched for peaks once s + 1 is scored or has closed empty. Its raw pages are
 * released once s + r is scored or skipped.
 */
export class Slabs {
  private readonly touched = new Map<number, Slab>()
  private readonly scored: ScoredSlab[] = [] // ascending: the last two, and those kept for a view
  private readonly raw = new Slots()
  private readonly smoothed = new Slots()
  private readonly scores = new Slots()
  /** Lowest slab not yet scored. */
  private cursor = Number.NEGATIVE_INFINITY
  /** Scored slab that still waits for its peak test. */
  private pending: ScoredSlab | null = null
  /** Grows whenever the pages of {@link scoredPages} change. */
  revision = 0

  private readonly pageLimit: number

  /**
   * @param bounds what the layer's totals of a slab must stay below
   * @param leastEvents smoothed events below which no voxel of a page matters, in units of the kernel's
   *   centre weight: κ for scores, 1 for a survey. Pages that cannot reach it are skipped.
   * @param limits most raw pages and most pages of scores at one time
   */
  constructor(
    private readonly axes: Axes,
    private readonly kernel: Kernel,
    private readonly bounds: readonly SlabBound[],
    private readonly leastEvents: number,
    private readonly limits: Pick<MapSteps, 'pageLimit' | 'keptPageLimit'>,
    private readonly keepSlabs: number,
  ) {
    // A peak test needs the scores of the slabs just scored, the pending slab and the slab before it. At any
    // time two neighbouring groups of these held raw pages together, so half as many raw pages always leave
    // room for the scores.
    this.pageLimit = Math.min(limits.pageLimit, Math.max(1, Math.floor(limits.keptPageLimit / 2)))
  }

  /** One more than the highest raw slot in use. */
  get slots(): number {
    return this.raw.highWater
  }

  /** The slab of a time bin; creates it if it is new. */
  slab(bin: number): Slab {
    let slab = this.touched.get(bin)
    if (!slab) {
      slab = { bin, pages: new Map(), totals: new Float64Array(this.bounds.length) }
      this.touched.set(bin, slab)
    }
    return slab
  }

  /** A page of a slab; creates it if it is new. Null when there is no room for it. */
  page(slab: Slab, page: number): TouchedPage | null {
    let entry = slab.pages.get(page)
    if (!entry) {
      if (this.raw.taken >= this.pageLimit) return null
      entry = {
        slot: this.raw.take(),
        events: 0,
        below: 0,
        above: 0,
        low: Number.POSITIVE_INFINITY,
        high: 0,
      }
      slab.pages.set(page, entry)
    }
    return entry
  }

  /**
   * The error for when no due work can make room. As many slabs are held as kernel and lateness reach,
   * whatever their width; in a shorter time the price visits fewer pages.
   */
  outOfPages(): VoxriskError {
    return new VoxriskError(
      'out-of-pages',
      `the slabs in reach hold ${this.raw.taken} pages of 64 price bins, all that the backend has room for`,
      'Use wider price bins, shorter time bins or a smaller lateness.',
      { settings: ['priceWidth', 'timeWidth', 'lateness'] },
    )
  }

  /**
   * Checks the bounds of every slab that still has raw pages.
   * @throws {VoxriskError} `overflow`
   */
  checkHeld(): void {
    for (const bin of this.touched.keys()) this.checkBounds(bin)
  }

  /** Raw pages not released yet, in (slab, page) order. */
  held(): RawPage[] {
    return [...this.touched.values()].flatMap(slab => rawPages(slab)).sort(bySlabAndPage)
  }

  /** Pages whose scores are still kept, in (slab, page) order. */
  scoredPages(): PageWork[] {
    return this.scored.flatMap(slab => [...slab.pages.values()])
  }

  /** The places of {@link scoredPages}, in the same order. */
  keptPlaces(): KeptPlace[] {
    const { priceWidth } = this.axes
    return this.scored.flatMap(({ bin, pages, touched }) =>
      [...pages.keys()].map(page => {
        const { low, high } = touched.get(page)!
        return { slab: bin, page, low: Math.floor(low / priceWidth), high: Math.floor(high / priceWidth) }
      }),
    )
  }

  /**
   * The next piece of work, or null when nothing is due.
   * @param closedTo highest closed slab; `Infinity` ends the map
   * @param mostPages upper limit of pages to score; a single slab may exceed it
   * @throws {VoxriskError} `overflow` when a slab's smoothed moments could pass 2^53
   */
  next(closedTo: number, mostPages: number): RetireWork | null {
    const radius = this.kernel.radii.time
    const horizon = closedTo - radius
    // A slab waiting for its peak test keeps its raw pages, even with radius 0. So there are never more
    // smoothed pages than raw ones, and only the host's limit on raw pages can be reached.
    const reach = Math.max(radius, 1)
    const score: PageWork[] = []
    const peaks: PageWork[] = []
    const release: RawPage[] = []
    const outlived = this.firstNeeded()
    let refusal: unknown

    while (score.length < mostPages) {
      const bin = this.nextToScore()
      if (bin > horizon || bin === Number.POSITIVE_INFINITY) break
      const pages = this.pagesToScore(bin)
      if (score.length > 0 && score.length + pages.length > mostPages) break
      try {
        this.checkBounds(bin)
      } catch (error) {
        refusal = error // thrown once all work before this slab has been handed out, however slabs were grouped
        this.cursor = bin
        break
      }
      this.makeRoom(pages.length, outlived)
      this.cursor = bin + 1
      if (pages.length === 0) continue
      const slab = this.scoreSlab(bin, pages)
      score.push(...slab.pages.values())
      this.scored.push(slab)
      this.revision++
      if (this.pending) peaks.push(...this.peakSlab(this.pending))
      this.pending = slab
    }
    const next = this.nextToScore()
    const ended = next === Number.POSITIVE_INFINITY && closedTo === Number.POSITIVE_INFINITY
    if (next > horizon && horizon >= this.cursor) this.cursor = horizon + 1 // nothing to score in between
    if (this.pending && this.hasNothingAfter(this.pending, closedTo)) {
      peaks.push(...this.peakSlab(this.pending))
      this.pending = null
    }
    for (const [bin, slab] of this.touched) {
      if (bin < this.cursor - reach || ended) {
        release.push(...rawPages(slab))
        this.touched.delete(bin)
      }
    }
    if (score.length + peaks.length + release.length === 0) {
      if (refusal !== undefined) throw refusal
      return null
    }
    release.sort(bySlabAndPage)
    this.letGo(peaks, release)
    return { score: new PageJobs(score), peaks: new PageJobs(peaks), release: new ReleaseJobs(release) }
  }

  /**
   * A cheap estimate of whether `next` would score at least `pages` pages: it counts the pages of due slabs.
   */
  due(closedTo: number, pages: number): boolean {
    let count = 0
    for (const [bin, slab] of this.touched) {
      if (bin + this.kernel.radii.time <= closedTo && bin >= this.cursor) count += slab.pages.size
    }
    return count >= pages
  }

  /** The lowest touched slab not yet scored; Infinity if there is none. */
  private nextToScore(): number {
    let least = Number.POSITIVE_INFINITY
    for (const bin of this.touched.keys()) if (bin >= this.cursor && bin < least) least = bin
    return least
  }

  /** Whether the slab after a scored one will have no scores: it was skipped, or it closed empty. */
  private hasNothingAfter({ bin }: ScoredSlab, closedTo: number): boolean {
    return this.cursor > bin + 1 || (bin + 1 <= closedTo && !this.touched.has(bin + 1))
  }

  private checkBounds(bin: number): void {
    const totals = this.near(bin).map(slab => slab?.totals)
    checkBounds(this.kernel, this.bounds, totals, slabName(bin, this.axes))
  }

  /** Touched slabs at −radius … +radius around a time bin. */
  private near(bin: number): (Slab | undefined)[] {
    const radius = this.kernel.radii.time
    return this.kernel.time.map((_, i) => this.touched.get(bin + i - radius))
  }

  /** Touched pages of a slab that may hold a voxel with enough weight, ascending. */
  private pagesToScore(bin: number): number[] {
    const { time, radii } = this.kernel
    const near = this.near(bin)
    const least = this.leastEvents * time[radii.time]
    const pages = [...(near[radii.time]?.pages.keys() ?? [])].filter(page => {
      // Upper bound of the page's smoothed events: everything that reaches it, at the largest price and class
      // weights.
      let weight = 0
      for (const [i, slab] of near.entries()) {
        const { events = 0 } = slab?.pages.get(page) ?? {}
        const { above = 0 } = slab?.pages.get(page - 1) ?? {}
        const { below = 0 } = slab?.pages.get(page + 1) ?? {}
        weight += time[i] * (events + above + below)
      }
      return weight >= least
    })
    return pages.sort((a, b) => a - b)
  }

  /** Plans the work on the pages of a slab. */
  private scoreSlab(bin: number, chosen: readonly number[]): ScoredSlab {
    const near = this.near(bin)
    const pages = new Map<number, PageWork>()
    for (const page of chosen) {
      const raw = new Int32Array(near.length * 3)
      for (const [i, slab] of near.entries()) {
        const own = slab?.pages.get(page)
        const lower = slab?.pages.get(page - 1)
        const upper = slab?.pages.get(page + 1)
        raw[i * 3] = lower && lower.above > 0 ? lower.slot : NO_SLOT
        raw[i * 3 + 1] = own ? own.slot : NO_SLOT
        raw[i * 3 + 2] = upper && upper.below > 0 ? upper.slot : NO_SLOT
      }
      pages.set(page, {
        slab: bin,
        page,
        own: near[(near.length - 1) / 2]!.pages.get(page)!.slot,
        smoothed: this.smoothed.take(),
        scores: this.scores.take(),
        raw,
        around: new Int32Array(9).fill(NO_SLOT),
      })
    }
    return { bin, pages, touched: this.touched.get(bin)!.pages }
  }

  /** The pages of a slab with the score slots around them filled in. */
  private peakSlab(slab: ScoredSlab): PageWork[] {
    const near = [-1, 0, 1].map(step => this.scored.find(other => other.bin === slab.bin + step))
    for (const work of slab.pages.values()) {
      for (let step = 0; step < 3; step++) {
        for (let side = -1; side <= 1; side++) {
          work.around[step * 3 + side + 1] = near[step]?.pages.get(work.page + side)?.scores ?? NO_SLOT
        }
      }
    }
    return [...slab.pages.values()]
  }

  /** Returns the slots that the work just planned uses for the last time. */
  private letGo(peaks: readonly PageWork[], release: readonly RawPage[]): void {
    for (const page of peaks) this.smoothed.release(page.smoothed)
    for (const page of release) this.raw.release(page.slot)
    const needed = this.firstNeeded()
    while (this.scored.length > this.keepSlabs && this.scored[0].bin < needed) this.dropOldest()
  }

  /** Lowest slab whose scores a later peak test may read. */
  private firstNeeded(): number {
    return (this.pending?.bin ?? this.cursor) - 1
  }

  /** Drops the oldest kept slabs below `outlived` until `pages` more pages of scores fit. */
  private makeRoom(pages: number, outlived: number): void {
    const { keptPageLimit } = this.limits
    while (this.scores.taken + pages > keptPageLimit && this.scored[0]?.bin < outlived) this.dropOldest()
  }

  private dropOldest(): void {
    for (const page of this.scored.shift()!.pages.values()) this.scores.release(page.scores)
    this.revision++
  }
}

function rawPages(slab: Slab): RawPage[] {
  return [...slab.pages].map(([page, { slot }]) => ({ slab: slab.bin, page, slot }))
}

function bySlabAndPage(a: RawPage, b: RawPage): number {
  return a.slab - b.slab || a.page - b.page
}

/** A time bin in words. */
function slabName(bin: number, axes: Axes): string {
  return isoTime(bin * axes.timeWidth)
}
