import { BufferUsage, MAP_READ } from './flags.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** Device buffers for moving bytes, timed by the host's clock. */
export class DeviceTransfers {
  private readonly buffers: GPUBuffer[] = []

  constructor(
    private readonly device: GPUDevice,
    private readonly bytes: number,
  ) {}

  /** Size that fits every buffer of the device, at most the given number of bytes. */
  static fitting(device: GPUDevice, bytes: number): number {
    return Math.min(bytes, Math.floor(device.limits.maxBufferSize / MIB) * MIB)
  }

  /** Copies the whole buffer to another one `times` times in one submit. */
  async copy(times: number): Promise<number> {
    const from = this.buffer('from', BufferUsage.copySource | BufferUsage.copyTarget)
    const to = this.buffer('to', BufferUsage.copySource | BufferUsage.copyTarget)
    await this.device.queue.onSubmittedWorkDone()
    const start = performance.now()
    const encoder = this.device.createCommandEncoder({ label: 'bench copy' })
    for (let i = 0; i < times; i++) {
      const [source, target] = i % 2 === 0 ? [from, to] : [to, from]
      encoder.copyBufferToBuffer(source, 0, target, 0, this.bytes)
    }
    this.device.queue.submit([encoder.finish()])
    await this.device.queue.onSubmittedWorkDone()
    return (performance.now() - start) / 1000
  }

  /** Writes all of `words` in slices of `sliceBytes`, the way the map uploads batches of ticks. */
  async upload(words: Uint32Array<ArrayBuffer>, sliceBytes: number): Promise<number> {
    const to = this.buffer('to', BufferUsage.copySource | BufferUsage.copyTarget)
    const sliceWords = sliceBytes / 4
    await this.device.queue.onSubmittedWorkDone()
    const start = performance.now()
    for (let at = 0; at < words.length; at += sliceWords) {
      this.device.queue.writeBuffer(to, 0, words, at, Math.min(sliceWords, words.length - at))
      this.device.queue.submit([]) // as a batch does: lets the copy begin
    }
    await this.device.queue.onSubmittedWorkDone()
    return (performance.now() - start) / 1000
  }

  /** Copies bytes to a mappable buffer, maps it and reads them into host memory. */
  async readback(bytes: number): Promise<number> {
    const from = this.buffer('from', BufferUsage.copySource | BufferUsage.copyTarget)
    const staging = this.device.createBuffer({
      size: bytes,
      usage: BufferUsage.mapRead | BufferUsage.copyTarget,
    })
    const target = new Uint32Array(bytes / 4)
    await this.device.queue.onSubmittedWorkDone()
    const start = performance.now()
    const encoder = this.device.createCommandEncoder({ label: 'bench readback' })
    encoder.copyBufferToBuffer(from, 0, staging, 0, bytes)
    this.device.queue.submit([encoder.finish()])
    await staging.mapAsync(MAP_READ)
    target.set(new Uint32Array(staging.getMappedRange()))
    const seconds = (performance.now() - start) / 1000
    staging.destroy()
    return seconds
  }

  destroy(): void {
    for (const buffer of this.buffers) buffer.destroy()
  }

  private buffer(name: 'from' | 'to', usage: number): GPUBuffer {
    const label = `bench ${name}`
    let buffer = this.buffers.find(made => made.label === label)
    if (!buffer) {
      buffer = this.device.createBuffer({ label, size: this.bytes, usage })
      this.buffers.push(buffer)
    }
    return buffer
  }
}
