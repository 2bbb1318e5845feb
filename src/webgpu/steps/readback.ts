import type { PageJobs } from '../../engine/packing.ts'
import type { KeptPage, ScoredPage } from '../../engine/work.ts'
import type { DeviceWatch } from '../device-watch.ts'
import { MAP_READ, Usage } from '../flags.ts'
import type { MapMemory } from '../map-memory.ts'
import { readDetail, readMoments } from '../pages.ts'
import type { Pool } from '../pool.ts'
import { Transients } from '../transients.ts'

/** Most bytes of kept pages read back in one buffer. */
const READ_BYTES = 2 ** 26

/** Part of a buffer, in bytes. */
export interface Range {
  readonly buffer: GPUBuffer
  readonly offset: number
  readonly size: number
}

/** Copies ranges of buffers to the host, back to back, as they are at the time of the call. */
export async function readRanges(
  device: GPUDevice,
  watch: DeviceWatch,
  ranges: readonly Range[],
): Promise<Uint32Array<ArrayBuffer>> {
  const transients = new Transients(device)
  try {
    const staging = watch.guard(() => {
      const size = ranges.reduce((sum, range) => sum + range.size, 0)
      const buffer = transients.create('voxrisk readback', size, Usage.mapRead | Usage.copyTarget)
      const encoder = device.createCommandEncoder({ label: 'voxrisk readback' })
      let at = 0
      for (const { buffer: source, offset, size: bytes } of ranges) {
        encoder.copyBufferToBuffer(source, offset, buffer, at, bytes)
        at += bytes
      }
      device.queue.submit([encoder.finish()])
      return buffer
    })
    await watch.guard(() => staging.mapAsync(MAP_READ))
    await watch.settle()
    return new Uint32Array(staging.getMappedRange().slice(0))
  } catch (error) {
    throw await watch.explain(error)
  } finally {
    transients.destroy()
  }
}

/** Takes pages of several pools, stored back to back, out of an array of words. */
class PageReader {
  private at = 0

  constructor(private readonly words: Uint32Array<ArrayBuffer>) {}

  take({ pageBytes }: Pool): Uint32Array<ArrayBuffer> {
    this.at += pageBytes / 4
    return this.words.subarray(this.at - pageBytes / 4, this.at)
  }
}

/** Raw moments of the given slots. */
export async function readRaw(
  device: GPUDevice,
  watch: DeviceWatch,
  { raw }: MapMemory,
  slots: readonly number[],
): Promise<Float64Array[]> {
  if (slots.length === 0) return []
  const reader = new PageReader(
    await readRanges(
      device,
      watch,
      slots.map(slot => raw.range(slot)),
    ),
  )
  return slots.map(() => readMoments(reader.take(raw)))
}

/** Scores and details of scored pages. */
export async function readKept(
  device: GPUDevice,
  watch: DeviceWatch,
  { scores, details, shape }: MapMemory,
  jobs: PageJobs,
): Promise<KeptPage[]> {
  const pools = details ? [scores, details] : [scores]
  const bytes = pools.reduce((sum, pool) => sum + pool.pageBytes, 0)
  const atOnce = Math.max(1, Math.floor(READ_BYTES / bytes))
  const readSome = async (some: PageJobs): Promise<KeptPage[]> => {
    const ranges = [...some].flatMap(page => pools.map(pool => pool.range(page.scores)))
    const reader = new PageReader(await readRanges(device, watch, ranges))
    return Array.from(some, ({ slab, page }) => ({
      slab,
      page,
      scores: new Int32Array(reader.take(scores)),
      detail: details ? readDetail(shape.layer, reader.take(details)) : null,
    }))
  }
  const reads: Promise<KeptPage[]>[] = []
  // All copies are submitted before any other work can be, so that they show the same state.
  for (let from = 0; from < jobs.count; from += atOnce) reads.push(readSome(jobs.slice(from, atOnce)))
  return (await Promise.all(reads)).flat()
}

/** Bytes of the scored pages that {@link copyScored} copies. */
export function scoredBytes({ smoothed, scores }: MapMemory, jobs: PageJobs): number {
  return jobs.count * (smoothed.pageBytes + scores.pageBytes)
}

/** Records copying scored pages into a buffer. */
export function copyScored(
  encoder: GPUCommandEncoder,
  { smoothed, scores }: MapMemory,
  jobs: PageJobs,
  to: GPUBuffer,
  offset: number,
): void {
  let at = offset
  for (const page of jobs) {
    at = smoothed.copyPage(encoder, page.smoothed, to, at)
    at = scores.copyPage(encoder, page.scores, to, at)
  }
}

/** The pages copied by {@link copyScored}. */
export function readScored(
  { smoothed, scores }: MapMemory,
  jobs: PageJobs,
  words: Uint32Array<ArrayBuffer>,
): ScoredPage[] {
  const reader = new PageReader(words)
  return Array.from(jobs, ({ slab, page }) => ({
    slab,
    page,
    smoothed: readMoments(reader.take(smoothed)),
    scores: new Int32Array(reader.take(scores)),
  }))
}
