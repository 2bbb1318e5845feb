import type { PageJobs, RetireWork } from '../engine/packing.ts'
import { type MapShape, type MapSteps, mapDestroyed, type ScorePages } from '../engine/steps.ts'
import type { EventBatch, KeptPage, PageWork, Peak, Retired, TermSums } from '../engine/work.ts'
import { DeviceWatch } from './device-watch.ts'
import { MAP_READ, Usage } from './flags.ts'
import { GpuClock } from './gpu-clock.ts'
import { MapMemory } from './map-memory.ts'
import type { Pipelines } from './pipelines.ts'
import { bin } from './steps/bin.ts'
import { detail } from './steps/detail.ts'
import { type PeakSlice, peaks, readPeaks } from './steps/peaks.ts'
import { copyScored, readKept, readRanges, readRaw, readScored, scoredBytes } from './steps/readback.ts'
import { readChecksums, release } from './steps/release.ts'
import { score } from './steps/score.ts'
import { smooth } from './steps/smooth.ts'
import { smoothedPages } from './steps/smoothed.ts'
import { survey } from './steps/survey.ts'
import { Submit } from './submit.ts'

/** A submit should not take longer: displays would stutter, and watchdogs kill work that takes seconds. */
const SUBMIT_SECONDS = 0.05
const MOST_PAGES = 1024
/** Pages of the first submit, before any rate is known. */
const FIRST_PAGES = 16
/** A submit takes at most 1 / this of the pages a pool can hold, so that closed slabs never fill it. */
const SUBMITS_IN_POOL = 8

/** Byte offsets of the results of a retire in the buffer that reads them back. */
interface Results {
  readonly buffer: GPUBuffer
  readonly slices: readonly PeakSlice[]
  readonly checksums: number
  readonly pages: number
  readonly end: number
}

/** The steps of one map on a WebGPU device, submitted in the order of the calls. */
export class WebGpuSteps implements MapSteps {
  readonly pageLimit: number
  readonly keptPageLimit: number
  pagesPerRetire: number
  readonly seconds: Record<string, number> = { upload: 0, encode: 0, device: 0 }
  private readonly mostPages: number
  private readonly clock: GpuClock | null
  private readonly watch: DeviceWatch
  private readonly memory: MapMemory
  private readonly inFlight = new Set<Promise<unknown>>()
  private lastDone = 0
  private destroyed = false

  /** @throws {VoxriskError} device errors */
  constructor(
    private readonly device: GPUDevice,
    private readonly pipelines: Pipelines,
    shape: MapShape,
    timestamps: boolean,
  ) {
    this.watch = new DeviceWatch(device)
    this.memory = new MapMemory(device, this.watch, pipelines, shape)
    this.clock = timestamps ? new GpuClock(device) : null
    this.pageLimit = this.memory.pageLimit
    this.keptPageLimit = this.memory.keptPageLimit
    this.mostPages = Math.max(1, Math.min(MOST_PAGES, Math.floor(this.pageLimit / SUBMITS_IN_POOL)))
    this.pagesPerRetire = Math.min(FIRST_PAGES, this.mostPages)
  }

  bin(batch: EventBatch): void {
    this.check()
    const start = performance.now()
    const { submit } = this.record('bin', submit =>
      bin(this.device, this.memory, this.pipelines, submit, batch),
    )
    this.track(submit.done())
    this.seconds.upload += (performance.now() - start) / 1000
  }

  async retire(work: RetireWork, readback: boolean): Promise<Retired> {
    this.check()
    const start = performance.now()
    const { memory, pipelines } = this
    const { submit, made: results } = this.record('retire', submit => {
      if (work.score.count > 0) {
        memory.reserveFor(work.score)
        const jobs = smooth(memory, pipelines, submit, work.score)
        const smoothed = smoothedPages(memory, submit, work.score, jobs)
        score(memory, pipelines, submit, work.score, smoothed)
        detail(memory, pipelines, submit, work.score, smoothed)
      }
      const slices = peaks(memory, pipelines, submit, work.peaks)
      const checksums = release(memory, pipelines, submit, work.release)
      return this.copyResults(submit, work, slices, checksums, readback)
    })
    this.seconds.encode += (performance.now() - start) / 1000
    return this.track(this.collect(work, submit, results, start))
  }

  async survey(work: RetireWork): Promise<void> {
    this.check()
    const start = performance.now()
    const { memory, pipelines } = this
    const { submit } = this.record('survey', submit => {
      if (work.score.count > 0) {
        memory.reserveFor(work.score)
        const jobs = smooth(memory, pipelines, submit, work.score)
        survey(memory, pipelines, submit, work.score, smoothedPages(memory, submit, work.score, jobs))
      }
      release(memory, pipelines, submit, work.release)
    })
    this.seconds.encode += (performance.now() - start) / 1000
    return this.track(this.finish(work, submit, start))
  }

  async termSums(): Promise<TermSums> {
    this.check()
    const sums = this.memory.sums!
    const words = await readRanges(this.device, this.watch, [{ buffer: sums, offset: 0, size: sums.size }])
    return { sums: new BigInt64Array(words.buffer) }
  }

  async readRaw(slots: readonly number[]): Promise<Float64Array[]> {
    this.check()
    return readRaw(this.device, this.watch, this.memory, slots)
  }

  async readKept(pages: PageJobs): Promise<KeptPage[]> {
    this.check()
    return readKept(this.device, this.watch, this.memory, pages)
  }

  async settle(depth: number): Promise<void> {
    while (this.inFlight.size > depth) await Promise.race(this.inFlight)
    if (depth === 0) await this.watch.settle()
    this.check()
  }

  scorePages(pages: readonly PageWork[]): ScorePages {
    this.check()
    return {
      device: this.device,
      scores: this.memory.scores.buffer,
      details: this.memory.details?.buffer ?? null,
      pages: pages.map(({ slab, page, scores }) => ({ slab, page, slot: scores })),
    }
  }

  get deviceSeconds(): Readonly<Record<string, number>> | null {
    return this.clock?.seconds ?? null
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.clock?.destroy()
    this.memory.destroy()
  }

  /** Records and sends a submit under error scopes. If that throws, the submit's buffers are freed. */
  private record<T>(label: string, run: (submit: Submit) => T): { submit: Submit; made: T } {
    return this.watch.guard(() => {
      const submit = new Submit(this.device, label, this.clock)
      try {
        const made = run(submit)
        submit.send()
        return { submit, made }
      } catch (error) {
        submit.transients.destroy()
        throw error
      }
    })
  }

  private check(): void {
    if (this.destroyed) throw mapDestroyed()
    this.watch.check()
  }

  /** Records copying all results of a retire into one buffer: peaks, checksums and, if requested, pages. */
  private copyResults(
    { encoder, transients }: Submit,
    work: RetireWork,
    slices: readonly PeakSlice[],
    checksums: GPUBuffer | null,
    readback: boolean,
  ): Results {
    const checksumsAt = slices.reduce((sum, { bytes }) => sum + bytes, 0)
    const pagesAt = checksumsAt + 8 * work.release.count
    const end = pagesAt + (readback ? scoredBytes(this.memory, work.score) : 0)
    const usage = Usage.mapRead | Usage.copyTarget
    const buffer = transients.create('voxrisk results', Math.max(end, 4), usage)
    let at = 0
    for (const { found, bytes } of slices) {
      encoder.copyBufferToBuffer(found, 0, buffer, at, bytes)
      at += bytes
    }
    if (checksums) encoder.copyBufferToBuffer(checksums, 0, buffer, checksumsAt, 8 * work.release.count)
    if (readback) copyScored(encoder, this.memory, work.score, buffer, pagesAt)
    return { buffer, slices, checksums: checksumsAt, pages: pagesAt, end: readback ? end : 0 }
  }

  /** Waits for a submit and unpacks its results. */
  private async collect(
    work: RetireWork,
    submit: Submit,
    { buffer, slices, checksums, pages, end }: Results,
    start: number,
  ): Promise<Retired> {
    try {
      await this.watch.guard(() => buffer.mapAsync(MAP_READ))
      await submit.timed()
      await this.watch.settle()
      this.adapt(start, work.score.count)
      const words = new Uint32Array(buffer.getMappedRange())
      const found: Peak[] = []
      let at = 0
      for (const slice of slices) {
        const own = words.subarray(at / 4, (at + slice.bytes) / 4)
        const readRest = (buffer: GPUBuffer, offset: number, size: number) =>
          readRanges(this.device, this.watch, [{ buffer, offset, size }])
        for (const peak of await readPeaks(this.memory, slice, own, readRest)) found.push(peak)
        at += slice.bytes
      }
      const retired = {
        peaks: found,
        checksums: readChecksums(work.release, words.subarray(checksums / 4, pages / 4)),
      }
      if (end === 0) return retired
      return { ...retired, pages: readScored(this.memory, work.score, words.subarray(pages / 4, end / 4)) }
    } catch (error) {
      throw await this.watch.explain(error)
    } finally {
      submit.transients.destroy()
    }
  }

  /** Waits for a submit without results. */
  private async finish(work: RetireWork, submit: Submit, start: number): Promise<void> {
    try {
      await this.device.queue.onSubmittedWorkDone()
      await submit.timed()
      await this.watch.settle()
      this.adapt(start, work.score.count)
    } catch (error) {
      throw await this.watch.explain(error)
    } finally {
      submit.transients.destroy()
    }
  }

  /** Chooses the size of the next submit from the speed of this one. */
  private adapt(start: number, pages: number): void {
    const now = performance.now()
    const seconds = (now - Math.max(start, this.lastDone)) / 1000
    this.lastDone = now
    this.seconds.device += seconds
    if (pages === 0) return
    const wanted = Math.floor((SUBMIT_SECONDS * pages) / Math.max(seconds, 1e-6))
    this.pagesPerRetire = Math.min(Math.max(1, wanted), 2 * this.pagesPerRetire, this.mostPages)
  }

  /** Counts work as in flight until it ends. The caller gets its error, and so does the next call. */
  private track<T>(work: Promise<T>): Promise<T> {
    const seen = work.then(
      () => {},
      () => {},
    )
    this.inFlight.add(seen)
    seen.then(() => this.inFlight.delete(seen))
    return work
  }
}
