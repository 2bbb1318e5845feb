/// <reference lib="esnext.disposable" preserve="true" />

import type { RetireWork } from '../engine/packing.ts'
import { PageJobs } from '../engine/packing.ts'
import { classOf, priceOf } from '../engine/pages.ts'
import { type Backend, type MapSteps, mapDestroyed, type ScorePages } from '../engine/steps.ts'
import type { KeptPlace, Retired, ScoredPage } from '../engine/work.ts'
import { VoxriskError } from '../errors.ts'
import { checkLateness, DEFAULT_LATENESS } from '../events/lateness.ts'
import type { MarkAccount } from '../events/marks.ts'
import { checkTicks, type TickColumns } from '../events/ticks.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { type Digest, Digester } from '../hotspots/digest.ts'
import { byVoxel } from '../hotspots/rank.ts'
import { type KeptTrades, tradeDetail } from '../layers/trades/detail.ts'
import { type Hotspot, HotspotFacts } from '../layers/trades/facts.ts'
import type { Grid } from '../layers/trades/grid.ts'
import { tradesLayer } from '../layers/trades/layer.ts'
import { MOMENT_COUNT, type Totals } from '../layers/trades/moments.ts'
import { TickPacker } from '../layers/trades/pack.ts'
import type { Counts } from '../units/counts.ts'
import type { Instrument } from '../units/instrument.ts'
import { type Calibration, checkCalibration, mapShape, type ScoredShape } from './calibration.ts'
import { Channel } from './channel.ts'
import { CALLS_IN_FLIGHT, MapFeed } from './feed.ts'
import { Observers, type RiskMapObserver } from './observers.ts'

/** Options of a map: a backend, a calibration, and what to keep. */
export interface RiskMapOptions {
  /** Runs the steps; borrowed. */
  readonly backend: Backend
  /** Instrument, grid, kernel and the constants of the score. */
  readonly calibration: Calibration
  /** Time bins a tick may lag behind the newest one, 0 … 10,000; default 1. Later ticks count as `late`. */
  readonly lateness?: number
  /**
   * Slabs whose score pages are kept after they retire, for a view, 0 … 10,000; default 0. If they need more
   * memory than the backend can bind, the oldest are released early.
   */
  readonly keepSlabs?: number
  /**
   * For these slabs, also keep what a view shows besides the score: its three parts, and the volume and net
   * flow of every voxel. This takes seven times the memory of the scores and leaves room for somewhat fewer
   * raw pages at a time. Default false.
   */
  readonly details?: boolean
  /** Receives every smoothed and scored page, in (time, price) order. Reads back the whole map. */
  readonly onPage?: (page: ScoredPage) => void
}

/** Most slabs whose score pages may be kept. */
const MOST_KEPT = 10_000

/** What has become of the ticks of a map. */
export interface MapAccount {
  /** Ticks handed to `ingest`: `binned` plus all of `outside`. */
  readonly ingested: number
  /** Ticks in the map. */
  readonly binned: number
  /** Ticks left out of the map, by reason: `late`. */
  readonly outside: Readonly<Counts>
  /** Which ticks have no price increment, and how much that matters. */
  readonly marks: MarkAccount
}

/** Selects some of the kept pages; by default all. */
export interface PageRange {
  /** First absolute time bin. */
  readonly fromSlab?: number
  /** Absolute time bin after the last. */
  readonly toSlab?: number
  /** Absolute page number: 64 price bins from 64 · page. */
  readonly page?: number
}

/** Raw moments of one voxel. */
export interface Voxel {
  /** Absolute time bin. */
  readonly time: number
  /** Absolute price bin. */
  readonly price: number
  /** Size bin, from 0. */
  readonly size: number
  /** Number of trades, 1 or more. */
  readonly trades: number
  /** Volume, lots. */
  readonly volume: number
  /** Lots bought less lots sold by the aggressors. */
  readonly flow: number
  /** ΣΔp², ticks²: the squared price increments. */
  readonly variation: number
  /** ΣΔp·Δp′, ticks²: each increment times the one before it. Negative where the price bounces. */
  readonly covariation: number
}

/**
 * A live three-dimensional risk map. Add ticks with `ingest()` and take final hotspots from `hotspots`, which
 * queues them without limit. `flush()` ends the map. All its integers are the same on every backend, however
 * the ticks are cut into batches.
 *
 * ```ts
 * const map = await RiskMap.create({ backend: cpuBackend(), calibration })
 * await map.ingest(ticks)
 * await map.flush()
 * for await (const hotspot of map.hotspots) console.log(hotspot.score, hotspot.time.from)
 * ```
 */
export class RiskMap {
  /** Symbol, tick size, lot size and kind of contract, from the calibration. */
  readonly instrument: Instrument
  /** Widths of the bins and the size axis, from the calibration. */
  readonly grid: Grid
  /** Weights of the smoothing, from the radii of the calibration. */
  readonly kernel: Kernel
  /**
   * Hotspots in time order, each as soon as no tick can change it any more. For one consumer. Throws if the
   * map fails.
   */
  readonly hotspots: AsyncIterable<Hotspot>

  private readonly channel = new Channel<Hotspot>()
  private readonly observers = new Observers()
  private readonly packer: TickPacker
  private readonly feed: MapFeed<TickColumns>
  private readonly digester: Digester
  private readonly facts: HotspotFacts
  private ingested = 0
  private state: 'open' | 'flushed' | 'destroyed' = 'open'
  private failure: VoxriskError | Error | null = null
  /** {@link revision}. The feed's own revision also counts changes that the backend does not have yet. */
  private changes = 0
  private seenRevision = 0
  /** The score pages last given out by {@link scorePages}. */
  private lent: { readonly revision: number; readonly pages: ScorePages | null } | null = null
  /** Calls take turns. */
  private turn: Promise<unknown> = Promise.resolve()
  /** Results are processed in the order in which the work was handed out. */
  private delivered: Promise<void> = Promise.resolve()

  private constructor(
    private readonly steps: MapSteps,
    shape: ScoredShape,
    private readonly options: RiskMapOptions,
  ) {
    const { calibration } = options
    this.instrument = calibration.instrument
    this.grid = calibration.grid
    this.kernel = shape.kernel
    this.hotspots = this.channel
    this.facts = new HotspotFacts(this.instrument, this.grid, this.kernel)
    const { tickSize, lotSize } = this.instrument
    const { priceWidth, timeWidth, sizeResolution, sizeBins } = this.grid
    const { price, size, time } = calibration.kernel
    this.digester = new Digester(
      MOMENT_COUNT,
      [tickSize, lotSize, priceWidth, timeWidth, sizeResolution, sizeBins],
      [{ price, size, time }, calibration.relativeVariance, [...shape.constants]],
    )
    this.packer = new TickPacker(timeWidth)
    this.feed = new MapFeed(steps, shape, this.packer, {
      lateness: options.lateness ?? DEFAULT_LATENESS,
      keepSlabs: options.keepSlabs ?? 0,
      leastEvents: tradesLayer.kappa,
      onWork: work => this.retire(work),
    })
  }

  /** @throws {VoxriskError} `bad-setting`; device errors of the backend */
  static async create(options: RiskMapOptions): Promise<RiskMap> {
    const calibration = checkCalibration(options.calibration)
    checkLateness(options.lateness ?? DEFAULT_LATENESS)
    const keepSlabs = options.keepSlabs ?? 0
    if (!Number.isInteger(keepSlabs) || keepSlabs < 0 || keepSlabs > MOST_KEPT) {
      throw new VoxriskError(
        'bad-setting',
        `the number of slabs to keep is ${keepSlabs}, not a whole number in 0 … ${MOST_KEPT}`,
        'Give the number of time bins to show.',
        { settings: ['keepSlabs'] },
      )
    }
    const details = options.details ?? false
    if (details && keepSlabs === 0) {
      throw new VoxriskError(
        'bad-setting',
        'details were asked for, but no slabs are kept to have them',
        'Keep as many slabs as there are time bins to show.',
        { settings: ['keepSlabs'] },
      )
    }
    const shape = mapShape(calibration, details)
    const steps = await options.backend.open(shape)
    return new RiskMap(steps, shape, { ...options, calibration })
  }

  /**
   * Adds ticks in arrival order. Resolves when the backend has room for more, not when it is done. The
   * columns may be reused then.
   * @throws {VoxriskError} `bad-data` before any tick of the columns is binned; `overflow`, `out-of-pages`,
   *   `out-of-memory` and device errors, which end the map; `bad-state` after `flush()` or `destroy()`
   */
  async ingest(ticks: TickColumns): Promise<void> {
    checkTicks(ticks)
    await this.inTurn(async () => {
      this.checkOpen()
      this.ingested += ticks.length
      await this.feed.ingest(ticks)
    })
  }

  /**
   * Ends the map: retires every slab and ends `hotspots`. Resolves when all results are in.
   * @throws as `ingest()`
   */
  async flush(): Promise<void> {
    await this.inTurn(async () => {
      this.checkOpen()
      await this.feed.end()
      await this.steps.settle(0)
      await this.delivered
      this.checkOpen()
      this.state = 'flushed'
      this.channel.end()
      this.observers.end(null)
    })
  }

  /** What has become of the ticks so far. */
  get account(): MapAccount {
    const { binned, late } = this.feed
    return { ingested: this.ingested, binned, outside: late > 0 ? { late } : {}, marks: this.packer.marks }
  }

  /** Exact sums over all ticks binned so far. */
  get totals(): Readonly<Totals> {
    return this.packer.totals
  }

  /** Digests of everything retired so far; after `flush()`, of the whole map. */
  get digest(): Digest {
    return this.digester.digest()
  }

  /**
   * Seconds spent so far. `locate` is on the host. The rest comes from the backend: the steps on the CPU; on
   * a GPU, `upload` and `encode` on the host, and `device`, the time between handing work over and having its
   * results.
   */
  get seconds(): Readonly<Record<string, number>> {
    return { locate: this.feed.seconds, ...this.steps.seconds }
  }

  /**
   * Seconds so far by step (`bin`, `smooth`, `score`, `detail` if kept, `peaks`, `release`) on the GPU's own
   * clock, without time on the host or in transfer. null on other backends, and unless `webgpuBackend` was
   * given `timestamps`. Browsers round them to 0.1 ms per step.
   */
  get deviceSeconds(): Readonly<Record<string, number>> | null {
    const seconds = this.steps.deviceSeconds
    return seconds ? { ...seconds } : null
  }

  /**
   * Resolves when all results of the ticks so far are in: hotspots given out, score pages written. You do not
   * need this for correct results. Use it to see how far behind the backend is.
   * @throws as `ingest()`
   */
  async settle(): Promise<void> {
    await this.inTurn(async () => {
      this.checkOpen()
      await this.steps.settle(0)
      await this.delivered
      this.checkOpen()
    })
  }

  /**
   * Grows whenever the kept score pages change: when some are scored or released, or the map is destroyed. A
   * view needs no other signal to redraw.
   */
  get revision(): number {
    return this.changes
  }

  /** Which score pages are kept, ascending by (slab, page); none after `destroy()`. Reads nothing back. */
  get keptPages(): readonly KeptPlace[] {
    return this.state === 'destroyed' ? [] : this.feed.keptPlaces()
  }

  /**
   * The kept score pages as GPU buffers that a renderer on the same device may bind; null on the CPU and
   * after `destroy()`. Borrowed: valid until `revision` grows. Until then, this returns the same object and
   * nothing is written to the buffers.
   * @throws {VoxriskError} device errors
   */
  get scorePages(): ScorePages | null {
    if (this.state === 'destroyed') return null
    if (this.lent?.revision !== this.changes) {
      this.lent = { revision: this.changes, pages: this.steps.scorePages?.(this.feed.scored()) ?? null }
    }
    return this.lent.pages
  }

  /**
   * Copies of the kept score pages, ascending by (slab, page), as of the time of the call. Does not wait for
   * other calls, and works after `flush()` too. Pages still being scored are copied once they are scored. On
   * a GPU, this is a readback.
   * @throws {VoxriskError} the error that ended the map, if any; `bad-state` after `destroy()`
   */
  async readPages(which: PageRange = {}): Promise<KeptTrades[]> {
    if (this.state === 'destroyed') throw mapDestroyed()
    if (this.failure) throw this.failure
    const { fromSlab = Number.NEGATIVE_INFINITY, toSlab = Number.POSITIVE_INFINITY } = which
    const wanted = this.feed
      .scored()
      .filter(
        ({ slab, page }) =>
          slab >= fromSlab && slab < toSlab && (which.page === undefined || page === which.page),
      )
    const pages = wanted.length > 0 ? await this.steps.readKept(new PageJobs(wanted)) : []
    if ((this.state as string) === 'destroyed') throw mapDestroyed()
    return pages.map(page => ({ ...page, detail: page.detail && tradeDetail(page.detail) }))
  }

  /**
   * Adds an observer of what the map does. There may be any number, besides the one consumer of `hotspots`.
   * Observers are called while the map is working, so they should only take note and return. An error thrown
   * by an observer affects neither the map nor other observers: it is rethrown in a microtask, as an uncaught
   * error. Observing does not empty `hotspots`: hotspots that nobody takes pile up there.
   * @returns a function that removes the observer
   */
  observe(observer: RiskMapObserver): () => void {
    return this.observers.add(observer)
  }

  /**
   * Raw moments of all touched voxels that have not retired yet, in no particular order, read back from the
   * backend.
   * @throws {VoxriskError} `overflow` when moments of the slabs held could exceed the exact range; as
   *   `ingest()`
   */
  async moments(): Promise<Voxel[]> {
    return this.inTurn(async () => {
      this.checkOpen()
      const pages = this.feed.held()
      const raw = await this.steps.readRaw(pages.map(page => page.slot))
      return pages.flatMap(({ slab, page }, i) => touchedVoxels(raw[i], slab, page))
    })
  }

  /** Frees the map; the backend stays. `hotspots` ends, with an error unless flushed. Idempotent. */
  destroy(): void {
    if (this.state === 'destroyed') return
    if (this.state === 'open') {
      this.channel.fail(
        this.failure ??
          new VoxriskError('bad-state', 'the map was destroyed before it was flushed', 'Flush it first.'),
      )
    }
    const hadPages = this.keptPages.length > 0
    if (hadPages) this.changes++
    this.state = 'destroyed'
    this.lent = null
    this.steps.destroy()
    if (hadPages) this.observers.scores()
    this.observers.end(null)
  }

  [Symbol.dispose](): void {
    this.destroy()
  }

  private async retire(work: RetireWork): Promise<void> {
    const retired = this.steps.retire(work, this.options.onPage !== undefined)
    this.delivered = Promise.all([retired, this.delivered]).then(([results]) => this.deliver(results))
    this.delivered.catch(error => this.fail(error)) // at the latest, the next call throws it
    if (this.feed.revision !== this.seenRevision) {
      this.seenRevision = this.feed.revision
      this.changes++
      this.observers.scores()
    }
    await this.steps.settle(CALLS_IN_FLIGHT)
    if (this.failure) throw this.failure
  }

  private deliver({ peaks, checksums, pages }: Retired): void {
    if (this.state === 'destroyed') return
    const sorted = [...peaks].sort(byVoxel)
    this.digester.addChecksums(checksums)
    this.digester.addPeaks(sorted)
    if (this.options.onPage) for (const page of pages ?? []) this.options.onPage(page)
    const hotspots = sorted.map(peak => this.facts.hotspot(peak))
    this.channel.push(hotspots)
    this.observers.hotspots(hotspots)
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.turn.then(run).catch(async error => {
      await this.delivered.catch(() => {}) // results from before the error still count
      if (!(error instanceof VoxriskError && error.code === 'bad-state')) this.fail(error)
      throw error
    })
    this.turn = result.catch(() => {})
    return result
  }

  private fail(error: Error): void {
    this.failure ??= error
    this.channel.fail(this.failure)
    this.observers.end(this.failure)
  }

  private checkOpen(): void {
    if (this.failure) throw this.failure
    if (this.state !== 'open') {
      throw new VoxriskError('bad-state', `the map was ${this.state}`, 'Create a new map for more ticks.')
    }
  }
}

function touchedVoxels(raw: Float64Array, slab: number, page: number): Voxel[] {
  const found: Voxel[] = []
  for (let voxel = 0; voxel < raw.length / MOMENT_COUNT; voxel++) {
    const at = voxel * MOMENT_COUNT
    if (raw[at] === 0) continue
    found.push({
      time: slab,
      price: page * PAGE_PRICES + priceOf(voxel),
      size: classOf(voxel),
      trades: raw[at],
      volume: raw[at + 1],
      flow: raw[at + 2],
      variation: raw[at + 3],
      covariation: raw[at + 4],
    })
  }
  return found
}
