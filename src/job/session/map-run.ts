import { TickConverter } from '../../events/convert.ts'
import { DEFAULT_LATENESS } from '../../events/lateness.ts'
import type { ReadAccount, TradeChunk } from '../../events/trades.ts'
import type { Hotspot } from '../../layers/trades/facts.ts'
import type { Calibration } from '../../map/calibration.ts'
import { RiskMap, type RiskMapOptions } from '../../map/risk-map.ts'
import { totalOf } from '../../units/counts.ts'
import { isoTime } from '../../units/iso-time.ts'
import { BestHotspots } from '../best-hotspots.ts'
import { type MapReport, report } from '../report.ts'
import { checkMost } from './check-most.ts'

/** What has become of the trades so far: `read` = `binned` + `outside` + `rejected`. */
export interface RowAccount {
  /** Rows mapped or refused so far. */
  readonly read: number
  /** Ticks in the map. */
  readonly binned: number
  /** Valid trades that are not in the map: late, of another symbol, or too large for 32 bits. */
  readonly outside: number
  /** Rows that are not valid trades of the instrument. */
  readonly rejected: number
}

/** What a reader has left out. */
export type Refused = Pick<ReadAccount, 'rejected' | 'outside' | 'noted'>

/** Options of a run: a backend, a calibration, and what to keep of the map. */
export interface MapRunOptions
  extends Pick<RiskMapOptions, 'backend' | 'calibration' | 'lateness' | 'keepSlabs' | 'details'> {
  /** Symbol of the trades; by default that of the calibration. The report warns if the two differ. */
  readonly symbol?: string
  /** Returns what the reader of the trades has left out so far, in rows. By default nothing. */
  readonly refused?: () => Refused
  /** Time of the last trade to expect, whole µs since 1970, if known. Only for the report's warning. */
  readonly last?: number
  /** How many of the highest hotspots to keep; 0 … ∞, by default all, which takes ever more memory. */
  readonly mostHotspots?: number
  /** Called with new final hotspots, at least one. `hotspots` already includes them. */
  readonly onHotspots?: (hotspots: readonly Hotspot[]) => void
}

export const NOTHING: Refused = { rejected: {}, outside: {}, noted: {} }

/**
 * A map that is fed trades as they arrive, with its hotspots, its row counts, and a report at any time.
 *
 * ```ts
 * const run = await MapRun.create({ backend, calibration })
 * for await (const trades of source.chunks()) await run.feed(trades)
 * console.log((await run.report()).hotspots) // so far
 * await run.end()
 * ```
 */
export class MapRun {
  private readonly converter: TickConverter
  private readonly best: BestHotspots
  private fed = 0
  private latestTime = Number.NEGATIVE_INFINITY
  private over = false
  private counted: RowAccount
  /** Calls take turns, so that a report never covers half a feed. */
  private turn: Promise<unknown> = Promise.resolve()

  private constructor(
    /** For a view. The run feeds it, ends it and consumes its `hotspots`; use the run's own instead. */
    readonly map: RiskMap,
    private readonly options: MapRunOptions,
  ) {
    this.converter = new TickConverter(map.instrument)
    this.best = new BestHotspots(options.mostHotspots ?? Number.POSITIVE_INFINITY)
    this.counted = this.count()
    map.observe({
      onHotspots: hotspots => {
        for (const hotspot of hotspots) this.best.add(hotspot)
        options.onHotspots?.(hotspots)
      },
    })
    this.drain().catch(() => {}) // an error that ends the map rejects the call that feeds it
  }

  /**
   * @throws {VoxriskError} `bad-setting` when `mostHotspots` is not a count, and for calibration, lateness
   *   and what to keep; device errors of the backend
   */
  static async create(options: MapRunOptions): Promise<MapRun> {
    const { backend, calibration, lateness, keepSlabs, details, mostHotspots } = options
    if (mostHotspots !== undefined) checkMost(mostHotspots, 'mostHotspots')
    const map = await RiskMap.create({
      backend,
      calibration,
      ...(lateness === undefined ? {} : { lateness }),
      ...(keepSlabs === undefined ? {} : { keepSlabs }),
      ...(details === undefined ? {} : { details }),
    })
    return new MapRun(map, options)
  }

  /** Instrument, grid and constants of the map, as given. */
  get calibration(): Calibration {
    return this.options.calibration
  }

  /** Whether all trades are in and every hotspot is final. */
  get ended(): boolean {
    return this.over
  }

  /** Time of the latest trade fed, µs since 1970; −∞ before the first. */
  get latest(): number {
    return this.latestTime
  }

  /** Number of hotspots so far, including those not kept. */
  get found(): number {
    return this.best.found
  }

  /** The hotspots kept so far, highest score first; see `mostHotspots`. */
  get hotspots(): Hotspot[] {
    return this.best.best()
  }

  /** Row counts as of the last finished feed. */
  get rows(): RowAccount {
    return this.counted
  }

  /**
   * Adds trades in arrival order. The columns may be reused once the promise resolves. Trades that are
   * refused with `bad-data` or `bad-state` count nowhere.
   * @throws {VoxriskError} as `RiskMap.ingest()`: `bad-data`, after which the map goes on; `overflow`,
   *   `out-of-pages`, `out-of-memory` and device errors, which end it; `bad-state` after `end()` or
   *   `destroy()`
   */
  feed(trades: TradeChunk): Promise<void> {
    return this.inTurn(async () => {
      const undo = this.converter.savepoint()
      try {
        await this.map.ingest(this.converter.convert(trades))
      } catch (error) {
        undo() // trades that the map refuses are not read
        throw error
      }
      this.fed += trades.length
      for (let i = 0; i < trades.length; i++) {
        if (trades.time[i] > this.latestTime) this.latestTime = trades.time[i]
      }
      this.counted = this.count()
    })
  }

  /**
   * Ends the map: every hotspot becomes final. Feeding more trades then fails.
   * @throws {VoxriskError} what made the map fail; `bad-state` if it has ended already or was destroyed
   */
  end(): Promise<void> {
    return this.inTurn(async () => {
      await this.map.flush()
      this.over = true
      this.counted = this.count()
    })
  }

  /**
   * A report like that of `mapTrades`, with the hotspots kept. Waits for earlier feeds to finish. Until the
   * map has ended, the report covers the trades so far, and its first warning says so.
   * @throws {VoxriskError} what made the map fail; `bad-state` after `destroy()`, unless the map had ended
   */
  report(): Promise<MapReport> {
    return this.inTurn(async () => {
      if (!this.over) await this.map.settle()
      const { map, options } = this
      const refused = this.refused()
      const whole = report({
        calibration: options.calibration,
        backend: options.backend,
        lateness: options.lateness ?? DEFAULT_LATENESS,
        symbol: options.symbol ?? map.instrument.symbol,
        read: { ...refused, read: this.rowsRead(refused) },
        ticks: this.converter.account,
        map,
        hotspots: this.hotspots,
        hotspotsFound: this.found,
        timings: { ...map.seconds },
        verified: null,
      })
      return this.over ? whole : { ...whole, warnings: [this.unfinished(), ...whole.warnings] }
    })
  }

  /** Frees what the map owns. A map that had ended can still be reported. Idempotent. */
  destroy(): void {
    this.map.destroy()
  }

  private refused(): Refused {
    return this.options.refused?.() ?? NOTHING
  }

  private rowsRead({ rejected, outside }: Refused): number {
    return this.fed + totalOf(rejected) + totalOf(outside)
  }

  private count(): RowAccount {
    const { map, converter } = this
    const refused = this.refused()
    const { binned, outside } = map.account
    return {
      read: this.rowsRead(refused),
      binned,
      outside: totalOf(refused.outside) + totalOf(converter.account.outside) + totalOf(outside),
      rejected: totalOf(refused.rejected) + totalOf(converter.account.rejected),
    }
  }

  private unfinished(): string {
    const { last } = this.options
    if (this.fed === 0) return 'there are no trades yet'
    const end = last === undefined ? 'the map is still growing' : `the last one is at ${isoTime(last)}`
    return `covers the trades up to ${isoTime(Math.floor(this.latestTime))} only; ${end}`
  }

  /** Empties the map's queue, which would otherwise grow without limit. The observer gets the hotspots. */
  private async drain(): Promise<void> {
    for await (const _ of this.map.hotspots);
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.turn.then(run)
    this.turn = result.catch(() => {})
    return result
  }
}
