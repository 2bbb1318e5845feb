import type { Ledger } from './ledger.ts'
import type { Plan } from './plan.ts'
import { LEAST_REPEATS, type Race, type RaceLimits, race, type Turn } from './race.ts'
import type { Case } from './result.ts'

/** A race starts only if at least this share of its time is left. */
const LEAST_SHARE = 0.5
/** Voxels cost more than ticks. Weight of one voxel, in ticks, when predicting the time of a larger case. */
const VOXEL_WEIGHT = 30

/** Keeps a run within its time. What there is no time for is left out and recorded. */
export class Timekeeper {
  private readonly begin = performance.now()
  /** Seconds per unit of work in each contestant's last run, by kind of work. */
  private readonly pace = new Map<string, number>()

  /** @param seconds the whole run may take */
  constructor(
    private readonly plan: Plan,
    private readonly seconds: number,
    private readonly ledger: Ledger,
  ) {}

  /** Seconds since the run began. */
  get elapsed(): number {
    return (performance.now() - this.begin) / 1000
  }

  limits(share = 1): RaceLimits {
    const seconds = Math.max(0.1, Math.min(share * this.raceSeconds, this.remaining))
    return { repeats: this.plan.repeats, seconds }
  }

  /** Whether too little time is left to begin something. Records it if so. */
  isTimeUp(name: string): boolean {
    if (this.remaining >= LEAST_SHARE * this.raceSeconds) return false
    this.ledger.leaveOut(name, `the ${this.seconds} s given were used up`)
    return true
  }

  /**
   * A race among the contestants not known to be too slow.
   * @param kind of work: the pace of one kind says nothing about another
   */
  async race<T>(
    name: string,
    kind: 'kernels' | 'job',
    given: Case,
    turns: readonly Turn<T>[],
  ): Promise<Race<T>> {
    const limits = this.limits()
    const able = turns.filter(({ id }) => this.isAble(name, id, kind, given, LEAST_REPEATS))
    const paced = able.map(({ id, run }) => ({
      id,
      run: async () => {
        const start = performance.now()
        const result = await run()
        this.pace.set(`${kind} ${id}`, (performance.now() - start) / 1000 / workOf(given))
        return result
      },
    }))
    const result = await race(paced, limits)
    this.tellTooSlow(name, result)
    return result
  }

  /**
   * Whether a contestant can do some work `times` times within a race, judging by its pace so far. Records it
   * if not.
   */
  isAble(name: string, id: string, kind: 'kernels' | 'job', given: Case, times: 1 | 3): boolean {
    const pace = this.pace.get(`${kind} ${id}`)
    const seconds = pace === undefined ? 0 : pace * workOf(given)
    const limit = this.limits().seconds
    if (times * seconds <= limit) return true
    this.ledger.leaveOutOf(
      id,
      name,
      `one run would take about ${seconds.toPrecision(2)} s, judging by the case before; ${times === 1 ? 'it' : 'three'} may take ${limit.toPrecision(2)} s`,
    )
    return false
  }

  /** Records the contestants left out of a race. */
  tellTooSlow(name: string, { tooSlow }: Race<unknown>): void {
    for (const [id, seconds] of tooSlow) {
      this.ledger.leaveOutOf(id, name, `one run took ${seconds.toPrecision(2)} s, too long to repeat`)
    }
  }

  private get raceSeconds(): number {
    return Math.min(this.plan.raceSeconds, this.seconds / this.plan.races)
  }

  private get remaining(): number {
    return this.seconds - this.elapsed
  }
}

function workOf({ ticks, touchedVoxels }: Case): number {
  return ticks + VOXEL_WEIGHT * touchedVoxels
}
