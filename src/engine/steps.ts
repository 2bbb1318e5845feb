import { VoxriskError } from '../errors.ts'
import type { Grid } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import type { KeptPage, PageWork, Retired, RetireWork, TermSums, TickBatch } from './work.ts'

/** Constants of the score, as both backends read them. */
export interface ScoreConstants {
  /** Per size bin: means of activity, volatility, flow in Q16, then their coefficients in Q10. */
  readonly table: Int32Array
}

/** What a backend knows about a map before its first tick. */
export interface MapShape {
  readonly grid: Grid
  readonly kernel: Kernel
  /** q: calibrated relative variance a trade. */
  readonly relativeVariance: number
  /** null: the map only surveys terms for a calibration. */
  readonly score: ScoreConstants | null
  /** Whether a picture page is written beside every page of scores. */
  readonly pictures: boolean
}

/**
 * Score pages as GPU buffers, for a renderer on the same device. Everything is borrowed.
 * A page is 64 · sizeBins i32 in Q16 (`NO_SCORE` where there is none), voxel (price x, size s) at s · 64 + x.
 */
export interface ScorePages {
  readonly device: GPUDevice
  /** Pages back to back; page `slot` begins at byte slot · 64 · sizeBins · 4. */
  readonly scores: GPUBuffer
  /**
   * What a view draws besides the score, in the same slots; null unless the map was made with `pictures`. Seven 32-bit
   * words a voxel, in planes: word k of voxel (price x, size s) is word ((slot · 7 + k) · sizeBins + s) · 64 + x. k = 0
   * activity, 1 volatility, 2 flow: i32 in Q16, the parts that add up to the score, 0 where there is none; 3, 4 volume
   * (low, high) and 5, 6 net flow (low, high, two's complement) of the voxel itself in lots.
   */
  readonly picture: GPUBuffer | null
  /** Where each page lies: absolute slab and page, and its slot; ascending by (slab, page). */
  readonly pages: readonly { readonly slab: number; readonly page: number; readonly slot: number }[]
}

/** Seconds a backend spent, by step. */
type StepSeconds = Readonly<Record<string, number>>

/**
 * The steps of one map on one backend. Calls take effect in the order in which they are made; a backend may work on
 * behind them. Slots are given out by the caller.
 */
export interface MapSteps {
  /** Most raw pages this backend can hold at one time for this map. */
  readonly pageLimit: number
  /** Most pages of scores, with their pictures, this backend can hold at one time for this map. */
  readonly keptPageLimit: number
  /** Adds ticks to the raw moments. All slots they name are clear or hold the same page's earlier ticks. */
  bin(batch: TickBatch): void
  /** @param readback also return every scored page */
  retire(work: RetireWork, readback: boolean): Promise<Retired>
  /**
   * Smooths and adds the terms of `work.score` to the sums; releases `work.release`. For maps without score constants.
   */
  survey(work: RetireWork): Promise<void>
  /** The sums of all surveys so far. */
  termSums(): Promise<TermSums>
  /** Raw moments of the named slots: `MOMENT_COUNT` exact integers a voxel. */
  readRaw(slots: readonly number[]): Promise<Float64Array[]>
  /** Scores and pictures of pages that were scored, as they are when all calls before this one are done. */
  readKept(pages: readonly PageWork[]): Promise<KeptPage[]>
  /** Pages worth handing over in one `retire`, from the rate measured so far. */
  readonly pagesPerRetire: number
  /**
   * Resolves when no more than `depth` calls are still being worked on.
   * @throws {VoxriskError} the first error of any of them; `bad-state` after `destroy()`
   */
  settle(depth: number): Promise<void>
  readonly seconds: StepSeconds
  /** Seconds by step on the device's own clock; absent or null where there is none or nobody asked for it. */
  readonly deviceSeconds?: StepSeconds | null
  /** Puts the table of these scored pages beside their scores, where the backend has them on a GPU. */
  scorePages?(pages: readonly PageWork[]): ScorePages
  destroy(): void
}

/** The error of a call that meets a map destroyed meanwhile. */
export function mapDestroyed(): VoxriskError {
  return new VoxriskError('bad-state', 'the map was destroyed', 'Create a new RiskMap for more ticks.')
}

/** Where the steps run. */
export interface Backend {
  readonly name: 'cpu' | 'webgpu'
  /** The adapter in words; for the CPU, how it runs. */
  readonly adapter: string
  open(shape: MapShape): Promise<MapSteps>
  /** Frees what the backend owns; a device that was handed in stays as it is. Idempotent. */
  destroy(): void
}
