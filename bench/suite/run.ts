import { isoTime } from 'voxrisk/read'
import { gpuClock } from './clocks.ts'
import { Ledger } from './ledger.ts'
import { measureBytes } from './measure-bytes.ts'
import { measureBatches, measureCase } from './measure-cases.ts'
import { measureFrames } from './measure-frames.ts'
import { measureLive } from './measure-live.ts'
import type { BenchmarkOptions, Run } from './options.ts'
import type { BenchmarkResult } from './result.ts'
import { Timekeeper } from './timekeeper.ts'

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
