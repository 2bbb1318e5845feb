import {
  BELOW_THE_CLOCK,
  clockName,
  count,
  distributionName,
  figure,
  inOrder,
  MOVES_BYTES,
  NONE,
  radiiText,
  stageName,
  sweepValue,
  sweepValues,
  sweepValueText,
  throughput,
  unitName,
  type VariedAxis,
} from '../figures.ts'
import { ownRatios } from '../ratios.ts'
import type { BenchmarkResult, Case, Measurement, Stage } from '../suite/result.ts'
import { dottedTitle, type Entrant, entrantOf, shortLabel } from './entrants.ts'
import type { Line, LineChart } from './line-chart.ts'
import type { PlainRow } from './tables.ts'

/** What of all results belongs side by side: one sweep of one stage, the other settings held at the same values. */
export interface SweepGroup {
  readonly stage: Stage
  /** What is held, in words. */
  readonly held: string
  readonly values: readonly (number | string)[]
  readonly rows: readonly SweepRow[]
}

interface SweepRow {
  readonly entrant: Entrant
  readonly clock: Measurement['clock']
  readonly at: ReadonlyMap<number | string, Measurement>
}

/** What a sweep leaves as it is. Touched voxels follow the ticks, and batches are each runtime's own. */
function held(stage: Stage, sweep: VariedAxis, { ticks, touchedVoxels, distribution, radii }: Case): string {
  if (MOVES_BYTES.has(stage)) return ''
  return [
    sweep !== 'ticks' && `${count(ticks)} ticks`,
    sweep !== 'distribution' && distributionName(distribution),
    sweep !== 'ticks' &&
      sweep !== 'voxels' &&
      sweep !== 'distribution' &&
      `${count(touchedVoxels)} touched voxels`,
    sweep !== 'radii' && `radii ${radiiText(radii)}`,
  ]
    .filter(part => part)
    .join(', ')
}

/** A sweep over all results, in the order of the stages. One value alone makes no sweep. */
export function sweepGroups(
  results: readonly BenchmarkResult[],
  all: readonly Entrant[],
  sweep: VariedAxis,
): SweepGroup[] {
  const groups = new Map<
    string,
    { stage: Stage; held: string; rows: Map<string, SweepRow & { at: Map<number | string, Measurement> }> }
  >()
  for (const result of results) {
    for (const measurement of inOrder(result, result.measurements)) {
      const { stage, sweeps, clock, case: given } = measurement
      const value = sweepValue(sweep, given)
      if (!sweeps.includes(sweep) || unitName(stage) === null || value === null) continue
      const same = held(stage, sweep, given)
      const group = groups.get(`${stage} ${same}`) ?? { stage, held: same, rows: new Map() }
      groups.set(`${stage} ${same}`, group)
      const entrant = entrantOf(all, result, measurement)
      const key = `${entrant.name} ${clock}`
      const row = group.rows.get(key) ?? { entrant, clock, at: new Map() }
      group.rows.set(key, row)
      row.at.set(value, measurement)
    }
  }
  return [...groups.values()]
    .map(({ stage, held, rows }) => {
      const measurements = [...rows.values()].flatMap(({ at }) => [...at.values()])
      return { stage, held, rows: [...rows.values()], values: sweepValues(sweep, measurements) }
    })
    .filter(({ values }) => values.length > 1)
}

const X_LABELS = { ticks: 'ticks', batch: 'bytes a batch', voxels: 'touched voxels' } as const

/** Sweeps whose axis is a number: these are drawn as lines. */
export type NumericSweep = keyof typeof X_LABELS

export function sweepChart(sweep: NumericSweep, group: SweepGroup): LineChart {
  const { stage, rows } = group
  const lines = rows
    .map(({ entrant, at }) => lineOf(entrant, at, measurement => throughput(measurement)))
    .filter(({ points }) => points.length > 0)
    .sort((a, b) => b.points.length - a.points.length) // a lone point is drawn over the lines, not under them
  return {
    title: `${[sentence(stageName(stage)), group.held].filter(part => part).join(', ')}${dottedTitle(rows.map(({ entrant }) => entrant))}`,
    ...axes(sweep),
    yLabel: unitName(stage) ?? '',
    lines,
  }
}

function axes(sweep: NumericSweep) {
  return {
    xLabel: X_LABELS[sweep],
    xUnit: sweep === 'batch' ? 'a batch' : X_LABELS[sweep],
    xBytes: sweep === 'batch',
  }
}

function lineOf(
  { name, tone, chrome, software }: Entrant,
  at: ReadonlyMap<number | string, Measurement>,
  value: (measurement: Measurement) => number | null,
): Line {
  const points = [...at]
    .map(([x, measurement]) => [Number(x), value(measurement)] as const)
    .filter((point): point is readonly [number, number] => point[0] > 0 && (point[1] ?? 0) > 0)
    .sort(([a], [b]) => a - b)
  return { name, tone, chrome, software, points }
}

/** The figures of a sweep's charts: a row a stage and contestant, a column a value. Columns are those of all groups. */
export function sweepTable(
  sweep: VariedAxis,
  groups: readonly SweepGroup[],
): { readonly heads: readonly string[]; readonly rows: readonly PlainRow[] } {
  const values = sweepValues(
    sweep,
    groups.flatMap(({ rows }) => rows.flatMap(({ at }) => [...at.values()])),
  )
  const severalHeld = new Set(groups.map(group => group.held).filter(text => text !== '')).size > 1
  return {
    heads: ['contestant', 'stage', 'clock', 'unit', ...values.map(value => sweepValueText(sweep, value))],
    rows: groups.flatMap(({ stage, held, rows }) =>
      rows.map(({ entrant, clock, at }) => ({
        entrant,
        cells: [
          entrant.name,
          severalHeld && held ? `${stageName(stage)}, ${held}` : stageName(stage),
          clockName(clock),
          unitName(stage) ?? NONE,
          ...values.map(value => {
            const measurement = at.get(value)
            if (!measurement) return NONE
            if (!measurement.timing) return BELOW_THE_CLOCK
            const speed = throughput(measurement)
            return speed === null ? NONE : figure(speed)
          }),
        ],
      })),
    ),
  }
}

/** A real GPU against a CPU by ticks. */
interface RatioRow {
  readonly entrant: Entrant
  readonly stage: Stage
  /** Name of the CPU contestant. */
  readonly against: string
  readonly at: ReadonlyMap<number, number>
}

/** How many times as fast real GPUs are, by ticks, wherever results were found equal. */
export function ratiosByTicks(results: readonly BenchmarkResult[], all: readonly Entrant[]): RatioRow[] {
  const rows = new Map<string, RatioRow & { at: Map<number, number> }>()
  for (const result of results) {
    const within = result.measurements.filter(({ sweeps }) => sweeps.includes('ticks'))
    for (const { stage, case: given, contestant, against, of, times } of ownRatios(
      result,
      inOrder(result, within),
    )) {
      if (contestant.kind !== 'gpu') continue
      const entrant = entrantOf(all, result, of[0])
      const key = `${stage} ${entrant.name} ${against.id} ${of.map(({ clock }) => clock)}`
      const row = rows.get(key) ?? { entrant, stage, against: shortLabel(against), at: new Map() }
      rows.set(key, row)
      row.at.set(given.ticks, times)
    }
  }
  return [...rows.values()]
}

/** One chart for every contestant that GPUs are set against: the whole job by ticks. */
export function ratioCharts(rows: readonly RatioRow[]): LineChart[] {
  const byRival = new Map<string, RatioRow[]>()
  for (const row of rows.filter(({ stage }) => stage === 'job')) {
    byRival.set(row.against, [...(byRival.get(row.against) ?? []), row])
  }
  return [...byRival].map(([rival, rows]) => ({
    title: `Whole job: GPU against ${rival}`,
    ...axes('ticks'),
    yLabel: 'times as fast',
    lines: rows.map(({ entrant: { name, tone, chrome, software }, at }) => ({
      name,
      tone,
      chrome,
      software,
      points: [...at].sort(([a], [b]) => a - b),
    })),
  }))
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
