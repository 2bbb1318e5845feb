import { isoTime } from 'voxrisk/read'
import { gpuClock } from './clocks.ts'
import type { RunningContestant } from './contestants.ts'
import { type Found, Ledger } from './ledger.ts'
import { measureBytes } from './measure-bytes.ts'
import { measureBatches, measureCase } from './measure-cases.ts'
import { measureFrames } from './measure-frames.ts'
import { measureLive } from './measure-live.ts'
import type { Plan } from './plan.ts'
import type { RaceLimits } from './race.ts'
import type { BenchmarkResult, Host, Sweep } from './result.ts'
import type { Tape } from './ticks.ts'
import { Timekeeper } from './timekeeper.ts'

export interface BenchmarkOptions {
  readonly plan: Plan
  /** Seconds the whole run may take. What does not fit is left out and recorded. */
  readonly seconds: number
  /** The reference first: the other results are compared with its own. */
  readonly contestants: readonly RunningContestant[]
  readonly host: Host
  readonly voxrisk: string
  readonly commit: string | null
  readonly peers?: RunPeers
  /** Reports what is being measured. */
  readonly log: (line: string) => void
}

/** Measures the peers on a case; see bench/peers. */
export type RunPeers = (tape: Tape, sweeps: readonly Sweep[], limits: RaceLimits) => Promise<Found>

/** What every measurement needs. */
export interface Run extends Pick<BenchmarkOptions, 'plan' | 'contestants' | 'peers' | 'log'> {
  readonly ledger: Ledger
  readonly time: Timekeeper
}

/** Runs the whole benchmark. Unequal results do not throw: see {@link BenchmarkResult.checks}. */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const { contestants, plan, host, voxrisk, commit } = options
  const started = isoTime(Date.now() * 1000)
  const device = contestants.find(running => running.device)?.device
  const ledger = new Ledger(
    contestants.map(({ contestant }) => contestant),
    device ? await gpuClock(device) : null,
  )
  const time = new Timekeeper(plan, options.seconds, ledger)
  const run: Run = { ...options, ledger, time }
  await measureBytes(run)
  const [base, ...others] = plan.cases
  await measureCase(run, base)
  await measureLive(run)
  await measureFrames(run)
  await measureBatches(run)
  for (const planned of others) await measureCase(run, planned)
  return {
    format: 'voxrisk benchmark 1',
    voxrisk,
    commit,
    started,
    seconds: time.elapsed,
    quick: plan.quick,
    host,
    clocks: ledger.clocks,
    contestants: ledger.contestants,
    checks: ledger.checks,
    measurements: ledger.measurements,
    leftOut: ledger.leftOut,
  }
}
