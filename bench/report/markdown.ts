import type { BenchmarkResult } from '../suite/result.ts'
import { baseMeasurements, contestantOf } from './cases.ts'
import { frames, live } from './latencies.ts'
import { peers, ratios, stages } from './stages.ts'
import { sweeps, uploadByBatch } from './sweeps.ts'
import { cell, section, TIME_COLUMNS, table, timeCells } from './table.ts'
import {
  clocksText,
  commitText,
  contestantName,
  count,
  kindName,
  NONE,
  runtimeText,
  SOFTWARE,
  startedText,
  throughputText,
  timeText,
  workloadText,
} from './text.ts'

/** Results in Markdown: first the whole jobs of all, if there are several, then one after the other. */
export function benchmarksMarkdown(results: readonly BenchmarkResult[]): string {
  const headed = results.map(result => `## ${runText(result)}\n\n${benchmarkMarkdown(result)}`)
  return ['# Benchmark of voxrisk', ...(results.length > 1 ? [wholeJobs(results)] : []), ...headed].join(
    '\n\n',
  )
}

/** No ratios, because results of different runs are not comparable. */
function wholeJobs(results: readonly BenchmarkResult[]): string {
  const rows = results.flatMap(result =>
    baseMeasurements(result)
      .filter(({ stage }) => stage === 'job')
      .map(measurement => [
        runText(result),
        contestantName(contestantOf(result, measurement)),
        count(measurement.case.ticks),
        ...timeCells(measurement),
        throughputText(measurement),
      ]),
  )
  return section(
    'How fast was the whole job in each run?',
    '',
    table(['run', 'contestant', 'ticks:', ...TIME_COLUMNS, 'throughput:'], rows),
  )
}

function runText(result: BenchmarkResult): string {
  const { processor, system } = result.host
  return `${runtimeText(result)} on ${processor ?? system}, ${startedText(result)}`
}

/**
 * A result in Markdown: who ran on what, a table for each question a reader has, then what was left out.
 * Ratios are given only between contestants whose results were found equal, and never for a software adapter.
 */
export function benchmarkMarkdown(result: BenchmarkResult): string {
  return [
    whoRan(result),
    stages(result),
    ratios(result),
    uploadByBatch(result),
    ...sweeps(result),
    live(result),
    frames(result),
    peers(result),
    leftOut(result),
  ]
    .filter(part => part !== '')
    .join('\n\n')
    .concat('\n')
}

function whoRan(result: BenchmarkResult): string {
  const { host, contestants, checks, seconds, voxrisk, quick } = result
  const processor = host.processor ?? 'processor unknown'
  const unequal = checks.filter(({ equal }) => !equal)
  const nameOf = (id: string) => contestants.find(contestant => contestant.id === id)?.label ?? id
  return [
    [
      '### Who ran on what',
      '',
      `voxrisk ${voxrisk} (${commitText(result)}), ${startedText(result)}, took ${timeText(seconds)}.${quick ? ' The short form: few repeats, small cases.' : ''}`,
      `${runtimeText(result)} on ${host.system}, ${processor}, ${count(host.cores)} logical ${host.cores === 1 ? 'processor' : 'processors'}; ${clocksText(result)}.`,
      unequal.length === 0
        ? `Results compared ${count(checks.length)} times, before and after timing: ${checks.length > 0 ? 'always equal' : 'never, so there are no ratios'}.`
        : `**Results were not equal**, so these times are worth nothing: ${unequal.map(({ contestants: [a, b], when, case: given }) => `${nameOf(a)} and ${nameOf(b)} ${when} timing (${workloadText(given)})`).join('; ')}.`,
    ].join('\n'),
    table(
      ['contestant', 'kind', 'runs on', 'cores:'],
      contestants.map(({ label, kind, runsOn, cores }) => [
        label,
        kindName(kind),
        runsOn,
        cores === null ? NONE : count(cores),
      ]),
    ),
  ].join('\n\n')
}

function leftOut({ leftOut, contestants }: BenchmarkResult): string {
  const lines = leftOut.map(({ what, why }) => `- ${cell(what)}: ${cell(why)}`)
  if (contestants.some(({ kind }) => kind === 'software-gpu')) {
    lines.push(`- Ratios of software adapters: they emulate a GPU on the CPU (${SOFTWARE}).`)
  }
  if (lines.length === 0) return ''
  return ['### What was left out, and why', lines.join('\n')].join('\n\n')
}
