import type { PageJobs, RetireWork } from '../../engine/packing.ts'
import { type MapShape, type MapSteps, mapDestroyed } from '../../engine/steps.ts'
import type { EventBatch, KeptPage, PageChecksum, Retired, ScoredPage, TermSums } from '../../engine/work.ts'
import { noSeconds, type ThreadSeconds } from '../page-steps.ts'
import { keptPageLimit, type Pools, pageLayouts, rawPageLimit } from '../pages.ts'
import { type Done, packWork, unpackPeaks } from './calls.ts'
import { ChunkLayout, type SharedMemory } from './memory.ts'
import type { Team } from './team.ts'

/** Pages per thread in one `retire`: enough that the work takes much longer than the meetings. */
const PAGES_PER_THREAD = 64

/** One map's steps on the threads of a team. This class only sends work and collects the answers. */
export class ThreadedSteps implements MapSteps {
  readonly pageLimit: number
  readonly keptPageLimit: number
  readonly pagesPerRetire: number
  private readonly pools: Readonly<Record<keyof Pools, GrowingPool>>
  /** Event buffers that no thread reads any more. */
  private readonly freeEvents: SharedArrayBuffer[] = []
  private readonly taken: SharedArrayBuffer[] = []
  /** Calls in progress, oldest first; they finish in this order. These promises never reject. */
  private readonly inFlight: Promise<void>[] = []
  /** Seconds so far, by thread. */
  private spent: readonly ThreadSeconds[] = []
  private destroyed = false

  constructor(
    private readonly team: Team,
    private readonly memory: SharedMemory,
    private readonly map: number,
    private readonly shape: MapShape,
  ) {
    this.pageLimit = rawPageLimit(shape)
    this.keptPageLimit = keptPageLimit(shape)
    this.pagesPerRetire = PAGES_PER_THREAD * team.size
    const layouts = pageLayouts(shape)
    const pool = (name: keyof Pools): GrowingPool => ({
      layout: new ChunkLayout(layouts[name].bytes),
      chunks: 0,
    })
    this.pools = {
      raw: pool('raw'),
      smoothed: pool('smoothed'),
      scores: pool('scores'),
      details: pool('details'),
    }
  }

  /** For each step, the time of the thread that spent the most on it. */
  get seconds(): Record<string, number> {
    const most: Record<string, number> = { ...noSeconds(this.shape) }
    for (const seconds of this.spent) {
      for (const [step, value] of Object.entries(seconds)) most[step] = Math.max(most[step], value)
    }
    return most
  }

  bin({ words, entries, pages }: EventBatch): void {
    this.check()
    this.reserve('raw', pages)
    const free = this.freeEvents.findIndex(({ byteLength }) => byteLength >= words.byteLength)
    const buffer = free < 0 ? this.take(words.byteLength) : this.freeEvents.splice(free, 1)[0]
    const shared = new Uint32Array(buffer)
    shared.set(words.subarray(0, this.shape.layer.event.words * entries))
    const binned = this.track(this.team.call<'bin'>({ kind: 'bin', map: this.map, words: shared, entries }))
    binned.then(
      () => this.freeEvents.push(buffer),
      () => {}, // `settle` throws the error
    )
  }

  async retire(work: RetireWork, readback: boolean): Promise<Retired> {
    this.check()
    this.reserveFor(work)
    const answers = await this.track(
      this.team.call<'retire'>({ kind: 'retire', map: this.map, work: packWork(work), readback }),
    )
    const checksums: PageChecksum[] = []
    const pages: ScoredPage[] = []
    for (const { value } of answers) {
      for (let i = 0; i < value.checksums.length; i += 3) {
        const [at, first, second] = value.checksums.slice(i, i + 3)
        const { slab, page } = work.release.at(at)
        checksums[at] = { slab, page, words: [first, second] }
      }
      for (const { at, page } of value.pages) pages[at] = page
    }
    const peaks = answers.flatMap(({ value }) => unpackPeaks(value.peaks, this.shape.layer.moments.length))
    return readback ? { peaks, checksums, pages } : { peaks, checksums }
  }

  async survey(work: RetireWork): Promise<void> {
    this.check()
    this.reserveFor(work)
    await this.track(this.team.call<'survey'>({ kind: 'survey', map: this.map, work: packWork(work) }))
  }

  async termSums(): Promise<TermSums> {
    this.check()
    const parts = await this.track(this.team.call<'sums'>({ kind: 'sums', map: this.map }))
    const sums = new BigInt64Array(parts[0].value)
    for (const { value } of parts.slice(1)) for (const [i, sum] of value.entries()) sums[i] += sum
    return { sums }
  }

  async readRaw(slots: readonly number[]): Promise<Float64Array[]> {
    this.check()
    const parts = await this.track(this.team.call<'read'>({ kind: 'read', map: this.map, slots }))
    const pages: Float64Array[] = []
    for (const { value } of parts) for (const { at, moments } of value) pages[at] = moments
    return pages
  }

  async readKept(pages: PageJobs): Promise<KeptPage[]> {
    this.check()
    const parts = await this.track(
      this.team.call<'kept'>({ kind: 'kept', map: this.map, pages: pages.words }),
    )
    const kept: KeptPage[] = []
    for (const { value } of parts) for (const { at, page } of value) kept[at] = page
    return kept
  }

  async settle(depth: number): Promise<void> {
    this.check()
    while (this.inFlight.length > depth) await this.inFlight[this.inFlight.length - 1 - depth]
    this.check()
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.team.call<'close'>({ kind: 'close', map: this.map }).then(
      () => this.memory.give(this.taken),
      () => {}, // the team is gone, and so is the memory
    )
  }

  private check(): void {
    if (this.destroyed) throw mapDestroyed()
    this.team.check()
  }

  /** Counts a call as in flight. Rejects if the map is destroyed in the meantime. */
  private async track<Value>(call: Promise<Done<Value>[]>): Promise<Done<Value>[]> {
    const done = call.then(
      answers => {
        this.spent = answers.map(({ seconds }) => seconds)
        this.inFlight.shift()
      },
      () => {
        this.inFlight.shift()
      },
    )
    this.inFlight.push(done)
    const answers = await call
    if (this.destroyed) throw mapDestroyed()
    return answers
  }

  private reserveFor({ score }: RetireWork): void {
    this.reserve('smoothed', score.smoothedSlots)
    const { scoreSlots } = score
    this.reserve('scores', scoreSlots)
    if (this.shape.details) this.reserve('details', scoreSlots)
  }

  /** Makes room for this many pages in a pool. */
  private reserve(pool: keyof Pools, pages: number): void {
    const grown = this.pools[pool]
    while (grown.chunks < grown.layout.chunksFor(pages)) {
      const chunk = this.take(grown.layout.chunkBytes)
      grown.chunks++
      this.team.post({ kind: 'grow', map: this.map, pool, chunk })
    }
  }

  private take(bytes: number): SharedArrayBuffer {
    const buffer = this.memory.take(bytes)
    this.taken.push(buffer)
    return buffer
  }
}

interface GrowingPool {
  readonly layout: ChunkLayout
  chunks: number
}
