/**
 * Is this build slower than an older one? Runs the same jobs on both in one process, alternating, and prints
 * how their times compare.
 *
 *         npm run bench:against -- OLD [--rounds 20] [--backend cpu] [--only TEXT]
 *
 * OLD is a checkout that has been built. `--only` selects the jobs with TEXT in their name. On the CPU
 * backend the times are processor time, which other programs on the machine hardly disturb; on WebGPU they
 * are wall-clock time. Exit status 1 when the two builds give different results.
 */
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Backend, Calibration, TickColumns, TradeSource } from 'voxrisk'
import { quantile } from './suite/statistics.ts'

type Voxrisk = typeof import('voxrisk') & typeof import('voxrisk/node')

interface Build {
  readonly voxrisk: Voxrisk
  readonly backend: Backend
}

interface Outcome {
  /** Seconds by stage. */
  readonly seconds: Readonly<Record<string, number>>
  /** Must be the same on both builds. */
  readonly result: string
}

interface Job {
  readonly name: string
  /** Prepares everything that is not timed. The returned function runs once per round. */
  prepare(build: Build): Promise<() => Promise<Outcome>>
}

/** Entries of the package that the jobs use. An older build may lack some. */
const ENTRIES = ['index', 'read', 'engine', 'node']
const DATA = new URL('../../shared/data/', import.meta.url).pathname
const FILES = [
  ['kraken_2021Q4_AAVE.zip', 'AAVEUSD'],
  ['bybit_BTCUSD2019-10-01.csv.gz', undefined],
] as const
/** A setting that was renamed; each build uses the name it knows. */
const timeWidth = (µs: number) => ({ timeWidth: µs, timeBin: µs })
/** Time bins and price bins for the generated day in memory. */
const FINE = { ...timeWidth(60_000_000), priceWidth: '5' }
const TICKS = 1_000_000
/** Uncounted rounds, for the compiler to optimise the hot code. */
const WARM_UPS = 2
const LIVE_TICKS = 1000
const LIVE_UPDATES = 20
/** Ticks per time bin in the live job, so that an occasional update closes a bin. */
const LIVE_TICKS_A_BIN = 20_000

const jobs: Job[] = [
  {
    name: 'sample day',
    async prepare({ voxrisk, backend }) {
      return async () => {
        const [seconds, { digest }] = await timed(() =>
          voxrisk.mapTrades(voxrisk.sampleDay().source, { backend }),
        )
        return { seconds: { 'whole job': seconds }, result: JSON.stringify(digest) }
      }
    },
  },
  {
    name: 'learning',
    async prepare({ voxrisk, backend }) {
      return async () => {
        const { source } = voxrisk.sampleDay()
        const [seconds, calibration] = await timed(() =>
          voxrisk.calibrateTrades(source, { backend, ...FINE }),
        )
        return { seconds: { learn: seconds }, result: calibration.relativeVariance.toString() }
      }
    },
  },
  {
    name: '1 M ticks in memory',
    async prepare(build) {
      const { ticks, calibration } = await generated(build)
      return async () => {
        const map = await build.voxrisk.RiskMap.create({ backend: build.backend, calibration })
        try {
          const [seconds] = await timed(async () => {
            const finished = drain(map.hotspots)
            for (const columns of ticks) await map.ingest(columns)
            await map.flush()
            await finished
          })
          return { seconds: { ...map.seconds, all: seconds }, result: JSON.stringify(map.digest) }
        } finally {
          map.destroy()
        }
      }
    },
  },
  {
    name: 'live',
    async prepare(build) {
      const { ticks, calibration: learnt } = await generated(build)
      const span = ticks.at(-1)!.time[ticks.at(-1)!.length - 1] - ticks[0].time[0] + 1
      // A calibration is refused for a field that it does not know, so only the build's own name will do.
      const name = 'timeWidth' in learnt.grid ? 'timeWidth' : 'timeBin'
      const wide = { [name]: Math.ceil((span / TICKS) * LIVE_TICKS_A_BIN) }
      const calibration = { ...learnt, grid: { ...learnt.grid, ...wide } }
      const map = await build.voxrisk.RiskMap.create({ backend: build.backend, calibration })
      drain(map.hotspots)
      for (const columns of ticks) await map.ingest(columns)
      await map.settle()
      const updates = later(ticks, span)
      return async () => {
        const latencies: number[] = []
        while (latencies.length < LIVE_UPDATES) {
          const columns = updates.next().value
          const [seconds] = await timed(async () => {
            await map.ingest(columns)
            await map.settle()
          })
          latencies.push(seconds)
        }
        return {
          seconds: { [`update of ${LIVE_TICKS} ticks`]: median(latencies) },
          result: JSON.stringify(map.digest),
        }
      }
    },
  },
  ...FILES.filter(([file]) => existsSync(join(DATA, file))).map(([file, symbol]) => ({
    name: `read ${file}`,
    async prepare({ voxrisk }: Build) {
      return async () => {
        const [seconds, rows] = await timed(async () => {
          const opened = await voxrisk.openFile(join(DATA, file))
          const source = await voxrisk.openTrades([opened], symbol ? { symbol } : {})
          return await countRows(source)
        })
        return { seconds: { read: seconds }, result: String(rows) }
      }
    },
  })),
]

await main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '20' },
      backend: { type: 'string', default: 'cpu' },
      only: { type: 'string', default: '' },
    },
  })
  const rounds = Number(values.rounds)
  const choice = values.backend
  if (positionals.length !== 1 || !(rounds >= 1) || (choice !== 'cpu' && choice !== 'webgpu')) {
    console.error('npm run bench:against -- OLD [--rounds 20] [--backend cpu|webgpu] [--only TEXT]')
    process.exitCode = 2
    return
  }
  if (choice === 'cpu') performance.now = processorTime // the builds time their own stages with it
  const builds = [
    await openBuild(resolve(positionals[0]), choice),
    await openBuild(join(import.meta.dirname, '..'), choice),
  ] as const
  console.log(
    `${basename(resolve(positionals[0]))} (old) against this checkout (new), ${choice}, ${rounds} rounds\n`,
  )
  console.log('| job | stage | old, ms | new, ms | new / old | 95 % confidence |')
  console.log('|---|---|--:|--:|--:|--:|')
  for (const job of jobs.filter(({ name }) => name.includes(values.only))) await compare(job, builds, rounds)
  for (const { backend } of builds) backend.destroy()
}

/** Milliseconds of processor time used by this process. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function openBuild(root: string, choice: 'cpu' | 'webgpu'): Promise<Build> {
  const entries = ENTRIES.map(name => join(root, 'dist', `${name}.js`)).filter(path => existsSync(path))
  if (entries.length === 0) throw new Error(`${root} is not built: npm run build`)
  const modules = await Promise.all(entries.map(path => import(pathToFileURL(path).href)))
  const voxrisk = Object.assign({}, ...modules) as Voxrisk
  return { voxrisk, backend: await voxrisk.openBackend(choice) }
}

/** Both builds warm up, then alternate: old first, new first, old first, … */
async function compare(job: Job, builds: readonly [Build, Build], rounds: number): Promise<void> {
  const runs = [await job.prepare(builds[0]), await job.prepare(builds[1])]
  const outcomes: [Outcome[], Outcome[]] = [[], []]
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      globalThis.gc?.() // so that neither pays for the other's garbage
      const outcome = await runs[side]()
      if (round >= 0) outcomes[side].push(outcome)
    }
  }
  const [old, now] = outcomes
  if (old.some(({ result }, round) => result !== now[round].result)) {
    console.log(`| ${job.name} | **the results differ** | | | | |`)
    process.exitCode = 1
  }
  const stages = new Set([...old, ...now].flatMap(({ seconds }) => Object.keys(seconds)))
  for (const stage of stages) {
    const [a, b] = outcomes.map(side => side.map(({ seconds }) => (seconds[stage] ?? Number.NaN) * 1000))
    const ratios = a.map((value, round) => b[round] / value).sort((x, y) => x - y)
    const cells = [
      job.name,
      stage,
      median(a).toPrecision(3),
      median(b).toPrecision(3),
      `**${quantile(ratios, 0.5).toFixed(3)}**`,
      bounds(ratios)
        .map(ratio => ratio.toFixed(3))
        .join(' to '),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

/**
 * 95 % confidence bounds of the median ratio. Half of all ratios are above the median, so this is binomial
 * counting.
 * @param ratios ascending; with fewer than six the confidence is lower
 */
function bounds(ratios: readonly number[]): [low: number, high: number] {
  const skipped = Math.max(0, Math.floor((ratios.length - 1.96 * Math.sqrt(ratios.length)) / 2))
  return [ratios[skipped], ratios[ratios.length - 1 - skipped]]
}

/** A day of a million ticks and a calibration learnt from it. */
async function generated({
  voxrisk,
  backend,
}: Build): Promise<{ ticks: TickColumns[]; calibration: Calibration }> {
  const day = () => voxrisk.sampleDay({ trades: TICKS }).source
  const calibration = await voxrisk.calibrateTrades(day(), { backend, ...FINE })
  const converter = new voxrisk.TickConverter(calibration.instrument)
  const ticks: TickColumns[] = []
  for await (const chunk of day().chunks()) ticks.push(converter.convert(chunk))
  return { ticks, calibration }
}

/** The same ticks again and again, a few at a time, shifted by their span each time round. */
function* later(ticks: readonly TickColumns[], span: number): Generator<TickColumns, never> {
  for (let round = 1; ; round++) {
    for (const { length, time, price, size, side } of ticks) {
      for (let from = 0; from + LIVE_TICKS <= length; from += LIVE_TICKS) {
        const to = from + LIVE_TICKS
        yield {
          length: LIVE_TICKS,
          time: time.slice(from, to).map(µs => µs + round * span),
          price: price.slice(from, to),
          size: size.slice(from, to),
          side: side.slice(from, to),
        }
      }
    }
  }
}

async function countRows(source: TradeSource): Promise<number> {
  let rows = 0
  for await (const chunk of source.chunks()) rows += chunk.length
  return rows
}

async function drain(hotspots: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of hotspots);
}

async function timed<T>(run: () => Promise<T>): Promise<[seconds: number, result: T]> {
  const start = performance.now()
  const result = await run()
  return [(performance.now() - start) / 1000, result]
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}
