import { type Html, html, scriptJson } from '../../src/html/html.ts'
import { type DocumentCode, shell } from '../../src/html/shell.ts'
import { counted } from '../../src/show/text.ts'
import {
  baseMeasurements,
  contestantOf,
  count,
  figure,
  runtimeText,
  SOFTWARE,
  throughput,
} from '../figures.ts'
import { ownRatios } from '../ratios.ts'
import type { BenchmarkResult, Measurement } from '../suite/result.ts'
import { entrants, hardware, machine, shortLabel } from './entrants.ts'
import {
  everything,
  frames,
  gpuAgainstCpu,
  leftOut,
  live,
  nodeAgainstChrome,
  ofCopy,
  type Page,
  peers,
  stages,
  sweepBars,
  sweepLines,
  warnings,
  whoRan,
} from './sections.ts'

/**
 * Any number of results as one HTML page that needs nothing else. Bars and tables are plain HTML; the line charts are drawn by the page's
 * script.
 * @param results one or more
 */
export function benchmarkPage(given: readonly BenchmarkResult[], code: DocumentCode): string {
  const results = inOrderOfMachines(given)
  const page: Page = { results, all: entrants(results), charts: [] }
  const title = titleOf(page)
  const sections = html`${gpuAgainstCpu(page)}
${stages(page)}
${sweepLines(page, 'ticks')}
${sweepLines(page, 'batch')}
${sweepLines(page, 'voxels')}
${sweepBars(page, 'radii')}
${sweepBars(page, 'distribution')}
${live(page)}
${frames(page)}
${ofCopy(page)}
${nodeAgainstChrome(page)}
${peers(page)}`
  return shell({
    title,
    version: results[0].voxrisk,
    code,
    body: html`<main>
${header(page, title)}
${warnings(page)}
${whoRan(page)}
${sections}
${leftOut(page)}
${everything(page)}
<footer>Written by <code>npm run bench:report</code> of voxrisk. Nothing on this page was loaded from a network.</footer>
</main>
<div id="tip" role="presentation" hidden></div>
<svg width="0" height="0" class="patterns" aria-hidden="true"><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5"/><line x1="0" y1="0" x2="0" y2="5"/></pattern></svg>
<script type="application/json" id="line-charts">${scriptJson(page.charts)}</script>`,
  })
}

/** By machine, Node first, oldest first: runs that belong together stand together. */
function inOrderOfMachines(results: readonly BenchmarkResult[]): BenchmarkResult[] {
  const key = (result: BenchmarkResult) =>
    [machine(result), result.host.runtime === 'node' ? 0 : 1, result.started].join('\n')
  return [...results].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function titleOf({ results, all }: Page): string {
  const versions = [...new Set(results.map(({ voxrisk }) => voxrisk))].join(', ')
  const adapters = all.filter(
    ({ contestant }) => contestant.cores === null || contestant.kind === 'software-gpu',
  )
  const onlySoftware = adapters.length > 0 && adapters.every(({ software }) => software)
  return `Benchmark of voxrisk ${versions}${onlySoftware ? ` (${SOFTWARE})` : ''}`
}

function header({ results }: Page, title: string): Html {
  const measurements = results.reduce((sum, result) => sum + result.measurements.length, 0)
  const checks = results.flatMap(result => result.checks)
  const unequal = checks.filter(({ equal }) => !equal).length
  const days = [...new Set(results.map(({ started }) => started.slice(0, 10)))].sort()
  return html`<header>
<p class="kind">Benchmark</p>
<h1>${title}</h1>
<p class="source"><span>${days.length > 1 ? `${days[0]} – ${days.at(-1)}` : days[0]}</span> <span>${[...new Set(results.map(runtimeText))].join(', ')}</span></p>
<p class="lead">${finding(results)}</p>
<dl class="figures">
<div><dt>Runs</dt><dd>${count(results.length)}</dd></div>
<div><dt>Machines</dt><dd>${count(new Set(results.map(machine)).size)}</dd></div>
<div><dt>Measurements</dt><dd>${count(measurements)}</dd></div>
<div><dt>Results compared</dt><dd>${count(checks.length)}, ${checks.length === 0 ? 'none' : unequal === 0 ? 'all equal' : `${count(unequal)} not equal`}</dd></div>
</dl>
</header>`
}

/** The whole job at its fastest, in a sentence or two. */
function finding(results: readonly BenchmarkResult[]): Html {
  const jobs = results.flatMap(result =>
    baseMeasurements(result)
      .filter(({ stage, timing }) => stage === 'job' && timing !== null)
      .map(measurement => ({ result, measurement, contestant: contestantOf(result, measurement) }))
      .filter(({ contestant: { kind } }) => kind === 'gpu' || kind === 'cpu'),
  )
  const speed = ({ measurement }: { readonly measurement: Measurement }) => throughput(measurement) ?? 0
  const onGpu = jobs.filter(({ contestant }) => contestant.kind === 'gpu')
  const [best] = (onGpu.length > 0 ? onGpu : jobs).sort((a, b) => speed(b) - speed(a))
  if (!best) return html`${counted(results.length, 'run')}; none of them timed the whole job.`
  const { result, measurement, contestant } = best
  const ratios = ownRatios(result, baseMeasurements(result)).filter(ratio => ratio.of[0] === measurement)
  const times = ratios
    .map(({ against, times }) => `${figure(times)} times as fast as ${shortLabel(against)}`)
    .join(' and ')
  return html`The whole job, ${count(measurement.case.ticks)} ticks in memory to ranked hotspots, ran at
<b>${figure(speed(best))} M ticks/s</b> with ${shortLabel(contestant)} on <b>${hardware(result, contestant)}</b> in ${runtimeText(result)}${
    contestant.kind === 'gpu' && times ? `, ${times} of the same machine` : ''
  }.${onGpu.length === 0 ? ' No GPU was measured.' : ''}`
}
