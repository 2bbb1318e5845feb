import type { Backend } from '../../engine/steps.ts'
import { VoxriskError } from '../../errors.ts'
import { DEFAULT_LATENESS } from '../../events/lateness.ts'
import type { TradeSource } from '../../events/trades.ts'
import type { Hotspot } from '../../layers/trades/facts.ts'
import type { Calibration } from '../../map/calibration.ts'
import { calibrateTrades } from '../calibrate-trades.ts'
import type { MapReport } from '../report.ts'
import { Breather } from './breather.ts'
import { MapRun } from './map-run.ts'
import { Replay } from './replay.ts'
import { suitingTimeWidth } from './suiting-time-width.ts'
import { TradeStore } from './trade-store.ts'
import { untilAborted } from './until-aborted.ts'

/** The settings of a session's map. */
export interface SessionSettings {
  /** Width of a time bin, µs; null: one that suits the span of the trades. */
  readonly timeWidth: number | null
  /** Width of a price bin, decimal text, quote currency; null: found from the trades. */
  readonly priceWidth: string | null
  /** Time bins a tick may lag behind the newest one, 0 … 10,000. */
  readonly lateness: number
}

/** How far the current job is. */
export interface SessionProgress {
  /**
   * What is being done: reading the source, finding tick, lot and grid, learning the calibration, or mapping.
   */
  readonly stage: 'read' | 'measure' | 'calibrate' | 'map'
  /** Trades done in this stage. */
  readonly trades: number
  /** Total trades of this stage; null if not known yet. */
  readonly of: number | null
}

/** Where a session computes, what it keeps, and what it reports. */
export interface SessionOptions {
  /** Computes the maps; borrowed. */
  readonly backend: Backend
  /** Slabs whose pages are kept for a view, 0 … 10,000; default 0. See `RiskMapOptions`. */
  readonly keepSlabs?: number
  /** Also keep these slabs' score parts, volume and flow; default false. See `RiskMapOptions`. */
  readonly details?: boolean
  /** Most trades of a source to keep in memory, 26 bytes each; default 40 million. */
  readonly mostTrades?: number
  /** How many of a map's highest hotspots to keep; by default all. */
  readonly mostHotspots?: number
  /** Called with the progress of the current job, and with null when it is over. */
  readonly onProgress?: (progress: SessionProgress | null) => void
  /**
   * Called with the map to show from now on; the previous one is destroyed after the call. The very first map
   * is shown while it grows. If it fails, this is called with null.
   */
  readonly onRun?: (run: MapRun | null) => void
  /** Called when the map shown has found more hotspots. */
  readonly onHotspots?: (hotspots: readonly Hotspot[]) => void
}

/** A map to show: a replay of stored trades, or a live map without one. */
interface Shown {
  readonly run: MapRun
  readonly replay: Replay | null
}

/**
 * Turns a source of trades into a map that can be shown at any time of its span: reads, learns, maps, and
 * seeks back and forth. Runs one job at a time. A new job ends the one before, which rejects with an
 * `AbortError`. The map shown stays until there is another to show.
 *
 * ```ts
 * const session = new Session({ backend: cpuBackend(), onProgress: now => console.log(now?.stage) })
 * await session.open(await openTrades(file))
 * await session.seek(session.trades.first + 3600e6) // as it stood after an hour
 * const report = await session.report()
 * session.destroy()
 * ```
 */
export class Session {
  /** Settings used unless the caller chooses others. */
  static readonly defaults: SessionSettings = {
    timeWidth: null,
    priceWidth: null,
    lateness: DEFAULT_LATENESS,
  }

  private shown: Shown | null = null
  private chosen: SessionSettings = Session.defaults
  private job: { readonly abort: AbortController; readonly over: Promise<unknown> } | null = null

  constructor(private readonly options: SessionOptions) {}

  /** The map shown, with its hotspots and row counts, or null. The session feeds and destroys it. */
  get run(): MapRun | null {
    return this.shown?.run ?? null
  }

  /** The trades of the map shown; null if they are not kept. */
  get trades(): TradeStore | null {
    return this.shown?.replay?.store ?? null
  }

  /** Time that the map shown has reached, µs since 1970: it holds no later trade. −∞ without a map. */
  get position(): number {
    const { shown } = this
    return shown?.replay?.position ?? shown?.run.latest ?? Number.NEGATIVE_INFINITY
  }

  /** Settings of the map shown. */
  get settings(): SessionSettings {
    return this.chosen
  }

  /**
   * Reads a source to its end, learns from its trades what is ordinary, and maps all of them. The trades stay
   * in memory. If this fails, the map shown before stays.
   * @param source the trades, or a function that opens them; read once
   * @throws {VoxriskError} from opening, reading, learning and mapping; `out-of-memory` beyond `mostTrades`
   * @throws `AbortError` when the job is cancelled
   */
  open(
    source: TradeSource | (() => TradeSource | Promise<TradeSource>),
    settings: Partial<SessionSettings> = {},
  ): Promise<void> {
    return this.start(async signal => {
      this.tell({ stage: 'read', trades: 0, of: null })
      const { mostTrades } = this.options
      const store = await TradeStore.read(await opened(source), {
        signal,
        ...(mostTrades === undefined ? {} : { most: mostTrades }),
        onTrades: trades => this.tell({ stage: 'read', trades, of: null }),
      })
      await this.learn(store, { ...Session.defaults, ...settings }, store.last, signal)
    })
  }

  /**
   * Maps the trades of a source as they arrive, with a saved calibration, until the source ends. The trades
   * are not kept, so the source may run for any length of time. The map is shown at once and grows.
   * `cancel()` stops it where it is, and `report()` works at any time.
   * @param source the trades, or a function that opens them
   * @throws {VoxriskError} from opening, reading and mapping
   * @throws `AbortError` when the job is cancelled; the map then stays as it is
   */
  follow(
    source: TradeSource | (() => TradeSource | Promise<TradeSource>),
    { calibration, lateness = DEFAULT_LATENESS }: { calibration: Calibration; lateness?: number },
  ): Promise<void> {
    return this.start(async signal => {
      const trades = await opened(source)
      signal.throwIfAborted()
      const run = await MapRun.create({
        ...this.runOptions(() => run, calibration, lateness),
        symbol: trades.symbol,
        refused: () => trades.account,
      })
      if (signal.aborted) run.destroy()
      signal.throwIfAborted()
      this.show({ run, replay: null }, { timeWidth: calibration.grid.timeWidth, priceWidth: null, lateness })
      const breather = new Breather(signal)
      for await (const chunk of untilAborted(trades.chunks(), signal)) {
        await run.feed(chunk)
        this.tell({ stage: 'map', trades: run.rows.read, of: null })
        await breather.breathe()
      }
      await run.end()
    })
  }

  /**
   * Learns again with other settings and maps up to the position of the map shown. Does nothing if there is
   * no map.
   * @param settings what to change; the rest stays as it is
   * @throws as `open()`; {VoxriskError} `bad-state` when the trades are not kept
   */
  async change(settings: Partial<SessionSettings>): Promise<void> {
    this.replayShown() // throws here, before `start` would cancel a `follow()`
    return this.start(async signal => {
      const replay = this.replayShown()
      if (replay) await this.learn(replay.store, { ...this.chosen, ...settings }, replay.position, signal)
    })
  }

  /**
   * Moves the map to a time: forwards by adding trades, backwards by rebuilding it. Does nothing if there is
   * no map.
   * @param time µs since 1970; at the time of the last trade the map ends, and every hotspot is final
   * @throws as `open()`; {VoxriskError} `bad-state` when the trades are not kept
   */
  async seek(time: number): Promise<void> {
    this.replayShown()
    return this.start(async signal => {
      const replay = this.replayShown()
      if (!replay) return
      if (time < replay.position) {
        await this.replay(replay.store, replay.run.calibration, this.chosen, time, signal)
      } else await this.advance(replay, time, signal)
    })
  }

  /**
   * The report of the map shown, as it is now. Works at any time, even while trades are coming in.
   * @throws {VoxriskError} `bad-state` when there is no map; the error that ended the map, if any
   */
  async report(): Promise<MapReport> {
    if (!this.shown)
      throw new VoxriskError('bad-state', 'there is no map yet', 'Open a source of trades first.')
    return this.shown.run.report()
  }

  /** Ends the current job, which rejects with an `AbortError`. */
  cancel(): void {
    this.job?.abort.abort()
  }

  /** Resolves when no job is running. */
  async settled(): Promise<void> {
    for (let job = this.job; job; job = this.job === job ? null : this.job) await job.over
  }

  /** Ends the current job and destroys the map; the backend stays. Idempotent. */
  destroy(): void {
    this.cancel()
    this.shown?.run.destroy()
    this.shown = null
  }

  private start(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const before = this.job
    before?.abort.abort()
    const abort = new AbortController()
    const { signal } = abort
    const done = (before?.over ?? Promise.resolve()).then(async () => {
      try {
        signal.throwIfAborted()
        await work(signal)
      } catch (error) {
        throw signal.aborted ? signal.reason : error // aborting may have destroyed the map under the job
      } finally {
        this.tell(null)
      }
    })
    this.job = { abort, over: done.catch(() => {}) }
    return done
  }

  private tell(progress: SessionProgress | null): void {
    this.options.onProgress?.(progress)
  }

  /** @throws {VoxriskError} `bad-state` when the trades of the map shown are not kept */
  private replayShown(): Replay | null {
    const { shown } = this
    if (!shown || shown.replay) return shown?.replay ?? null
    throw new VoxriskError(
      'bad-state',
      'the trades of a source that is followed are not kept',
      'Open the source instead: its trades are then kept, so the map can be rebuilt.',
    )
  }

  private async learn(
    store: TradeStore,
    settings: SessionSettings,
    upTo: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { timeWidth, priceWidth, lateness } = settings
    const calibration = await calibrateTrades(store, {
      backend: this.options.backend,
      timeWidth: timeWidth ?? suitingTimeWidth(store.last - store.first),
      lateness,
      ...(priceWidth === null ? {} : { priceWidth }),
      newSpool: () => store.spool(),
      onProgress: (stage, trades) => {
        signal.throwIfAborted()
        this.tell({ stage: stage === 'read' ? 'measure' : 'calibrate', trades, of: store.trades })
      },
    })
    await this.replay(store, calibration, settings, upTo, signal)
  }

  /** Maps stored trades up to a time and shows the map. */
  private async replay(
    store: TradeStore,
    calibration: Calibration,
    settings: SessionSettings,
    upTo: number,
    signal: AbortSignal,
  ): Promise<void> {
    const replay = await Replay.create(
      store,
      this.runOptions(() => replay.run, calibration, settings.lateness),
    )
    const { run } = replay
    try {
      signal.throwIfAborted()
      if (!this.shown) this.show({ run, replay }, settings)
      await this.advance(replay, upTo, signal)
    } catch (error) {
      if (this.run === run) {
        this.shown = null
        this.options.onRun?.(null)
      }
      run.destroy()
      throw error
    }
    if (this.run !== run) this.show({ run, replay }, settings)
  }

  private runOptions(self: () => MapRun, calibration: Calibration, lateness: number) {
    const { backend, keepSlabs, details, mostHotspots } = this.options
    return {
      backend,
      calibration,
      lateness,
      ...(keepSlabs === undefined ? {} : { keepSlabs }),
      ...(details === undefined ? {} : { details }),
      ...(mostHotspots === undefined ? {} : { mostHotspots }),
      onHotspots: (hotspots: readonly Hotspot[]) => {
        if (this.run === self()) this.options.onHotspots?.(hotspots)
      },
    }
  }

  private show(shown: Shown, settings: SessionSettings): void {
    const before = this.run
    this.shown = shown
    this.chosen = settings
    this.options.onRun?.(shown.run)
    before?.destroy()
  }

  private advance(replay: Replay, upTo: number, signal: AbortSignal): Promise<void> {
    return replay.advance(upTo, signal, trades =>
      this.tell({ stage: 'map', trades, of: replay.store.trades }),
    )
  }
}

async function opened(
  source: TradeSource | (() => TradeSource | Promise<TradeSource>),
): Promise<TradeSource> {
  return typeof source === 'function' ? source() : source
}
