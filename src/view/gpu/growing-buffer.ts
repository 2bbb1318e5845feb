import { Usage } from '../../webgpu/flags.ts'

/** Words that shaders read. If they no longer fit, the buffer is replaced by one with room to grow. */
export class GrowingBuffer {
  private buffer: GPUBuffer | null = null

  constructor(
    private readonly device: GPUDevice,
    private readonly label: string,
  ) {}

  /** @returns the buffer that now holds them */
  write(words: Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
    if (!this.buffer || this.buffer.size < words.byteLength) {
      this.buffer?.destroy()
      this.buffer = this.device.createBuffer({
        label: this.label,
        size: 2 * words.byteLength,
        usage: Usage.storage | Usage.copyTarget,
      })
    }
    this.device.queue.writeBuffer(this.buffer, 0, words)
    return this.buffer
  }

  destroy(): void {
    this.buffer?.destroy()
  }
}
