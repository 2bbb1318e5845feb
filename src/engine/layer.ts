import type { Axes } from '../grid/axes.ts'
import type { SlabBound } from '../grid/bounds.ts'
import type { Kernel } from '../grid/kernel.ts'
import type { RawMoments } from './pages.ts'

/** Events of a batch, in plain or shared memory. Laid out as {@link EventLayout} says. */
export interface BinnedEvents {
  /** The events, one entry after another. */
  readonly words: Uint32Array
  /** Entries in `words`, including the context. */
  readonly entries: number
}

/** How a layer packs its events for a backend. */
interface EventLayout {
  /** 32-bit words an event. */
  readonly words: number
  /** Entries at the head of each batch that were binned before. An event may need the ones ahead of it. */
  readonly context: number
  /** Events that one workgroup of the layer's bin shader handles. */
  readonly perWorkgroup: number
}

/** The part of a map's shape that a layer's own steps see. */
export interface LayerShape {
  /** Widths of the bins, and the number of classes. */
  readonly axes: Axes
  /** Weights of the smoothing. */
  readonly kernel: Kernel
  /** Up to four whole numbers in 0 … 2^32 − 1 that the binning needs. Trades: the size resolution. */
  readonly settings: readonly number[]
  /** What was learnt from a reference history, for the priors. Trades: the relative variance of a trade. */
  readonly learnt: readonly number[]
}

/**
 * One kind of map: what is binned and how it is scored. The engine owns slabs, pages, slots, the kernel and
 * peaks. A layer owns the moments of a voxel, the terms of the score and their meaning. Its WGSL lives in
 * `shaders/<name>/`, with functions of the same names.
 */
export interface Layer {
  /**
   * Identifies the layer in saved calibrations, in digests and to threads, since functions cannot be posted.
   */
  readonly name: string
  /**
   * The sums of a voxel, 1 to 8, in the order of every buffer. The first one counts events: where it is 0,
   * the voxel is untouched. The others may be negative.
   */
  readonly moments: readonly string[]
  /** The terms of the score, 1 to 4. */
  readonly terms: readonly string[]
  /** The moments that a page of details holds besides the terms: `count` of them, starting at `first`. */
  readonly detailed: { readonly first: number; readonly count: number }
  /** κ: a voxel has a score only if its smoothed events reach κ times the kernel's centre weight. */
  readonly kappa: number
  /** One bound for each total of a slab, see {@link SlabBound}. */
  readonly bounds: readonly SlabBound[]
  /** How an event is packed into words. */
  readonly event: EventLayout
  /** 32-bit words of prior knowledge per price, at least 1. */
  readonly priorWords: number

  /**
   * Adds events to the raw moments of their voxels. Mirrored by `shaders/<name>/bin.wgsl`.
   * @param pageAt the raw page in a slot; null when it belongs to another thread
   */
  bin(events: BinnedEvents, shape: LayerShape, pageAt: (slot: number) => RawMoments | null): void

  /**
   * What the terms need to know about the 64 prices of a page, `priorWords` words per price. Both backends
   * use these words: float64 arithmetic is the same on every machine, and one rounding makes it an integer.
   */
  priors(page: number, shape: LayerShape): Uint32Array<ArrayBuffer>

  /**
   * Computes the terms of a page's touched voxels, Q16. It loops over the page itself, since a call per voxel
   * took 30 % longer (the compiler stopped inlining). `terms` in `shaders/<name>/terms.wgsl` mirrors it for
   * one voxel.
   * @param smoothed the page's smoothed moments
   * @param raw the page's raw moments, which say what is touched
   * @param least voxels with fewer smoothed events are skipped
   * @param priors the page's, from {@link priors}
   * @param shrinkage κ times the kernel's centre weight
   * @param voxels receives the numbers of the voxels not skipped
   * @param terms receives one i32 per term for each of these voxels
   * @returns the number of these voxels
   */
  score(
    smoothed: Float64Array,
    raw: RawMoments,
    least: number,
    priors: Uint32Array,
    shrinkage: number,
    voxels: Uint16Array,
    terms: Int32Array,
  ): number
}

/** How many sums a survey has per class: N, then Σ and Σ² of every term. */
export function sumCount({ terms }: Layer): number {
  return 1 + 2 * terms.length
}

/** How many constants the score has per class: the mean of every term, then the coefficient of every term. */
export function constantCount({ terms }: Layer): number {
  return 2 * terms.length
}

/** 32-bit words of a voxel in a page of details on a GPU: one per term, two per moment. */
export function detailWords({ terms, detailed }: Layer): number {
  return terms.length + 2 * detailed.count
}
