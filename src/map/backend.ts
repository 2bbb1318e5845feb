import { VoxriskError } from '../errors.ts'
import type { Grid } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'

/** The five sums of a voxel, in the order in which every buffer holds them. */
export const MOMENTS = ['trades', 'volume', 'flow', 'variation', 'covariation'] as const
export const MOMENT_COUNT = MOMENTS.length

/** Shrinkage: a voxel needs κ trades' worth of smoothed weight for a score. */
export const KAPPA = 8

/** The score of a voxel that has none: no tick has touched it, or its neighbourhood holds too few trades. */
export const NO_SCORE = -(2 ** 31)

/** No page here. */
export const NO_SLOT = -1

/**
 * Ticks on their way to the voxels, three words each: price, size, meta. The first two entries are context, the ticks
 * before the batch: they are not binned, the increments of the first ticks are measured against them.
 */
export interface TickBatch {
  readonly words: Uint32Array<ArrayBuffer>
  /** Entries in `words`, the two context ticks included. */
  readonly entries: number
  /** One more than the highest raw slot in use. */
  readonly pages: number
}

/** Layout of a tick's meta word: raw page slot · 8 + marked · 4 + side (0 none, 1 bought, 2 sold). */
export const Meta = { sideMask: 3, marked: 4, slotShift: 3 } as const

/** One page of one slab that is smoothed and scored. Slots name page-sized places in a backend's pools. */
export interface PageWork {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Slot in the pool of smoothed pages. */
  readonly smoothed: number
  /** Slot in the pool of score pages. */
  readonly scores: number
  /** Raw slots the kernel reaches, [time −r … +r][page −1, 0, +1], `NO_SLOT` where no tick fell. */
  readonly raw: Int32Array
  /** Score slots around the page, [slab −1, 0, +1][page −1, 0, +1], `NO_SLOT` where nothing is scored. */
  readonly around: Int32Array
}

/** Slot of a page's own raw moments. */
export function ownSlot({ raw }: PageWork): number {
  return raw[(raw.length - 1) / 2]
}

/** A raw page that no tick can reach any more. */
export interface RawPage {
  readonly slab: number
  readonly page: number
  readonly slot: number
}

/** What a backend does in one go, in this order: smooth, score, picture (where asked for), peaks, release. */
export interface RetireWork {
  readonly score: readonly PageWork[]
  /** Pages scored now or earlier whose neighbours are all scored. */
  readonly peaks: readonly PageWork[]
  /** Raw pages to take the checksum of and to clear for reuse. */
  readonly release: readonly RawPage[]
}

/** A local maximum of the score, as a backend reports it. */
export interface Peak {
  readonly slab: number
  readonly priceBin: number
  readonly sizeBin: number
  /** Q16. */
  readonly score: number
  /** Smoothed moments in the order of `MOMENTS`; exact integers. */
  readonly moments: Float64Array
}

/** The order-free checksum of one raw page; those of a slab's pages add up modulo 2^32 in each word. */
export interface PageChecksum {
  readonly slab: number
  readonly page: number
  readonly words: readonly [number, number]
}

/** A smoothed and scored page, read back for comparison. Voxel (price x, size s) lies at s · 64 + x. */
export interface ScoredPage {
  readonly slab: number
  readonly page: number
  /** `MOMENT_COUNT` exact integers a voxel. */
  readonly smoothed: Float64Array
  /** Q16, `NO_SCORE` where there is none. */
  readonly scores: Int32Array
}

/**
 * What a view draws of a page besides its scores, see `RiskMapOptions.pictures`. Voxel (price x, size s) lies at
 * s · 64 + x.
 */
export interface PicturePage {
  /** Parts of the score, Q16: the three add up to it. 0 where there is no score. */
  readonly activity: Int32Array
  readonly volatility: Int32Array
  readonly flow: Int32Array
  /** Lots that traded in the voxel itself, without the kernel; exact, also where there is no score. */
  readonly volume: Float64Array
  /** Lots bought less lots sold by the aggressors, as `volume`. */
  readonly netFlow: Float64Array
}

/** A page whose scores are kept, read back. Voxel (price x, size s) lies at s · 64 + x. */
export interface KeptPage {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Q16, `NO_SCORE` where there is none. */
  readonly scores: Int32Array
  /** null unless the map was made with `pictures`. */
  readonly picture: PicturePage | null
}

export interface Retired {
  /** In no particular order. */
  readonly peaks: readonly Peak[]
  readonly checksums: readonly PageChecksum[]
  /** Only when asked for. */
  readonly pages?: readonly ScoredPage[]
}

/** Sums over voxels, for the calibration: per size bin N, then Σ and Σ² of the three terms in Q10. */
export interface TermSums {
  /** `SUM_COUNT` exact integers per size bin. */
  readonly sums: BigInt64Array
}

/** N, Σa, Σa², Σv, Σv², Σf, Σf². */
export const SUM_COUNT = 7

/** Constants of the score, as both backends read them. */
export interface ScoreConstants {
  /** Per size bin: means of activity, volatility, flow in Q16, then their coefficients in Q10. */
  readonly table: Int32Array
}

/** Numbers per size bin in {@link ScoreConstants.table}. */
export const SCORE_CONSTANTS = 6

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

/** 32-bit words of a voxel in a picture page on a GPU, in planes: see {@link ScorePages.picture}. */
export const PICTURE_WORDS = 7

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
  /** Four i32 an entry: slab − `firstSlab`, page, slot, 0; ascending by (slab, page). */
  readonly table: GPUBuffer
  readonly entries: number
  /** Absolute time bin that entry slabs count from. */
  readonly firstSlab: number
  /** The entries of `table` on the host, with absolute slabs. */
  readonly pages: readonly { readonly slab: number; readonly page: number; readonly slot: number }[]
}

/** Where a kept page lies, and the price bins in it that trades have touched. */
export interface KeptPlace {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Absolute price bins of the lowest and the highest trade in it. */
  readonly low: number
  readonly high: number
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
