import Table from 'cli-table3'
import type { MapReport } from '../job/report.ts'
import type { Episode } from '../sample/episodes.ts'

type Row = MapReport['hotspots'][number]

const plain = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '',
  },
  style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true },
}

/** Up to `digits` significant digits, thousands grouped. */
function number(value: number, digits = 4): string {
  if (Math.abs(value) >= 10 ** digits) return Math.round(value).toLocaleString('en')
  return value.toLocaleString('en', { maximumSignificantDigits: digits })
}

function timeRange({ from, to }: Row['time']): string {
  // As many digits as the finer end needs: minutes, seconds, ms or µs.
  const digits = Math.max(...[from, to].map(time => time.replace(/(:00)?(\.000)?Z$/, '').length), 16)
  const [start, end] = [from, to].map(time =>
    time.slice(0, -1).padEnd(26, '0').slice(0, digits).replace('T', ' '),
  )
  return start.slice(0, 10) === end.slice(0, 10) ? `${start} – ${end.slice(11)}` : `${start} – ${end}`
}

function sizeRange({ from, to }: Row['size']): string {
  return to === null ? `≥ ${number(Number(from))}` : `${number(Number(from))} – ${number(Number(to))}`
}

function flow(imbalance: number): string {
  const percent = Math.round(Math.abs(imbalance) * 100)
  return percent === 0 ? '0 %' : `${imbalance > 0 ? '+' : '−'}${percent} %`
}

/** The ranked hotspots, a row each. */
function hotspotTable(report: MapReport): string {
  const right = 'right' as const
  const left = 'left' as const
  const table = new Table({
    ...plain,
    head: ['#', 'score', 'time (UTC)', 'price', 'size', 'trades', 'volume', 'bps/trade', 'flow'],
    colAligns: [right, right, left, left, left, right, right, right, right],
  })
  for (const row of report.hotspots) {
    table.push([
      row.rank,
      row.score.toFixed(2),
      timeRange(row.time),
      `${row.price.from} – ${row.price.to}`,
      sizeRange(row.size),
      number(row.trades, 3),
      number(row.volume, 3),
      number(row.volatilityBps, 3),
      flow(row.imbalance),
    ])
  }
  return trimLines(table.toString())
}

function counts(reasons: Readonly<Record<string, number>>): string {
  const entries = Object.entries(reasons).filter(([, times]) => times > 0)
  if (entries.length === 0) return '0'
  return entries.map(([reason, times]) => `${times.toLocaleString('en')} ${reason}`).join(', ')
}

function seconds(value: number): string {
  return value < 0.0995 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`
}

/** Name and value, one a line. */
function facts(report: MapReport): string {
  const { instrument, grid, kernel, rows, unmarked, sizes, timings } = report
  const { shareOfVariation, ...reasons } = unmarked
  const radii = `price ±${kernel.radii.price}, size ±${kernel.radii.size}, time ±${kernel.radii.time} bins`
  const width = grid.priceWidth * Number(instrument.tickSize)
  const stages = (['read', 'calibrate', 'map', 'total'] as const)
    .filter(stage => timings[stage] > 0)
    .map(stage => `${stage} ${seconds(timings[stage])}`)
  const steps = Object.entries(timings)
    .filter(([name]) => !['read', 'calibrate', 'map', 'total'].includes(name))
    .map(([name, value]) => `${name} ${seconds(value)}`)
  const perOctave = 2 ** grid.sizeResolution
  const lines: [string, string][] = [
    [
      'instrument',
      `${instrument.symbol || '(no symbol)'}, tick ${instrument.tickSize}, lot ${instrument.lotSize}, ${instrument.contract}`,
    ],
    [
      'grid',
      `price ${number(width, 6)} (${number(grid.priceWidth)} ticks), size ${perOctave} bin${perOctave > 1 ? 's' : ''} an octave (${grid.sizeBins}), time ${timeBinText(grid.timeBin)}`,
    ],
    ['kernel', `${radii}; a fact above counts a neighbour by its kernel weight`],
    ['lateness', `${report.lateness} time bin${report.lateness === 1 ? '' : 's'}`],
    [
      'rows',
      `${rows.read.toLocaleString('en')} read = ${rows.binned.toLocaleString('en')} binned + outside (${counts(rows.outside)}) + rejected (${counts(rows.rejected)})`,
    ],
    [
      'unmarked',
      `ticks without a price increment: ${counts(reasons)}; they would carry ${(shareOfVariation * 100).toFixed(1)} % of the squared variation`,
    ],
    [
      'sizes',
      `${sizes.rounded.toLocaleString('en')} rounded to lots (sum ${sizes.roundingSum.toPrecision(3)}), ${sizes.dust.toLocaleString('en')} dust`,
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
      `${voxels.toLocaleString('en')} voxels, all hotspots and digests equal on ${against.name}: ${against.adapter}`,
    ])
  }
  for (const warning of report.warnings) lines.push(['WARNING', warning])
  return lines.map(([name, value]) => `${name.padEnd(11)} ${value}`).join('\n')
}

function timeBinText(micros: number): string {
  const units: [number, string][] = [
    [86_400e6, 'd'],
    [3600e6, 'h'],
    [60e6, 'min'],
    [1e6, 's'],
    [1e3, 'ms'],
  ]
  const [size, unit] = units.find(([size]) => micros % size === 0) ?? [1, 'µs']
  return `${micros / size} ${unit}`
}

/** Where the sample's episodes truly are, and the hotspots that lie in them. */
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
    return `  ${name}: ${timeRange({ from: time.from, to: time.to })}, ${price.low} – ${price.high}, mostly ${side}: ${found}`
  })
  return ['Stress episodes put into the sample, and the hotspots in them:', ...lines].join('\n')
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
}

/** The report as a trader reads it. */
export function reportText(report: MapReport, episodes: readonly Episode[] = []): string {
  const listed =
    report.hotspots.length === report.hotspotsFound
      ? `${report.hotspotsFound} hotspots`
      : `${report.hotspots.length} of ${report.hotspotsFound.toLocaleString('en')} hotspots`
  const parts = [`${listed}, highest risk first`, hotspotTable(report)]
  if (episodes.length > 0) parts.push(episodeLines(report, episodes))
  parts.push(facts(report))
  return `${parts.join('\n\n')}\n`
}
