/** How many times as fast one contestant is as another, if that can be said. */

import type { BenchmarkResult, Case, Contestant, EqualityCheck, Measurement, Stage } from '../suite/result.ts'
import { caseKey, contestantOf, workloadKey } from './cases.ts'

/**
 * Comparisons that prove a stage's results equal. Any one of them will do, since equal digests mean equal
 * moments and equal peaks. The other stages have no results of their own.
 */
const PROOFS: Readonly<Partial<Record<Stage, readonly EqualityCheck['compared'][]>>> = {
  bin: ['digest', 'moments'],
  smooth: ['digest', 'peaks'],
  'score-peaks': ['digest', 'peaks'],
  job: ['digest', 'peaks'],
  live: ['digest', 'peaks'],
}

export interface Ratio {
  readonly stage: Stage
  readonly case: Case
  readonly contestant: Contestant
  readonly against: Contestant
  /** The measurements compared. */
  readonly of: readonly [Measurement, Measurement]
  /** Median of the second over median of the first. */
  readonly times: number
}

/**
 * Median of `b` over median of `a`: how many times as fast `a` is. null unless both have the same stage and
 * case, their contestants' results of it were compared before and after timing and always equal, both have a
 * time, and neither ran on a software adapter, whose times mean nothing.
 */
export function timesAsFast(result: BenchmarkResult, a: Measurement, b: Measurement): number | null {
  if (a.stage !== b.stage || caseKey(a.case) !== caseKey(b.case) || a.contestant === b.contestant) return null
  if (!a.timing || !b.timing) return null
  if ([a, b].some(measurement => contestantOf(result, measurement).kind === 'software-gpu')) return null
  return knownEqual(result, a, b) ? b.timing.median / a.timing.median : null
}

/**
 * Whether two contestants' results are known to be equal, directly or through a third that equals both.
 * Results do not depend on batches, so a check with other batches counts.
 */
function knownEqual({ checks }: BenchmarkResult, a: Measurement, b: Measurement): boolean {
  const proofs = PROOFS[a.stage] ?? []
  const here = checks.filter(check => workloadKey(check.case) === workloadKey(a.case))
  if (here.some(({ equal, contestants: pair }) => !equal && [a, b].some(m => pair.includes(m.contestant)))) {
    return false
  }
  return (['before', 'after'] as const).every(when => {
    const proving = here.filter(check => check.when === when && proofs.includes(check.compared))
    return reaches(
      a.contestant,
      b.contestant,
      proving.map(check => check.contestants),
    )
  })
}

function reaches(from: string, to: string, pairs: readonly (readonly [string, string])[]): boolean {
  const reached = new Set([from])
  for (const id of reached) {
    for (const [a, b] of pairs) {
      if (a === id) reached.add(b)
      if (b === id) reached.add(a)
    }
  }
  return reached.has(to)
}

/**
 * Ratios between the engine's own contestants among the given measurements: real GPUs against CPUs, and more
 * cores against fewer, in the order of the measurements.
 */
export function ownRatios(result: BenchmarkResult, measurements: readonly Measurement[]): Ratio[] {
  const ratios: Ratio[] = []
  for (const a of measurements) {
    for (const b of measurements) {
      const [contestant, against] = [contestantOf(result, a), contestantOf(result, b)]
      const asked =
        against.kind === 'cpu' &&
        (contestant.kind === 'gpu' ||
          (contestant.kind === 'cpu' && (contestant.cores ?? 0) > (against.cores ?? 0)))
      const times = asked ? timesAsFast(result, a, b) : null
      if (times !== null)
        ratios.push({ stage: a.stage, case: a.case, contestant, against, of: [a, b], times })
    }
  }
  return ratios
}

/**
 * Pairs every measurement of other software with the engine's own of the same stage and case. Software
 * adapters are left out.
 */
export function besidePeers(
  result: BenchmarkResult,
): { readonly peer: Measurement; readonly own: readonly Measurement[] }[] {
  return result.measurements
    .filter(measurement => contestantOf(result, measurement).kind === 'peer' && measurement.stage !== 'copy')
    .map(peer => ({
      peer,
      own: result.measurements.filter(
        own =>
          own.stage === peer.stage &&
          caseKey(own.case) === caseKey(peer.case) &&
          ['cpu', 'gpu'].includes(contestantOf(result, own).kind),
      ),
    }))
}
