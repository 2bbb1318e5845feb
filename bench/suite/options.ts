import type { RunningContestant } from './contestants.ts'
import type { Found, Ledger } from './ledger.ts'
import type { Plan } from './plan.ts'
import type { RaceLimits } from './race.ts'
import type { Host, Sweep } from './result.ts'
import type { Tape } from './ticks.ts'
import type { Timekeeper } from './timekeeper.ts'

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
