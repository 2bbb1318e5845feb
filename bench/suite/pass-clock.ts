import { BufferUsage, MAP_READ } from './flags.ts'

const STAMP_BYTES = 8

/** Times one pass at a time by the device's timestamps, which it must have. */
export class PassClock {
  /** For the pass that is timed. */
  readonly timestampWrites: GPURenderPassTimestampWrites
  private readonly querySet: GPUQuerySet
  private readonly resolved: GPUBuffer
  private readonly staging: GPUBuffer

  constructor(device: GPUDevice) {
    const size = 2 * STAMP_BYTES
    this.querySet = device.createQuerySet({ label: 'bench frame', type: 'timestamp', count: 2 })
    this.resolved = device.createBuffer({ size, usage: BufferUsage.queryResolve | BufferUsage.copySource })
    this.staging = device.createBuffer({ size, usage: BufferUsage.mapRead | BufferUsage.copyTarget })
    this.timestampWrites = {
      querySet: this.querySet,
      beginningOfPassWriteIndex: 0,
      endOfPassWriteIndex: 1,
    }
  }

  /** Records, after the pass, what `seconds()` reads once it is submitted. */
  resolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.querySet, 0, 2, this.resolved, 0)
    encoder.copyBufferToBuffer(this.resolved, 0, this.staging, 0, 2 * STAMP_BYTES)
  }

  /** How long the pass took that was submitted last. */
  async seconds(): Promise<number> {
    await this.staging.mapAsync(MAP_READ)
    const [begin, end] = new BigUint64Array(this.staging.getMappedRange())
    this.staging.unmap()
    return Number(end - begin) / 1e9
  }

  destroy(): void {
    for (const made of [this.querySet, this.resolved, this.staging]) made.destroy()
  }
}
