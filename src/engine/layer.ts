import type { SlabBound } from '../grid/bounds.ts'
import type { RawMoments } from './pages.ts'
import type { MapShape } from './steps.ts'

/** Events of a batch, in memory of any kind: see {@link EventLayout}. */
export interface BinnedEvents {
  readonly words: Uint32Array
  /** Entries in `words`, those of context included. */
  readonly entries: number
}

/** How a layer packs its events for a backend. */
interface EventLayout {
  /** 32-bit words an event. */
  readonly words: number
  /** Entries at the head of each batch that were binned with the one before: an event may need those ahead of it. */
  readonly context: number
  /** Events that one workgroup of the layer's bin shader takes. */
  readonly perWorkgroup: number
}

/**
 * A kind of map: what is binned and how it is scored. The engine knows slabs, pages, slots, kernel and peaks; the
 * moments of a voxel, their terms and what they mean are a layer's. Its WGSL has functions of the same names in
 * `shaders/<name>/`.
 */
export interface Layer {
  /** Names the layer in a saved calibration, in the digest and to threads, which cannot be handed functions. */
  readonly name: string
  /**
   * The sums of a voxel in the order in which every buffer holds them, 1 … 8. The first counts events, so where it is
   * 0 no event has fallen. Sums may be negative.
   */
  readonly moments: readonly string[]
  /** The terms that make up the score, 1 … 4. */
  readonly terms: readonly string[]
  /** The consecutive moments that a page of details holds beside the terms: `count` of them from `first` on. */
  readonly detailed: { readonly first: number; readonly count: number }
  /** κ: a voxel needs smoothed events of κ times the kernel's centre weight for a score. */
  readonly kappa: number
  /** What a slab's totals bound, see {@link SlabBound}; one total for each. */
  readonly bounds: readonly SlabBound[]
  readonly event: EventLayout
  /** 32-bit words of prior knowledge a price, 1 or more. */
  readonly priorWords: number

  /**
   * Adds events to the raw moments of their voxels. Mirrored by `shaders/<name>/bin.wgsl`.
   * @param pageAt the raw page in a slot; null where another thread bins into it
   */
  bin(events: BinnedEvents, shape: MapShape, pageAt: (slot: number) => RawMoments | null): void

  /**
   * What the terms need to know of the 64 prices of a page: `priorWords` words a price. Both backends take them from
   * here: float64 arithmetic is the same on every machine, and rounding it once makes it an integer.
   */
  priors(page: number, shape: MapShape): Uint32Array<ArrayBuffer>

  /**
   * The terms of the touched voxels of a page, Q16; a loop of its own, so that the compiler sees all of it. Mirrored, for
   * one voxel, by `terms` in `shaders/<name>/terms.wgsl`.
   * @param smoothed moments of the page
   * @param raw the page's own, which says what is touched
   * @param least voxels with fewer smoothed events are passed over
   * @param priors of the page
   * @param shrinkage κ times the kernel's centre weight
   * @param voxels receives the numbers of the voxels that are not passed over
   * @param terms receives one i32 a term for each of them
   * @returns how many they are
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

/** Numbers a class of the sums of a survey: N, then Σ and Σ² of every term. */
export function sumCount({ terms }: Layer): number {
  return 1 + 2 * terms.length
}

/** Numbers a class of the constants of the score: the mean of every term, then the coefficient of every term. */
export function constantCount({ terms }: Layer): number {
  return 2 * terms.length
}

/** 32-bit words of a voxel in a page of details on a GPU: one a term, two a moment. */
export function detailWords({ terms, detailed }: Layer): number {
  return terms.length + 2 * detailed.count
}
