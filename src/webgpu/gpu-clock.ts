import { MAP_READ, Usage } from './flags.ts'

/** Most passes that a submit may time. */
const MOST_PASSES = 8
const TIMESTAMP_BYTES = 8

/** The resources for timing one submit. Reused for later submits. */
interface Place {
  readonly queries: GPUQuerySet
  readonly resolved: GPUBuffer
  readonly staging: GPUBuffer
}

/** Adds up the times of a map's passes on the device's own clock, without time on the host or in transfer. */
export class GpuClock {
  /** Seconds so far, by name of the pass. */
  readonly seconds: Record<string, number> = {}
  private readonly places: Place[] = []
  private readonly free: Place[] = []

  /** @param device with the feature `timestamp-query` */
  constructor(private readonly device: GPUDevice) {}

  /** Begins timing a submit. */
  submit(): SubmitClock {
    return new SubmitClock(this.free.pop() ?? this.create(), (place, steps, stamps) => {
      for (const [i, step] of steps.entries()) {
        const nanoseconds = Number(stamps[2 * i + 1] - stamps[2 * i])
        this.seconds[step] = (this.seconds[step] ?? 0) + nanoseconds / 1e9
      }
      this.free.push(place)
    })
  }

  destroy(): void {
    for (const { queries, resolved, staging } of this.places) {
      queries.destroy()
      resolved.destroy()
      staging.destroy()
    }
  }

  private create(): Place {
    const size = 2 * MOST_PASSES * TIMESTAMP_BYTES
    const place: Place = {
      queries: this.device.createQuerySet({
        label: 'voxrisk timestamps',
        type: 'timestamp',
        count: 2 * MOST_PASSES,
      }),
      resolved: this.device.createBuffer({
        label: 'voxrisk timestamps',
        size,
        usage: Usage.queryResolve | Usage.copySource,
      }),
      staging: this.device.createBuffer({
        label: 'voxrisk timestamps read back',
        size,
        usage: Usage.mapRead | Usage.copyTarget,
      }),
    }
    this.places.push(place)
    return place
  }
}

/**
 * Times the passes of one submit. Call `pass()` for each pass, `resolve()` before finishing the encoder, and
 * `read()` after submitting.
 */
export class SubmitClock {
  private readonly steps: string[] = []

  constructor(
    private readonly place: Place,
    private readonly add: (place: Place, steps: readonly string[], stamps: BigUint64Array) => void,
  ) {}

  /** The part of a pass's descriptor that times it under this name. */
  pass(step: string): Pick<GPUComputePassDescriptor, 'timestampWrites'> {
    if (this.steps.length === MOST_PASSES) throw new Error(`more than ${MOST_PASSES} passes in a submit`)
    const first = 2 * this.steps.length
    this.steps.push(step)
    const { queries } = this.place
    return {
      timestampWrites: {
        querySet: queries,
        beginningOfPassWriteIndex: first,
        endOfPassWriteIndex: first + 1,
      },
    }
  }

  resolve(encoder: GPUCommandEncoder): void {
    if (this.steps.length === 0) return
    const { queries, resolved, staging } = this.place
    encoder.resolveQuerySet(queries, 0, 2 * this.steps.length, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 2 * this.steps.length * TIMESTAMP_BYTES)
  }

  /** Resolves when the times have been added. */
  async read(): Promise<void> {
    const { staging } = this.place
    await staging.mapAsync(MAP_READ)
    this.add(this.place, this.steps, new BigUint64Array(staging.getMappedRange()))
    staging.unmap()
  }
}
