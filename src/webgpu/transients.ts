import type { DeviceWatch } from './device-watch.ts'
import { Usage } from './flags.ts'

/** Buffers that live as long as their owner, such as a submit. */
export class Transients {
  private readonly buffers: GPUBuffer[] = []

  constructor(private readonly device: GPUDevice) {}

  create(label: string, size: number, usage: number): GPUBuffer {
    const buffer = this.device.createBuffer({ label, size, usage })
    this.buffers.push(buffer)
    return buffer
  }

  upload(label: string, words: Uint32Array | Int32Array, usage: number = Usage.storage): GPUBuffer {
    const buffer = this.device.createBuffer({ label, size: words.byteLength, usage, mappedAtCreation: true })
    this.buffers.push(buffer)
    new Uint32Array(buffer.getMappedRange()).set(words)
    buffer.unmap()
    return buffer
  }

  /** Runs calls that use the buffers. Destroys the buffers if they throw: nobody will wait for the submit. */
  guard<T>(watch: DeviceWatch, run: () => T): T {
    try {
      return watch.guard(run)
    } catch (error) {
      this.destroy()
      throw error
    }
  }

  destroy(): void {
    for (const buffer of this.buffers) buffer.destroy()
  }
}
