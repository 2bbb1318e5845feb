import type { MapReport } from '../job/report.ts'
import type { Episode } from '../sample/episodes.ts'
import { counted, timeRange } from '../show/text.ts'
import { grouped } from '../units/grouped.ts'
import { counts, factLines } from './format.ts'
import { FACT_COLUMNS, facts, PLACE_COLUMNS, place } from './hotspot-table.ts'
import { gridText, instrumentText, radiiText } from './settings-text.ts'
import { table } from './table.ts'

/** The ranked hotspots, one per row. */
function hotspotTable({ hotspots }: MapReport): string {
  return table(
    [{ head: '#', align: 'right' }, { head: 'score', align: 'right' }, ...PLACE_COLUMNS, ...FACT_COLUMNS],
    hotspots.map(hotspot => [hotspot.rank, hotspot.score.toFixed(2), ...place(hotspot), ...facts(hotspot)]),
  )
}

function seconds(value: number): string {
  return value < 0.0995 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`
}

/** The settings, the row counts, and where and how long it ran. */
function runFacts(report: MapReport): string {
  const { instrument, grid, kernel, rows, unmarked, sizes, timings } = report
  const { shareOfVariation, ...reasons } = unmarked
  const stages = (['read', 'calibrate', 'map', 'total'] as const)
    .filter(stage => timings[stage] > 0)
    .map(stage => `${stage} ${seconds(timings[stage])}`)
  const steps = Object.entries(timings)
    .filter(([name]) => !['read', 'calibrate', 'map', 'total'].includes(name))
    .map(([name, value]) => `${name} ${seconds(value)}`)
  const lines: [string, string][] = [
    ['instrument', instrumentText(instrument)],
    ['grid', gridText(instrument, grid)],
    ['kernel', `${radiiText(kernel.radii)}; the facts above count neighbours by their kernel weight`],
    ['lateness', counted(report.lateness, 'time bin')],
    [
      'rows',
      `${grouped(rows.read)} read = ${grouped(rows.binned)} binned + outside (${counts(rows.outside)}) + rejected (${counts(rows.rejected)})`,
    ],
    ...(Object.keys(rows.noted).length > 0 ? ([['noted', counts(rows.noted)]] as [string, string][]) : []),
    [
      'unmarked',
      `ticks without a price increment: ${counts(reasons)}; they would carry ${(shareOfVariation * 100).toFixed(1)} % of the squared variation`,
    ],
    [
      'sizes',
      `${grouped(sizes.rounded)} rounded to lots (sum ${sizes.roundingSum.toPrecision(3)}), ${grouped(sizes.dust)} dust`,
    ],
    ['backend', `${report.backend.name}: ${report.backend.adapter}`],
    ['time', `${stages.join(', ')} (in map: ${steps.join(', ')})`],
    ['digest', `moments  ${report.digest.moments}`],
    ['', `hotspots ${report.digest.hotspots}`],
  ]
  if (report.verified) {
    const { against, voxels } = report.verified
    lines.push([
      'verified',
      `${grouped(voxels)} voxels, all hotspots and digests equal on ${against.name}: ${against.adapter}`,
    ])
  }
  for (const warning of report.warnings) lines.push(['WARNING', warning])
  return factLines(lines)
}

/** Where the sample's episodes really are, and the hotspots inside them. */
function episodeLines(report: MapReport, episodes: readonly Episode[]): string {
  const lines = episodes.map(({ name, time, price, side }) => {
    const inside = report.hotspots.filter(
      ({ time: at, price: range }) =>
        at.from < time.to &&
        at.to > time.from &&
        Number(range.from) <= Number(price.high) &&
        Number(range.to) >= Number(price.low),
    )
    const found =
      inside.length > 0 ? `hotspots ${inside.map(({ rank }) => rank).join(', ')}` : 'no hotspot listed'
    return `  ${name}: ${timeRange(time)}, ${price.low} – ${price.high}, mostly ${side}: ${found}`
  })
  return ['Stress episodes built into the sample, and the hotspots in them:', ...lines].join('\n')
}

/** The report, formatted for a trader. */
export function reportText(report: MapReport, episodes: readonly Episode[] = []): string {
  const listed =
    report.hotspots.length === report.hotspotsFound
      ? `${report.hotspotsFound} hotspots`
      : `${report.hotspots.length} of ${grouped(report.hotspotsFound)} hotspots`
  const parts = [`${listed}, highest risk first`, hotspotTable(report)]
  if (episodes.length > 0) parts.push(episodeLines(report, episodes))
  parts.push(runFacts(report))
  return `${parts.join('\n\n')}\n`
}
