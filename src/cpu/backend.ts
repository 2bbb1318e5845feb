import type { Grid } from '../grid/axes.ts'
import {
  type Backend,
  type MapShape,
  type MapSteps,
  MOMENT_COUNT,
  mapDestroyed,
  ownSlot,
  type Peak,
  type Retired,
  type RetireWork,
  SUM_COUNT,
  type TermSums,
  type TickBatch,
} from '../map/backend.ts'
import { PriorTable } from '../map/priors.ts'
import { bin } from './bin.ts'
import { checksum } from './checksum.ts'
import { clearRaw, Pool, pageVoxels, rawMoments } from './pages.ts'
import { peaks } from './peaks.ts'
import { score } from './score.ts'
import { Smoother } from './smooth.ts'
import { survey } from './survey.ts'

/** Longest time to keep the thread that a map runs on. */
const YIELD_MS = 50

/** Most memory the raw pages of one map may take. */
const RAW_BYTES = 2 ** 31

/** The reference: every step in plain typed-array code on one core. */
export function cpuBackend(): Backend {
  return {
    name: 'cpu',
    adapter: 'JavaScript, 1 core',
    open: async shape => new CpuSteps(shape),
    destroy: () => {},
  }
}

class CpuSteps implements MapSteps {
  readonly pageLimit: number
  readonly pagesPerRetire = 64
  readonly seconds: Record<string, number> = { bin: 0, smooth: 0, score: 0, peaks: 0, checksum: 0 }
  private readonly grid: Grid
  private readonly raw
  private readonly smoothed
  private readonly scores
  private readonly smoother: Smoother
  private readonly sums: BigInt64Array<ArrayBuffer>
  private readonly priors: PriorTable
  private yielded = performance.now()
  private destroyed = false

  constructor(private readonly shape: MapShape) {
    const { grid, kernel } = shape
    this.grid = grid
    const voxels = pageVoxels(grid)
    this.pageLimit = Math.floor(RAW_BYTES / (MOMENT_COUNT * voxels * 8))
    this.raw = new Pool(() => rawMoments(grid))
    this.smoothed = new Pool(() => new Float64Array(MOMENT_COUNT * voxels))
    this.scores = new Pool(() => new Int32Array(voxels))
    this.smoother = new Smoother(grid, kernel)
    this.sums = new BigInt64Array(grid.sizeBins * SUM_COUNT)
    this.priors = new PriorTable(shape)
  }

  bin(batch: TickBatch): void {
    this.timed('bin', () => bin(batch, this.grid, this.raw))
  }

  async retire(work: RetireWork, readback: boolean): Promise<Retired> {
    const { grid, shape } = this
    const constants = shape.score
    if (!constants) throw new Error('a survey has no scores')
    this.smooth(work)
    this.timed('score', () => {
      for (const page of work.score) {
        const scores = this.scores.at(page.scores)
        score(
          this.smoothed.at(page.smoothed),
          this.raw.at(ownSlot(page)),
          shape.kernel,
          constants,
          this.priors.of(page.page),
          scores,
        )
      }
    })
    const found: Peak[] = []
    this.timed('peaks', () => {
      for (const page of work.peaks) peaks(page, grid, this.scores, this.smoothed.at(page.smoothed), found)
    })
    const checksums = this.timed('checksum', () =>
      work.release.map(page => checksum(page, this.raw.at(page.slot))),
    )
    this.release(work)
    if (!readback) return { peaks: found, checksums }
    const pages = work.score.map(({ slab, page, smoothed, scores }) => ({
      slab,
      page,
      smoothed: this.smoothed.at(smoothed).slice(),
      scores: this.scores.at(scores).slice(),
    }))
    return { peaks: found, checksums, pages }
  }

  async survey(work: RetireWork): Promise<void> {
    this.smooth(work)
    this.timed('score', () => {
      for (const page of work.score) {
        const smoothed = this.smoothed.at(page.smoothed)
        survey(smoothed, this.raw.at(ownSlot(page)), this.shape.kernel, this.priors.of(page.page), this.sums)
      }
    })
    this.release(work)
  }

  async termSums(): Promise<TermSums> {
    return { sums: this.sums.slice() }
  }

  async readRaw(slots: readonly number[]): Promise<Float64Array[]> {
    return slots.map(slot => this.raw.at(slot).moments.slice())
  }

  /** Nothing is ever in flight; but a page that maps a history must be able to draw in between. */
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

  private smooth(work: RetireWork): void {
    this.timed('smooth', () => {
      for (const page of work.score) this.smoother.smooth(page, this.raw, this.smoothed.at(page.smoothed))
    })
  }

  private release(work: RetireWork): void {
    for (const { slot } of work.release) clearRaw(this.raw.at(slot))
  }

  private timed<T>(step: string, run: () => T): T {
    const start = performance.now()
    const result = run()
    this.seconds[step] += (performance.now() - start) / 1000
    return result
  }
}
