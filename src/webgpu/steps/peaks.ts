import type { PageJobs } from '../../engine/packing.ts'
import { classOf, priceOf } from '../../engine/pages.ts'
import type { Peak } from '../../engine/work.ts'
import { PAGE_PRICES } from '../../grid/axes.ts'
import { Usage } from '../flags.ts'
import type { MapMemory } from '../map-memory.ts'
import { momentWords, readMoments } from '../pages.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'

/** Most peaks in the first readback; any more need a second one. */
const PEAKS_AT_ONCE = 2048
/** Most bytes of peaks found by one dispatch. */
const PEAK_BYTES = 2 ** 26
/** Words of a peak before its moments: job, voxel within the page, score. */
const HEAD_WORDS = 3

/** Peaks of some pages, still on the device: first their count, then their records. */
export interface PeakSlice {
  readonly jobs: PageJobs
  readonly found: GPUBuffer
  /** Bytes of the first readback: the count and room for the first records. */
  readonly bytes: number
}

function peakWords({ shape }: MapMemory): number {
  return HEAD_WORDS + momentWords(shape.layer)
}

/** Searches pages for peaks, in slices that fit a buffer. Mirrors src/cpu/peaks.ts and shaders/peaks.wgsl. */
export function peaks(memory: MapMemory, pipelines: Pipelines, submit: Submit, jobs: PageJobs): PeakSlice[] {
  const slices: PeakSlice[] = []
  if (jobs.count === 0) return slices
  const { classBins } = memory.shape.axes
  const { transients } = submit
  const recordBytes = 4 * peakWords(memory)
  // Two neighbours cannot both be peaks, so each 2 × 2 block of a page has at most one. Make room for all of
  // them.
  const most = (PAGE_PRICES / 2) * Math.ceil(classBins / 2)
  const pagesAtOnce = Math.max(1, Math.floor(PEAK_BYTES / (most * recordBytes)))
  submit.pass('peaks', pass => {
    for (let from = 0; from < jobs.count; from += pagesAtOnce) {
      const some = jobs.slice(from, pagesAtOnce)
      const size = 4 + some.count * most * recordBytes
      const found = transients.create('voxrisk peaks', size, Usage.storage | Usage.copySource)
      pipelines.peaks.dispatch(
        pass,
        {
          shape: memory.shapeBuffer,
          jobs: transients.upload('voxrisk peak jobs', some.words),
          smoothed: memory.smoothed.buffer,
          scores: memory.scores.buffer,
          found,
        },
        [classBins, some.count],
      )
      slices.push({
        jobs: some,
        found,
        bytes: 4 + Math.min(PEAKS_AT_ONCE, some.count * most) * recordBytes,
      })
    }
  })
  return slices
}

/**
 * The peaks of a slice.
 * @param words    its count and first records
 * @param readRest reads all records, if there are more than in `words`
 */
export async function readPeaks(
  memory: MapMemory,
  { jobs, found }: PeakSlice,
  words: Uint32Array,
  readRest: (buffer: GPUBuffer, offset: number, size: number) => Promise<Uint32Array>,
): Promise<Peak[]> {
  const stride = peakWords(memory)
  const [count] = words
  const used = count * stride
  const records = used < words.length ? words.subarray(1, 1 + used) : await readRest(found, 4, 4 * used)
  return Array.from({ length: count }, (_, i) =>
    readPeak(records.subarray(i * stride, (i + 1) * stride), jobs),
  )
}

function readPeak(record: Uint32Array, jobs: PageJobs): Peak {
  const { slab, page } = jobs.at(record[0])
  const voxel = record[1]
  return {
    slab,
    priceBin: page * PAGE_PRICES + priceOf(voxel),
    classBin: classOf(voxel),
    score: record[2] | 0,
    moments: readMoments(record.subarray(HEAD_WORDS)),
  }
}
