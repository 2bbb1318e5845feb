import type { ScoredPage } from '../engine/work.ts'
import { VoxriskError } from '../errors.ts'
import { TickConverter } from '../events/convert.ts'
import { DEFAULT_LATENESS } from '../events/lateness.ts'
import type { TickColumns } from '../events/ticks.ts'
import type { TradeChunk, TradeSource } from '../events/trades.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import type { Calibration } from '../map/calibration.ts'
import { RiskMap } from '../map/risk-map.ts'
import { type CalibrateTradesOptions, learn } from './calibrate-trades.ts'
import { HotspotCollector } from './collect-hotspots.ts'
import { type MapReport, report } from './report.ts'
import { Stages } from './stages.ts'
import { ticksOf } from './ticks-of.ts'
import { mismatch, PageComparison } from './verify.ts'

/** Watches a map being made. Called in time order. A call that throws ends the job. */
export interface MapObserver {
  /** Ticks in arrival order, before binning (which leaves out the late ones). Borrowed for the call. */
  ticks?(columns: TickColumns): void
  /** Every smoothed and scored page, in (time, price) order. On a GPU this reads back the whole map. */
  page?(page: ScoredPage): void
  /** A final hotspot: no later tick can change it. The next one waits for the promise. */
  hotspot?(hotspot: Hotspot): void | Promise<void>
}

/** Options of `mapTrades`: a calibration or what it takes to learn one, and what to do with the map. */
export interface MapTradesOptions extends CalibrateTradesOptions {
  /** A saved calibration. It fixes instrument, grid and kernel, and the trades are then read only once. */
  readonly calibration?: Calibration
  /** Hotspots to report; default 20. */
  readonly top?: number
  /** Makes an observer for the map, once its instrument, grid and constants are known. */
  readonly observe?: (calibration: Calibration) => MapObserver
}

const DEFAULT_TOP = 20
/** Settings that a calibration already fixes, in words. */
const FIXED_BY_CALIBRATION = {
  timeWidth: 'the time bins',
  tickSize: 'the tick size',
  lotSize: 'the lot size',
  priceWidth: 'the price bins',
  sizeResolution: 'the size bins',
  radii: 'the kernel',
  contract: 'the kind of contract',
} as const

/**
 * Maps the trades of a source, from raw rows to ranked hotspots. Reads them once into a spool, finds tick,
 * lot and grid, calibrates, and maps. With a saved calibration it reads them once and needs no spool.
 * @throws {VoxriskError} from reading, calibrating or mapping; `mismatch` when `verifyOn` differs
 */
export async function mapTrades(source: TradeSource, options: MapTradesOptions): Promise<MapReport> {
  const top = options.top ?? DEFAULT_TOP
  if (!Number.isInteger(top) || top < 0) {
    throw new VoxriskError('bad-setting', `top ${top} is not a count`, 'Give a whole number, 0 or more.', {
      settings: ['top'],
    })
  }
  const fixed = Object.keys(FIXED_BY_CALIBRATION) as (keyof typeof FIXED_BY_CALIBRATION)[]
  const contradicting = fixed.filter(name => options[name] !== undefined)
  if (options.calibration && contradicting.length > 0) {
    throw new VoxriskError(
      'bad-setting',
      `the calibration already fixes ${contradicting.map(name => FIXED_BY_CALIBRATION[name]).join(', ')}`,
      'Leave that out, or make a new calibration.',
      { settings: [...contradicting, 'calibration'] },
    )
  }
  const start = performance.now()
  const stages = new Stages(options.onProgress)
  const mapped = (calibration: Calibration, chunks: AsyncIterable<TradeChunk>) =>
    mapChunks({ source, options, calibration, chunks, top, stages, start })
  if (options.calibration) return mapped(options.calibration, stages.watched('read', source.chunks()))
  const { calibration, spool } = await learn(source, options, stages)
  try {
    return await mapped(calibration, stages.watched('map', spool.chunks()))
  } finally {
    await spool.destroy()
  }
}

interface MapJob {
  readonly source: TradeSource
  readonly options: MapTradesOptions
  readonly calibration: Calibration
  /** The trades, from the source itself or from a spool. */
  readonly chunks: AsyncIterable<TradeChunk>
  readonly top: number
  readonly stages: Stages
  /** When the job began, on the clock of `performance.now()`. */
  readonly start: number
}

async function mapChunks(job: MapJob): Promise<MapReport> {
  const { source, options, calibration, stages } = job
  const lateness = options.lateness ?? DEFAULT_LATENESS
  const { backend, verifyOn } = options
  const comparison = verifyOn ? new PageComparison([backend.name, verifyOn.name]) : null
  const observer = options.observe?.(calibration) ?? {}
  const maps: RiskMap[] = []
  try {
    for (const [side, on] of (verifyOn ? [backend, verifyOn] : [backend]).entries()) {
      const observed = side === 0 && observer.page !== undefined
      const onPage = (page: ScoredPage) => {
        if (observed) observer.page?.(page)
        comparison?.add(side as 0 | 1, page)
      }
      const needsPages = comparison !== null || observed
      maps.push(
        await RiskMap.create({ backend: on, calibration, lateness, ...(needsPages ? { onPage } : {}) }),
      )
    }
    const converter = new TickConverter(calibration.instrument)
    const collectors = maps.map((map, side) =>
      side === 0
        ? new HotspotCollector(job.top, map, hotspot => observer.hotspot?.(hotspot))
        : new HotspotCollector(job.top, map),
    )
    await stages.timed('map', async () => {
      for await (const ticks of ticksOf(source, job.chunks, converter)) {
        observer.ticks?.(ticks)
        for (const map of maps) await map.ingest(ticks)
        for (const collector of collectors) await collector.caughtUp()
      }
      for (const map of maps) await map.flush()
    })
    comparison?.end()
    const best = await Promise.all(collectors.map(collector => collector.best()))
    if (comparison) checkEqual(maps, best)
    return report({
      calibration,
      backend,
      lateness,
      symbol: source.symbol,
      read: source.account,
      ticks: converter.account,
      map: maps[0],
      hotspots: best[0],
      hotspotsFound: collectors[0].found,
      timings: { ...stages.seconds, total: (performance.now() - job.start) / 1000, ...maps[0].seconds },
      verified: comparison && verifyOn ? { against: verifyOn, voxels: comparison.voxels } : null,
    })
  } finally {
    for (const map of maps) map.destroy()
  }
}

function checkEqual(maps: readonly RiskMap[], best: readonly (readonly Hotspot[])[]): void {
  for (const name of ['moments', 'hotspots'] as const) {
    const [a, b] = maps.map(map => map.digest[name])
    if (a !== b) throw mismatch(`the digests of the ${name} differ: ${a} and ${b}`)
  }
  if (JSON.stringify(best[0]) !== JSON.stringify(best[1])) throw mismatch('the hotspots differ')
}
