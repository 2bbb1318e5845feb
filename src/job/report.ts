import type { Backend } from '../engine/steps.ts'
import type { TickAccount } from '../events/convert.ts'
import type { ReadAccount } from '../events/trades.ts'
import type { MapReport } from '../formats/report.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import type { Calibration } from '../map/calibration.ts'
import type { RiskMap } from '../map/risk-map.ts'
import type { Counts } from '../units/counts.ts'
import { addCounts, totalOf } from '../units/counts.ts'

export type { MapReport } from '../formats/report.ts'

export interface ReportParts {
  readonly calibration: Calibration
  readonly backend: Backend
  readonly lateness: number
  readonly symbol: string
  readonly read: ReadAccount
  readonly ticks: TickAccount
  readonly map: RiskMap
  readonly hotspots: readonly Hotspot[]
  readonly hotspotsFound: number
  readonly timings: MapReport['timings']
  readonly verified: { readonly against: Backend; readonly voxels: number } | null
}

/** Ten increments that carry more than this share of ΣΔp² make the volatility theirs, not the market's. */
const LARGEST_SHARE_WARNING = 0.2

/** Assembles the report of a run and checks that every row is accounted for. */
export function report(parts: ReportParts): MapReport {
  const { calibration, backend, map, ticks, verified } = parts
  const { binned, outside, marks } = map.account
  const rows = {
    read: parts.read.read,
    binned,
    outside: mergeCounts(parts.read.outside, ticks.outside, outside),
    rejected: mergeCounts(parts.read.rejected, ticks.rejected),
    noted: parts.read.noted,
  }
  const known = binned + totalOf(rows.outside) + totalOf(rows.rejected)
  if (known !== rows.read)
    throw new Error(`the row counts do not add up: ${rows.read} rows read, ${known} accounted for`)
  return {
    voxrisk: { version: __VOXRISK_VERSION__ },
    instrument: map.instrument,
    grid: map.grid,
    kernel: { radii: calibration.kernel, centre: map.kernel.centre, total: map.kernel.total },
    calibration,
    lateness: parts.lateness,
    backend: { name: backend.name, adapter: backend.adapter },
    rows,
    unmarked: { ...marks.unmarked, shareOfVariation: marks.unmarkedShare },
    sizes: {
      rounded: ticks.rounded,
      dust: ticks.dust,
      roundingSum: ticks.rounding * Number(map.instrument.lotSize),
    },
    digest: map.digest,
    hotspotsFound: parts.hotspotsFound,
    hotspots: parts.hotspots.map((hotspot, i) => ({ rank: i + 1, ...hotspot })),
    warnings: warnings({ ...parts, rows }, marks.largestShare, marks.unmarkedShare),
    ...(verified
      ? {
          verified: {
            against: { name: verified.against.name, adapter: verified.against.adapter },
            voxels: verified.voxels,
          },
        }
      : {}),
    timings: parts.timings,
  }
}

/** Above this share of dust, the lot is too coarse for the sizes. */
const DUST_WARNING = 0.5

/** Losing more than this share of the rows is worth a warning. */
const LOSS_WARNING = 0.1

/** Reasons for leaving out a valid trade, in words. */
const LOSSES: readonly (readonly [reason: string, meaning: string])[] = [
  ['off-tick-grid', 'are left out because their price is not a multiple of the tick size'],
  ['late', 'are left out because they arrive too late: the trades are not in time order'],
]

function warnings(
  parts: ReportParts & { readonly rows: MapReport['rows'] },
  largestShare: number,
  unmarkedShare: number,
): string[] {
  const { calibration, symbol, ticks, map } = parts
  const found: string[] = []
  const percent = (share: number) => `${Math.round(share * 100)} %`
  if (ticks.dust > DUST_WARNING * map.account.binned) {
    found.push(
      `${percent(ticks.dust / map.account.binned)} of the sizes are under half a lot of ${map.instrument.lotSize} and count as volume 0`,
    )
  }
  const { rows } = parts
  for (const [reason, meaning] of LOSSES) {
    const lost = (rows.rejected[reason] ?? 0) + (rows.outside[reason] ?? 0)
    if (lost > LOSS_WARNING * rows.read) found.push(`${percent(lost / rows.read)} of the rows ${meaning}`)
  }
  const unread = totalOf(rows.rejected) - (rows.rejected['off-tick-grid'] ?? 0)
  if (unread > LOSS_WARNING * rows.read) {
    found.push(`${percent(unread / rows.read)} of the rows are not valid trades: see the row counts`)
  }
  const learntOn = calibration.instrument.symbol
  if (symbol.toLowerCase() !== learntOn.toLowerCase()) {
    found.push(
      `the calibration was learnt on ${learntOn || 'an unnamed symbol'}, but the trades are of ${symbol || 'an unnamed symbol'}`,
    )
  }
  if (largestShare > LARGEST_SHARE_WARNING) {
    found.push(
      `ten price increments carry ${percent(largestShare)} of the squared variation: check them before trusting the volatility`,
    )
  }
  if (unmarkedShare > 0.5) {
    found.push(
      `ticks without a mark (after gaps, jumps or flags) would carry ${percent(unmarkedShare)} of the squared variation`,
    )
  }
  return found
}

function mergeCounts(...all: readonly Readonly<Counts>[]): Counts {
  const merged: Counts = {}
  for (const counts of all) addCounts(merged, counts)
  return merged
}
