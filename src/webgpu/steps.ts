import { type MapShape, type MapSteps, mapDestroyed, type ScorePages } from '../engine/steps.ts'
import type {
  KeptPage,
  PageWork,
  Peak,
  RawPage,
  Retired,
  RetireWork,
  ScoredPage,
  TermSums,
  TickBatch,
} from '../engine/work.ts'
import { LOG2_TABLE } from '../fixed/log2.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import { KAPPA, SUM_COUNT } from '../layers/trades/moments.ts'
import { PriorTable } from '../layers/trades/priors.ts'
import { DeviceWatch } from './device-watch.ts'
import { MAP_READ, Usage } from './flags.ts'
import { GpuClock, type SubmitClock } from './gpu-clock.ts'
import {
  MOMENT_WORDS,
  MOST_WORKGROUPS,
  momentBytes,
  Pool,
  packPageJobs,
  packPriors,
  packReleaseJobs,
  pagesThatFit,
  pictureBytes,
  readMoments,
  readPicture,
  scoreBytes,
} from './pages.ts'
import type { Pipelines } from './pipelines.ts'
import { packStruct } from './shader.ts'

/** Ticks one invocation of the bin shader merges, and invocations of a workgroup. */
const TICKS_PER_WORKGROUP = 8 * 64
const PEAK_WORDS = 3 + MOMENT_WORDS
/** Peaks that come back with the first readback; more cost a second one. */
const PEAKS_AT_ONCE = 2048
/** Most bytes of peaks found by one dispatch. */
const PEAK_BYTES = 2 ** 26
/** Most bytes of kept pages that one buffer brings back. */
const READ_BYTES = 2 ** 26
/** A submit should not occupy the GPU longer: displays stutter, and watchdogs end what takes seconds. */
const SUBMIT_SECONDS = 0.05
const MOST_PAGES = 1024
/** Pages of the first submit, before any rate is known, and of the pools at first. */
const FIRST_PAGES = 16
/** A submit takes at most this part of the pages a pool can hold, so that closed slabs never fill it. */
const SUBMITS_IN_POOL = 8

/** Buffers that live for one submit. */
class Transients {
  private readonly buffers: GPUBuffer[] = []

  constructor(private readonly device: GPUDevice) {}

  create(label: string, size: number, usage: number): GPUBuffer {
    const buffer = this.device.createBuffer({ label, size, usage })
    this.buffers.push(buffer)
    return buffer
  }

  upload(label: string, words: Uint32Array | Int32Array, usage: number = Usage.storage): GPUBuffer {
    const buffer = this.device.createBuffer({ label, size: words.byteLength, usage, mappedAtCreation: true })
    this.buffers.push(buffer)
    new Uint32Array(buffer.getMappedRange()).set(words)
    buffer.unmap()
    return buffer
  }

  /** Runs calls that use the buffers; when they throw, nobody will wait for the submit, so the buffers go. */
  guard<T>(watch: DeviceWatch, run: () => T): T {
    try {
      return watch.guard(run)
    } catch (error) {
      this.destroy()
      throw error
    }
  }

  destroy(): void {
    for (const buffer of this.buffers) buffer.destroy()
  }
}

/** Peaks of some pages, still on the device. */
interface PeakSlice {
  readonly pages: readonly PageWork[]
  readonly found: GPUBuffer
  /** Where count and first peaks lie in the readback, in bytes. */
  readonly offset: number
  readonly atOnce: number
}

/** The steps of one map on a WebGPU device, submitted in the order of the calls. */
export class WebGpuSteps implements MapSteps {
  readonly pageLimit: number
  readonly keptPageLimit: number
  pagesPerRetire: number
  private readonly mostPages: number
  readonly seconds: Record<string, number> = { upload: 0, encode: 0, device: 0 }
  private readonly clock: GpuClock | null
  private readonly watch: DeviceWatch
  private readonly constant: Transients
  private readonly shape: GPUBuffer
  private readonly log2Table: GPUBuffer
  private readonly constants: GPUBuffer | null
  private readonly sums: GPUBuffer | null
  private readonly raw: Pool
  private readonly smoothed: Pool
  private readonly scores: Pool
  private readonly pictures: Pool | null
  private readonly priors: PriorTable
  private ticks: GPUBuffer | null = null
  private readonly inFlight = new Set<Promise<unknown>>()
  private lastDone = 0
  private destroyed = false

  constructor(
    private readonly device: GPUDevice,
    private readonly pipelines: Pipelines,
    private readonly map: MapShape,
    timestamps: boolean,
  ) {
    const { grid, kernel, score } = map
    this.clock = timestamps ? new GpuClock(device) : null
    this.watch = new DeviceWatch(device)
    this.constant = new Transients(device)
    const { radii } = kernel
    const layout = pipelines.bin.struct('Shape')
    const shape = packStruct(layout, {
      sizeBins: grid.sizeBins,
      sizeResolution: grid.sizeResolution,
      priceWidth: grid.priceWidth,
      priceRadius: radii.price,
      sizeRadius: radii.size,
      timeRadius: radii.time,
      centre: kernel.centre,
      shrinkage: KAPPA * kernel.centre,
      priceWeights: kernel.price,
      sizeWeights: kernel.size,
      timeWeights: kernel.time,
    })
    const table = new Uint32Array(260)
    table.set(LOG2_TABLE)
    const bytes = momentBytes(grid)
    this.pageLimit = Math.min(pagesThatFit(device, bytes), MOST_WORKGROUPS)
    this.keptPageLimit = pagesThatFit(device, map.pictures ? pictureBytes(grid) : scoreBytes(grid))
    this.mostPages = Math.max(1, Math.min(MOST_PAGES, Math.floor(this.pageLimit / SUBMITS_IN_POOL)))
    this.pagesPerRetire = Math.min(FIRST_PAGES, this.mostPages)
    this.priors = new PriorTable(map)
    const pools: Pool[] = []
    const pool = (label: string, pageBytes: number) => {
      pools.push(new Pool(device, label, pageBytes, FIRST_PAGES))
      return pools[pools.length - 1]
    }
    try {
      const made = this.constant.guard(this.watch, () => ({
        shape: this.constant.upload('voxrisk shape', shape, Usage.uniform),
        log2Table: this.constant.upload('voxrisk log2 table', table, Usage.uniform),
        constants: score ? this.constant.upload('voxrisk score constants', score.table) : null,
        sums: score
          ? null
          : this.constant.create(
              'voxrisk term sums',
              grid.sizeBins * SUM_COUNT * 8,
              Usage.storage | Usage.copySource,
            ),
        raw: pool('voxrisk raw moments', bytes),
        smoothed: pool('voxrisk smoothed moments', bytes),
        scores: pool('voxrisk scores', scoreBytes(grid)),
        pictures: map.pictures ? pool('voxrisk pictures', pictureBytes(grid)) : null,
      }))
      this.shape = made.shape
      this.log2Table = made.log2Table
      this.constants = made.constants
      this.sums = made.sums
      this.raw = made.raw
      this.smoothed = made.smoothed
      this.scores = made.scores
      this.pictures = made.pictures
    } catch (error) {
      for (const made of pools) made.destroy()
      throw error
    }
  }

  bin({ words, entries, pages }: TickBatch): void {
    this.check()
    const start = performance.now()
    const { device } = this
    const clock = this.watch.guard(() => {
      const clock = this.clock?.submit()
      this.raw.reserve(pages)
      if (!this.ticks || this.ticks.size < words.byteLength) {
        this.ticks = this.constant.create('voxrisk ticks', words.byteLength, Usage.storage | Usage.copyTarget)
      }
      device.queue.writeBuffer(this.ticks, 0, words, 0, 3 * entries)
      const encoder = device.createCommandEncoder({ label: 'voxrisk bin' })
      const pass = encoder.beginComputePass({ label: 'voxrisk bin', ...clock?.pass('bin') })
      this.pipelines.bin.dispatch(
        pass,
        {
          shape: this.shape,
          ticks: { buffer: this.ticks, size: 12 * entries },
          raw: this.raw.buffer,
        },
        [Math.ceil(entries / TICKS_PER_WORKGROUP)],
      )
      pass.end()
      clock?.resolve(encoder)
      device.queue.submit([encoder.finish()])
      return clock
    })
    this.track(clock ? clock.read() : device.queue.onSubmittedWorkDone())
    this.seconds.upload += (performance.now() - start) / 1000
  }

  async retire(work: RetireWork, readback: boolean): Promise<Retired> {
    this.check()
    const start = performance.now()
    const transients = new Transients(this.device)
    const clock = this.clock?.submit()
    let slices: PeakSlice[] = []
    const layout = { checksums: 0, pages: 0, size: 0 }
    const staging = transients.guard(this.watch, () => {
      const encoder = this.device.createCommandEncoder({ label: 'voxrisk retire' })
      if (work.score.length > 0) this.encodeScore(encoder, clock, transients, work.score)
      slices = this.encodePeaks(encoder, clock, transients, work.peaks)
      const checksums = this.encodeRelease(encoder, clock, transients, work.release)

      const peakBytes = slices.reduce((sum, slice) => sum + 4 + slice.atOnce * PEAK_WORDS * 4, 0)
      layout.checksums = peakBytes
      layout.pages = layout.checksums + 8 * work.release.length
      const pageBytes = this.smoothed.pageBytes + this.scores.pageBytes
      layout.size = layout.pages + (readback ? work.score.length * pageBytes : 0)
      const buffer = transients.create(
        'voxrisk results',
        Math.max(layout.size, 4),
        Usage.mapRead | Usage.copyTarget,
      )
      for (const slice of slices) {
        encoder.copyBufferToBuffer(slice.found, 0, buffer, slice.offset, 4 + slice.atOnce * PEAK_WORDS * 4)
      }
      if (checksums) {
        encoder.copyBufferToBuffer(checksums, 0, buffer, layout.checksums, 8 * work.release.length)
      }
      if (readback) {
        let at = layout.pages
        for (const page of work.score) {
          at = this.smoothed.copyPage(encoder, page.smoothed, buffer, at)
          at = this.scores.copyPage(encoder, page.scores, buffer, at)
        }
      }
      clock?.resolve(encoder)
      this.device.queue.submit([encoder.finish()])
      return buffer
    })
    this.seconds.encode += (performance.now() - start) / 1000
    return this.track(this.collect(work, readback, transients, staging, clock, layout, slices, start))
  }

  async survey(work: RetireWork): Promise<void> {
    this.check()
    const start = performance.now()
    const transients = new Transients(this.device)
    const clock = this.clock?.submit()
    transients.guard(this.watch, () => {
      const encoder = this.device.createCommandEncoder({ label: 'voxrisk survey' })
      if (work.score.length > 0) {
        const jobs = this.encodeSmooth(encoder, clock, transients, work.score)
        const pass = encoder.beginComputePass({ label: 'voxrisk survey', ...clock?.pass('survey') })
        this.pipelines.survey.dispatch(
          pass,
          {
            shape: this.shape,
            log2Table: this.log2Table,
            jobs,
            smoothed: this.smoothed.buffer,
            priors: this.uploadPriors(transients, work.score),
            sums: this.sums!,
            raw: this.raw.buffer,
          },
          [this.map.grid.sizeBins, work.score.length],
        )
        pass.end()
      }
      this.encodeRelease(encoder, clock, transients, work.release)
      clock?.resolve(encoder)
      this.device.queue.submit([encoder.finish()])
    })
    this.seconds.encode += (performance.now() - start) / 1000
    return this.track(this.finish(work, clock, transients, start))
  }

  /** Waits for a submit without results. */
  private async finish(
    work: RetireWork,
    clock: SubmitClock | undefined,
    transients: Transients,
    start: number,
  ): Promise<void> {
    try {
      await this.device.queue.onSubmittedWorkDone()
      await clock?.read()
      await this.watch.settle()
      this.adapt(start, work.score.length)
    } catch (error) {
      throw await this.watch.explain(error)
    } finally {
      transients.destroy()
    }
  }

  async termSums(): Promise<TermSums> {
    const words = await this.read([{ buffer: this.sums!, offset: 0, size: this.sums!.size }])
    return { sums: new BigInt64Array(words.buffer) }
  }

  async readRaw(slots: readonly number[]): Promise<Float64Array[]> {
    if (slots.length === 0) return []
    const { buffer, pageBytes } = this.raw
    const words = await this.read(slots.map(slot => ({ buffer, offset: slot * pageBytes, size: pageBytes })))
    return slots.map((_, i) => readMoments(words.subarray((i * pageBytes) / 4, ((i + 1) * pageBytes) / 4)))
  }

  async readKept(pages: readonly PageWork[]): Promise<KeptPage[]> {
    this.check()
    const bytes = this.scores.pageBytes + (this.pictures?.pageBytes ?? 0)
    const atOnce = Math.max(1, Math.floor(READ_BYTES / bytes))
    const reads: Promise<KeptPage[]>[] = []
    // All copies are submitted before anything else can be, so that they are of one moment.
    for (let from = 0; from < pages.length; from += atOnce) {
      reads.push(this.readKeptAtOnce(pages.slice(from, from + atOnce)))
    }
    return (await Promise.all(reads)).flat()
  }

  private async readKeptAtOnce(pages: readonly PageWork[]): Promise<KeptPage[]> {
    const { scores, pictures } = this
    const pools = pictures ? [scores, pictures] : [scores]
    const words = await this.read(
      pages.flatMap(page =>
        pools.map(({ buffer, pageBytes }) => ({ buffer, offset: page.scores * pageBytes, size: pageBytes })),
      ),
    )
    let at = 0
    const take = ({ pageBytes }: Pool) => {
      at += pageBytes / 4
      return words.subarray(at - pageBytes / 4, at)
    }
    return pages.map(({ slab, page }) => ({
      slab,
      page,
      scores: new Int32Array(take(scores)),
      picture: pictures ? readPicture(take(pictures)) : null,
    }))
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
      scores: this.scores.buffer,
      picture: this.pictures?.buffer ?? null,
      pages: pages.map(({ slab, page, scores }) => ({ slab, page, slot: scores })),
    }
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.clock?.destroy()
    this.constant.destroy()
    this.raw.destroy()
    this.smoothed.destroy()
    this.scores.destroy()
    this.pictures?.destroy()
  }

  get deviceSeconds(): Readonly<Record<string, number>> | null {
    return this.clock?.seconds ?? null
  }

  private check(): void {
    if (this.destroyed) throw mapDestroyed()
    this.watch.check()
  }

  /** Smooths pages; returns the buffer of their jobs. */
  private encodeSmooth(
    encoder: GPUCommandEncoder,
    clock: SubmitClock | undefined,
    transients: Transients,
    pages: readonly PageWork[],
  ): GPUBuffer {
    this.smoothed.reserve(1 + pages.reduce((most, page) => Math.max(most, page.smoothed), 0))
    const jobs = transients.upload(
      'voxrisk page jobs',
      packPageJobs(this.pipelines.smooth.struct('PageJob'), pages),
    )
    const pass = encoder.beginComputePass({ label: 'voxrisk smooth', ...clock?.pass('smooth') })
    this.pipelines.smooth.dispatch(
      pass,
      { shape: this.shape, jobs, raw: this.raw.buffer, smoothed: this.smoothed.buffer },
      [this.map.grid.sizeBins, pages.length],
    )
    pass.end()
    return jobs
  }

  private encodeScore(
    encoder: GPUCommandEncoder,
    clock: SubmitClock | undefined,
    transients: Transients,
    pages: readonly PageWork[],
  ): void {
    const slots = 1 + pages.reduce((most, page) => Math.max(most, page.scores), 0)
    this.scores.reserve(slots)
    this.pictures?.reserve(slots)
    const jobs = this.encodeSmooth(encoder, clock, transients, pages)
    const given = {
      shape: this.shape,
      log2Table: this.log2Table,
      jobs,
      smoothed: this.smoothed.buffer,
      priors: this.uploadPriors(transients, pages),
      constants: this.constants!,
      raw: this.raw.buffer,
    }
    const workgroups = [this.map.grid.sizeBins, pages.length] as const
    const pass = encoder.beginComputePass({ label: 'voxrisk score', ...clock?.pass('score') })
    this.pipelines.score.dispatch(pass, { ...given, scores: this.scores.buffer }, workgroups)
    pass.end()
    if (!this.pictures) return
    const drawn = encoder.beginComputePass({ label: 'voxrisk picture', ...clock?.pass('picture') })
    this.pipelines.picture.dispatch(drawn, { ...given, pictures: this.pictures.buffer }, workgroups)
    drawn.end()
  }

  private encodePeaks(
    encoder: GPUCommandEncoder,
    clock: SubmitClock | undefined,
    transients: Transients,
    pages: readonly PageWork[],
  ): PeakSlice[] {
    const { sizeBins } = this.map.grid
    // Two neighbours cannot both be peaks, so each 2 × 2 block of a page holds at most one: room for all there can be.
    const most = (PAGE_PRICES / 2) * Math.ceil(sizeBins / 2)
    const pagesAtOnce = Math.max(1, Math.floor(PEAK_BYTES / (most * PEAK_WORDS * 4)))
    const slices: PeakSlice[] = []
    if (pages.length === 0) return slices
    let offset = 0
    const pass = encoder.beginComputePass({ label: 'voxrisk peaks', ...clock?.pass('peaks') })
    for (let from = 0; from < pages.length; from += pagesAtOnce) {
      const some = pages.slice(from, from + pagesAtOnce)
      const found = transients.create(
        'voxrisk peaks',
        4 + some.length * most * PEAK_WORDS * 4,
        Usage.storage | Usage.copySource,
      )
      this.pipelines.peaks.dispatch(
        pass,
        {
          shape: this.shape,
          jobs: transients.upload(
            'voxrisk peak jobs',
            packPageJobs(this.pipelines.peaks.struct('PageJob'), some),
          ),
          smoothed: this.smoothed.buffer,
          scores: this.scores.buffer,
          found,
        },
        [sizeBins, some.length],
      )
      const atOnce = Math.min(PEAKS_AT_ONCE, some.length * most)
      slices.push({ pages: some, found, offset, atOnce })
      offset += 4 + atOnce * PEAK_WORDS * 4
    }
    pass.end()
    return slices
  }

  /** Takes the checksums of raw pages and clears them. */
  private encodeRelease(
    encoder: GPUCommandEncoder,
    clock: SubmitClock | undefined,
    transients: Transients,
    pages: readonly RawPage[],
  ): GPUBuffer | null {
    if (pages.length === 0) return null
    const words = packReleaseJobs(this.pipelines.release.struct('ReleaseJob'), pages)
    const checksums = transients.create(
      'voxrisk checksums',
      8 * pages.length,
      Usage.storage | Usage.copySource,
    )
    const pass = encoder.beginComputePass({ label: 'voxrisk release', ...clock?.pass('release') })
    this.pipelines.release.dispatch(
      pass,
      {
        shape: this.shape,
        releases: transients.upload('voxrisk release jobs', words),
        raw: this.raw.buffer,
        checksums,
      },
      [this.map.grid.sizeBins, pages.length],
    )
    pass.end()
    return checksums
  }

  private uploadPriors(transients: Transients, pages: readonly PageWork[]): GPUBuffer {
    return transients.upload('voxrisk priors', packPriors(pages.map(({ page }) => this.priors.of(page))))
  }

  /** Waits for a submit and turns its words into results. */
  private async collect(
    work: RetireWork,
    readback: boolean,
    transients: Transients,
    staging: GPUBuffer,
    clock: SubmitClock | undefined,
    layout: { checksums: number; pages: number },
    slices: readonly PeakSlice[],
    start: number,
  ): Promise<Retired> {
    try {
      await this.watch.guard(() => staging.mapAsync(MAP_READ))
      await clock?.read()
      await this.watch.settle()
      this.adapt(start, work.score.length)
      const words = new Uint32Array(staging.getMappedRange())
      const found: Peak[] = []
      for (const slice of slices) {
        const at = slice.offset / 4
        const count = words[at]
        const peakWords = count * PEAK_WORDS
        const records =
          count <= slice.atOnce
            ? words.subarray(at + 1, at + 1 + peakWords)
            : await this.read([{ buffer: slice.found, offset: 4, size: 4 * peakWords }])
        for (let peak = 0; peak < count; peak++) found.push(readPeak(records, peak * PEAK_WORDS, slice.pages))
      }
      const checksums = work.release.map(({ slab, page }, i) => {
        const at = layout.checksums / 4 + 2 * i
        return { slab, page, words: [words[at], words[at + 1]] as const }
      })
      if (!readback) return { peaks: found, checksums }
      return { peaks: found, checksums, pages: this.readPages(words, layout.pages / 4, work.score) }
    } catch (error) {
      throw await this.watch.explain(error)
    } finally {
      transients.destroy()
    }
  }

  private readPages(words: Uint32Array, offset: number, pages: readonly PageWork[]): ScoredPage[] {
    const momentWords = this.smoothed.pageBytes / 4
    const scoreWords = this.scores.pageBytes / 4
    let at = offset
    return pages.map(({ slab, page }) => {
      const smoothed = readMoments(words.subarray(at, at + momentWords))
      const scores = new Int32Array(words.slice(at + momentWords, at + momentWords + scoreWords).buffer)
      at += momentWords + scoreWords
      return { slab, page, smoothed, scores }
    })
  }

  /** Copies ranges of buffers to the host, back to back. */
  private async read(
    ranges: readonly { buffer: GPUBuffer; offset: number; size: number }[],
  ): Promise<Uint32Array<ArrayBuffer>> {
    const transients = new Transients(this.device)
    try {
      const staging = this.watch.guard(() => {
        const size = ranges.reduce((sum, range) => sum + range.size, 0)
        const buffer = transients.create('voxrisk readback', size, Usage.mapRead | Usage.copyTarget)
        const encoder = this.device.createCommandEncoder({ label: 'voxrisk readback' })
        let at = 0
        for (const { buffer: source, offset, size: bytes } of ranges) {
          encoder.copyBufferToBuffer(source, offset, buffer, at, bytes)
          at += bytes
        }
        this.device.queue.submit([encoder.finish()])
        return buffer
      })
      await this.watch.guard(() => staging.mapAsync(MAP_READ))
      await this.watch.settle()
      return new Uint32Array(staging.getMappedRange().slice(0))
    } catch (error) {
      throw await this.watch.explain(error)
    } finally {
      transients.destroy()
    }
  }

  /** Sizes the next submit by the rate of this one. */
  private adapt(start: number, pages: number): void {
    const now = performance.now()
    const seconds = (now - Math.max(start, this.lastDone)) / 1000
    this.lastDone = now
    this.seconds.device += seconds
    if (pages === 0) return
    const wanted = Math.floor((SUBMIT_SECONDS * pages) / Math.max(seconds, 1e-6))
    this.pagesPerRetire = Math.min(Math.max(1, wanted), 2 * this.pagesPerRetire, this.mostPages)
  }

  /** Counts work as in flight until it ends; its error reaches whoever awaits it, and the next call. */
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

function readPeak(words: Uint32Array, at: number, pages: readonly PageWork[]): Peak {
  const { slab, page } = pages[words[at]]
  const voxel = words[at + 1]
  return {
    slab,
    priceBin: page * PAGE_PRICES + (voxel % PAGE_PRICES),
    sizeBin: Math.floor(voxel / PAGE_PRICES),
    score: words[at + 2] | 0,
    moments: readMoments(words.subarray(at + 3, at + PEAK_WORDS)),
  }
}
