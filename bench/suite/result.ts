// Made from schemas/benchmark.schema.json by `npm run formats`: change the schema, not this file.

/** One run of the benchmark on one machine in one runtime. Times are in seconds. */
export interface BenchmarkResult {
  /** Name and version of this format. */
  readonly format: 'voxrisk benchmark 1'
  /** Version of voxrisk. */
  readonly voxrisk: string
  /** Commit that was built, followed by + if the checkout had changes; null if git does not tell. */
  readonly commit: string | null
  /** Time it started, ISO 8601 in UTC. */
  readonly started: string
  /** How long it took. 0 or more. */
  readonly seconds: number
  /** Whether it was the short form. */
  readonly quick: boolean
  /** The machine and the runtime. */
  readonly host: Host
  /** The clocks used for timing. */
  readonly clocks: Clocks
  /** The contestants that ran. */
  readonly contestants: readonly Contestant[]
  /** Every comparison of results, before and after timing. If any results differ, the run fails. */
  readonly checks: readonly EqualityCheck[]
  /** What was timed. */
  readonly measurements: readonly Measurement[]
  /** What was planned but not measured. */
  readonly leftOut: readonly LeftOut[]
}

/** A contestant that ran. */
export interface Contestant {
  /**
   * Name within the file: cpu, cpu-threads, webgpu, or a peer's, such as numpy. Id of a contestant of this
   * file.
   */
  readonly id: string
  /** Name for people, such as "voxrisk on CPU, 16 threads". */
  readonly label: string
  /** What it is. `software-gpu` is a GPU emulated on the CPU, whose times say nothing about GPUs. */
  readonly kind: 'cpu' | 'gpu' | 'software-gpu' | 'peer'
  /** Adapter and driver, or how it runs on the CPU. */
  readonly runsOn: string
  /** Cores it may use; null on a GPU. */
  readonly cores: number | null
}

/** Input of a stage. */
export interface Case {
  /** Ticks. Integer, 0 or more. */
  readonly ticks: number
  /** How the ticks are distributed over the box. Meaningless if only bytes are moved. */
  readonly distribution: Distribution
  /** Voxels touched by ticks. Integer, 0 or more. */
  readonly touchedVoxels: number
  /** Kernel radii in bins. */
  readonly radii: {
    /** Along price. Integer, 0 … 8. */
    readonly price: number
    /** Along trade size. Integer, 0 … 8. */
    readonly size: number
    /** Along time. Integer, 0 … 8. */
    readonly time: number
  }
  /** Bytes per batch, for upload and bin; null for other stages. */
  readonly batchBytes: number | null
  /** The texture a frame is drawn into; only for frames. */
  readonly pixels?: Pixels
}

/** Seconds of the repeats, not counting the warm-up. */
export interface Timing {
  /** The median. Above 0. */
  readonly median: number
  /** 95th percentile, nearest rank. 0 or more. */
  readonly p95: number
  /** 99th percentile, nearest rank; null with fewer than 100 repeats. */
  readonly p99: number | null
  /** The shortest. 0 or more. */
  readonly min: number
  /** The longest. 0 or more. */
  readonly max: number
  /** Interquartile range divided by the median. 0 or more. */
  readonly spread: number
}

/** The times of one stage of one contestant in one case. */
export interface Measurement {
  /** What was timed. */
  readonly stage: Stage
  /** Id of a contestant of this file. */
  readonly contestant: string
  /** Input of a stage. */
  readonly case: Case
  /** Sweeps of cases it belongs to; there may be several. */
  readonly sweeps: readonly Sweep[]
  /** `gpu`: the device's timestamps, which exclude time on the host and in transfers to the device. */
  readonly clock: 'host' | 'gpu'
  /** Number of timed repeats. Integer, 1 or more. */
  readonly repeats: number
  /** null if the median is below ten quanta of the clock: no figure is better than a wrong one. */
  readonly timing: Timing | null
  /**
   * Fewest bytes that must move: every input read once, every output written once; for upload and readback
   * the bytes transferred. null if that says nothing.
   */
  readonly bytes: number | null
  /**
   * bytes / median, divided by the contestant's copy speed in bytes per second (counting both reads and
   * writes); null if either is null.
   */
  readonly ofCopy: number | null
}

/** Comparison of two contestants' results for one case. */
export interface EqualityCheck {
  /** Input of a stage. */
  readonly case: Case
  /** Before or after timing. */
  readonly when: 'before' | 'after'
  /** The two contestants. */
  readonly contestants: readonly [string, string]
  /** What was compared: both digests, the raw moments of every voxel, or the peaks with their scores. */
  readonly compared: 'digest' | 'moments' | 'peaks'
  /** Whether they were equal. */
  readonly equal: boolean
}

/** The machine and the runtime. */
export interface Host {
  /** The runtime. */
  readonly runtime: 'node' | 'chrome'
  /** Version of Node or Chrome. */
  readonly version: string
  /** Operating system and architecture, such as linux x64. */
  readonly system: string
  /** Model of the processor; null if the runtime does not tell. */
  readonly processor: string | null
  /** Logical processors available to the runtime. Integer, 1 or more. */
  readonly cores: number
}

/** The clocks used for timing. */
export interface Clocks {
  /** Smallest observed step of the host's clock. 0 or more. */
  readonly hostQuantum: number
  /** The device's timestamps; null if it has none. */
  readonly gpu: {
    /** Smallest observed step. 0 or more. */
    readonly quantum: number
    /** Whether the runtime rounds timestamps (to 100 µs) to prevent side channels. */
    readonly quantised: boolean
  } | null
}

/** Something that was planned but not measured. */
export interface LeftOut {
  /** Stage, contestant or peer. */
  readonly what: string
  /** Why it was not measured. */
  readonly why: string
}

/** How the ticks are distributed over the box: evenly, as in a market, or all in one voxel. */
export type Distribution = 'spread' | 'realistic' | 'one-voxel'

/** Size in pixels of a texture to draw into. */
export interface Pixels {
  /** Columns. Integer, 1 or more. */
  readonly width: number
  /** Rows. Integer, 1 or more. */
  readonly height: number
}

/**
 * What is timed. `copy`: buffer to buffer on the device, typed array to typed array on the CPU (the ceiling).
 * `upload`: packed ticks from host memory to device memory. `bin`, `smooth`, `score-peaks`: the kernels,
 * including the clearing of their memory. `readback`: the short list of a retired batch of slabs to the host.
 * `job`: tick columns in memory to ranked hotspots. `live`: a few ticks into a warm map, until its results
 * are in. `frame-volume`, `frame-slices`: the render pass of one frame of a map with all its pages kept, from
 * its score pages into a texture, as drawn while the camera moves.
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

/** A sweep of cases: the axis that varies while the other settings are fixed. */
export type Sweep = 'ticks' | 'batch' | 'voxels' | 'radii' | 'distribution' | 'live'
