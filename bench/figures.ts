// What a benchmark's measurements come to and how they are written for people: the same in Markdown and on a page.

import { number } from '../src/show/text.ts'
import type {
  BenchmarkResult,
  Case,
  Contestant,
  Distribution,
  Measurement,
  Pixels,
  Stage,
  Sweep,
} from './suite/result.ts'

/** Stands wherever a software adapter's figures do. */
export const SOFTWARE = 'software, not a GPU figure'

/** In place of a time that the clock is too coarse for. */
export const BELOW_THE_CLOCK = 'below the clock'

/** In place of a figure that there is none of. */
export const NONE = '–'

/** Stages in the order in which data passes them. */
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

const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  copy: 'copy (the ceiling)',
  upload: 'upload',
  bin: 'bin',
  smooth: 'smooth',
  'score-peaks': 'score, peaks',
  readback: 'readback',
  job: 'whole job',
  live: 'live update',
  'frame-volume': 'frame, volume',
  'frame-slices': 'frame, slices',
}

export function stageName(stage: Stage): string {
  return STAGE_NAMES[stage]
}

const DISTRIBUTION_NAMES: Readonly<Record<Distribution, string>> = {
  spread: 'all over the box',
  realistic: 'as in a market',
  'one-voxel': 'all in one voxel',
}

export function distributionName(distribution: Distribution): string {
  return DISTRIBUTION_NAMES[distribution]
}

/** A contestant's name, a software adapter marked. */
export function contestantName({ label, kind }: Contestant): string {
  return kind === 'software-gpu' ? `${label} (${SOFTWARE})` : label
}

const KIND_NAMES: Readonly<Record<Contestant['kind'], string>> = {
  cpu: 'CPU',
  gpu: 'GPU',
  'software-gpu': SOFTWARE,
  peer: 'other software',
}

export function kindName(kind: Contestant['kind']): string {
  return KIND_NAMES[kind]
}

/** `device` for the device's timestamps: a software adapter has such too, and is no GPU. */
export function clockName(clock: Measurement['clock']): string {
  return clock === 'gpu' ? 'device' : 'host'
}

/** What a stage's speed is counted in. */
interface Unit {
  readonly name: 'M ticks/s' | 'M voxels/s' | 'GB/s'
  /** How much of it one run of the stage works off. */
  readonly amount: (measurement: Measurement) => number | null
}

const TICKS: Unit = { name: 'M ticks/s', amount: ({ case: { ticks } }) => ticks / 1e6 }
const VOXELS: Unit = { name: 'M voxels/s', amount: ({ case: { touchedVoxels } }) => touchedVoxels / 1e6 }
const BYTES: Unit = { name: 'GB/s', amount: ({ bytes }) => (bytes === null ? null : bytes / 1e9) }

const UNITS: Readonly<Record<Stage, Unit | null>> = {
  copy: BYTES,
  upload: BYTES,
  bin: TICKS,
  smooth: VOXELS,
  'score-peaks': VOXELS,
  readback: BYTES,
  job: TICKS,
  live: null,
  'frame-volume': null,
  'frame-slices': null,
}

/** Stages that move bytes, whatever ticks and voxels they stand for. */
export const MOVES_BYTES: ReadonlySet<Stage> = new Set(['copy', 'upload', 'readback'])

/** Frames of a map. */
export const FRAMES: ReadonlySet<Stage> = new Set(['frame-volume', 'frame-slices'])

/** Stages of cases of their own, which do not stand beside the others. */
const HAS_A_TABLE: ReadonlySet<Stage> = new Set(['live', ...FRAMES])

export function unitName(stage: Stage): string | null {
  return UNITS[stage]?.name ?? null
}

/** A measured figure to three significant digits. */
export function figure(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : THREE_DIGITS.format(value)
}

const THREE_DIGITS = new Intl.NumberFormat('en', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
})

/** Speed at the median in the stage's unit; null where there is none to state. */
export function throughput(measurement: Measurement): number | null {
  const { stage, timing } = measurement
  const amount = UNITS[stage]?.amount(measurement) ?? null
  return timing === null || amount === null ? null : amount / timing.median
}

export function throughputText(measurement: Measurement): string {
  const value = throughput(measurement)
  return value === null ? NONE : `${figure(value)} ${unitName(measurement.stage)}`
}

const SECOND_UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
]

/** A time in seconds to three significant digits: `1.83 s`, `12.4 ms`, `830 µs`. */
export function timeText(seconds: number): string {
  const rounded = Number(seconds.toPrecision(3))
  const [unit, name] = SECOND_UNITS.find(([unit]) => rounded >= unit) ?? [1e-9, 'ns']
  return `${figure(seconds / unit)} ${name}`
}

/** Bytes of a batch: `256 KiB`, `4 MiB`. */
export function bytesText(bytes: number): string {
  for (const [unit, name] of [
    [2 ** 30, 'GiB'],
    [2 ** 20, 'MiB'],
    [2 ** 10, 'KiB'],
  ] as const) {
    if (bytes >= unit) return `${number(bytes / unit, 3)} ${name}`
  }
  return `${bytes} B`
}

/** `4 × 1 × 2`: kernel radii along price, size, time. */
export function radiiText({ price, size, time }: Case['radii']): string {
  return `${price} × ${size} × ${time}`
}

/** A case in words, without its batches: they are a matter of two stages. */
export function workloadText({ ticks, distribution, touchedVoxels, radii }: Case): string {
  return `${count(ticks)} ticks ${distributionName(distribution)}, ${count(touchedVoxels)} touched ${touchedVoxels === 1 ? 'voxel' : 'voxels'}, kernel radii ${radiiText(radii)}`
}

export function count(value: number): string {
  return value.toLocaleString('en')
}

/** Name of a measurement's stage with its batches or its pixels, where it has such. */
export function stageWithSettings({ stage, case: { batchBytes, pixels } }: Measurement): string {
  if (pixels) return `${stageName(stage)}, ${pixelsText(pixels)}`
  return batchBytes === null ? stageName(stage) : `${stageName(stage)}, ${bytesText(batchBytes)} batches`
}

/** `1280 × 720`: pixels of a frame. */
export function pixelsText({ width, height }: Pixels): string {
  return `${width} × ${height}`
}

/** Tells cases apart, whatever their batches. */
export function workloadKey({ ticks, distribution, touchedVoxels, radii }: Case): string {
  return [ticks, distribution, touchedVoxels, radiiText(radii)].join(' | ')
}

/** Tells cases apart. */
export function caseKey(given: Case): string {
  return `${workloadKey(given)} | ${given.batchBytes}`
}

/** A sweep that varies an axis; `live` only says what was measured. */
export type VariedAxis = Exclude<Sweep, 'live'>

/** The value of the axis that a sweep varies: one number, or its name. */
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

const DISTRIBUTIONS = Object.keys(DISTRIBUTION_NAMES)

/** Values of a sweep's axis that measurements have, in the order of the axis. */
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

/** A value of a sweep's axis as people write it. */
export function sweepValueText(sweep: Sweep, value: number | string): string {
  if (typeof value === 'string') return value
  return sweep === 'batch' ? bytesText(value) : count(value)
}

/**
 * The case that the sweeps start from: the one whose measurements stand in the most sweeps, then the one with the most stages of
 * contestants; null where there is none but live ones and frames.
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
 * One measurement for every stage, contestant and clock of the case that the sweeps start from, in the order of the stages and then of
 * the contestants. Of several sizes of batch it is the one the other sweeps are made with. `copy` belongs to no case and always
 * stands here.
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

/** Measurements by stage, then by contestant as the result lists them, then by size of case. */
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

/** `Node 24.1.0`, `Chrome 147`. */
export function runtimeText({ host }: BenchmarkResult): string {
  return `${host.runtime === 'node' ? 'Node' : 'Chrome'} ${host.version}`
}

/** `2026-11-22 10:00 UTC`. */
export function startedText({ started }: BenchmarkResult): string {
  return `${started.slice(0, 16).replace('T', ' ')} UTC`
}

/** Digits of a commit that are shown. */
const COMMIT_DIGITS = 10

export function commitText({ commit }: BenchmarkResult): string {
  if (commit === null) return 'commit not known'
  const changed = commit.endsWith('+')
  return `commit ${commit.slice(0, COMMIT_DIGITS).replace('+', '')}${changed ? ', with changes' : ''}`
}

/** What was timed with what. */
export function clocksText({ clocks: { hostQuantum, gpu } }: BenchmarkResult): string {
  const host = `host clock in steps of ${timeText(hostQuantum)}`
  if (gpu === null) return `${host}, no timestamps of a device`
  return `${host}, device timestamps in steps of ${timeText(gpu.quantum)}${gpu.quantised ? ', rounded by the runtime' : ''}`
}
