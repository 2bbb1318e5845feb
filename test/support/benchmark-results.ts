/** Results of benchmarks that never ran: every name and figure in them is invented, for tests of how results are shown. */
import type {
  BenchmarkResult,
  Case,
  Contestant,
  Distribution,
  EqualityCheck,
  Measurement,
  Stage,
  Sweep,
  Timing,
} from '../../bench/suite/result.ts'

export interface Invented {
  readonly runtime?: 'node' | 'chrome'
  /** `none`: only the CPU ran. */
  readonly adapter?: 'real' | 'software' | 'none'
  readonly processor?: string | null
  readonly adapterName?: string
  readonly cores?: number
  readonly peers?: boolean
  readonly quick?: boolean
  readonly quantised?: boolean
  readonly started?: string
  /** Speed of everything against the usual, and of the adapter besides. */
  readonly speed?: number
  readonly gpuSpeed?: number
}

const DEFAULT_RADII = { price: 4, size: 1, time: 2 }
const BATCH = 2 ** 20
const TICKS = [10_000, 100_000, 1_000_000, 10_000_000]
const BATCHES = [2 ** 16, 2 ** 18, 2 ** 20, 2 ** 22]
const VOXELS = [1_000, 30_000, 400_000, 5_000_000]
const BASE: Case = {
  ticks: 1_000_000,
  distribution: 'realistic',
  touchedVoxels: 400_000,
  radii: DEFAULT_RADII,
  batchBytes: null,
}

/** Invented speed: what a stage takes at once, and per unit of its work, in seconds. */
type Speeds = Partial<Record<Stage, readonly [start: number, each: number]>>

const CPU: Speeds = {
  copy: [1e-6, 1 / 9e9],
  bin: [5e-5, 1 / 30e6],
  smooth: [5e-5, 1 / 4e6],
  'score-peaks': [5e-5, 1 / 6e6],
  job: [3e-4, 1 / 2.1e6],
  live: [4e-5, 1 / 2e6],
}
const GPU: Speeds = {
  copy: [8e-6, 1 / 2.2e12],
  upload: [4e-5, 1 / 9e9],
  bin: [3e-5, 1 / 1.9e9],
  smooth: [4e-5, 1 / 1.1e9],
  'score-peaks': [4e-5, 1 / 1.6e9],
  readback: [3e-4, 1 / 3e9],
  job: [3e-3, 1 / 120e6],
  live: [4e-4, 1 / 3e8],
  'frame-volume': [1e-4, 1 / 4e8],
  'frame-slices': [2e-5, 1 / 4e9],
}
/** By the device's timestamps, where it has them. */
const DEVICE_TIMED: ReadonlySet<Stage> = new Set([
  'copy',
  'bin',
  'smooth',
  'score-peaks',
  'frame-volume',
  'frame-slices',
])
const times = (speeds: Speeds, factor: number): Speeds =>
  Object.fromEntries(
    Object.entries(speeds).map(([stage, [start, each]]) => [stage, [start * factor, each * factor]]),
  )

function timing(median: number, repeats: number): Timing {
  return {
    median,
    p95: median * 1.12,
    p99: repeats >= 100 ? median * 1.6 : null,
    min: median * 0.94,
    max: median * 2.1,
    spread: 0.043,
  }
}

/** Ten quanta of an invented clock: below it nothing is stated. */
const LEAST = 2e-5

/** The result of a benchmark that never ran. */
export function inventedResult(options: Invented = {}): BenchmarkResult {
  const { runtime = 'node', adapter = 'real', cores = 16, peers = false, speed = 1, gpuSpeed = 1 } = options
  const engines: { readonly contestant: Contestant; readonly speeds: Speeds }[] = [
    {
      contestant: { id: 'cpu', label: 'voxrisk on CPU', kind: 'cpu', runsOn: 'one thread', cores: 1 },
      speeds: CPU,
    },
    {
      contestant: {
        id: 'cpu-threads',
        label: `voxrisk on CPU, ${cores} threads`,
        kind: 'cpu',
        runsOn: `${cores} threads`,
        cores,
      },
      speeds: times(CPU, 1.4 / cores),
    },
  ]
  if (adapter === 'real') {
    const runsOn = options.adapterName ?? 'Invented GPU 9000, driver 1.2'
    engines.push({
      contestant: { id: 'webgpu', label: 'voxrisk on WebGPU', kind: 'gpu', runsOn, cores: null },
      speeds: times(GPU, 1 / gpuSpeed),
    })
  }
  if (adapter === 'software') {
    const runsOn = options.adapterName ?? 'Invented software renderer'
    engines.push({
      contestant: { id: 'webgpu', label: 'voxrisk on WebGPU', kind: 'software-gpu', runsOn, cores },
      speeds: times(GPU, 900),
    })
  }
  if (peers) {
    engines.push({
      contestant: {
        id: 'numpy',
        label: 'invented numpy 0.1',
        kind: 'peer',
        runsOn: 'one thread',
        cores: 1,
      },
      speeds: { bin: [1e-4, 1 / 8e6], smooth: [1e-4, 1 / 3e6] },
    })
  }

  const measurements = new Map<string, Measurement>()
  const measure = (stages: readonly Stage[], given: Case, sweep: Sweep | null) => {
    for (const { contestant, speeds } of engines) {
      for (const stage of stages) {
        if (!speeds[stage]) continue
        if (contestant.kind === 'peer' && (sweep !== 'ticks' || given.ticks !== BASE.ticks)) continue
        const batched = stage === 'upload' || stage === 'bin'
        const placed: Case = { ...given, batchBytes: batched ? (given.batchBytes ?? BATCH) : null }
        const key = JSON.stringify([stage, contestant.id, placed])
        const before = measurements.get(key)
        if (before) {
          if (sweep && !before.sweeps.includes(sweep)) {
            measurements.set(key, { ...before, sweeps: [...before.sweeps, sweep] })
          }
          continue
        }
        const [start, each] = speeds[stage]
        const bytes = bytesOf(stage, placed)
        const work = {
          copy: bytes ?? 0,
          upload: bytes ?? 0,
          readback: bytes ?? 0,
          bin: placed.ticks * (placed.distribution === 'one-voxel' ? 3 : 1),
          smooth: placed.touchedVoxels * (1 + placed.radii.price / 8),
          'score-peaks': placed.touchedVoxels,
          job: placed.ticks,
          live: placed.ticks,
          'frame-volume': placed.touchedVoxels,
          'frame-slices': placed.touchedVoxels,
        }[stage]
        const batches = batched ? Math.ceil((placed.ticks * 12) / placed.batchBytes!) : 1
        const median = (start * batches + each * work) / speed
        const device = contestant.cores === null && DEVICE_TIMED.has(stage)
        const repeats = stage === 'live' ? 1000 : 31
        const copy = speeds.copy ? 1 / speeds.copy[1] : null
        const known = median >= LEAST
        measurements.set(key, {
          stage,
          contestant: contestant.id,
          case: placed,
          sweeps: sweep ? [sweep] : [],
          clock: device ? 'gpu' : 'host',
          repeats,
          timing: known ? timing(median, repeats) : null,
          bytes,
          ofCopy:
            known && stage !== 'copy' && bytes !== null && copy !== null
              ? bytes / median / copy / speed
              : null,
        })
      }
    }
  }
  const kernels: Stage[] = ['bin', 'smooth', 'score-peaks']
  measure(['copy'], BASE, null)
  measure(['readback'], BASE, null)
  for (const ticks of TICKS) {
    const touchedVoxels = Math.round(ticks * 0.4)
    measure(['upload', ...kernels, 'job'], { ...BASE, ticks, touchedVoxels }, 'ticks')
  }
  for (const batchBytes of BATCHES) measure(['upload', 'bin'], { ...BASE, batchBytes }, 'batch')
  for (const touchedVoxels of VOXELS) measure(kernels, { ...BASE, touchedVoxels }, 'voxels')
  for (const radii of [{ price: 1, size: 1, time: 1 }, DEFAULT_RADII, { price: 8, size: 2, time: 4 }]) {
    measure(['smooth'], { ...BASE, radii }, 'radii')
  }
  for (const distribution of ['spread', 'realistic', 'one-voxel'] satisfies Distribution[]) {
    const touchedVoxels = distribution === 'one-voxel' ? 1 : BASE.touchedVoxels
    measure(['bin'], { ...BASE, distribution, touchedVoxels }, 'distribution')
  }
  for (const ticks of [1, 100, 10_000]) measure(['live'], { ...BASE, ticks, touchedVoxels: ticks }, 'live')
  for (const touchedVoxels of VOXELS) {
    const pixels = { width: 1280, height: 720 }
    measure(['frame-volume', 'frame-slices'], { ...BASE, touchedVoxels, pixels }, null)
  }

  const [first, ...others] = engines
  const checks = TICKS.flatMap(ticks =>
    others.flatMap(({ contestant: { id, kind } }) =>
      (['before', 'after'] as const).map(
        (when): EqualityCheck => ({
          case: { ...BASE, ticks, touchedVoxels: Math.round(ticks * 0.4) },
          when,
          contestants: [first.contestant.id, id],
          compared: kind === 'peer' ? 'moments' : 'digest',
          equal: true,
        }),
      ),
    ),
  )
  return {
    format: 'voxrisk benchmark 1',
    voxrisk: '0.1.0',
    commit: '0123456789abcdef0123456789abcdef01234567',
    started: options.started ?? '2026-11-22T10:00:00.000Z',
    seconds: 214.5,
    quick: options.quick ?? false,
    host: {
      runtime,
      version: runtime === 'node' ? '24.1.0' : '147.0.1',
      system: 'linux x64',
      processor:
        options.processor === undefined ? 'Invented Xylophon(R) 7700 64-Core Processor' : options.processor,
      cores,
    },
    clocks: {
      hostQuantum: runtime === 'node' ? 1e-7 : 5e-6,
      gpu: adapter === 'none' ? null : { quantum: 1e-6, quantised: options.quantised ?? false },
    },
    contestants: engines.map(({ contestant }) => contestant),
    checks,
    measurements: [...measurements.values()],
    leftOut: [{ what: 'cuda', why: 'no CUDA toolkit on this machine' }],
  }
}

function bytesOf(stage: Stage, { ticks, touchedVoxels }: Case): number | null {
  switch (stage) {
    case 'copy':
      return 2 ** 28
    case 'upload':
      return ticks * 12
    case 'bin':
      return ticks * 12 + touchedVoxels * 80
    case 'smooth':
      return touchedVoxels * 80
    case 'score-peaks':
      return touchedVoxels * 44
    case 'readback':
      return 200_000
    default:
      return null
  }
}
