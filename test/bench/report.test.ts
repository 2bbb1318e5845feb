import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { baseCase, baseMeasurements } from '../../bench/report/cases.ts'
import { benchmarkMarkdown, benchmarksMarkdown } from '../../bench/report/markdown.ts'
import { ownRatios, timesAsFast } from '../../bench/report/ratios.ts'
import { bytesText, figure, timeText } from '../../bench/report/text.ts'
import type { BenchmarkResult, Case, EqualityCheck, Measurement, Stage } from '../../bench/suite/result.ts'
import { inventedResult } from '../support/benchmark-results.ts'
import { projectRoot, run } from '../support/cli.ts'

const CASE: Case = {
  ticks: 2_000_000,
  distribution: 'realistic',
  touchedVoxels: 500_000,
  radii: { price: 4, size: 1, time: 2 },
  batchBytes: null,
}

function measured(stage: Stage, contestant: string, median: number | null, more: Partial<Measurement> = {}) {
  return {
    stage,
    contestant,
    case: CASE,
    sweeps: ['ticks'],
    clock: 'host',
    repeats: 31,
    timing:
      median === null
        ? null
        : { median, p95: median * 1.5, p99: null, min: median, max: median * 2, spread: 0.05 },
    bytes: null,
    ofCopy: null,
    ...more,
  } satisfies Measurement as Measurement
}

const check = (a: string, b: string, more: Partial<EqualityCheck> = {}): EqualityCheck[] =>
  (['before', 'after'] as const).map(when => ({
    case: CASE,
    when,
    contestants: [a, b],
    compared: 'digest',
    equal: true,
    ...more,
  }))

/** A few invented figures, easy to work out by hand. */
const SMALL: BenchmarkResult = {
  format: 'voxrisk benchmark 1',
  voxrisk: '0.1.0',
  commit: 'abcdef0123456789+',
  started: '2026-11-22T10:00:00.000Z',
  seconds: 62,
  quick: true,
  host: { runtime: 'node', version: '24.1.0', system: 'linux x64', processor: null, cores: 8 },
  clocks: { hostQuantum: 1e-7, gpu: { quantum: 2e-6, quantised: true } },
  contestants: [
    { id: 'cpu', label: 'voxrisk on CPU', kind: 'cpu', runsOn: 'one thread', cores: 1 },
    { id: 'webgpu', label: 'voxrisk on WebGPU', kind: 'gpu', runsOn: 'Invented | GPU', cores: null },
    { id: 'numpy', label: 'invented numpy', kind: 'peer', runsOn: 'one thread', cores: 1 },
  ],
  checks: [...check('cpu', 'webgpu'), ...check('numpy', 'cpu', { compared: 'moments' })],
  measurements: [
    measured('copy', 'webgpu', 0.001, { bytes: 2e9, clock: 'gpu', sweeps: [] }),
    measured('upload', 'webgpu', 0.004, {
      case: { ...CASE, batchBytes: 2 ** 20 },
      sweeps: ['ticks', 'batch'],
      bytes: 24e6,
      ofCopy: 0.003,
    }),
    measured('upload', 'webgpu', 0.012, {
      case: { ...CASE, batchBytes: 2 ** 16 },
      sweeps: ['batch'],
      bytes: 24e6,
    }),
    measured('bin', 'cpu', 0.08),
    measured('bin', 'webgpu', 0.002, { clock: 'gpu' }),
    measured('bin', 'numpy', 0.2),
    measured('job', 'cpu', 1),
    measured('job', 'webgpu', 0.025),
    measured('job', 'cpu', 0.1, { case: { ...CASE, ticks: 200_000, touchedVoxels: 50_000 } }),
    measured('job', 'webgpu', null, { case: { ...CASE, ticks: 200_000, touchedVoxels: 50_000 } }),
    measured('live', 'cpu', 0.00005, {
      case: { ...CASE, ticks: 1, touchedVoxels: 1 },
      sweeps: ['live'],
      repeats: 1000,
      timing: { median: 5e-5, p95: 6e-5, p99: 9e-5, min: 4e-5, max: 2e-4, spread: 0.1 },
    }),
    measured('frame-volume', 'webgpu', 0.0008, {
      case: { ...CASE, pixels: { width: 1280, height: 720 } },
      sweeps: [],
      clock: 'gpu',
    }),
  ],
  leftOut: [{ what: 'smooth', why: 'not in the short form' }],
}

const MARKDOWN = `### Who ran on what

voxrisk 0.1.0 (commit abcdef0123, with changes), 2026-11-22 10:00 UTC, took 62.0 s. The short form: few repeats, small cases.
Node 24.1.0 on linux x64, processor unknown, 8 logical processors; host clock in steps of 100 ns, device timestamps in steps of 2.00 µs, rounded by the runtime.
Results compared 4 times, before and after timing: always equal.

| contestant | kind | runs on | cores |
|---|---|---|--:|
| voxrisk on CPU | CPU | one thread | 1 |
| voxrisk on WebGPU | GPU | Invented \\| GPU | – |
| invented numpy | other software | one thread | 1 |

### How fast is each stage, and the whole job?

2,000,000 ticks as in a market, 500,000 touched voxels, kernel radii 4 × 1 × 2. Spread is the interquartile range over the median.

| stage | contestant | median | p95 | spread | throughput | of copy | clock |
|---|---|--:|--:|--:|--:|--:|---|
| copy (the ceiling) | voxrisk on WebGPU | 1.00 ms | 1.50 ms | 5.0 % | 2,000 GB/s | – | device |
| upload, 1 MiB batches | voxrisk on WebGPU | 4.00 ms | 6.00 ms | 5.0 % | 6.00 GB/s | 0.3 % | host |
| bin | voxrisk on CPU | 80.0 ms | 120 ms | 5.0 % | 25.0 M ticks/s | – | host |
| bin | voxrisk on WebGPU | 2.00 ms | 3.00 ms | 5.0 % | 1,000 M ticks/s | – | device |
| whole job | voxrisk on CPU | 1.00 s | 1.50 s | 5.0 % | 2.00 M ticks/s | – | host |
| whole job | voxrisk on WebGPU | 25.0 ms | 37.5 ms | 5.0 % | 80.0 M ticks/s | – | host |

### How many times as fast?

Ratios of medians of that case; results equal before and after.

| stage | contestant | against | times | clocks |
|---|---|---|--:|---|
| bin | voxrisk on WebGPU | voxrisk on CPU | 40.0 | device / host |
| whole job | voxrisk on WebGPU | voxrisk on CPU | 40.0 | host / host |

### How fast is upload, by size of batch?

| contestant | batch | median | p95 | spread | throughput | ticks |
|---|--:|--:|--:|--:|--:|--:|
| voxrisk on WebGPU | 64 KiB | 12.0 ms | 18.0 ms | 5.0 % | 2.00 GB/s | 167 M ticks/s |
| voxrisk on WebGPU | 1 MiB | 4.00 ms | 6.00 ms | 5.0 % | 6.00 GB/s | 500 M ticks/s |

### How does throughput change with the number of ticks?

| stage | contestant | clock | unit | 200,000 | 2,000,000 |
|---|---|---|---|--:|--:|
| upload | voxrisk on WebGPU | host | GB/s | – | 6.00 |
| bin | voxrisk on CPU | host | M ticks/s | – | 25.0 |
| bin | voxrisk on WebGPU | device | M ticks/s | – | 1,000 |
| bin | invented numpy | host | M ticks/s | – | 10.0 |
| whole job | voxrisk on CPU | host | M ticks/s | 2.00 | 2.00 |
| whole job | voxrisk on WebGPU | host | M ticks/s | below the clock | 80.0 |

### How long until a live update’s results are in?

| contestant | ticks | distribution | p50 | p95 | p99 | longest | repeats | clock |
|---|--:|---|--:|--:|--:|--:|--:|---|
| voxrisk on CPU | 1 | as in a market | 50.0 µs | 60.0 µs | 90.0 µs | 200 µs | 1,000 | host |

### How long does a frame take to draw?

The render pass of a map all of whose pages are kept, as while the camera moves.

| stage | contestant | map | pixels | median | p95 | spread | repeats | clock |
|---|---|---|--:|--:|--:|--:|--:|---|
| frame, volume | voxrisk on WebGPU | 2,000,000 ticks as in a market, 500,000 touched voxels, kernel radii 4 × 1 × 2 | 1280 × 720 | 800 µs | 1.20 ms | 5.0 % | 31 | device |

### How does other software do?

Speed as a multiple of the other software’s; only where results were equal before and after.

| stage | case | contestant | median | p95 | spread | throughput | times |
|---|---|---|--:|--:|--:|--:|--:|
| bin | 2,000,000 ticks as in a market, 500,000 touched voxels, kernel radii 4 × 1 × 2 | invented numpy | 200 ms | 300 ms | 5.0 % | 10.0 M ticks/s | 1 |
|  |  | voxrisk on CPU | 80.0 ms | 120 ms | 5.0 % | 25.0 M ticks/s | 2.50 |
|  |  | voxrisk on WebGPU | 2.00 ms | 3.00 ms | 5.0 % | 1,000 M ticks/s | 100 |

### What was left out, and why

- smooth: not in the short form
`

const of = (result: BenchmarkResult, stage: Stage, contestant: string) =>
  result.measurements.find(
    measurement => measurement.stage === stage && measurement.contestant === contestant,
  )!

describe('a result in Markdown', () => {
  test('answers a question a table', () => {
    expect(benchmarkMarkdown(SMALL)).toBe(MARKDOWN)
  })

  test('marks a software adapter everywhere and compares it with nothing', () => {
    const text = benchmarkMarkdown(inventedResult({ adapter: 'software', peers: true }))
    const rows = text.split('\n').filter(line => line.includes('WebGPU'))
    expect(rows.length).toBeGreaterThan(20)
    for (const row of rows) {
      expect(row).toContain('software, not a GPU figure')
      expect(row.replaceAll('WebGPU', '').replaceAll('not a GPU figure', '')).not.toMatch(/gpu/i)
    }
    const ratios = text.slice(
      text.indexOf('### How many times as fast?'),
      text.indexOf('### How fast is upload'),
    )
    expect(ratios).toContain(
      '| whole job | voxrisk on CPU, 16 threads | voxrisk on CPU | 11.4 | host / host |',
    )
    expect(ratios).not.toMatch(/webgpu|software/i)
    const peers = text.slice(
      text.indexOf('### How does other software do?'),
      text.indexOf('### What was left out'),
    )
    expect(peers).toContain('invented numpy')
    expect(peers).not.toMatch(/webgpu/i)
  })

  test('says first that results were not equal', () => {
    const checks = check('cpu', 'webgpu', { equal: false })
    const text = benchmarkMarkdown({ ...SMALL, checks })
    expect(text).toContain(
      '**Results were not equal**, so these times are worth nothing: voxrisk on CPU and voxrisk on WebGPU before',
    )
    expect(text).not.toContain('How many times as fast')
  })
})

describe('a ratio', () => {
  const ratio = (checks: readonly EqualityCheck[], stage: Stage = 'job') => {
    const result = { ...SMALL, checks }
    return timesAsFast(result, of(result, stage, 'webgpu'), of(result, stage, 'cpu'))
  }
  const [before, after] = check('webgpu', 'cpu')

  test('is stated where results were equal before and after', () => {
    expect(ratio([before, after])).toBeCloseTo(40)
  })

  test.each<[string, readonly EqualityCheck[]]>([
    ['were never compared', []],
    ['were not compared after', [before]],
    ['were not compared before', [after]],
    ['were unequal once', [before, after, { ...after, equal: false }]],
    ['were compared of another case', check('webgpu', 'cpu', { case: { ...CASE, ticks: 5 } })],
    ['were compared in what the stage does not make', check('webgpu', 'cpu', { compared: 'moments' })],
    ['were compared with a third only', check('webgpu', 'numpy')],
  ])('is not stated where results %s', (_, checks) => {
    expect(ratio(checks)).toBe(null)
  })

  test('is stated through a third contestant that equals both', () => {
    expect(ratio([...check('webgpu', 'numpy'), ...check('cpu', 'numpy')])).toBeCloseTo(40)
  })

  test('of binning needs equal moments only', () => {
    expect(ratio(check('webgpu', 'cpu', { compared: 'moments' }), 'bin')).toBeCloseTo(40)
  })

  test('is not stated between cases or batches that differ, nor without a time', () => {
    const [job] = SMALL.measurements.filter(
      ({ stage, contestant }) => stage === 'job' && contestant === 'cpu',
    )
    const others = [
      { ...job, contestant: 'webgpu', case: { ...CASE, ticks: 3 } },
      { ...job, contestant: 'webgpu', case: { ...CASE, batchBytes: 64 } },
      { ...job, contestant: 'webgpu', timing: null },
      { ...job, contestant: 'webgpu', stage: 'bin' as const },
    ]
    for (const other of others) expect(timesAsFast(SMALL, other, job)).toBe(null)
  })

  test('is not stated for a software adapter, whatever was checked', () => {
    const software = { ...SMALL.contestants[1], kind: 'software-gpu' as const, cores: 8 }
    const result = { ...SMALL, contestants: [SMALL.contestants[0], software, SMALL.contestants[2]] }
    expect(ownRatios(SMALL, SMALL.measurements)).toHaveLength(2)
    expect(ownRatios(result, result.measurements)).toEqual([])
  })
})

test('the case that sweeps start from is found', () => {
  const result = inventedResult({ peers: true })
  expect(baseCase(result)).toMatchObject({
    ticks: 1_000_000,
    touchedVoxels: 400_000,
    distribution: 'realistic',
  })
  const uploads = baseMeasurements(result).filter(({ stage }) => stage === 'upload')
  expect(uploads.map(({ case: given }) => given.batchBytes)).toEqual([2 ** 20])
})

test.each([
  [1.2345, '1.23 s'],
  [0.9996, '1.00 s'],
  [0.99949, '999 ms'],
  [0.000083, '83.0 µs'],
  [1e-7, '100 ns'],
  [1234.5, '1,235 s'],
])('%d s is written %s', (seconds, text) => expect(timeText(seconds)).toBe(text))

test('figures have three digits, bytes binary units', () => {
  expect([0.000606, 6, 88.25, 1234.4].map(figure)).toEqual(['0.000606', '6.00', '88.3', '1,234'])
  expect([512, 65_536, 2 ** 20, 3 * 2 ** 30].map(bytesText)).toEqual(['512 B', '64 KiB', '1 MiB', '3 GiB'])
})

test('several results have headings of their own, after one table of all whole jobs', () => {
  const text = benchmarksMarkdown([
    SMALL,
    { ...SMALL, host: { ...SMALL.host, runtime: 'chrome', version: '147.0', processor: 'Other CPU' } },
  ])
  expect(text).toContain(`# Benchmark of voxrisk

### How fast was the whole job in each run?

| run | contestant | ticks | median | p95 | spread | throughput |
|---|---|--:|--:|--:|--:|--:|
| Node 24.1.0 on linux x64, 2026-11-22 10:00 UTC | voxrisk on CPU | 2,000,000 | 1.00 s | 1.50 s | 5.0 % | 2.00 M ticks/s |
| Node 24.1.0 on linux x64, 2026-11-22 10:00 UTC | voxrisk on WebGPU | 2,000,000 | 25.0 ms | 37.5 ms | 5.0 % | 80.0 M ticks/s |
| Chrome 147.0 on Other CPU, 2026-11-22 10:00 UTC | voxrisk on CPU | 2,000,000 | 1.00 s | 1.50 s | 5.0 % | 2.00 M ticks/s |
`)
  const headings = text.match(/^## .*$/gm)
  expect(headings).toEqual([
    '## Node 24.1.0 on linux x64, 2026-11-22 10:00 UTC',
    '## Chrome 147.0 on Other CPU, 2026-11-22 10:00 UTC',
  ])
  expect(benchmarksMarkdown([SMALL])).not.toContain('in each run')
})

describe('npm run bench:report', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxrisk-benchmark-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const tsx = join(projectRoot, 'node_modules', '.bin', 'tsx')
  const reporter = join(projectRoot, 'bench', 'report.ts')
  const benchReport = (...files: string[]) => run(tsx, [reporter, ...files], { cwd: folder })

  const good = inventedResult()
  const [measurement] = good.measurements

  test.each<[string, string, RegExp]>([
    ['text', 'not JSON', /bad\.json is not JSON/],
    ['a list', '[]', /bad\.json is not a benchmark result: it names no format/],
    [
      'another format',
      JSON.stringify({ ...good, format: 'voxrisk benchmark 2' }),
      /bad\.json is not a benchmark result: its format is "voxrisk benchmark 2"/,
    ],
    ['a field of another type', JSON.stringify({ ...good, seconds: 'long' }), /bad\.json: \/seconds must be/],
    [
      'a contestant that is not listed',
      JSON.stringify({ ...good, measurements: [{ ...measurement, contestant: 'ghost' }] }),
      /bad\.json: no contestant has the id "ghost"/,
    ],
  ])('refuses %s by the name of the file, with exit 2, and prints nothing', async (_, text, message) => {
    await writeFile(join(folder, 'bad.json'), text)
    const { code, stdout, stderr } = await benchReport('bad.json')
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
  })

  test('refuses a missing file', async () => {
    const { code, stderr } = await benchReport('absent.json')
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'absent.json cannot be read: ENOENT'])
  })

  test('prints the results of the project if no file is named', async () => {
    const { code, stdout, stderr } = await benchReport()
    expect(code, stderr).toBe(0)
    expect(stdout.match(/^## (Node|Chrome)/gm)).toHaveLength(2)
  })
})
