import { BufferUsage, MAP_READ } from './flags.ts'
import type { Clocks } from './result.ts'

const HOST_SAMPLES = 200
const GPU_PASSES = 512
/** By default browsers round timestamps to this, in nanoseconds. */
const BROWSER_ROUNDING = 100_000n

/** Smallest observed step of the host's clock, in seconds. */
export function hostQuantum(): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < HOST_SAMPLES; i++) {
    const from = performance.now()
    let to = performance.now()
    while (to === from) to = performance.now()
    least = Math.min(least, to - from)
  }
  return least / 1000
}

/**
 * Smallest step of a device's timestamps: the smallest difference between those of many empty passes.
 * @returns null when the device has no timestamps, or they never change
 */
export async function gpuClock(device: GPUDevice): Promise<Clocks['gpu']> {
  if (!device.features.has('timestamp-query')) return null
  const count = 2 * GPU_PASSES
  const querySet = device.createQuerySet({ type: 'timestamp', count })
  const resolved = device.createBuffer({
    size: 8 * count,
    usage: BufferUsage.queryResolve | BufferUsage.copySource,
  })
  const staging = device.createBuffer({
    size: 8 * count,
    usage: BufferUsage.mapRead | BufferUsage.copyTarget,
  })
  try {
    const encoder = device.createCommandEncoder()
    for (let pass = 0; pass < GPU_PASSES; pass++) {
      const timestampWrites = {
        querySet,
        beginningOfPassWriteIndex: 2 * pass,
        endOfPassWriteIndex: 2 * pass + 1,
      }
      encoder.beginComputePass({ timestampWrites }).end()
    }
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count)
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(MAP_READ)
    const stamps = [...new BigUint64Array(staging.getMappedRange())].sort((a, b) => (a < b ? -1 : 1))
    const steps = stamps.slice(1).map((stamp, i) => stamp - stamps[i])
    const moving = steps.filter(step => step > 0n)
    if (moving.length === 0) return null
    const least = moving.reduce((a, b) => (a < b ? a : b))
    return {
      quantum: Number(least) / 1e9,
      quantised: stamps.every(stamp => stamp % BROWSER_ROUNDING === 0n),
    }
  } finally {
    for (const made of [querySet, resolved, staging]) made.destroy()
  }
}
