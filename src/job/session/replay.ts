import { Breather } from './breather.ts'
import { MapRun, type MapRunOptions, NOTHING } from './map-run.ts'
import { TradeCursor } from './trade-cursor.ts'
import type { TradeStore } from './trade-store.ts'

/** A map of stored trades, from the first of them up to any time. */
export class Replay {
  private readonly cursor: TradeCursor
  private reached: number

  private constructor(
    readonly run: MapRun,
    readonly store: TradeStore,
  ) {
    this.cursor = new TradeCursor(store.chunks())
    this.reached = store.first - 1
  }

  /** @throws {VoxriskError} as `RiskMap.create()` */
  static async create(store: TradeStore, options: MapRunOptions): Promise<Replay> {
    let run: MapRun | undefined
    // Rows that the reader refused have no time, so they are counted once all trades are in.
    const refused = () => (run?.ended ? store.account : NOTHING)
    run = await MapRun.create({ ...options, symbol: store.symbol, last: store.last, refused })
    return new Replay(run, store)
  }

  /** µs since 1970: the map holds the ticks up to it and no later ones, even after an aborted `advance()`. */
  get position(): number {
    return this.reached
  }

  /**
   * Adds the trades up to a time, which must be later than the position. At the time of the last trade, the
   * map ends.
   * @param onTrades called now and then with the number of trades so far
   * @throws what the map throws; the signal's reason
   */
  async advance(time: number, signal?: AbortSignal, onTrades?: (trades: number) => void): Promise<void> {
    const { run, store } = this
    if (run.ended) return
    const breather = new Breather(signal)
    for await (const trades of this.cursor.until(time)) {
      await run.feed(trades)
      this.reached = Math.max(this.reached, run.latest)
      onTrades?.(run.rows.read)
      await breather.breathe()
    }
    if (time >= store.last) await run.end()
    this.reached = time
  }

  destroy(): void {
    this.run.destroy()
  }
}
