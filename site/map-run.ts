import type { Backend } from '../src/engine/steps.ts'
import { rankHotspots } from '../src/hotspots/rank.ts'
import { type MapReport, report } from '../src/job/report.ts'
import type { Hotspot } from '../src/layers/trades/facts.ts'
import type { Calibration } from '../src/map/calibration.ts'
import { RiskMap } from '../src/map/risk-map.ts'
import { totalOf } from '../src/units/counts.ts'
import { isoTime } from '../src/units/iso-time.ts'
import { Breather } from './breathe.ts'
import { TickCursor } from './tick-cursor.ts'
import type { TradeStore } from './trade-store.ts'

/** All slabs a map can keep: what is seen of a file is seen whole. Where memory ends, the oldest go. */
const KEPT_SLABS = 10_000

/** What became of the trades so far: `read` = `binned` + `outside` + `rejected`. */
export interface RowAccount {
  readonly read: number
  readonly binned: number
  readonly outside: number
  readonly rejected: number
}

/** One map on the way through stored trades, from the first of them to any time. */
export class MapRun {
  private readonly cursor: TickCursor
  private readonly taken: Hotspot[] = []
  /** µs since 1970: ticks up to it are in the map, and none later, also where a step was called off. */
  private reached: number
  private flushed = false

  private constructor(
    readonly map: RiskMap,
    readonly store: TradeStore,
    readonly calibration: Calibration,
    private readonly backend: Backend,
    private readonly lateness: number,
    private readonly onHotspot: () => void,
  ) {
    this.cursor = new TickCursor(store, calibration.instrument)
    this.reached = store.first - 1
    this.take().catch(() => {}) // what fails the map fails the call that feeds it, too
  }

  /** @param onHotspot called whenever there is one more in `hotspots` */
  static async create(
    store: TradeStore,
    calibration: Calibration,
    backend: Backend,
    lateness: number,
    onHotspot: () => void,
  ): Promise<MapRun> {
    const map = await RiskMap.create({
      backend,
      calibration,
      lateness,
      keepSlabs: KEPT_SLABS,
      details: true,
    })
    return new MapRun(map, store, calibration, backend, lateness, onHotspot)
  }

  get position(): number {
    return this.reached
  }

  /** Whether all trades are in and every hotspot is final. */
  get ended(): boolean {
    return this.flushed
  }

  /** Hotspots so far. */
  get found(): number {
    return this.taken.length
  }

  /** Those found so far, highest score first. */
  get hotspots(): Hotspot[] {
    return rankHotspots(this.taken)
  }

  /**
   * Takes in the ticks up to a time, later than the last one; at the time of the last trade the map ends.
   * @param onTrades called now and then with the trades so far
   * @throws what the map throws; the signal's reason
   */
  async advance(time: number, signal?: AbortSignal, onTrades?: (trades: number) => void): Promise<void> {
    if (this.flushed) return
    const breather = new Breather(signal)
    for await (const ticks of this.cursor.until(time)) {
      await this.map.ingest(ticks)
      this.reached = ticks.time.reduce((latest, time) => Math.max(latest, time), this.reached)
      onTrades?.(this.cursor.passed)
      await breather.breathe()
    }
    const isEnd = time >= this.store.last
    if (isEnd) await this.map.flush()
    await new Promise(resolve => setTimeout(resolve)) // the last hotspots are taken
    this.reached = time
    this.flushed = isEnd
  }

  /** To be read between two `advance()`. Rows that reading refused have no time: they are counted when the map has ended. */
  get rows(): RowAccount {
    const { map, cursor, store } = this
    const { binned, outside } = map.account
    const refused = this.flushed ? store.account : { rejected: {}, outside: {} }
    return {
      read: this.flushed ? store.account.read : cursor.passed,
      binned,
      outside: totalOf(refused.outside) + totalOf(cursor.account.outside) + totalOf(outside),
      rejected: totalOf(refused.rejected) + totalOf(cursor.account.rejected),
    }
  }

  /**
   * The report as the command line makes it, with all hotspots; to be asked for between two `advance()`. Before the end it is of the
   * trades so far, and its first warning says so.
   */
  report(): MapReport {
    const { store, map, cursor, hotspots } = this
    const whole = report({
      calibration: this.calibration,
      backend: this.backend,
      lateness: this.lateness,
      symbol: store.symbol,
      read: this.flushed ? store.account : { read: cursor.passed, rejected: {}, outside: {}, noted: {} },
      ticks: cursor.account,
      map,
      hotspots,
      hotspotsFound: hotspots.length,
      timings: { ...map.seconds },
      verified: null,
    })
    if (this.flushed) return whole
    const upTo = isoTime(Math.floor(this.reached))
    const warning = `of the trades up to ${upTo} only; the last one is of ${isoTime(store.last)}`
    return { ...whole, warnings: [warning, ...whole.warnings] }
  }

  destroy(): void {
    this.map.destroy()
  }

  private async take(): Promise<void> {
    for await (const hotspot of this.map.hotspots) {
      this.taken.push(hotspot)
      this.onHotspot()
    }
  }
}
