/** How a benchmark's names and figures are formatted for people. */

import type {
  BenchmarkResult,
  Case,
  Contestant,
  Distribution,
  Measurement,
  Pixels,
  Stage,
} from '../suite/result.ts'

/** Accompanies all figures of a software adapter. */
export const SOFTWARE = 'software, not a GPU figure'

/** Shown instead of a time that is too short for the clock. */
export const BELOW_THE_CLOCK = 'below the clock'

/** Shown instead of a missing figure. */
export const NONE = '–'

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

/** A contestant's name; software adapters are marked. */
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

/** `device` for the device's timestamps. Not `GPU`, because a software adapter has them too. */
export function clockName(clock: Measurement['clock']): string {
  return clock === 'gpu' ? 'device' : 'host'
}

/** The unit of a stage's speed. */
interface Unit {
  readonly name: 'M ticks/s' | 'M voxels/s' | 'GB/s'
  /** How many units one run of the stage processes. */
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

export function unitName(stage: Stage): string | null {
  return UNITS[stage]?.name ?? null
}

/** A measured figure to three significant digits. */
export function figure(value: number): string {
  return Math.abs(value) >= 1000 ? count(Math.round(value)) : THREE_DIGITS.format(value)
}

const THREE_DIGITS = new Intl.NumberFormat('en', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
})

/** Speed at the median, in the stage's unit; null if it cannot be given. */
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

const SHORT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** Bytes of a batch: `256 KiB`, `4 MiB`. */
export function bytesText(bytes: number): string {
  for (const [unit, name] of [
    [2 ** 30, 'GiB'],
    [2 ** 20, 'MiB'],
    [2 ** 10, 'KiB'],
  ] as const) {
    if (bytes >= unit) return `${SHORT.format(bytes / unit)} ${name}`
  }
  return `${bytes} B`
}

/** `4 × 1 × 2`: kernel radii along price, size, time. */
export function radiiText({ price, size, time }: Case['radii']): string {
  return `${price} × ${size} × ${time}`
}

/** A case in words, without its batches, which concern only two stages. */
export function workloadText({ ticks, distribution, touchedVoxels, radii }: Case): string {
  return `${count(ticks)} ticks ${distributionName(distribution)}, ${count(touchedVoxels)} touched ${touchedVoxels === 1 ? 'voxel' : 'voxels'}, kernel radii ${radiiText(radii)}`
}

/** A whole number with its thousands grouped. */
export function count(value: number): string {
  return value.toLocaleString('en')
}

/** Name of a measurement's stage, with its batches or pixels if it has any. */
export function stageWithSettings({ stage, case: { batchBytes, pixels } }: Measurement): string {
  if (pixels) return `${stageName(stage)}, ${pixelsText(pixels)}`
  return batchBytes === null ? stageName(stage) : `${stageName(stage)}, ${bytesText(batchBytes)} batches`
}

/** `1280 × 720`: pixels of a frame. */
export function pixelsText({ width, height }: Pixels): string {
  return `${width} × ${height}`
}

/** `Node 24.1.0`, `Chrome 147`. */
export function runtimeText({ host }: BenchmarkResult): string {
  return `${host.runtime === 'node' ? 'Node' : 'Chrome'} ${host.version}`
}

/** `2026-11-22 10:00 UTC`. */
export function startedText({ started }: BenchmarkResult): string {
  return `${started.slice(0, 16).replace('T', ' ')} UTC`
}

/** Digits of a commit to show. */
const COMMIT_DIGITS = 10

export function commitText({ commit }: BenchmarkResult): string {
  if (commit === null) return 'commit unknown'
  const changed = commit.endsWith('+')
  return `commit ${commit.slice(0, COMMIT_DIGITS).replace('+', '')}${changed ? ', with changes' : ''}`
}

/** How the times were measured. */
export function clocksText({ clocks: { hostQuantum, gpu } }: BenchmarkResult): string {
  const host = `host clock in steps of ${timeText(hostQuantum)}`
  if (gpu === null) return `${host}, no timestamps of a device`
  return `${host}, device timestamps in steps of ${timeText(gpu.quantum)}${gpu.quantised ? ', rounded by the runtime' : ''}`
}

/** A share of 0 … 1 in per cent; small non-zero shares are `< 0.1 %` instead of zero. */
export function percent(share: number): string {
  if (share === 0) return '0 %'
  if (share < 0.001) return '< 0.1 %'
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

/** The text with an initial capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
