import { VoxriskError } from '../errors.ts'

/**
 * Turns what goes wrong on a device into typed errors: its loss, and errors of the calls made under `guard`. The
 * first failure stays; a step that runs after it must not be believed.
 */
export class DeviceWatch {
  failure: VoxriskError | null = null

  constructor(private readonly device: GPUDevice) {
    device.lost.then(({ reason, message }) => {
      this.fail(
        new VoxriskError(
          'device-lost',
          `the GPU device was lost (${reason || 'unknown'})${message ? `: ${message}` : ''}`,
          'Open a new device and map the ticks again; nothing of this map can be trusted past its last hotspot.',
        ),
      )
    })
  }

  /** Runs calls on the device and reports their errors; the calls' own order on the queue is unchanged. */
  guard<T>(run: () => T): T {
    this.check()
    const filters = ['internal', 'out-of-memory', 'validation'] as const
    for (const filter of filters) this.device.pushErrorScope(filter)
    try {
      return run()
    } finally {
      for (const _ of filters) {
        this.device.popErrorScope().then(
          error => error && this.fail(this.deviceError(error)),
          () => {}, // the device is lost: reported above
        )
      }
    }
  }

  /** @throws {VoxriskError} the first failure, if there was one */
  check(): void {
    if (this.failure) throw this.failure
  }

  /** The typed error for a promise of the device that was rejected. */
  async explain(error: unknown): Promise<Error> {
    // A rejected promise can overtake the news that the device is lost.
    await Promise.race([this.device.lost, new Promise(resolve => setTimeout(resolve, 100))])
    return this.failure ?? (error instanceof VoxriskError ? error : this.deviceError(error as Error))
  }

  private fail(error: VoxriskError): void {
    this.failure ??= error
  }

  private deviceError(cause: { message: string }): VoxriskError {
    const memory = /memory/i.test(cause.constructor.name) || /out of memory/i.test(cause.message)
    return new VoxriskError(
      'device-error',
      `the GPU reported an error: ${cause.message}`,
      memory
        ? 'Use wider bins or a smaller --lateness, or the cpu backend.'
        : 'Try the cpu backend, and report this.',
      { cause },
    )
  }
}
