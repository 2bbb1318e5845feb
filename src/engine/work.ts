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
