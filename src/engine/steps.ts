import { VoxriskError } from '../errors.ts'
import type { Layer, LayerShape } from './layer.ts'
import type { PageJobs, RetireWork } from './packing.ts'
import type { EventBatch, KeptPage, PageWork, Retired, TermSums } from './work.ts'

/** What a backend knows about a map before its first event. */
export interface MapShape extends LayerShape {
  /** What the events are, and how a voxel is scored. */
  readonly layer: Layer
  /**
   * The constants of the score. Per class: the mean of every term in Q16, then the coefficient of every term
   * in Q10. Null for a map that only surveys terms for a calibration.
   */
  readonly constants: Int32Array | null
  /** Whether a page of details is written for every page of scores. */
  readonly details: boolean
}

/**
 * Score pages as GPU buffers, for a renderer on the same device. Everything is borrowed.
 * A page is 64 · classes i32 in Q16 (`NO_SCORE` where there is none), voxel (price x, class k) at k · 64 + x.
 */
export interface ScorePages {
  /** The device that owns the buffers; borrowed. */
  readonly device: GPUDevice
  /** Pages back to back; page `slot` begins at byte slot · 64 · classes · 4. */
  readonly scores: GPUBuffer
  /**
   * What a view shows besides the score, in the same slots. Null unless the map was made with `details`.
   * 32-bit words in planes: word w of voxel (price x, class k) is at
   * ((slot · words + w) · classes + k) · 64 + x. First come the terms, one i32 each in Q16: the parts that
   * add up to the score, 0 where there is none. Then come the detailed moments of the voxel itself, two words
   * each (low, high, two's complement). For trades these are activity, volatility, flow, then volume and net
   * flow in lots: seven words in all.
   */
  readonly details: GPUBuffer | null
  /** The kept pages and their slots, ascending by (slab, page). A new array whenever they change. */
  readonly pages: readonly { readonly slab: number; readonly page: number; readonly slot: number }[]
}

/** Seconds a backend spent, by step. */
type StepSeconds = Readonly<Record<string, number>>

/**
 * The steps of one map on one backend. Calls take effect in the order in which they are made, but a backend
 * may finish them later. The caller hands out the slots.
 */
export interface MapSteps {
  /** Most raw pages this backend can hold at one time for this map. */
  readonly pageLimit: number
  /** Most pages of scores, with their details, this backend can hold at one time for this map. */
  readonly keptPageLimit: number
  /**
   * Adds events to the raw moments. Each slot they name is either clear or already holds events of the same
   * page.
   */
  bin(batch: EventBatch): void
  /** @param readback also return every scored page */
  retire(work: RetireWork, readback: boolean): Promise<Retired>
  /**
   * Smooths and adds the terms of `work.score` to the sums; releases `work.release`. For maps without score
   * constants.
   */
  survey(work: RetireWork): Promise<void>
  /** The sums of all surveys so far. */
  termSums(): Promise<TermSums>
  /** Raw moments of the named slots: exact integers, voxel by voxel. */
  readRaw(slots: readonly number[]): Promise<Float64Array[]>
  /** Scores and details of scored pages, as of when all earlier calls are done. */
  readKept(pages: PageJobs): Promise<KeptPage[]>
  /** How many pages to hand over in one `retire`, judged by the rate measured so far. */
  readonly pagesPerRetire: number
  /**
   * Resolves when no more than `depth` calls are still being worked on.
   * @throws {VoxriskError} the first error of any of them; `bad-state` after `destroy()`
   */
  settle(depth: number): Promise<void>
  /** Seconds so far by step, on the host's clock. */
  readonly seconds: StepSeconds
  /** Seconds by step on the device's own clock; null or absent if there is none or it was not asked for. */
  readonly deviceSeconds?: StepSeconds | null
  /** The GPU buffers that hold these scored pages. Only on a GPU backend. */
  scorePages?(pages: readonly PageWork[]): ScorePages
  /** Frees the memory of the map. Calls still being worked on may reject with `bad-state`. Idempotent. */
  destroy(): void
}

/** The error of a call on a map that has been destroyed meanwhile. */
export function mapDestroyed(): VoxriskError {
  return new VoxriskError('bad-state', 'the map was destroyed', 'Create a new map for more ticks.')
}

/** Where the steps run. */
export interface Backend {
  /** Kind of backend. */
  readonly name: 'cpu' | 'webgpu'
  /** The adapter in words; on the CPU, how it runs. */
  readonly adapter: string
  /**
   * Opens a map, ready for its first event. Many may be open at a time.
   * @throws {VoxriskError} `bad-setting` for a layer the backend does not know; `bad-state` after
   *   `destroy()`; `out-of-memory`, device and thread errors
   */
  open(shape: MapShape): Promise<MapSteps>
  /** Frees what the backend owns. A device you handed in stays yours. Idempotent. */
  destroy(): void
}
