/** How fast each stage is, which contestant is how many times as fast, and how other software does. */

import type { BenchmarkResult } from '../suite/result.ts'
import { baseCase, baseMeasurements, contestantOf, STAGES } from './cases.ts'
import { besidePeers, ownRatios, timesAsFast } from './ratios.ts'
import { section, TIME_COLUMNS, table, timeCells } from './table.ts'
import {
  clockName,
  contestantName,
  figure,
  NONE,
  percent,
  sentence,
  stageWithSettings,
  throughputText,
  workloadText,
} from './text.ts'

export function stages(result: BenchmarkResult): string {
  const base = baseCase(result)
  const rows = baseMeasurements(result)
    .filter(measurement => contestantOf(result, measurement).kind !== 'peer')
    .map(measurement => [
      stageWithSettings(measurement),
      contestantName(contestantOf(result, measurement)),
      ...timeCells(measurement),
      throughputText(measurement),
      measurement.ofCopy === null ? NONE : percent(measurement.ofCopy),
      clockName(measurement.clock),
    ])
  return section(
    'How fast is each stage, and the whole job?',
    base ? `${sentence(workloadText(base))}. Spread is the interquartile range over the median.` : '',
    table(['stage', 'contestant', ...TIME_COLUMNS, 'throughput:', 'of copy:', 'clock'], rows),
  )
}

export function ratios(result: BenchmarkResult): string {
  return section(
    'How many times as fast?',
    'Ratios of medians of that case; results equal before and after.',
    table(
      ['stage', 'contestant', 'against', 'times:', 'clocks'],
      ownRatios(result, baseMeasurements(result)).map(({ of, contestant, against, times }) => [
        stageWithSettings(of[0]),
        contestant.label,
        against.label,
        figure(times),
        of.map(({ clock }) => clockName(clock)).join(' / '),
      ]),
    ),
  )
}

export function peers(result: BenchmarkResult): string {
  const blocks = besidePeers(result).sort(
    (a, b) => STAGES.indexOf(a.peer.stage) - STAGES.indexOf(b.peer.stage),
  )
  const rows = blocks.flatMap(({ peer, own }) =>
    [peer, ...own].map(measurement => {
      const times = timesAsFast(result, measurement, peer)
      return [
        measurement === peer ? stageWithSettings(peer) : '',
        measurement === peer ? workloadText(peer.case) : '',
        contestantName(contestantOf(result, measurement)),
        ...timeCells(measurement),
        throughputText(measurement),
        measurement === peer ? '1' : times === null ? NONE : figure(times),
      ]
    }),
  )
  return section(
    'How does other software do?',
    'Speed as a multiple of the other software’s; only where results were equal before and after.',
    table(['stage', 'case', 'contestant', ...TIME_COLUMNS, 'throughput:', 'times:'], rows),
  )
}
