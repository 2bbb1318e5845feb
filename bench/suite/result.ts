/** What a benchmark run writes: the types behind schemas/benchmark.schema.json. */

/** One run of the benchmark on one machine in one runtime. */
export interface BenchmarkResult {
  readonly format: 'voxrisk benchmark 1'
  /** Version of voxrisk. */
  readonly voxrisk: string
  /** Commit that was built, with `+` behind it where the checkout had changes; null where git does not tell. */
  readonly commit: string | null
  /** When it began, ISO 8601 in UTC. */
  readonly started: string
  /** How long it took, in seconds. */
  readonly seconds: number
  /** Whether it was the short form. */
  readonly quick: boolean
  readonly host: Host
  readonly clocks: Clocks
  readonly contestants: readonly Contestant[]
  /** Every comparison of results that was made, before and after times were taken; a run with unequal ones fails. */
  readonly checks: readonly EqualityCheck[]
  readonly measurements: readonly Measurement[]
  /** What was planned and not measured. */
  readonly leftOut: readonly LeftOut[]
}

/** The machine and the runtime. */
export interface Host {
  readonly runtime: 'node' | 'chrome'
  /** Version of Node or Chrome. */
  readonly version: string
  /** Operating system and architecture, such as `linux x64`. */
  readonly system: string
  /** Model of the processor, where the runtime tells. */
  readonly processor: string | null
  /** Logical processors that the runtime may use. */
  readonly cores: number
}

export interface Clocks {
  /** Smallest step seen of the host's clock, in seconds. */
  readonly hostQuantum: number
  /** The device's timestamps; null where it has none. */
  readonly gpu: {
    /** Smallest step seen, in seconds. */
    readonly quantum: number
    /** Whether the runtime rounds timestamps (to 100 µs) against side channels. */
    readonly quantised: boolean
  } | null
}

/** Who ran. */
export interface Contestant {
  /** Name within the file: `cpu`, `cpu-threads`, `webgpu`, or the peer's, such as `numpy`. */
  readonly id: string
  /** For people: `voxrisk on CPU, 16 threads`, `numpy 1.24 + scipy 1.10`. */
  readonly label: string
  /** `software-gpu` is a GPU imitated on the CPU: its times say nothing about GPUs. */
  readonly kind: 'cpu' | 'gpu' | 'software-gpu' | 'peer'
  /** Adapter and driver, or how it runs on the CPU. */
  readonly runsOn: string
  /** Cores it may use; null on a GPU. */
  readonly cores: number | null
}

/** How ticks lie in the box: all over it, as in a market, all in one voxel. */
export type Distribution = 'spread' | 'realistic' | 'one-voxel'

/**
 * What is timed.
 * `copy`: buffer to buffer on the device, typed array to typed array on the CPU (the ceiling). `upload`: packed ticks from the host's
 * memory to the device's. `bin`, `smooth`, `score-peaks`: the kernels, their memory cleared within the time. `readback`: the short list of
 * a retired batch of slabs to the host. `job`: tick columns in memory to ranked hotspots. `live`: a few ticks into a warm map, until its
 * results are in. `frame-volume`, `frame-slices`: the render pass of one frame of a map all of whose pages are kept, from its score pages into
 * a texture, as it is drawn while the camera moves.
 */
export type Stage =
  | 'copy'
  | 'upload'
  | 'bin'
  | 'smooth'
  | 'score-peaks'
  | 'readback'
  | 'job'
  | 'live'
  | 'frame-volume'
  | 'frame-slices'

/** Pixels of a texture that is drawn into. */
export interface Pixels {
  readonly width: number
  readonly height: number
}

/** What a stage was given. */
export interface Case {
  readonly ticks: number
  /** Means nothing where only bytes are moved. */
  readonly distribution: Distribution
  /** Voxels that a tick touched. */
  readonly touchedVoxels: number
  /** Kernel radii along price, size, time. */
  readonly radii: { readonly price: number; readonly size: number; readonly time: number }
  /** Bytes handed over at a time, where that is what varies; null: as the engine does it. */
  readonly batchBytes: number | null
  /** What a frame is drawn into; only of frames. */
  readonly pixels?: Pixels
}

/** Seconds of the repeats, warm-up not counted. */
export interface Timing {
  readonly median: number
  /** Nearest rank. */
  readonly p95: number
  /** Nearest rank; only where there are 100 repeats or more. */
  readonly p99: number | null
  readonly min: number
  readonly max: number
  /** Interquartile range over median. */
  readonly spread: number
}

export interface Measurement {
  readonly stage: Stage
  /** Id of a contestant. */
  readonly contestant: string
  readonly case: Case
  /** Which sweeps of cases it belongs to; one measurement may stand in several. */
  readonly sweeps: readonly Sweep[]
  /** `gpu`: the device's timestamps, without what the host and the way to the device take. */
  readonly clock: 'host' | 'gpu'
  readonly repeats: number
  /** null where the median is below ten quanta of the clock: no figure is better than a wrong one. */
  readonly timing: Timing | null
  /**
   * Bytes that must move at the least: every input read once, every output written once; of upload and readback the bytes that cross.
   * null where that says nothing.
   */
  readonly bytes: number | null
  /** bytes / median over the bytes a second of the contestant's `copy` (read and written both counted); null where either is. */
  readonly ofCopy: number | null
}

/** The axes that are varied, the other settings held. */
export type Sweep = 'ticks' | 'batch' | 'voxels' | 'radii' | 'distribution' | 'live'

/** Two contestants' results of one case. */
export interface EqualityCheck {
  readonly case: Case
  readonly when: 'before' | 'after'
  readonly contestants: readonly [string, string]
  /** What was compared: both digests, the raw moments of every voxel, or the peaks with their scores. */
  readonly compared: 'digest' | 'moments' | 'peaks'
  readonly equal: boolean
}

export interface LeftOut {
  /** Stage, contestant or peer. */
  readonly what: string
  readonly why: string
}
