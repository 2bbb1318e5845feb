import { VoxriskError } from '../errors.ts'
import { createKernel, type KernelRadii } from '../grid/kernel.ts'
import type { Backend, ScoredPage } from '../map/backend.ts'
import { type Calibration, calibrate } from '../map/calibration.ts'
import { type Hotspot, rankHotspots } from '../map/hotspots.ts'
import { RiskMap } from '../map/risk-map.ts'
import { memorySpool, type Spool } from '../read/spool.ts'
import type { Counts, TradeChunk, TradeSource } from '../read/trades.ts'
import { type Instrument, TickConverter } from '../ticks/instrument.ts'
import { checkLateness, DEFAULT_LATENESS } from '../ticks/lateness.ts'
import { Measure } from '../ticks/measure.ts'
import type { TickColumns } from '../ticks/ticks.ts'
import { type MapReport, report } from './report.ts'
import { mismatch, PageComparison } from './verify.ts'

/** What a whole job does: read, calibrate, map. */
export type Stage = 'read' | 'calibrate' | 'map'

/** Sees a map being made. Calls are made in the order of time; what throws ends the job. */
export interface MapObserver {
  /** Ticks in arrival order, before they are binned (the map leaves the late ones out). Borrowed for the call. */
  ticks?(columns: TickColumns): void
  /** Every smoothed and scored page, in (time, price) order. On a GPU it costs a readback of the whole map. */
  page?(page: ScoredPage): void
  /** A hotspot that no tick can change any more; the next one waits for the promise. */
  hotspot?(hotspot: Hotspot): void | Promise<void>
}

export interface MapTradesOptions {
  readonly backend: Backend
  /** A second backend that must give the same integers. */
  readonly verifyOn?: Backend
  /** A saved calibration: instrument, grid and kernel are then fixed and the trades are read once. */
  readonly calibration?: Calibration
  /** Microseconds a time bin; default 15 minutes. */
  readonly timeBin?: number
  readonly tickSize?: string
  readonly lotSize?: string
  /** Width of a price bin, decimal text in quote currency; a whole number of ticks. By default found from the data. */
  readonly priceWidth?: string
  readonly radii?: KernelRadii
  readonly contract?: Instrument['contract']
  /** Time bins a tick may lag behind the newest one; default 1. */
  readonly lateness?: number
  /** Hotspots to report; default 20. */
  readonly top?: number
  /** Where trades wait between the readings; in memory by default. */
  readonly newSpool?: () => Spool | Promise<Spool>
  /** Called now and then with the rows done of a stage. */
  readonly onProgress?: (stage: Stage, rows: number) => void
  /** Makes an observer of the map, once its instrument, grid and constants are known. */
  readonly observe?: (calibration: Calibration) => MapObserver
}

const DEFAULT_TIME_BIN = 900_000_000
const DEFAULT_TOP = 20
/** Settings that a calibration holds already. */
const FIXED_BY_CALIBRATION = ['timeBin', 'tickSize', 'lotSize', 'priceWidth', 'radii', 'contract'] as const
/** Hotspots kept while mapping: the list is cut back to the best when it passes this many times the number asked for. */
const SURPLUS = 50

/**
 * Maps the trades of a source from the first row to the ranked hotspots: reads them once into a spool, finds tick,
 * lot and grid, calibrates, and maps. With a saved calibration there is one reading and no spool.
 * @throws {VoxriskError} of reading, calibrating or mapping; `mismatch` when `verifyOn` differs
 */
export async function mapTrades(source: TradeSource, options: MapTradesOptions): Promise<MapReport> {
  const job = new Job(source, options)
  return job.run()
}

class Job {
  private readonly timings: Record<Stage | 'total', number> = { read: 0, calibrate: 0, map: 0, total: 0 }

  private readonly lateness: number
  private readonly top: number

  constructor(
    private readonly source: TradeSource,
    private readonly options: MapTradesOptions,
  ) {
    this.lateness = checkLateness(options.lateness ?? DEFAULT_LATENESS)
    this.top = options.top ?? DEFAULT_TOP
    if (!Number.isInteger(this.top) || this.top < 0) {
      throw new VoxriskError(
        'bad-setting',
        `top ${this.top} is not a count`,
        'Give a whole number from 0 on.',
      )
    }
    const contradicting = FIXED_BY_CALIBRATION.filter(name => options[name] !== undefined)
    if (options.calibration && contradicting.length > 0) {
      throw new VoxriskError(
        'bad-setting',
        `${contradicting.join(', ')} given together with a calibration, which fixes it`,
        'Leave it out, or make a new calibration.',
      )
    }
  }

  async run(): Promise<MapReport> {
    const { options, source } = this
    const start = performance.now()
    let spool: Spool | undefined
    try {
      let calibration = options.calibration
      let chunks: () => AsyncIterable<TradeChunk>
      if (calibration) {
        chunks = () => this.watched('read', source.chunks())
      } else {
        const filled = await (options.newSpool ?? memorySpool)()
        spool = filled
        const { instrument, grid } = await this.timed('read', () => this.readInto(filled))
        chunks = () => filled.chunks()
        calibration = await this.timed('calibrate', () => this.calibrate(instrument, grid, chunks))
      }
      return await this.map(calibration, chunks, start)
    } finally {
      await spool?.destroy()
    }
  }

  /** First reading: fills the spool and measures the trades. */
  private async readInto(spool: Spool) {
    const { options, source } = this
    const timeBin = options.timeBin ?? DEFAULT_TIME_BIN
    const settings = {
      timeBin,
      contract: options.contract ?? 'linear',
      ...(options.tickSize === undefined ? {} : { tickSize: options.tickSize }),
      ...(options.lotSize === undefined ? {} : { lotSize: options.lotSize }),
      ...(options.priceWidth === undefined ? {} : { priceWidth: options.priceWidth }),
    }
    const measure = new Measure(settings, createKernel(options.radii))
    for await (const chunk of this.watched('read', source.chunks())) {
      measure.add(chunk)
      await spool.write(chunk)
    }
    const instrument = measure.instrument(source.symbol)
    return { instrument, grid: measure.grid(instrument) }
  }

  private async calibrate(
    instrument: Instrument,
    grid: Calibration['grid'],
    chunks: () => AsyncIterable<TradeChunk>,
  ): Promise<Calibration> {
    const { options } = this
    const history = () => this.ticksOf(this.watched('calibrate', chunks()), new TickConverter(instrument))
    const on = (backend: Backend) =>
      calibrate(history, {
        backend,
        instrument,
        grid,
        lateness: this.lateness,
        ...(options.radii ? { radii: options.radii } : {}),
      })
    const calibration = await on(options.backend)
    if (options.verifyOn && JSON.stringify(await on(options.verifyOn)) !== JSON.stringify(calibration)) {
      throw mismatch(`${options.backend.name} and ${options.verifyOn.name} learnt different calibrations`)
    }
    return calibration
  }

  private async map(
    calibration: Calibration,
    chunks: () => AsyncIterable<TradeChunk>,
    start: number,
  ): Promise<MapReport> {
    const { options, source } = this
    const { top, lateness } = this
    const backends = options.verifyOn ? [options.backend, options.verifyOn] : [options.backend]
    const comparison = options.verifyOn ? new PageComparison([backends[0].name, backends[1].name]) : null
    const observer = options.observe?.(calibration) ?? {}
    const maps: RiskMap[] = []
    try {
      for (const [side, backend] of backends.entries()) {
        const observed = side === 0 && observer.page !== undefined
        const onPage = (page: ScoredPage) => {
          if (observed) observer.page?.(page)
          comparison?.add(side as 0 | 1, page)
        }
        const map = await RiskMap.create({
          backend,
          calibration,
          lateness,
          ...(comparison || observed ? { onPage } : {}),
        })
        maps.push(map)
      }
      const converter = new TickConverter(calibration.instrument)
      const collected = maps.map((map, side) => collectBest(map, top, side === 0 ? observer : {}))
      for (const hotspots of collected) hotspots.catch(() => {}) // awaited below; until then it may fail unheard
      await this.timed('map', async () => {
        const watched = options.calibration ? chunks() : this.watched('map', chunks())
        for await (const ticks of this.ticksOf(watched, converter)) {
          observer.ticks?.(ticks)
          for (const map of maps) await map.ingest(ticks)
        }
        for (const map of maps) await map.flush()
      })
      comparison?.end()
      const results = await Promise.all(collected)
      if (comparison) checkEqual(maps, results)
      this.timings.total = (performance.now() - start) / 1000
      return report({
        calibration,
        backend: options.backend,
        lateness: this.lateness,
        symbol: source.symbol,
        read: source.account,
        ticks: converter.account,
        map: maps[0],
        hotspots: results[0].best,
        hotspotsFound: results[0].found,
        timings: { ...this.timings, ...maps[0].seconds },
        verified:
          comparison && options.verifyOn ? { against: options.verifyOn, voxels: comparison.voxels } : null,
      })
    } finally {
      for (const map of maps) map.destroy()
    }
  }

  /**
   * The ticks of the chunks.
   * @throws {VoxriskError} `bad-data` when there were rows and none became a tick
   */
  private async *ticksOf(
    chunks: AsyncIterable<TradeChunk>,
    converter: TickConverter,
  ): AsyncGenerator<TickColumns> {
    let ticks = 0
    for await (const chunk of chunks) {
      const columns = converter.convert(chunk)
      ticks += columns.length
      yield columns
    }
    if (ticks > 0) return
    const { rejected, outside } = converter.account
    throw new VoxriskError(
      'bad-data',
      `none of ${this.source.account.read} rows became a tick (${describe({ ...rejected, ...outside })})`,
      'Check that --tick-size and --lot-size, or the calibration, fit this instrument.',
    )
  }

  private async *watched(stage: Stage, chunks: AsyncIterable<TradeChunk>): AsyncGenerator<TradeChunk> {
    let rows = 0
    for await (const chunk of chunks) {
      yield chunk
      rows += chunk.length
      this.options.onProgress?.(stage, rows)
    }
  }

  private async timed<T>(stage: Stage, run: () => Promise<T>): Promise<T> {
    const start = performance.now()
    const result = await run()
    this.timings[stage] = (performance.now() - start) / 1000
    return result
  }
}

/** The best hotspots of a map, in bounded memory, and how many there were. */
async function collectBest(
  map: RiskMap,
  top: number,
  observer: MapObserver,
): Promise<{ best: Hotspot[]; found: number }> {
  let kept: Hotspot[] = []
  let found = 0
  for await (const hotspot of map.hotspots) {
    await observer.hotspot?.(hotspot)
    kept.push(hotspot)
    found++
    if (kept.length > SURPLUS * Math.max(top, 1)) kept = rankHotspots(kept).slice(0, top)
  }
  return { best: rankHotspots(kept).slice(0, top), found }
}

function checkEqual(maps: readonly RiskMap[], results: readonly { best: Hotspot[]; found: number }[]): void {
  for (const name of ['moments', 'hotspots'] as const) {
    const [a, b] = maps.map(map => map.digest[name])
    if (a !== b) throw mismatch(`the digests of the ${name} differ: ${a} and ${b}`)
  }
  if (JSON.stringify(results[0]) !== JSON.stringify(results[1])) throw mismatch('the hotspots differ')
}

function describe(counts: Counts): string {
  return Object.entries(counts)
    .map(([reason, times]) => `${reason}: ${times}`)
    .join(', ')
}
