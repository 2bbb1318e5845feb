import { checkShape } from '../engine/check-shape.ts'
import type { PageJobs, RetireWork } from '../engine/packing.ts'
import { type Backend, type MapShape, type MapSteps, mapDestroyed } from '../engine/steps.ts'
import type { EventBatch, KeptPage, Peak, Retired, TermSums } from '../engine/work.ts'
import { allocate } from './allocate.ts'
import { PageSteps } from './page-steps.ts'
import { keptPageLimit, type PageLayout, Pool, pageLayouts, rawPageLimit } from './pages.ts'

/** Longest time to hold the calling thread, ms. */
const YIELD_MS = 50

/** The reference backend: every step in plain typed-array code on the calling thread. */
export function cpuBackend(): Backend {
  return {
    name: 'cpu',
    adapter: 'JavaScript, 1 core',
    async open(shape) {
      checkShape(shape)
      return new CpuSteps(shape)
    },
    destroy: () => {},
  }
}

class CpuSteps implements MapSteps {
  readonly pageLimit: number
  readonly keptPageLimit: number
  readonly pagesPerRetire = 64
  private readonly steps: PageSteps
  private yielded = performance.now()
  private destroyed = false

  constructor(shape: MapShape) {
    this.pageLimit = rawPageLimit(shape)
    this.keptPageLimit = keptPageLimit(shape)
    const layouts = pageLayouts(shape)
    const pool = <Page>({ bytes, view }: PageLayout<Page>) =>
      new Pool(() => view(allocate(ArrayBuffer, bytes), 0))
    const pools = {
      raw: pool(layouts.raw),
      smoothed: pool(layouts.smoothed),
      scores: pool(layouts.scores),
      details: pool(layouts.details),
    }
    this.steps = new PageSteps(shape, pools, { thread: 0, threads: 1 })
  }

  get seconds(): Record<string, number> {
    return { ...this.steps.seconds }
  }

  bin(batch: EventBatch): void {
    this.steps.bin(batch)
  }

  async retire(work: RetireWork, readback: boolean): Promise<Retired> {
    const { steps } = this
    const [score, release] = [[...work.score], [...work.release]]
    for (const page of score) steps.smooth(page)
    for (const page of score) steps.score(page)
    for (const page of score) steps.detail(page)
    const found: Peak[] = []
    for (const page of work.peaks) steps.peaks(page, found)
    const checksums = release.map(page => steps.checksum(page))
    for (const page of release) steps.clear(page)
    if (!readback) return { peaks: found, checksums }
    const pages = score.map(page => steps.readScored(page))
    return { peaks: found, checksums, pages }
  }

  async survey(work: RetireWork): Promise<void> {
    for (const page of work.score) this.steps.smooth(page)
    for (const page of work.score) this.steps.survey(page)
    for (const page of work.release) this.steps.clear(page)
  }

  async termSums(): Promise<TermSums> {
    return { sums: this.steps.sums.slice() }
  }

  async readRaw(slots: readonly number[]): Promise<Float64Array[]> {
    return slots.map(slot => this.steps.readRaw(slot))
  }

  async readKept(pages: PageJobs): Promise<KeptPage[]> {
    return [...pages].map(page => this.steps.readKept(page))
  }

  /** Nothing is ever in flight, but a document that maps a history must be able to draw now and then. */
  async settle(): Promise<void> {
    this.check()
    if (performance.now() - this.yielded < YIELD_MS) return
    await new Promise(resolve => setTimeout(resolve))
    this.yielded = performance.now()
    this.check()
  }

  destroy(): void {
    this.destroyed = true
  }

  private check(): void {
    if (this.destroyed) throw mapDestroyed()
  }
}
