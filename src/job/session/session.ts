import type { Backend } from '../../engine/steps.ts'
import { VoxriskError } from '../../errors.ts'
import { DEFAULT_LATENESS } from '../../events/lateness.ts'
import type { TradeSource } from '../../events/trades.ts'
import type { Hotspot } from '../../layers/trades/facts.ts'
import type { Calibration } from '../../map/calibration.ts'
import { formatDecimal, parseDecimal } from '../../units/instrument.ts'
import { calibrateTrades } from '../calibrate-trades.ts'
import type { MapReport } from '../report.ts'
import { Breather } from './breather.ts'
import { checkMost } from './check-most.ts'
import { MapRun } from './map-run.ts'
import { opened } from './opened.ts'
import { Replay } from './replay.ts'
import { suitingTimeWidth } from './suiting-time-width.ts'
import { TradeStore } from './trade-store.ts'
import { untilAborted } from './until-aborted.ts'

/** The settings of a session's map. */
export interface SessionSettings {
  /** Width of a time bin, whole µs, 1 … a year; null: one that suits the span of the trades. */
  readonly timeWidth: number | null
  /** Width of a price bin, decimal text, quote currency, whole ticks; null: found from the trades. */
  readonly priceWidth: string | null
  /** Time bins a tick may lag behind the newest one, a whole number, 0 … 10,000. */
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
  /** Most trades of a source to keep in memory, 26 bytes each; 0 … ∞, default 40 million. */
  readonly mostTrades?: number
  /** How many of a map's highest hotspots to keep; 0 … ∞, by default all, which takes ever more memory. */
  readonly mostHotspots?: number
  /** Called with the progress of the current job, and with null when it is over. */
  readonly onProgress?: (progress: SessionProgress | null) => void
  /**
   * Called with the map to show from now on; the previous one is destroyed after the call. A first map and a
   * live map are shown while they grow. If one of them fails, this is called with null, and the map is
   * destroyed after the call.
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

  /** @throws {VoxriskError} `bad-setting` when `mostTrades` or `mostHotspots` is not a count */
  constructor(private readonly options: SessionOptions) {
    const { mostTrades, mostHotspots } = options
    if (mostTrades !== undefined) checkMost(mostTrades, 'mostTrades')
    if (mostHotspots !== undefined) checkMost(mostHotspots, 'mostHotspots')
  }

  /** The map shown, with its hotspots and row counts, or null. The session feeds and destroys it. */
  get run(): MapRun | null {
    return this.shown?.run ?? null
  }

  /** The trades of the map shown; null without a map, and if its trades are not kept. */
  get trades(): TradeStore | null {
    return this.shown?.replay?.store ?? null
  }

  /** Time that the map shown has reached, µs since 1970: it holds no later trade. −∞ without a map. */
  get position(): number {
    const { shown } = this
    return shown?.replay?.position ?? shown?.run.latest ?? Number.NEGATIVE_INFINITY
  }

  /** Settings of the map shown last; {@link Session.defaults} before the first. */
  get settings(): SessionSettings {
    return this.chosen
  }

  /**
   * Reads a source to its end, learns from its trades what is ordinary, and maps all of them. The trades stay
   * in memory. If this fails, the map shown before stays. A first map is shown while it grows: if the job is
   * cancelled then, the map stays as far as it is, and can be moved on.
   * @param source the trades, or a function that opens them, whose signal aborts when the job is cancelled.
   *   Read once, and released if the job ends early.
   * @param settings by default {@link Session.defaults}, not those of the map shown
   * @throws {VoxriskError} from opening, reading, learning and mapping: `out-of-memory` beyond `mostTrades`,
   *   `bad-data` when there is no trade, `bad-setting` for the settings, device errors
   * @throws `AbortError` when the job is cancelled, at once even while the source is silent
   */
  open(
    source: TradeSource | ((signal: AbortSignal) => TradeSource | Promise<TradeSource>),
    settings: Partial<SessionSettings> = {},
  ): Promise<void> {
    return this.start(async signal => {
      if (!signal.aborted) this.tell({ stage: 'read', trades: 0, of: null })
      const { mostTrades } = this.options
      const store = await TradeStore.read(await opened(source, signal), {
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
   * `cancel()` stops it where it is, and `report()` works at any time. If the source fails, the map stays as
   * it is; if the map fails, there is none any more.
   * @param source the trades, or a function that opens them, whose signal aborts when the job is cancelled.
   *   Released if the job ends early.
   * @param settings the calibration fixes instrument and grid; lateness as in `open()`, default 1
   * @throws {VoxriskError} from opening, reading and mapping: `bad-setting` for the settings, `bad-data` from
   *   the source, `overflow`, `out-of-pages`, `out-of-memory` and device errors
   * @throws `AbortError` when the job is cancelled; the map then stays as it is
   */
  follow(
    source: TradeSource | ((signal: AbortSignal) => TradeSource | Promise<TradeSource>),
    { calibration, lateness = DEFAULT_LATENESS }: { calibration: Calibration; lateness?: number },
  ): Promise<void> {
    return this.start(async signal => {
      const trades = await opened(source, signal)
      const chunks = untilAborted(trades.chunks(), signal)
      try {
        const run = await MapRun.create({
          ...this.runOptions(() => run, calibration, lateness),
          symbol: trades.symbol,
          refused: () => trades.account,
        })
        if (signal.aborted) run.destroy()
        signal.throwIfAborted()
        this.show(
          { run, replay: null },
          { timeWidth: calibration.grid.timeWidth, priceWidth: priceWidthOf(calibration), lateness },
        )
        const breather = new Breather(signal)
        for await (const chunk of chunks) {
          await this.growing(run, run.feed(chunk))
          this.tell({ stage: 'map', trades: run.rows.read, of: null })
          await breather.breathe()
        }
        await this.growing(run, run.end())
      } finally {
        await chunks.return()
      }
    })
  }

  /**
   * Learns again with other settings and maps up to the position of the map shown. Ends the current job, so a
   * first map that is still growing stops, and its position is where it has come to.
   * @param settings what to change; the rest stays as it is
   * @throws {VoxriskError} from learning and mapping; `bad-state`, and the current job goes on, when there is
   *   no map yet, as while the first source is being read, or when the trades of the map are not kept
   * @throws `AbortError` when the job is cancelled
   */
  async change(settings: Partial<SessionSettings>): Promise<void> {
    this.replayShown() // throws here, before `start` would cancel the current job
    return this.start(async signal => {
      signal.throwIfAborted()
      const { store, position } = this.replayShown()
      await this.learn(store, { ...this.chosen, ...settings }, position, signal)
    })
  }

  /**
   * Moves the map to a time: forwards by adding trades, backwards by rebuilding it. Ends the current job, but
   * keeps what a first map that is still growing has so far.
   * @param time µs since 1970, any finite number; at the time of the last trade or later, the map ends, and
   *   every hotspot is final
   * @throws {VoxriskError} from mapping; `bad-setting` when the time is not a number; `bad-state`, and the
   *   current job goes on, when there is no map yet, as while the first source is being read, or when the
   *   trades of the map are not kept
   * @throws `AbortError` when the job is cancelled
   */
  async seek(time: number): Promise<void> {
    if (!Number.isFinite(time)) {
      throw new VoxriskError('bad-setting', `${time} is not a time to seek`, 'Give a time in µs since 1970.')
    }
    this.replayShown()
    return this.start(async signal => {
      signal.throwIfAborted()
      const replay = this.replayShown()
      if (time < replay.position) {
        await this.replay(replay.store, replay.run.calibration, this.chosen, time, signal)
      } else await this.advance(replay, time, signal)
    })
  }

  /**
   * The report of the map shown, as it is now. Works at any time, even while trades are coming in.
   * @throws {VoxriskError} `bad-state` when there is no map; what made the map fail, if anything
   */
  async report(): Promise<MapReport> {
    if (!this.shown) throw noMap()
    return this.shown.run.report()
  }

  /** Ends the current job, if any, which rejects with an `AbortError`. The map shown stays. */
  cancel(): void {
    this.job?.abort.abort()
  }

  /** Resolves when no job is running, however the last one ended. */
  async settled(): Promise<void> {
    for (let job = this.job; job; job = this.job === job ? null : this.job) await job.over
  }

  /** Ends the current job and destroys the map, without a call of `onRun`; the backend stays. Idempotent. */
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

  /** @throws {VoxriskError} `bad-state` when there is no map, or when its trades are not kept */
  private replayShown(): Replay {
    const { shown } = this
    if (!shown) throw noMap()
    if (shown.replay) return shown.replay
    throw new VoxriskError(
      'bad-state',
      'the trades of this map were not kept, so it cannot be rebuilt',
      'Open the source as a whole instead of following it.',
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
      // Called off, a map on show is good up to its position. One that is not on show is of no use.
      if (error !== signal.reason || this.run !== run) this.takeBack(run)
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

  /** Waits for a step of a live map, which is taken back if the step ends it. */
  private async growing(run: MapRun, step: Promise<void>): Promise<void> {
    try {
      await step
    } catch (error) {
      const isOfSource = error instanceof VoxriskError && error.code === 'bad-data' // the map is still good
      if (!isOfSource) this.takeBack(run)
      throw error
    }
  }

  private takeBack(run: MapRun): void {
    if (this.run === run) {
      this.shown = null
      this.options.onRun?.(null)
    }
    run.destroy()
  }

  private advance(replay: Replay, upTo: number, signal: AbortSignal): Promise<void> {
    return replay.advance(upTo, signal, trades =>
      this.tell({ stage: 'map', trades, of: replay.store.trades }),
    )
  }
}

function noMap(): VoxriskError {
  return new VoxriskError(
    'bad-state',
    'there is no map yet',
    'Open a source of trades, and wait until it has been read.',
  )
}

/** As decimal text, quote currency. */
function priceWidthOf({ instrument, grid }: Calibration): string {
  const { units, decimals } = parseDecimal(instrument.tickSize, 'tick size')
  return formatDecimal(units * grid.priceWidth, decimals)
}
