import { percent } from '../src/show/text.ts'
import {
  BELOW_THE_CLOCK,
  baseCase,
  baseMeasurements,
  clockName,
  clocksText,
  commitText,
  contestantName,
  contestantOf,
  count,
  distributionName,
  FRAMES,
  figure,
  inOrder,
  kindName,
  NONE,
  pixelsText,
  runtimeText,
  SOFTWARE,
  STAGES,
  stageName,
  stageWithSettings,
  startedText,
  sweepValue,
  sweepValues,
  sweepValueText,
  throughput,
  throughputText,
  timeText,
  unitName,
  type VariedAxis,
  workloadText,
} from './figures.ts'
import { besidePeers, ownRatios, timesAsFast } from './ratios.ts'
import type { BenchmarkResult, Measurement } from './suite/result.ts'

/**
 * A result in Markdown: who ran on what, then a table for every question a reader has, then what was left out. Ratios stand only between
 * contestants whose results were found equal, and never for a software adapter.
 */
export function benchmarkMarkdown(result: BenchmarkResult): string {
  return [
    whoRan(result),
    stages(result),
    ratios(result),
    uploadByBatch(result),
    ...SWEEPS.map(([sweep, title]) => sweepTable(result, sweep, title)),
    live(result),
    frames(result),
    peers(result),
    leftOut(result),
  ]
    .filter(part => part !== '')
    .join('\n\n')
    .concat('\n')
}

type Align = 'left' | 'right'

/** A Markdown table; '' when it has no row. */
function table(
  columns: readonly (readonly [head: string, align: Align])[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [
    line(columns.map(([head]) => head)),
    `|${columns.map(([, align]) => (align === 'right' ? '--:' : '---')).join('|')}|`,
    ...rows.map(line),
  ].join('\n')
}

function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .replace(/<(?=[a-z/!?])/gi, '&lt;')
}

/** A heading, what stands under it, and a table; '' without rows. */
function section(title: string, under: string, rows: string): string {
  if (rows === '') return ''
  return [`### ${title}`, under, rows].filter(part => part !== '').join('\n\n')
}

function whoRan(result: BenchmarkResult): string {
  const { host, contestants, checks, seconds, voxrisk, quick } = result
  const processor = host.processor ?? 'processor not told'
  const unequal = checks.filter(({ equal }) => !equal)
  const nameOf = (id: string) => contestants.find(contestant => contestant.id === id)?.label ?? id
  return [
    [
      '### Who ran on what',
      '',
      `voxrisk ${voxrisk} (${commitText(result)}), ${startedText(result)}, took ${timeText(seconds)}.${quick ? ' The short form: few repeats, small cases.' : ''}`,
      `${runtimeText(result)} on ${host.system}, ${processor}, ${count(host.cores)} logical ${host.cores === 1 ? 'processor' : 'processors'}; ${clocksText(result)}.`,
      unequal.length === 0
        ? `Results compared ${count(checks.length)} times, before and after times were taken: ${checks.length > 0 ? 'always equal' : 'never, so there are no ratios'}.`
        : `**Results were not equal**, so these times are worth nothing: ${unequal.map(({ contestants: [a, b], when, case: given }) => `${nameOf(a)} and ${nameOf(b)} ${when} times were taken (${workloadText(given)})`).join('; ')}.`,
    ].join('\n'),
    table(
      [
        ['contestant', 'left'],
        ['kind', 'left'],
        ['runs on', 'left'],
        ['cores', 'right'],
      ],
      contestants.map(({ label, kind, runsOn, cores }) => [
        label,
        kindName(kind),
        runsOn,
        cores === null ? NONE : count(cores),
      ]),
    ),
  ].join('\n\n')
}

/** Median, p95, spread: the cells that every table of times has. */
function timeCells({ timing }: Measurement): string[] {
  if (timing === null) return [BELOW_THE_CLOCK, NONE, NONE]
  return [timeText(timing.median), timeText(timing.p95), percent(timing.spread)]
}

const TIME_COLUMNS: readonly (readonly [string, Align])[] = [
  ['median', 'right'],
  ['p95', 'right'],
  ['spread', 'right'],
]

function stages(result: BenchmarkResult): string {
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
    table(
      [
        ['stage', 'left'],
        ['contestant', 'left'],
        ...TIME_COLUMNS,
        ['throughput', 'right'],
        ['of copy', 'right'],
        ['clock', 'left'],
      ],
      rows,
    ),
  )
}

function ratios(result: BenchmarkResult): string {
  return section(
    'How many times as fast?',
    'Ratios of medians of that case; results equal before and after.',
    table(
      [
        ['stage', 'left'],
        ['contestant', 'left'],
        ['against', 'left'],
        ['times', 'right'],
        ['clocks', 'left'],
      ],
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

function uploadByBatch(result: BenchmarkResult): string {
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
    table(
      [
        ['contestant', 'left'],
        ['batch', 'right'],
        ...TIME_COLUMNS,
        ['throughput', 'right'],
        ['ticks', 'right'],
      ],
      rows,
    ),
  )
}

/** Ticks a second of an upload. */
function ticksText({ timing, case: { ticks } }: Measurement): string {
  return timing === null || ticks === 0 ? NONE : `${figure(ticks / timing.median / 1e6)} M ticks/s`
}

/** The other sweeps, throughput only. */
const SWEEPS: readonly (readonly [VariedAxis, string])[] = [
  ['ticks', 'How does throughput change with the number of ticks?'],
  ['batch', 'How does it change with the size of batches?'],
  ['voxels', 'How does it change with touched voxels?'],
  ['radii', 'How does it change with the kernel (radii along price × size × time)?'],
  ['distribution', 'How does it change with how ticks lie in the box?'],
]

function sweepTable(result: BenchmarkResult, sweep: VariedAxis, title: string): string {
  const within = result.measurements.filter(
    measurement =>
      measurement.sweeps.includes(sweep) &&
      unitName(measurement.stage) !== null &&
      sweepValue(sweep, measurement.case) !== null &&
      !(sweep === 'batch' && measurement.stage === 'upload'), // has a table of its own
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
      [
        ['stage', 'left'],
        ['contestant', 'left'],
        ['clock', 'left'],
        ['unit', 'left'],
        ...values.map(value => [sweepValueText(sweep, value), 'right'] as const),
      ],
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

function live(result: BenchmarkResult): string {
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
      [
        ['contestant', 'left'],
        ['ticks', 'right'],
        ['they lie', 'left'],
        ['p50', 'right'],
        ['p95', 'right'],
        ['p99', 'right'],
        ['longest', 'right'],
        ['repeats', 'right'],
        ['clock', 'left'],
      ],
      rows,
    ),
  )
}

function frames(result: BenchmarkResult): string {
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
    table(
      [
        ['stage', 'left'],
        ['contestant', 'left'],
        ['map', 'left'],
        ['pixels', 'right'],
        ...TIME_COLUMNS,
        ['repeats', 'right'],
        ['clock', 'left'],
      ],
      rows,
    ),
  )
}

function peers(result: BenchmarkResult): string {
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
    'Times as fast as the other software: only where results were equal before and after.',
    table(
      [
        ['stage', 'left'],
        ['case', 'left'],
        ['contestant', 'left'],
        ...TIME_COLUMNS,
        ['throughput', 'right'],
        ['times', 'right'],
      ],
      rows,
    ),
  )
}

function leftOut({ leftOut, contestants }: BenchmarkResult): string {
  const lines = leftOut.map(({ what, why }) => `- ${cell(what)}: ${cell(why)}`)
  if (contestants.some(({ kind }) => kind === 'software-gpu')) {
    lines.push(`- Ratios of software adapters: they imitate a GPU on the CPU (${SOFTWARE}).`)
  }
  if (lines.length === 0) return ''
  return ['### What was left out, and why', lines.join('\n')].join('\n\n')
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
