import { Command, Option } from 'commander'
import { checkReport } from '../job/check-report.ts'
import {
  compareReports,
  type Difference,
  type HotspotComparison,
  type HotspotPair,
  type ReportComparison,
} from '../job/compare.ts'
import type { MapReport } from '../job/report.ts'
import { counted } from '../show/text.ts'
import { grouped } from '../units/grouped.ts'
import { complain, Exit } from './exit.ts'
import { factLines, jsonText, signed } from './format.ts'
import { PLACE_COLUMNS, place } from './hotspot-table.ts'
import { readJsonFile } from './json-file.ts'
import { print } from './print.ts'
import { table } from './table.ts'

const EXAMPLES = `
Examples:
  voxrisk map trades.csv.gz --json > a.json
  voxrisk map trades.csv.gz --json --backend webgpu > b.json
  voxrisk compare a.json b.json                    did both give the same integers?
  voxrisk compare monday.json tuesday.json --json  all hotspots, paired, for other programs

Hotspots in the same voxel count as one. Hotspots within the kernel's reach of each other count as one that moved.
Exit status, as for diff: 0 both digests are equal, 1 they differ, 2 the files cannot be compared or wrong usage.`

/** The command `voxrisk compare`. */
export function compareCommand(): Command {
  return new Command('compare')
    .summary('compare two maps: settings, digests, hotspots')
    .description('Compare two reports from `voxrisk map --json`: settings, digests and listed hotspots.')
    .argument('<a>', 'a report')
    .argument('<b>', 'another report')
    .addOption(new Option('--json', 'print the comparison as JSON').helpGroup('Results:'))
    .addHelpText('after', EXAMPLES)
    .action(compare)
}

async function compare(pathA: string, pathB: string, options: { json?: boolean }): Promise<void> {
  try {
    const [a, b] = [await readReport(pathA), await readReport(pathB)]
    const comparison = compareReports(a, b)
    process.exitCode = comparison.equal ? Exit.done : Exit.differ
    await print(options.json ? jsonText(comparison) : comparisonText(comparison, { pathA, a, pathB, b }))
  } catch (error) {
    complain(error, Exit.compareFailed)
  }
}

function readReport(path: string): Promise<MapReport> {
  return readJsonFile(path, checkReport, 'Give the output of `voxrisk map --json`.')
}

interface Sides {
  readonly pathA: string
  readonly a: MapReport
  readonly pathB: string
  readonly b: MapReport
}

function comparisonText(comparison: ReportComparison, { pathA, a, pathB, b }: Sides): string {
  const { settings, rows, digests, hotspots } = comparison
  const equality = (equal: boolean) => (equal ? 'equal' : 'DIFFERENT')
  const parts = [
    factLines([
      ['A', sideText(pathA, a)],
      ['B', sideText(pathB, b)],
    ]),
    settings.length > 0 ? settingsText(settings) : 'The settings are the same.',
    ...(rows.length > 0 ? [`The rows differ\n${differenceTable(rows)}`] : []),
    factLines([
      ['moments', equality(digests.moments)],
      ['hotspots', equality(digests.hotspots)],
    ]),
    hotspots === null
      ? 'The hotspots cannot be paired: tick, lot or grid differ, so their voxels are not the same.'
      : hotspotLines(hotspots),
  ]
  return `${parts.join('\n\n')}\n`
}

function sideText(path: string, { instrument, rows, backend, hotspots, hotspotsFound }: MapReport): string {
  const symbol = instrument.symbol || '(no symbol)'
  const listed = `${grouped(hotspots.length)} of ${counted(hotspotsFound, 'hotspot')} listed`
  return `${path}: ${symbol}, ${counted(rows.binned, 'tick')}, ${listed}, on ${backend.name}`
}

function differenceTable(differences: readonly Difference[]): string {
  return table(
    [
      { head: '', align: 'left' },
      { head: 'A', align: 'right' },
      { head: 'B', align: 'right' },
    ],
    differences.map(({ name, a, b }) => [`  ${name}`, ...[a, b].map(valueText)]),
  )
}

/** The settings that differ. The JSON lists every constant of the score; here they share one line. */
function settingsText(settings: readonly Difference[]): string {
  const SCORE = 'calibration.score'
  const isScore = ({ name }: Difference) => name.startsWith(SCORE)
  const shown = settings.filter(difference => !isScore(difference))
  if (settings.some(isScore)) shown.push({ name: SCORE, a: 'constants', b: 'other constants' })
  const parts = [`The settings differ\n${differenceTable(shown)}`]
  if (settings.some(({ name }) => name.startsWith('calibration.'))) {
    parts.push('Scores from different calibrations are only roughly comparable.')
  }
  return parts.join('\n')
}

function valueText(value: Difference['a']): string {
  return value === '' ? '(none)' : String(value)
}

function hotspotLines(hotspots: HotspotComparison): string {
  const { both, moved, onlyA, onlyB } = hotspots
  const unchanged = both.filter(({ scoreChange, rankChange }) => scoreChange === 0 && rankChange === 0)
  const changed = both.filter(pair => !unchanged.includes(pair))
  const counts =
    `Of the hotspots listed: ${both.length} in both (${unchanged.length} unchanged), ${moved.length} moved, ` +
    `${onlyA.length} only in A, ${onlyB.length} only in B.` +
    (moved.length > 0 ? '\nIn brackets: how many bins higher or later a moved hotspot is in B.' : '')
  const rows = [
    ...changed.map(pair => pairRow('both', pair)),
    ...moved.map(pair => pairRow('moved', pair)),
    ...onlyA.map(hotspot => [
      'only A',
      hotspot.rank,
      '',
      hotspot.score.toFixed(2),
      '',
      '',
      ...place(hotspot),
    ]),
    ...onlyB.map(hotspot => [
      'only B',
      '',
      hotspot.rank,
      '',
      hotspot.score.toFixed(2),
      '',
      ...place(hotspot),
    ]),
  ]
  if (rows.length === 0) return counts
  const right = ['# A', '# B', 'score A', 'score B', 'change'].map(head => ({
    head,
    align: 'right' as const,
  }))
  const heads = [{ head: 'in', align: 'left' as const }, ...right, ...PLACE_COLUMNS]
  return `${counts}\n\n${table(heads, rows)}`
}

function pairRow(name: string, { a, b, scoreChange, shift }: HotspotPair): (string | number)[] {
  return [
    name,
    a.rank,
    b.rank,
    a.score.toFixed(2),
    b.score.toFixed(2),
    signed(scoreChange, 2),
    ...place(a).map((text, i) => withShift(text, [shift.time, shift.price, shift.size][i])),
  ]
}

/** The place in A, followed by the shift to B in bins. */
function withShift(text: string, bins: number): string {
  return bins === 0 ? text : `${text} (${signed(bins, 0)})`
}
