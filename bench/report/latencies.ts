/** How long a live update and a frame take. */

import type { BenchmarkResult } from '../suite/result.ts'
import { contestantOf, FRAMES, inOrder } from './cases.ts'
import { section, TIME_COLUMNS, table, timeCells } from './table.ts'
import {
  BELOW_THE_CLOCK,
  clockName,
  contestantName,
  count,
  distributionName,
  NONE,
  pixelsText,
  stageName,
  timeText,
  workloadText,
} from './text.ts'

export function live(result: BenchmarkResult): string {
  const rows = inOrder(
    result,
    result.measurements.filter(({ stage }) => stage === 'live'),
  ).map(measurement => {
    const { timing, case: given, repeats, clock } = measurement
    return [
      contestantName(contestantOf(result, measurement)),
      count(given.ticks),
      distributionName(given.distribution),
      ...(timing
        ? [
            timeText(timing.median),
            timeText(timing.p95),
            timing.p99 === null ? NONE : timeText(timing.p99),
            timeText(timing.max),
          ]
        : [BELOW_THE_CLOCK, NONE, NONE, NONE]),
      count(repeats),
      clockName(clock),
    ]
  })
  return section(
    'How long until a live update’s results are in?',
    '',
    table(
      ['contestant', 'ticks:', 'distribution', 'p50:', 'p95:', 'p99:', 'longest:', 'repeats:', 'clock'],
      rows,
    ),
  )
}

export function frames(result: BenchmarkResult): string {
  const rows = inOrder(
    result,
    result.measurements.filter(({ stage }) => FRAMES.has(stage)),
  ).map(measurement => [
    stageName(measurement.stage),
    contestantName(contestantOf(result, measurement)),
    workloadText(measurement.case),
    measurement.case.pixels ? pixelsText(measurement.case.pixels) : NONE,
    ...timeCells(measurement),
    count(measurement.repeats),
    clockName(measurement.clock),
  ])
  return section(
    'How long does a frame take to draw?',
    'The render pass of a map all of whose pages are kept, as while the camera moves.',
    table(['stage', 'contestant', 'map', 'pixels:', ...TIME_COLUMNS, 'repeats:', 'clock'], rows),
  )
}
