// Made from schemas/benchmark.schema.json by `npm run formats`: change the schema, not this file.

/** One run of the benchmark on one machine in one runtime. Times are in seconds. */
export interface BenchmarkResult {
  /** Names this format and its version. */
  readonly format: 'voxrisk benchmark 1'
  /** Version of voxrisk. */
  readonly voxrisk: string
  /** Commit that was built, with + behind it where the checkout had changes; null where git does not tell. */
  readonly commit: string | null
  /** When it began, ISO 8601 in UTC. */
  readonly started: string
  /** How long it took. 0 or more. */
  readonly seconds: number
  /** Whether it was the short form. */
  readonly quick: boolean
  /** The machine and the runtime. */
  readonly host: Host
  /** What times were taken with. */
  readonly clocks: Clocks
  /** Who ran. */
  readonly contestants: readonly Contestant[]
  /**
   * Every comparison of results that was made, before and after times were taken; a run with unequal ones
   * fails.
   */
  readonly checks: readonly EqualityCheck[]
  /** What was timed. */
  readonly measurements: readonly Measurement[]
  /** What was planned and not measured. */
  readonly leftOut: readonly LeftOut[]
}

/** One of those that ran. */
export interface Contestant {
  /**
   * Name within the file: cpu, cpu-threads, webgpu, or the peer's, such as numpy. Id of a contestant of this
   * file.
   */
  readonly id: string
  /** For people, such as "voxrisk on CPU, 16 threads". */
  readonly label: string
  /** What it is; `software-gpu` is a GPU imitated on the CPU: its times say nothing about GPUs. */
  readonly kind: 'cpu' | 'gpu' | 'software-gpu' | 'peer'
  /** Adapter and driver, or how it runs on the CPU. */
  readonly runsOn: string
  /** Cores it may use; null on a GPU. */
  readonly cores: number | null
}

/** What a stage was given. */
export interface Case {
  /** Ticks. Integer, 0 or more. */
  readonly ticks: number
  /** How the ticks lie in the box; means nothing where only bytes are moved. */
  readonly distribution: Distribution
  /** Voxels that a tick touched. Integer, 0 or more. */
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
  /** Bytes handed over at a time, for upload and bin; null elsewhere. */
  readonly batchBytes: number | null
  /** What a frame is drawn into; only of frames. */
  readonly pixels?: Pixels
}

/** Seconds of the repeats, warm-up not counted. */
export interface Timing {
  /** The median. Above 0. */
  readonly median: number
  /** 95th percentile, nearest rank. 0 or more. */
  readonly p95: number
  /** 99th percentile, nearest rank; null where there are fewer than 100 repeats. */
  readonly p99: number | null
  /** The shortest. 0 or more. */
  readonly min: number
  /** The longest. 0 or more. */
  readonly max: number
  /** Interquartile range over median. 0 or more. */
  readonly spread: number
}

/** The times of one stage of one contestant in one case. */
export interface Measurement {
  /** What was timed. */
  readonly stage: Stage
  /** Id of a contestant of this file. */
  readonly contestant: string
  /** What a stage was given. */
  readonly case: Case
  /** Which sweeps of cases it belongs to; one measurement may stand in several. */
  readonly sweeps: readonly Sweep[]
  /** `gpu`: the device's timestamps, without what the host and the way to the device take. */
  readonly clock: 'host' | 'gpu'
  /** How many times it was timed. Integer, 1 or more. */
  readonly repeats: number
  /** null where the median is below ten quanta of the clock: no figure is better than a wrong one. */
  readonly timing: Timing | null
  /**
   * Bytes that must move at the least: every input read once, every output written once; of upload and
   * readback the bytes that cross. null where that says nothing.
   */
  readonly bytes: number | null
  /**
   * bytes / median over the bytes a second of the contestant's copy (read and written both counted); null
   * where either is.
   */
  readonly ofCopy: number | null
}

/** Two contestants' results of one case. */
export interface EqualityCheck {
  /** What a stage was given. */
  readonly case: Case
  /** Before or after times were taken. */
  readonly when: 'before' | 'after'
  /** Whose results. */
  readonly contestants: readonly [string, string]
  /** What was compared: both digests, the raw moments of every voxel, or the peaks with their scores. */
  readonly compared: 'digest' | 'moments' | 'peaks'
  /** Whether they were equal. */
  readonly equal: boolean
}

/** The machine and the runtime. */
export interface Host {
  /** Where it ran. */
  readonly runtime: 'node' | 'chrome'
  /** Version of Node or Chrome. */
  readonly version: string
  /** Operating system and architecture, such as linux x64. */
  readonly system: string
  /** Model of the processor; null where the runtime does not tell. */
  readonly processor: string | null
  /** Logical processors that the runtime may use. Integer, 1 or more. */
  readonly cores: number
}

/** What times were taken with. */
export interface Clocks {
  /** Smallest step seen of the host's clock. 0 or more. */
  readonly hostQuantum: number
  /** The device's timestamps; null where it has none. */
  readonly gpu: {
    /** Smallest step seen. 0 or more. */
    readonly quantum: number
    /** Whether the runtime rounds timestamps (to 100 µs) against side channels. */
    readonly quantised: boolean
  } | null
}

/** Something that was planned and not measured. */
export interface LeftOut {
  /** Stage, contestant or peer. */
  readonly what: string
  /** Why it was not measured. */
  readonly why: string
}

/** How the ticks lie in the box: all over it, as in a market, all in one voxel. */
export type Distribution = 'spread' | 'realistic' | 'one-voxel'

/** Pixels of a texture that is drawn into. */
export interface Pixels {
  /** Columns. Integer, 1 or more. */
  readonly width: number
  /** Rows. Integer, 1 or more. */
  readonly height: number
}

/**
 * What is timed. `copy`: buffer to buffer on the device, typed array to typed array on the CPU (the ceiling).
 * `upload`: packed ticks from the host's memory to the device's. `bin`, `smooth`, `score-peaks`: the kernels,
 * their memory cleared within the time. `readback`: the short list of a retired batch of slabs to the host.
 * `job`: tick columns in memory to ranked hotspots. `live`: a few ticks into a warm map, until its results
 * are in. `frame-volume`, `frame-slices`: the render pass of one frame of a map all of whose pages are kept,
 * from its score pages into a texture, as it is drawn while the camera moves.
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

/** A sweep of cases: the axis that is varied, the other settings held. */
export type Sweep = 'ticks' | 'batch' | 'voxels' | 'radii' | 'distribution' | 'live'
