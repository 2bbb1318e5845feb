import { VoxriskError } from '../errors.ts'

/** The loss of a device, once for all maps that stand on it: a promise cannot be unsubscribed from. */
const losses = new WeakMap<GPUDevice, { error: VoxriskError | null }>()

function lossOf(device: GPUDevice): { readonly error: VoxriskError | null } {
  let loss = losses.get(device)
  if (!loss) {
    const found: { error: VoxriskError | null } = { error: null }
    loss = found
    losses.set(device, loss)
    device.lost.then(({ reason, message }) => {
      found.error = new VoxriskError(
        'device-lost',
        `the GPU device was lost (${reason || 'unknown'})${message ? `: ${message}` : ''}`,
        'Open a new device and map the ticks again; nothing of this map can be trusted past its last hotspot.',
      )
    })
  }
  return loss
}

/**
 * Turns what goes wrong on a device into typed errors: its loss, and errors of the calls made under `guard`. The
 * first failure stays; a step that runs after it must not be believed.
 */
export class DeviceWatch {
  private failed: VoxriskError | null = null
  private readonly loss
  private readonly scopes = new Set<Promise<void>>()

  constructor(private readonly device: GPUDevice) {
    this.loss = lossOf(device)
  }

  /** Runs calls on the device and collects their errors; the calls' own order on the queue is unchanged. */
  guard<T>(run: () => T): T {
    this.check()
    const filters = ['internal', 'out-of-memory', 'validation'] as const
    for (const filter of filters) this.device.pushErrorScope(filter)
    try {
      return run()
    } catch (error) {
      // Some implementations throw where others report, such as for a mapped buffer that does not fit.
      this.failed ??= error instanceof VoxriskError ? error : deviceError(error as Error)
      throw this.failed
    } finally {
      for (const _ of filters) this.collect(this.device.popErrorScope())
    }
  }

  /** Waits until the errors of all calls made so far are known. */
  async settle(): Promise<void> {
    await Promise.all(this.scopes)
    this.check()
  }

  /** @throws {VoxriskError} the first failure, if there was one */
  check(): void {
    const failure = this.failed ?? this.loss.error
    if (failure) throw failure
  }

  /** The typed error for a promise of the device that was rejected. */
  async explain(error: unknown): Promise<Error> {
    // A rejected promise can overtake the news that the device is lost, or the scope that says why.
    await Promise.all(this.scopes)
    await Promise.race([this.device.lost, new Promise(resolve => setTimeout(resolve, 100))])
    const failure = this.loss.error ?? this.failed
    return failure ?? (error instanceof VoxriskError ? error : deviceError(error as Error))
  }

  private collect(scope: Promise<GPUError | null>): void {
    const seen = scope.then(
      error => {
        if (error) this.failed ??= deviceError(error)
      },
      () => {}, // the device is lost, which `loss` tells
    )
    this.scopes.add(seen)
    seen.then(() => this.scopes.delete(seen))
  }
}

function deviceError(cause: { name?: string; message: string }): VoxriskError {
  const kind = cause.name ?? cause.constructor.name
  const memory =
    cause instanceof RangeError || /memory/i.test(`${kind} ${cause.constructor.name} ${cause.message}`)
  return new VoxriskError(
    'device-error',
    `the GPU reported an error: ${cause.message || kind}`,
    memory
      ? 'Use wider bins or a smaller --lateness, or the cpu backend.'
      : 'Try the cpu backend, and report this.',
    { cause },
  )
}
