import { VoxriskError } from '../errors.ts'
import { Usage } from './flags.ts'

/** Number of pages that one buffer of a device can hold. */
export function pagesThatFit({ limits }: GPUDevice, pageBytes: number): number {
  return Math.floor(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / pageBytes)
}

/** Page-sized slots in one buffer, which grows as needed. New slots are zero. */
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
   * Makes room for slots below `pages`. Work submitted earlier still uses the old buffer; the queue keeps the
   * order.
   * @throws {VoxriskError} `out-of-pages` when the device cannot bind a buffer that large
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

  /** Where a page is. */
  range(slot: number): { readonly buffer: GPUBuffer; readonly offset: number; readonly size: number } {
    return { buffer: this.buffer, offset: slot * this.pageBytes, size: this.pageBytes }
  }

  /** Records copying a page into another buffer. Returns the offset after it. */
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
