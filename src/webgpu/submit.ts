import type { GpuClock, SubmitClock } from './gpu-clock.ts'
import { Transients } from './transients.ts'

/** A submit being recorded: its commands, its buffers, and the clock of its passes. */
export class Submit {
  readonly transients: Transients
  readonly encoder: GPUCommandEncoder
  private readonly clock: SubmitClock | undefined

  constructor(
    private readonly device: GPUDevice,
    label: string,
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

  /** Submits the commands to the device. */
  send(): void {
    this.clock?.resolve(this.encoder)
    this.device.queue.submit([this.encoder.finish()])
  }

  /** Resolves when the device has finished the commands and their times have been added. */
  async done(): Promise<void> {
    await (this.clock ? this.clock.read() : this.device.queue.onSubmittedWorkDone())
  }

  /** Resolves when the times of the passes have been added; at once if they are not timed. */
  async timed(): Promise<void> {
    await this.clock?.read()
  }
}
