/** Which measurements of a result belong together, and in what order they are shown. */

import type {
  BenchmarkResult,
  Case,
  Contestant,
  Distribution,
  Measurement,
  Stage,
  Sweep,
} from '../suite/result.ts'
import { bytesText, count, distributionName, radiiText } from './text.ts'

/** Stages in the order in which data passes through them. */
export const STAGES: readonly Stage[] = [
  'copy',
  'upload',
  'bin',
  'smooth',
  'score-peaks',
  'readback',
  'job',
  'live',
  'frame-volume',
  'frame-slices',
]

/** Frames of a map. */
export const FRAMES: ReadonlySet<Stage> = new Set(['frame-volume', 'frame-slices'])

/** Stages whose cases get their own tables, apart from the others. */
const HAS_A_TABLE: ReadonlySet<Stage> = new Set(['live', ...FRAMES])

/** A key that distinguishes cases, ignoring their batches. */
export function workloadKey({ ticks, distribution, touchedVoxels, radii }: Case): string {
  return [ticks, distribution, touchedVoxels, radiiText(radii)].join(' | ')
}

/** A key that distinguishes cases. */
export function caseKey(given: Case): string {
  return `${workloadKey(given)} | ${given.batchBytes}`
}

/** A sweep that varies an axis; `live` only says what was measured. */
export type VariedAxis = Exclude<Sweep, 'live'>

/** Position of a case on the axis of a sweep: one number, or a name. */
export function sweepValue(sweep: VariedAxis, given: Case): number | string | null {
  switch (sweep) {
    case 'ticks':
      return given.ticks
    case 'batch':
      return given.batchBytes
    case 'voxels':
      return given.touchedVoxels
    case 'radii':
      return radiiText(given.radii)
    case 'distribution':
      return distributionName(given.distribution)
  }
}

const DISTRIBUTIONS: readonly Distribution[] = ['spread', 'realistic', 'one-voxel']

/** Values that occur on a sweep's axis, in the order of the axis. */
export function sweepValues(sweep: VariedAxis, measurements: readonly Measurement[]): (number | string)[] {
  const place = ({ ticks, batchBytes, touchedVoxels, radii, distribution }: Case): number =>
    ({
      ticks,
      batch: batchBytes ?? 0,
      voxels: touchedVoxels,
      radii: (2 * radii.price + 1) * (2 * radii.size + 1) * (2 * radii.time + 1),
      distribution: DISTRIBUTIONS.indexOf(distribution),
    })[sweep]
  const cases = measurements.map(({ case: given }) => given).sort((a, b) => place(a) - place(b))
  return [...new Set(cases.map(given => sweepValue(sweep, given)).filter(value => value !== null))]
}

/** A value of a sweep's axis, formatted for people. */
export function sweepValueText(sweep: Sweep, value: number | string): string {
  if (typeof value === 'string') return value
  return sweep === 'batch' ? bytesText(value) : count(value)
}

/**
 * The case that the sweeps start from: the one whose measurements belong to the most sweeps, then the one
 * with the most stages of contestants; null if there are only live cases and frames.
 */
export function baseCase({ measurements }: BenchmarkResult): Case | null {
  const cases = new Map<string, { given: Case; sweeps: Set<Sweep>; stages: Set<string> }>()
  for (const { case: given, sweeps, stage, contestant } of measurements) {
    if (stage === 'copy' || HAS_A_TABLE.has(stage)) continue
    const key = workloadKey(given)
    const seen = cases.get(key) ?? { given, sweeps: new Set(), stages: new Set() }
    cases.set(key, seen)
    for (const sweep of sweeps) seen.sweeps.add(sweep)
    seen.stages.add(`${stage} ${contestant}`)
  }
  const [base] = [...cases.values()].sort(
    (a, b) => b.sweeps.size - a.sweeps.size || b.stages.size - a.stages.size || b.given.ticks - a.given.ticks,
  )
  return base?.given ?? null
}

/**
 * One measurement for every stage, contestant and clock of the case that the sweeps start from, ordered by
 * stage and then by contestant. If there are several batch sizes, it is the one used in the other sweeps.
 * `copy` belongs to no case and is always included.
 */
export function baseMeasurements(result: BenchmarkResult): Measurement[] {
  const base = baseCase(result)
  const chosen = new Map<string, Measurement>()
  for (const measurement of result.measurements) {
    const { stage, contestant, clock, sweeps } = measurement
    const here = base !== null && workloadKey(measurement.case) === workloadKey(base)
    if (HAS_A_TABLE.has(stage) || (stage !== 'copy' && !here)) continue
    const key = `${stage} ${contestant} ${clock}`
    const before = chosen.get(key)
    if (!before || sweeps.length > before.sweeps.length) chosen.set(key, measurement)
  }
  return inOrder(result, [...chosen.values()])
}

/** Measurements by stage, then by contestant as listed in the result, then by size of case. */
export function inOrder(result: BenchmarkResult, measurements: readonly Measurement[]): Measurement[] {
  const place = new Map(result.contestants.map(({ id }, i) => [id, i]))
  return [...measurements].sort(
    (a, b) =>
      STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) ||
      (place.get(a.contestant) ?? 0) - (place.get(b.contestant) ?? 0) ||
      a.case.ticks - b.case.ticks ||
      (a.case.batchBytes ?? 0) - (b.case.batchBytes ?? 0),
  )
}

export function contestantOf({ contestants }: BenchmarkResult, { contestant }: Measurement): Contestant {
  const found = contestants.find(({ id }) => id === contestant)
  if (!found) throw new Error(`no contestant has the id ${contestant}`)
  return found
}
