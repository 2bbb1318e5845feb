import { VoxriskError } from '../errors.ts'

/** The loss of each device, shared by all maps on it, because one cannot unsubscribe from a promise. */
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
        'Open a new device and feed the map again. Trust nothing of this map after its last hotspot.',
      )
    })
  }
  return loss
}

/**
 * Turns failures of a device into typed errors: its loss, and errors from calls made under `guard`. The first
 * failure is final, because the results of later steps cannot be trusted.
 */
export class DeviceWatch {
  private failed: VoxriskError | null = null
  private readonly loss
  private readonly scopes = new Set<Promise<void>>()

  constructor(private readonly device: GPUDevice) {
    this.loss = lossOf(device)
  }

  /** Runs calls on the device and collects their errors. Does not change their order on the queue. */
  guard<T>(run: () => T): T {
    this.check()
    for (const filter of FILTERS) this.device.pushErrorScope(filter)
    try {
      return run()
    } catch (error) {
      // Some implementations throw errors that others report, such as for a mapped buffer that does not fit.
      this.failed ??= error instanceof VoxriskError ? error : thrownError(error)
      throw this.failed
    } finally {
      const scopes = FILTERS.map(() => this.device.popErrorScope()).reverse()
      this.collect(Promise.all(scopes))
    }
  }

  /** Waits until all errors of the calls so far are known. */
  async settle(): Promise<void> {
    await Promise.all(this.scopes)
    this.check()
  }

  /** @throws {VoxriskError} the first failure, if any */
  check(): void {
    const failure = this.failed ?? this.loss.error
    if (failure) throw failure
  }

  /** The typed error for a rejected promise of the device. */
  async explain(error: unknown): Promise<Error> {
    // A promise can reject before the device is known to be lost, or before the scope that says why resolves.
    await Promise.all(this.scopes)
    await Promise.race([this.device.lost, new Promise(resolve => setTimeout(resolve, 100))])
    const failure = this.loss.error ?? this.failed
    return failure ?? (error instanceof VoxriskError ? error : thrownError(error))
  }

  /** @param scopes the errors of the scopes, in the order of {@link FILTERS} */
  private collect(scopes: Promise<(GPUError | null)[]>): void {
    const seen = scopes.then(
      errors => {
        const worst = errors.findIndex(error => error !== null)
        const error = errors[worst]
        if (error)
          this.failed ??= FILTERS[worst] === 'out-of-memory' ? outOfMemory(error) : deviceError(error)
      },
      () => {}, // the device is lost, which `loss` reports
    )
    this.scopes.add(seen)
    seen.then(() => this.scopes.delete(seen))
  }
}

/**
 * The kinds of errors to catch, causes first: when memory runs out, the buffer is invalid, and using it gives
 * a validation error. The kind is taken from the scope that caught the error, which is right on every
 * platform. The error's text does not give it, and its class not always.
 */
const FILTERS = ['out-of-memory', 'internal', 'validation'] as const satisfies readonly GPUErrorFilter[]

/** WebGPU throws a RangeError when there is no memory for a mapped buffer. */
function thrownError(error: unknown): VoxriskError {
  return error instanceof RangeError ? outOfMemory(error) : deviceError(error as Error)
}

function outOfMemory(cause: GPUError | RangeError): VoxriskError {
  return new VoxriskError(
    'out-of-memory',
    `the GPU has no memory left: ${cause.message}`,
    'Use wider price bins, longer time bins, a smaller lateness or the cpu backend, or destroy other maps first.',
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
