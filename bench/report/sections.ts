import { type Html, html } from '../../src/html/html.ts'
import { percent } from '../../src/show/text.ts'
import {
  BELOW_THE_CLOCK,
  baseCase,
  baseMeasurements,
  clockName,
  clocksText,
  commitText,
  count,
  distributionName,
  FRAMES,
  figure,
  inOrder,
  kindName,
  NONE,
  runtimeText,
  SOFTWARE,
  STAGES,
  stageName,
  stageWithSettings,
  startedText,
  sweepValueText,
  throughput,
  throughputText,
  timeText,
  unitName,
  workloadKey,
  workloadText,
} from '../figures.ts'
import { besidePeers, ownRatios, timesAsFast } from '../ratios.ts'
import type { BenchmarkResult, Case, Measurement } from '../suite/result.ts'
import { type Entrant, entrantOf, hardware, legend, machine, shortLabel, softwareTitle } from './entrants.ts'
import type { LineChart } from './line-chart.ts'
import {
  type NumericSweep,
  ratioCharts,
  ratiosByTicks,
  type SweepGroup,
  sweepChart,
  sweepGroups,
  sweepTable,
} from './sweeps.ts'
import { type Bar, type BarGroup, type BarRow, barTable, figuresTable, longest } from './tables.ts'

/** What the sections are made of, and where they leave the charts that the script draws. */
export interface Page {
  readonly results: readonly BenchmarkResult[]
  readonly all: readonly Entrant[]
  readonly charts: LineChart[]
}

function section(id: string, title: string, note: string | Html | null, body: Html): Html {
  return html`<section id="${id}" class="panel" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${note && html`<p class="note">${note}</p>`}
${body}
</section>
`
}

/** Places for line charts; the page's script draws them. */
function plots(page: Page, charts: readonly LineChart[]): Html {
  return html`<div class="plots">${charts.map(chart => {
    const number = page.charts.push(chart) - 1
    return html`<figure><figcaption>${chart.title}</figcaption><p class="axis-title">${chart.yLabel}</p><div class="plot" data-chart="${number}"></div><p class="axis-title time">${chart.xLabel}</p></figure>
`
  })}</div>`
}

/** Median, p95, spread. */
function timeCells({ timing }: Measurement): string[] {
  if (timing === null) return [BELOW_THE_CLOCK, NONE, NONE]
  return [timeText(timing.median), timeText(timing.p95), percent(timing.spread)]
}

/** What a reader must know before any figure. */
export function warnings({ results }: Page): Html | null {
  const each = (test: (result: BenchmarkResult) => boolean, text: string) => {
    const which = results.filter(test)
    if (which.length === 0) return []
    const named = which.length === results.length ? '' : ` (${which.map(runName).join('; ')})`
    return [`${text}${named}.`]
  }
  const has = (kind: string) => (result: BenchmarkResult) => result.contestants.some(c => c.kind === kind)
  const lines = [
    ...each(
      ({ checks }) => checks.some(({ equal }) => !equal),
      'Results were not equal: such a run has failed, and its times are worth nothing',
    ),
    ...each(
      has('software-gpu'),
      'A software adapter ran: hatched and grey on this page, not a GPU figure, and in no ratio',
    ),
    ...(results.some(has('gpu')) ? [] : ['No GPU was measured']),
    ...each(({ quick }) => quick, 'The short form, with few repeats and small cases'),
    ...each(
      ({ clocks }) => clocks.gpu?.quantised ?? false,
      'The runtime rounds the device’s timestamps to 100 µs',
    ),
    ...each(({ commit }) => commit?.endsWith('+') ?? false, 'The checkout had changes that no commit holds'),
    ...(new Set(results.map(({ commit }) => commit?.replace('+', ''))).size > 1
      ? ['The results are of different commits']
      : []),
  ]
  if (lines.length === 0) return null
  return html`<section class="warnings" aria-label="Warnings">
<h2>Read this first</h2>
<ul>${lines.map(line => html`<li>${line.endsWith('.') ? line : `${line}.`}</li>`)}</ul>
</section>
`
}

function runName(result: BenchmarkResult): string {
  return `${runtimeText(result)} on ${hardware(result, { ...result.contestants[0], kind: 'cpu' })}, ${startedText(result)}`
}

export function whoRan(page: Page): Html {
  const { results, all } = page
  const runs = figuresTable(
    'who-title',
    ['run', 'system', 'processor', 'processors', 'voxrisk', 'took', 'clocks', 'results compared'],
    results.map(result => ({
      entrant: null,
      cells: [
        `${runtimeText(result)}, ${startedText(result)}${result.quick ? ', short form' : ''}`,
        result.host.system,
        result.host.processor ?? 'not told',
        count(result.host.cores),
        `${result.voxrisk}, ${commitText(result)}`,
        timeText(result.seconds),
        clocksText(result),
        checked(result),
      ],
    })),
    [1, 2, 4, 6, 7],
  )
  const who = figuresTable(
    'who-title',
    ['contestant', 'kind', 'runs on', 'cores', 'run'],
    all.map(entrant => ({
      entrant,
      cells: [
        entrant.name,
        kindName(entrant.contestant.kind),
        entrant.contestant.runsOn,
        entrant.contestant.cores === null ? NONE : count(entrant.contestant.cores),
        `${runtimeText(entrant.result)}, ${startedText(entrant.result)}`,
      ],
    })),
    [1, 2, 4],
  )
  return section('who', 'Who ran on what', null, html`${who}${runs}`)
}

function checked({ checks }: BenchmarkResult): string {
  const unequal = checks.filter(({ equal }) => !equal).length
  if (checks.length === 0) return 'never'
  return unequal === 0
    ? `${count(checks.length)}, all equal`
    : `${count(checks.length)}, ${count(unequal)} NOT EQUAL`
}

/** Results that start from one case can stand side by side. */
function byBaseCase({ results }: Page): { readonly base: Case; readonly results: BenchmarkResult[] }[] {
  const groups = new Map<string, { base: Case; results: BenchmarkResult[] }>()
  for (const result of results) {
    const base = baseCase(result)
    if (!base) continue
    const group = groups.get(workloadKey(base)) ?? { base, results: [] }
    groups.set(workloadKey(base), group)
    group.results.push(result)
  }
  return [...groups.values()]
}

/** Rows of one case by stage, the engine's own contestants only. */
function stageGroups(
  page: Page,
  results: readonly BenchmarkResult[],
  title: (stage: Measurement['stage']) => string,
  row: (
    measurement: Measurement,
  ) => { readonly bar: number | null; readonly cells: readonly string[] } | null,
): BarGroup[] {
  return STAGES.map(stage => ({
    title: title(stage),
    rows: results.flatMap(result =>
      baseMeasurements(result)
        .filter(measurement => measurement.stage === stage)
        .map(measurement => ({ entrant: entrantOf(page.all, result, measurement), measurement }))
        .filter(({ entrant }) => entrant.contestant.kind !== 'peer')
        .flatMap(({ entrant, measurement }): BarRow[] => {
          const made = row(measurement)
          return made
            ? [{ entrant, bar: made.bar === null ? null : { lengths: [made.bar] }, cells: made.cells }]
            : []
        }),
    ),
  }))
}

function entrantsOf(groups: readonly BarGroup[]): Entrant[] {
  return groups.flatMap(({ rows }) => rows.map(({ entrant }) => entrant))
}

export function stages(page: Page): Html {
  return html`${byBaseCase(page).map(({ base, results }, i) => {
    const groups = stageGroups(
      page,
      results,
      stage => `${stageName(stage)}${unitName(stage) ? `: ${unitName(stage)}` : ''}`,
      measurement => ({
        bar: throughput(measurement),
        cells: [
          throughputText(measurement),
          ...timeCells(measurement),
          measurement.case.batchBytes === null ? NONE : sweepValueText('batch', measurement.case.batchBytes),
          clockName(measurement.clock),
        ],
      }),
    )
    const id = numbered('stages', i)
    return section(
      id,
      `Throughput by stage${softwareTitle(entrantsOf(groups))}`,
      `${sentence(workloadText(base))}. Bars are to scale within a stage, at the median. Spread is the interquartile range over the median. The device’s clock leaves out what the host and the way to the device take.`,
      barTable(`${id}-title`, ['throughput', 'median', 'p95', 'spread', 'batches', 'clock'], groups),
    )
  })}`
}

export function ofCopy(page: Page): Html {
  return html`${byBaseCase(page).map(({ base, results }, i) => {
    const groups = stageGroups(page, results, stageName, measurement =>
      measurement.ofCopy === null
        ? null
        : { bar: measurement.ofCopy, cells: [percent(measurement.ofCopy), throughputText(measurement)] },
    )
    if (entrantsOf(groups).length === 0) return null
    const id = numbered('copy', i)
    const most = Math.max(1, ...groups.flatMap(({ rows }) => rows.flatMap(({ bar }) => bar?.lengths ?? [])))
    return section(
      id,
      `Share of the copy ceiling${softwareTitle(entrantsOf(groups))}`,
      `${sentence(workloadText(base))}. The bytes that must move at the least, over what a plain copy moves in the same time on the same contestant; a full bar is ${percent(most)}.`,
      barTable(
        `${id}-title`,
        ['of copy', 'throughput'],
        groups.map(group => ({ ...group, full: most })),
      ),
    )
  })}`
}

function numbered(id: string, i: number): string {
  return i === 0 ? id : `${id}-${i + 1}`
}

export function gpuAgainstCpu(page: Page): Html {
  const { results, all } = page
  const title = 'GPU against CPU'
  if (!all.some(({ contestant }) => contestant.kind === 'gpu')) {
    return section(
      'ratios',
      title,
      null,
      html`<p>No GPU was measured, so there is nothing to set against the CPU.${
        all.some(({ software }) => software) ? ' A software adapter says nothing about GPUs.' : null
      }</p>`,
    )
  }
  const byTicks = ratiosByTicks(results, all)
  const values = [...new Set(byTicks.flatMap(({ at }) => [...at.keys()]))].sort((a, b) => a - b)
  const groups = byBaseCase(page).flatMap(({ base, results: together }) =>
    STAGES.map(stage => ({
      title: `${stageName(stage)}, ${workloadText(base)}`,
      rows: together.flatMap(result =>
        ownRatios(result, baseMeasurements(result))
          .filter(ratio => ratio.stage === stage && ratio.contestant.kind === 'gpu')
          .map(({ of, against, times }) => {
            const entrant = entrantOf(all, result, of[0])
            return {
              entrant,
              name: `${entrant.name} against ${shortLabel(against)}`,
              bar: { lengths: [times] },
              cells: [
                figure(times),
                ...of.map(({ timing }) => timeText(timing!.median)),
                of.map(({ clock }) => clockName(clock)).join(' / '),
              ],
            }
          }),
      ),
    })),
  )
  if (entrantsOf(groups).length === 0 && byTicks.length === 0) {
    return section(
      'ratios',
      title,
      null,
      html`<p>No case was found to give equal results on both, before and after: there is no ratio to state.</p>`,
    )
  }
  const table = figuresTable(
    'ratios-title',
    ['GPU', 'against', 'stage', ...values.map(value => `${count(value)} ticks`)],
    byTicks.map(({ entrant, against, stage, at }) => ({
      entrant,
      cells: [
        entrant.name,
        against,
        stageName(stage),
        ...values.map(value => (at.has(value) ? figure(at.get(value)!) : NONE)),
      ],
    })),
    [1, 2],
  )
  return section(
    'ratios',
    title,
    'How many times as fast: the CPU’s median over the GPU’s, of the same case in the same run, only where their results were equal before and after times were taken.',
    html`${barTable('ratios-title', ['times', 'GPU', 'CPU', 'clocks'], groups)}
${legend(byTicks.map(({ entrant }) => entrant))}
${plots(page, ratioCharts(byTicks))}
${byTicks.length > 0 ? table : null}`,
  )
}

const SWEEP_TITLES: Readonly<Record<NumericSweep, string>> = {
  ticks: 'Throughput by ticks',
  batch: 'Throughput by size of batch',
  voxels: 'Throughput by touched voxels',
}

/** Line charts over one axis, and their figures. */
export function sweepLines(page: Page, sweep: NumericSweep): Html | null {
  const groups = sweepGroups(page.results, page.all, sweep)
  if (groups.length === 0) return null
  const shown = shownIn(groups)
  const { heads, rows } = sweepTable(sweep, groups)
  return section(
    sweep,
    `${SWEEP_TITLES[sweep]}${softwareTitle(shown)}`,
    'Both axes are logarithmic. At the median; a time below the clock has no point.',
    html`${legend(shown)}
${plots(
  page,
  groups.map(group => sweepChart(sweep, group)),
)}
${figuresTable(`${sweep}-title`, heads, rows, [1, 2, 3])}`,
  )
}

function shownIn(groups: readonly SweepGroup[]): Entrant[] {
  return groups.flatMap(({ rows }) => rows.map(({ entrant }) => entrant))
}

/** Bars over an axis that has no numbers. */
export function sweepBars(page: Page, sweep: 'radii' | 'distribution'): Html | null {
  const groups = sweepGroups(page.results, page.all, sweep)
  if (groups.length === 0) return null
  const bars = groups.flatMap(({ stage, held, values, rows }): BarGroup[] => {
    const of = values.map(value => ({
      title: `${stageName(stage)}, ${sweepValueText(sweep, value)}${sweep === 'radii' ? ' (price × size × time)' : ''}, ${held}`,
      rows: rows.flatMap(({ entrant, at }): BarRow[] => {
        const measurement = at.get(value)
        if (!measurement) return []
        const cells = [throughputText(measurement), ...timeCells(measurement)]
        return [{ entrant, bar: barOf(throughput(measurement)), cells }]
      }),
    }))
    const full = longest(of.flatMap(({ rows }) => rows))
    return of.map(group => ({ ...group, full }))
  })
  return section(
    sweep,
    `${sweep === 'radii' ? 'Throughput by kernel radii' : 'Throughput by where ticks lie'}${softwareTitle(shownIn(groups))}`,
    null,
    barTable(`${sweep}-title`, ['throughput', 'median', 'p95', 'spread'], bars),
  )
}

function barOf(value: number | null): Bar | null {
  return value === null ? null : { lengths: [value] }
}

/** The same machine in both runtimes. */
export function nodeAgainstChrome(page: Page): Html | null {
  const { results, all } = page
  const runtimes = new Set(results.map(({ host }) => host.runtime))
  if (runtimes.size < 2) return null
  const key = ({ result, contestant }: Entrant) =>
    [
      machine(result),
      contestant.id,
      contestant.kind,
      contestant.kind === 'cpu' ? contestant.cores : contestant.runsOn,
    ].join('\n')
  const known = all.filter(
    ({ result, contestant }) => result.host.processor !== null && contestant.kind !== 'peer',
  )
  const both = (entrant: Entrant) =>
    known.some(other => other.chrome !== entrant.chrome && key(other) === key(entrant))
  const groups = new Map<string, { title: string; rows: { entrant: Entrant; measurement: Measurement }[] }>()
  for (const entrant of known.filter(both)) {
    for (const measurement of baseMeasurements(entrant.result)) {
      const { stage, case: given, clock, contestant } = measurement
      if (contestant !== entrant.contestant.id) continue
      const same = [key(entrant), stage, clock, stage === 'copy' ? '' : workloadKey(given)].join('\n')
      const title = `${stageName(stage)}: ${shortLabel(entrant.contestant)}, ${hardware(entrant.result, entrant.contestant)}${entrant.software ? ` (${SOFTWARE})` : ''}${stage === 'copy' ? '' : `, ${count(given.ticks)} ticks`}`
      const group = groups.get(same) ?? { title, rows: [] }
      groups.set(same, group)
      group.rows.push({ entrant, measurement })
    }
  }
  const paired = [...groups.values()]
    .filter(({ rows }) => new Set(rows.map(({ entrant }) => entrant.chrome)).size === 2)
    .sort((a, b) => STAGES.indexOf(a.rows[0].measurement.stage) - STAGES.indexOf(b.rows[0].measurement.stage))
    .map(
      ({ title, rows }): BarGroup => ({
        title,
        rows: rows.map(({ entrant, measurement }) => ({
          entrant,
          name: `${runtimeText(entrant.result)}, ${startedText(entrant.result)}`,
          bar: barOf(throughput(measurement)),
          cells: [
            throughputText(measurement),
            ...timeCells(measurement),
            measurement.case.batchBytes === null
              ? NONE
              : sweepValueText('batch', measurement.case.batchBytes),
            clockName(measurement.clock),
          ],
        })),
      }),
    )
  const note =
    'The same processor, system and adapter, the same case. No ratio is stated: results were compared within each run, not between the two.'
  return section(
    'runtimes',
    `Node against Chrome${softwareTitle(entrantsOf(paired))}`,
    paired.length > 0 ? note : null,
    paired.length > 0
      ? barTable('runtimes-title', ['throughput', 'median', 'p95', 'spread', 'batches', 'clock'], paired)
      : html`<p>No two runs name the same processor, system and adapter and start from the same case, so there is nothing to compare.</p>`,
  )
}

export function live(page: Page): Html | null {
  const { results, all } = page
  const groups = new Map<string, { title: string; ticks: number; rows: BarRow[] }>()
  for (const result of results) {
    const measured = result.measurements.filter(({ stage }) => stage === 'live')
    for (const measurement of inOrder(result, measured)) {
      const { case: given, timing, repeats, clock } = measurement
      const title = `${count(given.ticks)} ${given.ticks === 1 ? 'tick' : 'ticks'} at a time, ${distributionName(given.distribution)}`
      const group = groups.get(workloadKey(given)) ?? { title, ticks: given.ticks, rows: [] }
      groups.set(workloadKey(given), group)
      const entrant = entrantOf(all, result, measurement)
      group.rows.push({
        entrant,
        bar:
          timing && !entrant.software
            ? { lengths: [timing.median, timing.p95, ...(timing.p99 === null ? [] : [timing.p99])] }
            : null,
        cells: timing
          ? [
              timeText(timing.median),
              timeText(timing.p95),
              timing.p99 === null ? NONE : timeText(timing.p99),
              timeText(timing.max),
              count(repeats),
              clockName(clock),
            ]
          : [BELOW_THE_CLOCK, NONE, NONE, NONE, count(repeats), clockName(clock)],
      })
    }
  }
  if (groups.size === 0) return null
  const sorted = [...groups.values()].sort((a, b) => a.ticks - b.ticks)
  return section(
    'live',
    `Live latency${softwareTitle(entrantsOf(sorted))}`,
    'From handing a few ticks to a warm map until its results are in. The bar is p50, paler p95 and p99; shorter is better. A software adapter has figures but no bar: it would dwarf the others.',
    barTable('live-title', ['p50', 'p95', 'p99', 'longest', 'repeats', 'clock'], sorted),
  )
}

export function frames(page: Page): Html | null {
  const { results, all } = page
  const groups = new Map<string, { title: string; rows: BarRow[] }>()
  for (const result of results) {
    const measured = result.measurements.filter(({ stage }) => FRAMES.has(stage))
    for (const measurement of inOrder(result, measured)) {
      const { case: given, timing, repeats, clock } = measurement
      const title = `${stageWithSettings(measurement)}, ${workloadText(given)}`
      const group = groups.get(title) ?? { title, rows: [] }
      groups.set(title, group)
      const entrant = entrantOf(all, result, measurement)
      group.rows.push({
        entrant,
        bar: timing && !entrant.software ? { lengths: [timing.median, timing.p95] } : null,
        cells: [...timeCells(measurement), count(repeats), clockName(clock)],
      })
    }
  }
  if (groups.size === 0) return null
  const shown = [...groups.values()]
  return section(
    'frames',
    `Frame time${softwareTitle(entrantsOf(shown))}`,
    'The render pass of a map all of whose pages are kept, as while the camera moves. The bar is the median, paler p95; shorter is better. A software adapter has figures but no bar.',
    barTable('frames-title', ['median', 'p95', 'spread', 'repeats', 'clock'], shown),
  )
}

export function peers(page: Page): Html | null {
  const { results, all } = page
  const groups = results.flatMap(result =>
    besidePeers(result).map(({ peer, own }): BarGroup => {
      const rows = [peer, ...own].map((measurement): BarRow => {
        const times = timesAsFast(result, measurement, peer)
        return {
          entrant: entrantOf(all, result, measurement),
          bar: barOf(throughput(measurement)),
          cells: [
            throughputText(measurement),
            ...timeCells(measurement),
            measurement === peer ? '1' : times === null ? NONE : figure(times),
          ],
        }
      })
      return { title: `${stageWithSettings(peer)}: ${workloadText(peer.case)}`, rows }
    }),
  )
  if (groups.length === 0) return null
  return section(
    'peers',
    'Against other software',
    'Times as fast as the other software stand only where results were equal before and after times were taken.',
    barTable('peers-title', ['throughput', 'median', 'p95', 'spread', 'times'], groups),
  )
}

export function leftOut({ results, all }: Page): Html | null {
  const rows = results.flatMap(result =>
    result.leftOut.map(({ what, why }) => ({
      entrant: null,
      cells: [what, why, `${runtimeText(result)}, ${startedText(result)}`],
    })),
  )
  const software = all.some(entrant => entrant.software)
    ? [
        {
          entrant: null,
          cells: ['ratios of software adapters', `they imitate a GPU on the CPU (${SOFTWARE})`, 'all'],
        },
      ]
    : []
  if (rows.length + software.length === 0) return null
  return section(
    'left-out',
    'What was left out, and why',
    null,
    figuresTable('left-out-title', ['what', 'why', 'run'], [...rows, ...software], [1, 2]),
  )
}

/** Everything that was measured, as it was measured. */
export function everything({ results, all }: Page): Html {
  return section(
    'everything',
    'Every measurement',
    null,
    html`${results.map((result, i) => {
      const id = `everything-${i + 1}`
      return html`<details><summary id="${id}">${runName(result)}: ${count(result.measurements.length)} measurements</summary>
${figuresTable(
  id,
  [
    'contestant',
    'stage',
    'case',
    'median',
    'p95',
    'p99',
    'shortest',
    'longest',
    'spread',
    'repeats',
    'clock',
    'bytes',
    'throughput',
    'of copy',
  ],
  inOrder(result, result.measurements).map(measurement => {
    const entrant = entrantOf(all, result, measurement)
    const { timing, repeats, clock, bytes, ofCopy: share } = measurement
    return {
      entrant,
      cells: [
        entrant.name,
        stageWithSettings(measurement),
        workloadText(measurement.case),
        ...(timing
          ? [
              timeText(timing.median),
              timeText(timing.p95),
              timing.p99 === null ? NONE : timeText(timing.p99),
              timeText(timing.min),
              timeText(timing.max),
              percent(timing.spread),
            ]
          : [BELOW_THE_CLOCK, NONE, NONE, NONE, NONE, NONE]),
        count(repeats),
        clockName(clock),
        bytes === null ? NONE : count(bytes),
        throughputText(measurement),
        share === null ? NONE : percent(share),
      ],
    }
  }),
  [1, 2, 10],
)}</details>
`
    })}`,
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
