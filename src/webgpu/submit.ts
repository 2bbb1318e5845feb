import type { GpuClock, SubmitClock } from './gpu-clock.ts'
import { Transients } from './transients.ts'

/** One submit while it is recorded: its commands, the buffers that live as long as it, and the clock of its passes. */
export class Submit {
  readonly transients: Transients
  readonly encoder: GPUCommandEncoder
  private readonly clock: SubmitClock | undefined

  constructor(
    private readonly device: GPUDevice,
    private readonly label: string,
    clock: GpuClock | null,
  ) {
    this.transients = new Transients(device)
    this.encoder = device.createCommandEncoder({ label: `voxrisk ${label}` })
    this.clock = clock?.submit()
  }

  /** Records the compute pass of a step, timed under its name. */
  pass(step: string, record: (pass: GPUComputePassEncoder) => void): void {
    const pass = this.encoder.beginComputePass({ label: `voxrisk ${step}`, ...this.clock?.pass(step) })
    record(pass)
    pass.end()
  }

  /** Hands the commands to the device. */
  send(): void {
    this.clock?.resolve(this.encoder)
    this.device.queue.submit([this.encoder.finish({ label: `voxrisk ${this.label}` })])
  }

  /** Resolves when the device has done them, and their times are added. */
  async done(): Promise<void> {
    await (this.clock ? this.clock.read() : this.device.queue.onSubmittedWorkDone())
  }

  /** Resolves when the times of its passes are added; at once where nobody asked for them. */
  async timed(): Promise<void> {
    await this.clock?.read()
  }
}
