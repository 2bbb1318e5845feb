import { BufferUsage, MAP_READ } from './flags.ts'

const STAMP_BYTES = 8

/** Times single passes with the device's timestamps, which it must support. */
export class PassClock {
  /** Pass this to the pass to be timed. */
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

  /** Records, after the pass, the copy of its timestamps. `seconds()` reads them after the submit. */
  resolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.querySet, 0, 2, this.resolved, 0)
    encoder.copyBufferToBuffer(this.resolved, 0, this.staging, 0, 2 * STAMP_BYTES)
  }

  /** How long the last submitted pass took. */
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
