import type { PageWork, PicturePage, RawPage } from '../engine/work.ts'
import { VoxriskError } from '../errors.ts'
import { fromSignedWords, highWord, lowWord } from '../fixed/u64.ts'
import { type Grid, PAGE_PRICES } from '../grid/axes.ts'
import { MOMENT_COUNT, PICTURE_WORDS } from '../layers/trades/moments.ts'
import type { PricePriors } from '../layers/trades/priors.ts'
import { Usage } from './flags.ts'
import { packStruct, type StructLayout } from './shader.ts'

/** Words (low, high) of a voxel's moments; shaders/pages.wgsl lays them out voxel by voxel. */
export const MOMENT_WORDS = 2 * MOMENT_COUNT

/** Workgroups along one axis of a dispatch, as every device allows; a dispatch takes a page for each. */
export const MOST_WORKGROUPS = 65_535

/** Words of prior of one price: low, high, L(p). */
const PRIOR_WORDS = 3

/** Bytes of one page of moments. */
export function momentBytes(grid: Grid): number {
  return PAGE_PRICES * grid.sizeBins * MOMENT_WORDS * 4
}

/** Bytes of one page of scores. */
export function scoreBytes(grid: Grid): number {
  return PAGE_PRICES * grid.sizeBins * 4
}

/** Bytes of one picture page. */
export function pictureBytes(grid: Grid): number {
  return scoreBytes(grid) * PICTURE_WORDS
}

/** Pages that one buffer of a device can hold. */
export function pagesThatFit({ limits }: GPUDevice, pageBytes: number): number {
  return Math.floor(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / pageBytes)
}

/** Page-sized places in one buffer, which grows with its contents. New places are zero. */
export class Pool {
  buffer: GPUBuffer
  private pages: number

  constructor(
    private readonly device: GPUDevice,
    private readonly label: string,
    readonly pageBytes: number,
    pages: number,
  ) {
    this.pages = pages
    this.buffer = this.create(pages)
  }

  /**
   * Makes room for slots below `pages`. Earlier work still reads the old buffer; the queue keeps the order.
   * @throws {VoxriskError} `out-of-pages` when the device cannot bind so large a buffer
   */
  reserve(pages: number): void {
    if (pages <= this.pages) return
    const most = pagesThatFit(this.device, this.pageBytes)
    if (pages > most) {
      throw new VoxriskError(
        'out-of-pages',
        `${this.label}: ${pages} pages of ${this.pageBytes} bytes are more than the GPU can bind (${most})`,
        'Use wider price bins, shorter time bins, fewer slabs to keep, or the cpu backend.',
        { settings: ['priceWidth', 'timeWidth', 'keepSlabs', 'backend'] },
      )
    }
    const grown = Math.min(Math.max(pages, 2 * this.pages), most)
    const buffer = this.create(grown)
    const encoder = this.device.createCommandEncoder({ label: `${this.label} grows` })
    encoder.copyBufferToBuffer(this.buffer, 0, buffer, 0, this.pages * this.pageBytes)
    this.device.queue.submit([encoder.finish()])
    this.buffer.destroy()
    this.buffer = buffer
    this.pages = grown
  }

  /** Records the copy of a page into another buffer; returns the offset behind it. */
  copyPage(encoder: GPUCommandEncoder, slot: number, to: GPUBuffer, offset: number): number {
    encoder.copyBufferToBuffer(this.buffer, slot * this.pageBytes, to, offset, this.pageBytes)
    return offset + this.pageBytes
  }

  destroy(): void {
    this.buffer.destroy()
  }

  private create(pages: number): GPUBuffer {
    return this.device.createBuffer({
      label: this.label,
      size: pages * this.pageBytes,
      usage: Usage.storage | Usage.copySource | Usage.copyTarget,
    })
  }
}

/** The jobs of a step as the WGSL lays them out. */
export function packPageJobs(layout: StructLayout, pages: readonly PageWork[]): Uint32Array<ArrayBuffer> {
  const stride = layout.size / 4
  const words = new Uint32Array(pages.length * stride)
  for (const [i, { slab, page, smoothed, scores, around, raw }] of pages.entries()) {
    const job = { slabLow: lowWord(slab), slabHigh: highWord(slab), page, smoothed, scores, around, raw }
    words.set(packStruct(layout, job), i * stride)
  }
  return words
}

export function packReleaseJobs(layout: StructLayout, pages: readonly RawPage[]): Uint32Array<ArrayBuffer> {
  const stride = layout.size / 4
  const words = new Uint32Array(pages.length * stride)
  for (const [i, { slab, page, slot }] of pages.entries()) {
    words.set(
      packStruct(layout, { slabLow: lowWord(slab), slabHigh: highWord(slab), page, slot }),
      i * stride,
    )
  }
  return words
}

export function packPriors(priors: readonly PricePriors[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(priors.length * PAGE_PRICES * PRIOR_WORDS)
  let at = 0
  for (const { high, low, logPrice } of priors) {
    for (let price = 0; price < PAGE_PRICES; price++) {
      words[at++] = low[price]
      words[at++] = high[price]
      words[at++] = logPrice[price]
    }
  }
  return words
}

/** Moments as the CPU keeps them: `MOMENT_COUNT` exact integers a voxel. */
export function readMoments(words: Uint32Array): Float64Array {
  const moments = new Float64Array(words.length / 2)
  for (let i = 0; i < moments.length; i++) moments[i] = fromSignedWords(words[2 * i + 1], words[2 * i])
  return moments
}

/** A picture page as the CPU keeps it. Its words lie in planes, see `ScorePages.picture`. */
export function readPicture(words: Uint32Array<ArrayBuffer>): PicturePage {
  const voxels = words.length / PICTURE_WORDS
  const plane = (k: number) => words.subarray(k * voxels, (k + 1) * voxels)
  const integers = (k: number) => new Int32Array(plane(k))
  const lots = (k: number) => {
    const low = plane(k)
    const high = plane(k + 1)
    return Float64Array.from(low, (word, voxel) => fromSignedWords(high[voxel], word))
  }
  return {
    activity: integers(0),
    volatility: integers(1),
    flow: integers(2),
    volume: lots(3),
    netFlow: lots(5),
  }
}
