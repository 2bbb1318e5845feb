/** The score of a voxel that has none: no event has touched it, or its neighbourhood holds too few. */
export const NO_SCORE = -(2 ** 31)

/** No page here. */
export const NO_SLOT = -1

/** Events on their way to the voxels, as their layer packs them. */
export interface EventBatch {
  /** `Layer.event.words` an entry. */
  readonly words: Uint32Array<ArrayBuffer>
  /** Entries in `words`, including the context, which was binned with an earlier batch. */
  readonly entries: number
  /** One more than the highest raw slot in use. */
  readonly pages: number
}

/** One page of one slab that is smoothed and scored. Slots name page-sized places in a backend's pools. */
export interface PageWork {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Raw slot of the page itself. */
  readonly own: number
  /** Slot in the pool of smoothed pages. */
  readonly smoothed: number
  /** Slot in the pool of score pages, and in that of details. */
  readonly scores: number
  /** Score slots around the page, [slab −1, 0, +1][page −1, 0, +1], `NO_SLOT` where nothing is scored. */
  readonly around: Int32Array
  /** Raw slots the kernel reaches, [time −r … +r][page −1, 0, +1], `NO_SLOT` where no event fell. */
  readonly raw: Int32Array
}

/** A raw page that no event can reach any more. */
export interface RawPage {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Raw slot. */
  readonly slot: number
}

/** A local maximum of the score, as a backend reports it. */
export interface Peak {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute price bin. */
  readonly priceBin: number
  /** Class, from 0. */
  readonly classBin: number
  /** Q16. */
  readonly score: number
  /** Smoothed moments in the layer's order; exact integers. */
  readonly moments: Float64Array
}

/** The order-free checksum of one raw page; those of a slab's pages add up modulo 2^32 in each word. */
export interface PageChecksum {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Two words of 32 bits, unsigned. */
  readonly words: readonly [number, number]
}

/** A smoothed and scored page, read back for comparison. Voxel (price x, class k) lies at k · 64 + x. */
export interface ScoredPage {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** As many exact integers a voxel as the layer has moments. */
  readonly smoothed: Float64Array
  /** Q16, `NO_SCORE` where there is none. */
  readonly scores: Int32Array
}

/** What a view shows of a page besides its scores. Voxel (price x, class k) lies at k · 64 + x. */
export interface DetailPage {
  /** The layer's terms as parts of the score, Q16: they add up to it. 0 where there is no score. */
  readonly parts: readonly Int32Array[]
  /**
   * The layer's detailed moments of the voxel itself, without the kernel; exact, also where there is no
   * score.
   */
  readonly moments: readonly Float64Array[]
}

/** A page whose scores are kept, read back. Voxel (price x, class k) lies at k · 64 + x. */
export interface KeptPage<Detail = DetailPage> {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Q16, `NO_SCORE` where there is none. */
  readonly scores: Int32Array
  /** null unless the map was made with `details`. */
  readonly detail: Detail | null
}

/** Where a kept page lies, and the price bins in it that events have touched. */
export interface KeptPlace {
  /** Absolute time bin. */
  readonly slab: number
  /** Absolute page: 64 price bins from 64 · page. */
  readonly page: number
  /** Absolute price bin of the lowest event in it. */
  readonly low: number
  /** Absolute price bin of the highest event in it. */
  readonly high: number
}

/** What a backend gives back for slabs that have retired. */
export interface Retired {
  /** In no particular order. */
  readonly peaks: readonly Peak[]
  /** One for each page released. */
  readonly checksums: readonly PageChecksum[]
  /** Only when asked for. */
  readonly pages?: readonly ScoredPage[]
}

/** Sums over voxels, for the calibration: a class at a time N, then Σ and Σ² of every term in Q10. */
export interface TermSums {
  /** `sumCount(layer)` exact integers a class. */
  readonly sums: BigInt64Array
}
