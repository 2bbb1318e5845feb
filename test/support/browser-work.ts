/** Work that Node and a browser do with the same code, so that their results can be compared. */

import type { Backend } from '../../src/engine/steps.ts'
import type { ReadAccount } from '../../src/events/trades.ts'
import type { Digest } from '../../src/hotspots/digest.ts'
import { mapTrades } from '../../src/job/map-trades.ts'
import type { MapReport } from '../../src/job/report.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import type { TradeFile } from '../../src/read/file.ts'
import { type OpenOptions, openTrades } from '../../src/read/source.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'
import { columns, madeUpCalibration, miniMarket } from './ticks.ts'

/** What must be the same wherever a map is made. */
export interface Mapped {
  readonly digest: Digest
  readonly hotspots: readonly Hotspot[]
}

/** The generated day, thinned. */
export function mapSample(backend: Backend): Promise<MapReport> {
  return mapTrades(sampleDay({ trades: 30_000 }).source, { backend })
}

/** What a test says about files: how they are read, and the time bin in µs. */
export interface FileOptions extends OpenOptions {
  readonly timeWidth?: number
}

export async function mapFiles(
  backend: Backend,
  files: readonly TradeFile[],
  { timeWidth, ...options }: FileOptions = {},
): Promise<MapReport> {
  const source = await openTrades(files, options)
  return mapTrades(source, { backend, ...(timeWidth ? { timeWidth } : {}) })
}

/** A small market with gaps, crashes and late ticks, mapped without the reading and learning before it. */
export async function mapMiniMarket(backend: Backend): Promise<Mapped> {
  const map = await RiskMap.create({ backend, calibration: madeUpCalibration() })
  try {
    await map.ingest(columns(miniMarket(3000, 7)))
    await map.flush()
    const hotspots: Hotspot[] = []
    for await (const hotspot of map.hotspots) hotspots.push(hotspot)
    return { digest: map.digest, hotspots }
  } finally {
    map.destroy()
  }
}

/** All that a reader finds in files: every column, decimals as integers of their unit, and the account. */
export interface Contents {
  readonly format: string
  readonly symbol: string
  readonly account: ReadAccount
  readonly decimals: readonly (readonly [price: number, size: number])[]
  readonly time: readonly number[]
  readonly price: readonly number[]
  readonly size: readonly number[]
  readonly side: readonly number[]
  readonly flags: readonly number[]
}

export async function readFiles(files: readonly TradeFile[], options: OpenOptions = {}): Promise<Contents> {
  const source = await openTrades(files, options)
  const found = {
    decimals: [] as [number, number][],
    time: [] as number[],
    price: [] as number[],
    size: [] as number[],
    side: [] as number[],
    flags: [] as number[],
  }
  for await (const chunk of source.chunks()) {
    found.decimals.push([chunk.priceDecimals, chunk.sizeDecimals])
    for (const name of ['time', 'price', 'size', 'side', 'flags'] as const) {
      for (const value of chunk[name].subarray(0, chunk.length)) found[name].push(value)
    }
  }
  return { format: source.format, symbol: source.symbol, account: source.account, ...found }
}
