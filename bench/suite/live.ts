import { type Backend, RiskMap, type TickColumns } from 'voxrisk'
import type { Tape } from './ticks.ts'

/**
 * A map that has seen a tape and continues with it: the same ticks again, shifted by the tape's span each
 * time round.
 */
export class LiveMap {
  private constructor(
    private readonly tape: Tape,
    private readonly map: RiskMap,
    private readonly span: number,
  ) {}

  static async open(tape: Tape, backend: Backend): Promise<LiveMap> {
    const { ticks } = tape
    const map = await RiskMap.create({ backend, calibration: tape.calibration })
    const live = new LiveMap(tape, map, ticks.time[ticks.length - 1] - ticks.time[0] + 1)
    live.listen()
    await map.ingest(ticks)
    await map.settle()
    return live
  }

  /**
   * Ingests `count` ticks and waits until all their results are in. Returns the seconds it took.
   * @param update 0, 1, 2, …: selects the ticks
   */
  async update(count: number, update: number): Promise<number> {
    const columns = this.columns(count, update)
    const start = performance.now()
    await this.map.ingest(columns)
    await this.map.settle()
    return (performance.now() - start) / 1000
  }

  /** Both digests of everything retired, joined. */
  get digest(): string {
    const { moments, hotspots } = this.map.digest
    return `${moments} ${hotspots}`
  }

  destroy(): void {
    this.map.destroy()
  }

  private async listen(): Promise<void> {
    try {
      for await (const _ of this.map.hotspots);
    } catch {
      // the map was destroyed, or whoever updates it gets the error
    }
  }

  private columns(count: number, update: number): TickColumns {
    const { ticks } = this.tape
    const time = new Float64Array(count)
    const price = new Uint32Array(count)
    const size = new Uint32Array(count)
    const side = new Int8Array(count)
    for (let i = 0; i < count; i++) {
      const number = update * count + i
      const at = number % ticks.length
      time[i] = ticks.time[at] + (1 + Math.floor(number / ticks.length)) * this.span
      price[i] = ticks.price[at]
      size[i] = ticks.size[at]
      side[i] = ticks.side[at]
    }
    return { length: count, time, price, size, side }
  }
}
