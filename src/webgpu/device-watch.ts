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
    for (const filter of FILTERS) this.device.pushErrorScope(filter)
    try {
      return run()
    } catch (error) {
      // Some implementations throw where others report, such as for a mapped buffer that does not fit.
      this.failed ??= error instanceof VoxriskError ? error : thrownError(error)
      throw this.failed
    } finally {
      const scopes = FILTERS.map(() => this.device.popErrorScope()).reverse()
      this.collect(Promise.all(scopes))
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
    return failure ?? (error instanceof VoxriskError ? error : thrownError(error))
  }

  /** @param scopes their errors, in the order of {@link FILTERS} */
  private collect(scopes: Promise<(GPUError | null)[]>): void {
    const seen = scopes.then(
      errors => {
        const worst = errors.findIndex(error => error !== null)
        const error = errors[worst]
        if (error)
          this.failed ??= FILTERS[worst] === 'out-of-memory' ? outOfMemory(error) : deviceError(error)
      },
      () => {}, // the device is lost, which `loss` tells
    )
    this.scopes.add(seen)
    seen.then(() => this.scopes.delete(seen))
  }
}

/**
 * What is caught, the cause first: a buffer without memory is an invalid one, and what uses it a validation error. The
 * scope that caught an error says its kind on every platform, which neither its text does nor, always, its class.
 */
const FILTERS = ['out-of-memory', 'internal', 'validation'] as const satisfies readonly GPUErrorFilter[]

/** WebGPU throws a RangeError for a mapped buffer that there is no memory for. */
function thrownError(error: unknown): VoxriskError {
  return error instanceof RangeError ? outOfMemory(error) : deviceError(error as Error)
}

function outOfMemory(cause: GPUError | RangeError): VoxriskError {
  return new VoxriskError(
    'out-of-memory',
    `the GPU has no memory left: ${cause.message}`,
    'Use wider price bins, longer time bins, a smaller lateness or the cpu backend, or end other maps first.',
    { cause, settings: ['priceWidth', 'timeWidth', 'lateness', 'backend'] },
  )
}

function deviceError(cause: GPUError | Error): VoxriskError {
  return new VoxriskError(
    'device-error',
    `the GPU reported an error: ${cause.message || cause.constructor.name}`,
    'Try the cpu backend, and report this.',
    { cause, settings: ['backend'] },
  )
}
