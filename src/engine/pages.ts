import { PAGE_PRICES, PAGE_PRICES_LOG2 } from '../grid/axes.ts'

/**
 * Number of a voxel within a page in host memory: voxel (price x, class k) is number k · 64 + x. A page of
 * scores holds one i32 per voxel. A page of moments holds one float64 per moment of the layer, each an exact
 * integer.
 */
export function voxelInPage(price: number, classBin: number): number {
  return classBin * PAGE_PRICES + price
}

/** Price bin within the page, from a voxel's number. */
export function priceOf(voxel: number): number {
  return voxel & (PAGE_PRICES - 1)
}

/** Class, from a voxel's number. */
export function classOf(voxel: number): number {
  return voxel >> PAGE_PRICES_LOG2
}

/** Number of voxels in a page. */
export function pageVoxels(classBins: number): number {
  return PAGE_PRICES * classBins
}

/** The count of touched voxels, padded to keep the next page's float64 aligned. */
const COUNT_BYTES = 8

/** Raw moments of one page and the list of its touched voxels, in memory that threads may share. */
export class RawMoments {
  /** The moments voxel by voxel, in the order of the layer: exact integers. */
  readonly moments: Float64Array
  /** Touched voxels in order of first touch; `touchedCount` entries are used. */
  readonly touched: Uint16Array
  private readonly count: Uint32Array

  constructor(voxels: number, moments: number, memory: ArrayBufferLike, at: number) {
    const bytes = momentBytes(voxels, moments)
    this.moments = new Float64Array(memory, at, moments * voxels)
    this.count = new Uint32Array(memory, at + bytes, 1)
    this.touched = new Uint16Array(memory, at + bytes + COUNT_BYTES, voxels)
  }

  /** Bytes of a page in memory, a multiple of 8. */
  static bytes(voxels: number, moments: number): number {
    return momentBytes(voxels, moments) + voxels * Uint16Array.BYTES_PER_ELEMENT + COUNT_BYTES
  }

  /** Number of touched voxels, 0 … voxels of a page. */
  get touchedCount(): number {
    return this.count[0]
  }

  set touchedCount(count: number) {
    this.count[0] = count
  }
}

/** Bytes of a page's moments in host memory. */
export function momentBytes(voxels: number, moments: number): number {
  return voxels * moments * Float64Array.BYTES_PER_ELEMENT
}
