import type { Backend } from '../src/engine/steps.ts'
import { DEFAULT_LATENESS } from '../src/events/lateness.ts'
import type { TradeSource } from '../src/events/trades.ts'
import { calibrateTrades } from '../src/job/calibrate-trades.ts'
import type { Calibration } from '../src/map/calibration.ts'
import { MapRun } from './map-run.ts'
import { TradeStore } from './trade-store.ts'

export interface GridSettings {
  /** µs; null: {@link suitingTimeWidth}. */
  readonly timeWidth: number | null
  /** Decimal text, quote currency; null: found from the trades. */
  readonly priceWidth: string | null
  /** Time bins. */
  readonly lateness: number
}

const DEFAULT_SETTINGS: GridSettings = { timeWidth: null, priceWidth: null, lateness: DEFAULT_LATENESS }

const MINUTE = 60e6
/** Time bins to choose from, µs. */
export const TIME_BINS: readonly number[] = [1, 2, 5, 10, 15, 30, 60, 240, 720, 1440].map(n => n * MINUTE)
/** A day in bins of 5 minutes, a quarter in bins of 1 hour. */
const MOST_BINS_BY_DEFAULT = 2300
const SHORTEST_BY_DEFAULT = 5 * MINUTE

/** The time bin for trades over so many µs: the shortest from 5 minutes on that gives a picture of at most 2,300 bins. */
export function suitingTimeWidth(span: number): number {
  const suits = (bin: number) => bin >= SHORTEST_BY_DEFAULT && span / bin <= MOST_BINS_BY_DEFAULT
  return TIME_BINS.find(suits) ?? TIME_BINS[TIME_BINS.length - 1]
}

export type SessionStage = 'read' | 'measure' | 'calibrate' | 'map'

export interface SessionListener {
  /** How far the job at hand is; null when it is done. `of` is null while nobody knows. */
  onProgress(progress: { stage: SessionStage; trades: number; of: number | null } | null): void
  /**
   * Another map is the one to show, from now on; the one before is destroyed after the call. The very first is shown while it
   * grows; null when that comes to nothing.
   */
  onRun(run: MapRun | null): void
  /** The map shown has found another hotspot. */
  onHotspot(): void
}

/**
 * From trades to a map at any of their times: reads, learns, maps, and goes to and fro in time. One job at a time: a new one
 * ends the one before, which rejects with an `AbortError`. What is shown stays until there is something to show instead.
 */
export class Session {
  private shown: MapRun | null = null
  private chosen: GridSettings = DEFAULT_SETTINGS
  private job: { readonly abort: AbortController; readonly over: Promise<unknown> } | null = null

  constructor(
    private readonly backend: Backend,
    private readonly listener: SessionListener,
  ) {}

  get run(): MapRun | null {
    return this.shown
  }

  /** Those of the map shown. */
  get settings(): GridSettings {
    return this.chosen
  }

  /** Reads a source to its end, learns from it with the settings found best, and maps all of it. */
  open(
    source: () => TradeSource | Promise<TradeSource>,
    settings: Partial<GridSettings> = {},
  ): Promise<void> {
    return this.start(async signal => {
      this.listener.onProgress({ stage: 'read', trades: 0, of: null })
      const store = await TradeStore.read(await source(), {
        signal,
        onTrades: trades => this.listener.onProgress({ stage: 'read', trades, of: null }),
      })
      await this.learn(store, { ...DEFAULT_SETTINGS, ...settings }, store.last, signal)
    })
  }

  /** Learns anew on another grid and maps as far as the map shown had come. */
  change(settings: GridSettings): Promise<void> {
    return this.start(async signal => {
      const { shown } = this
      if (shown) await this.learn(shown.store, settings, shown.position, signal)
    })
  }

  /** Shows the map up to a time: forward it takes in more trades, back it is made anew. */
  seek(time: number): Promise<void> {
    return this.start(async signal => {
      const { shown } = this
      if (!shown) return
      if (time < shown.position) {
        await this.map(shown.store, shown.calibration, this.chosen, time, signal)
      } else await this.fill(shown, time, signal)
    })
  }

  /** Ends the job at hand. */
  cancel(): void {
    this.job?.abort.abort()
  }

  /** Resolves when no job is at hand. */
  async settled(): Promise<void> {
    for (let job = this.job; job; job = this.job === job ? null : this.job) await job.over
  }

  destroy(): void {
    this.cancel()
    this.shown?.destroy()
    this.shown = null
  }

  private start(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const before = this.job
    before?.abort.abort()
    const abort = new AbortController()
    const done = (before?.over ?? Promise.resolve()).then(async () => {
      try {
        abort.signal.throwIfAborted()
        await work(abort.signal)
      } finally {
        this.listener.onProgress(null)
      }
    })
    this.job = { abort, over: done.catch(() => {}) }
    return done
  }

  private async learn(
    store: TradeStore,
    settings: GridSettings,
    upTo: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { timeWidth, priceWidth, lateness } = settings
    const calibration = await calibrateTrades(store, {
      backend: this.backend,
      timeWidth: timeWidth ?? suitingTimeWidth(store.last - store.first),
      lateness,
      ...(priceWidth === null ? {} : { priceWidth }),
      newSpool: () => store.spool(),
      onProgress: (stage, trades) => {
        signal.throwIfAborted()
        this.listener.onProgress({
          stage: stage === 'read' ? 'measure' : 'calibrate',
          trades,
          of: store.trades,
        })
      },
    })
    await this.map(store, calibration, settings, upTo, signal)
  }

  /** Makes a map up to a time and shows it. */
  private async map(
    store: TradeStore,
    calibration: Calibration,
    settings: GridSettings,
    upTo: number,
    signal: AbortSignal,
  ): Promise<void> {
    const run = await MapRun.create(store, calibration, this.backend, settings.lateness, () => {
      if (this.shown === run) this.listener.onHotspot()
    })
    const isFirst = this.shown === null
    if (isFirst) this.show(run, settings)
    try {
      await this.fill(run, upTo, signal)
    } catch (error) {
      if (isFirst) {
        this.shown = null
        this.listener.onRun(null)
      }
      run.destroy()
      throw error
    }
    if (!isFirst) this.show(run, settings)
  }

  private show(run: MapRun, settings: GridSettings): void {
    const before = this.shown
    this.shown = run
    this.chosen = settings
    this.listener.onRun(run)
    before?.destroy()
  }

  private fill(run: MapRun, upTo: number, signal: AbortSignal): Promise<void> {
    return run.advance(upTo, signal, trades =>
      this.listener.onProgress({ stage: 'map', trades, of: run.store.trades }),
    )
  }
}
