import { hostQuantum } from './clocks.ts'
import type { Race } from './race.ts'
import type {
  BenchmarkResult,
  Case,
  Clocks,
  Contestant,
  EqualityCheck,
  LeftOut,
  Measurement,
  Stage,
} from './result.ts'
import { timingOf } from './statistics.ts'

/** What a figure measures. */
export type Measured = Pick<Measurement, 'stage' | 'contestant' | 'case' | 'sweeps' | 'clock' | 'bytes'>

/** The findings of others that measure themselves. */
export type Found = Pick<BenchmarkResult, 'contestants' | 'checks' | 'measurements' | 'leftOut'>

const KERNELS: readonly Stage[] = ['bin', 'smooth', 'score-peaks']

/** Everything a run has found so far. */
export class Ledger implements Found {
  readonly contestants: Contestant[]
  readonly checks: EqualityCheck[] = []
  readonly measurements: Measurement[] = []
  readonly leftOut: LeftOut[] = []
  private readonly hostQuantum = hostQuantum()
  /** Bytes per second of each contestant's copy. */
  private readonly ceilings = new Map<string, number>()

  /** @param gpu the device's timestamps, if it has any */
  constructor(
    contestants: readonly Contestant[],
    private readonly gpu: Clocks['gpu'],
  ) {
    this.contestants = [...contestants]
  }

  get clocks(): Clocks {
    return { hostQuantum: this.hostQuantum, gpu: this.gpu }
  }

  /**
   * @param runs seconds of the repeats; add those of `copy` first, because the others are compared with them
   */
  add(of: Measured, runs: readonly number[]): void {
    const { stage, contestant, clock, bytes } = of
    const timing = timingOf(runs, clock === 'gpu' && this.gpu ? this.gpu.quantum : this.hostQuantum)
    if (stage === 'copy' && timing && bytes) this.ceilings.set(contestant, bytes / timing.median)
    const ceiling = KERNELS.includes(stage) ? this.ceilings.get(contestant) : undefined
    const ofCopy = timing && bytes && ceiling ? bytes / timing.median / ceiling : null
    this.measurements.push({ ...of, repeats: runs.length, timing, ofCopy })
  }

  addAll(found: Found): void {
    this.contestants.push(...found.contestants)
    this.checks.push(...found.checks)
    this.measurements.push(...found.measurements)
    this.leftOut.push(...found.leftOut)
  }

  /** Compares every contestant's results with those of the first, for the warm-up and for the last run. */
  compare(given: Case, { first, runs }: Race<{ digest: string }>): void {
    const last = new Map([...runs].map(([id, made]) => [id, made.at(-1)!]))
    for (const [when, found] of [
      ['before', first],
      ['after', last],
    ] as const) {
      const [reference, ...others] = found
      for (const [id, { digest }] of others) {
        const equal = digest === reference[1].digest
        this.checks.push({ case: given, when, contestants: [reference[0], id], compared: 'digest', equal })
      }
    }
  }

  leaveOut(what: string, why: string): void {
    if (!this.leftOut.some(left => left.what === what && left.why === why)) this.leftOut.push({ what, why })
  }

  /** Records what one contestant does not do. */
  leaveOutOf(id: string, what: string, why: string): void {
    const label = this.contestants.find(contestant => contestant.id === id)?.label ?? id
    this.leaveOut(`${what}, ${label}`, why)
  }
}
