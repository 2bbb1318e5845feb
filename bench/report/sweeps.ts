/** How throughput changes with one setting. */

import type { BenchmarkResult, Measurement } from '../suite/result.ts'
import { contestantOf, inOrder, sweepValue, sweepValues, sweepValueText, type VariedAxis } from './cases.ts'
import { section, TIME_COLUMNS, table, timeCells } from './table.ts'
import {
  BELOW_THE_CLOCK,
  clockName,
  contestantName,
  figure,
  NONE,
  stageName,
  throughput,
  throughputText,
  unitName,
} from './text.ts'

export function uploadByBatch(result: BenchmarkResult): string {
  const rows = inOrder(
    result,
    result.measurements.filter(({ stage, sweeps }) => stage === 'upload' && sweeps.includes('batch')),
  ).map(measurement => [
    contestantName(contestantOf(result, measurement)),
    measurement.case.batchBytes === null ? NONE : sweepValueText('batch', measurement.case.batchBytes),
    ...timeCells(measurement),
    throughputText(measurement),
    ticksText(measurement),
  ])
  return section(
    'How fast is upload, by size of batch?',
    '',
    table(['contestant', 'batch:', ...TIME_COLUMNS, 'throughput:', 'ticks:'], rows),
  )
}

/** Ticks per second of an upload. */
function ticksText({ timing, case: { ticks } }: Measurement): string {
  return timing === null || ticks === 0 ? NONE : `${figure(ticks / timing.median / 1e6)} M ticks/s`
}

const SWEEPS: readonly (readonly [VariedAxis, string])[] = [
  ['ticks', 'How does throughput change with the number of ticks?'],
  ['batch', 'How does it change with the size of batches?'],
  ['voxels', 'How does it change with touched voxels?'],
  ['radii', 'How does it change with the kernel (radii along price × size × time)?'],
  ['distribution', 'How does it change with the distribution of ticks?'],
]

/** The other sweeps, throughput only. */
export function sweeps(result: BenchmarkResult): string[] {
  return SWEEPS.map(([sweep, title]) => sweepTable(result, sweep, title))
}

function sweepTable(result: BenchmarkResult, sweep: VariedAxis, title: string): string {
  const within = result.measurements.filter(
    measurement =>
      measurement.sweeps.includes(sweep) &&
      unitName(measurement.stage) !== null &&
      sweepValue(sweep, measurement.case) !== null &&
      !(sweep === 'batch' && measurement.stage === 'upload'), // has its own table
  )
  const values = sweepValues(sweep, within)
  if (values.length < 2) return ''
  const rows = new Map<string, { readonly cells: Map<number | string, string>; readonly of: Measurement }>()
  for (const measurement of inOrder(result, within)) {
    const { stage, contestant, clock, timing } = measurement
    const key = `${stage} ${contestant} ${clock}`
    const row = rows.get(key) ?? { cells: new Map(), of: measurement }
    rows.set(key, row)
    const value = throughput(measurement)
    row.cells.set(
      sweepValue(sweep, measurement.case)!,
      timing === null ? BELOW_THE_CLOCK : value === null ? NONE : figure(value),
    )
  }
  return section(
    title,
    '',
    table(
      ['stage', 'contestant', 'clock', 'unit', ...values.map(value => `${sweepValueText(sweep, value)}:`)],
      [...rows.values()].map(({ cells, of }) => [
        stageName(of.stage),
        contestantName(contestantOf(result, of)),
        clockName(of.clock),
        unitName(of.stage) ?? NONE,
        ...values.map(value => cells.get(value) ?? NONE),
      ]),
    ),
  )
}
