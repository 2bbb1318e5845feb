import { Batch, type EventPacker } from '../engine/batch.ts'
import type { RetireWork } from '../engine/packing.ts'
import { Slabs } from '../engine/slabs.ts'
import type { MapShape, MapSteps } from '../engine/steps.ts'
import type { KeptPlace, PageWork, RawPage } from '../engine/work.ts'

/** What a feed keeps, and what receives its work. */
export interface FeedOptions {
  /** Time bins an event may lag behind the newest one, 0 … 10,000. */
  readonly lateness: number
  /** Slabs whose score pages are kept, 0 … 10,000. */
  readonly keepSlabs: number
  /**
   * Smoothed events below which no voxel matters, in units of the kernel's centre weight: κ for a map, 1 for
   * a survey of terms.
   */
  readonly leastEvents: number
  /** Receives each piece of work, in order. The feed waits for the promise before it bins more events. */
  readonly onWork: (work: RetireWork) => Promise<void>
}

/** How many calls a backend may be working on while the host prepares the next. */
export const CALLS_IN_FLIGHT = 3

/**
 * Feeds the events of a layer to a backend: packs them, sends them in batches, and hands out the work on
 * slabs that no event can reach any more. The result does not depend on how the events are cut into columns.
 */
export class MapFeed<Events extends { readonly length: number }> {
  /** Events sent to the backend so far. */
  binned = 0
  /** Seconds spent packing events. */
  seconds = 0

  private readonly slabs: Slabs
  private readonly batch: Batch

  constructor(
    private readonly steps: MapSteps,
    { layer, axes, kernel }: Pick<MapShape, 'layer' | 'axes' | 'kernel'>,
    private readonly packer: EventPacker<Events>,
    private readonly options: FeedOptions,
  ) {
    const { lateness, keepSlabs, leastEvents } = options
    this.slabs = new Slabs(axes, kernel, layer.bounds, leastEvents, steps, keepSlabs)
    this.batch = new Batch(layer, this.slabs, axes, kernel.radii.price, lateness, () => steps.pagesPerRetire)
  }

  /** Events left out because their slab had closed. */
  get late(): number {
    return this.batch.late
  }

  /**
   * Adds events that are already checked, and hands out the work that becomes due. Resolves when the backend
   * has room for more.
   * @throws {VoxriskError} `overflow`, `out-of-pages`; errors of the backend; whatever `onWork` rejects with.
   *   The feed is of no use after that.
   */
  async ingest(events: Events): Promise<void> {
    const { batch } = this
    let from = 0
    while (from < events.length) {
      const start = performance.now()
      batch.begin()
      from = this.packer.pack(events, from, batch)
      this.seconds += (performance.now() - start) / 1000
      this.sendBatch()
      await this.steps.settle(CALLS_IN_FLIGHT)
      if (this.isDue() || batch.isFull) await this.handOut(batch.closedTo)
    }
    await this.handOut(batch.closedTo)
  }

  /**
   * Hands out all remaining work. No more events may follow.
   * @throws {VoxriskError} `overflow`; whatever `onWork` rejects with
   */
  async end(): Promise<void> {
    await this.handOut(Number.POSITIVE_INFINITY)
  }

  /**
   * Raw pages that are still held. Their moments are exact.
   * @throws {VoxriskError} `overflow` when moments of these slabs could exceed 2^53
   */
  held(): RawPage[] {
    this.slabs.checkHeld()
    return this.slabs.held()
  }

  /** Scored pages whose scores are still held. */
  scored(): PageWork[] {
    return this.slabs.scoredPages()
  }

  /** Slab, page and price range of the pages of {@link scored}. */
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
    return this.slabs.due(this.batch.closedTo, this.steps.pagesPerRetire)
  }

  private sendBatch(): void {
    const { batch } = this
    if (batch.waiting === 0) return
    this.steps.bin({ words: batch.words, entries: batch.entries, pages: this.slabs.slots })
    this.binned += batch.waiting
    batch.sent()
  }
}
