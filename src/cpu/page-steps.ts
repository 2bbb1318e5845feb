import type { MapShape } from '../engine/steps.ts'
import {
  type KeptPage,
  ownSlot,
  type PageChecksum,
  type PageWork,
  type Peak,
  type PicturePage,
  type RawPage,
  type ScoredPage,
} from '../engine/work.ts'
import type { Grid } from '../grid/axes.ts'
import { SUM_COUNT } from '../layers/trades/moments.ts'
import { PriorTable } from '../layers/trades/priors.ts'
import { type BinnedTicks, bin, type Share } from './bin.ts'
import { checksum } from './checksum.ts'
import { clearRaw, type Pools } from './pages.ts'
import { peaks } from './peaks.ts'
import { picture } from './picture.ts'
import { score } from './score.ts'
import { Smoother } from './smooth.ts'
import { survey } from './survey.ts'

/** Seconds that a thread has spent in each step. */
export interface StepSeconds {
  bin: number
  smooth: number
  score: number
  /** Only of maps that keep pictures. */
  picture?: number
  peaks: number
  /** Checksum taken and memory cleared. */
  release: number
}

/** The seconds before the first step. */
export function noSeconds({ pictures }: MapShape): StepSeconds {
  return { bin: 0, smooth: 0, score: 0, ...(pictures && { picture: 0 }), peaks: 0, release: 0 }
}

/** The reference steps on the pages of one map, as one thread takes them. */
export class PageSteps {
  readonly seconds: StepSeconds
  /** What the surveys on this thread have added up; `SUM_COUNT` exact integers per size bin. */
  readonly sums: BigInt64Array<ArrayBuffer>
  private readonly grid: Grid
  private readonly smoother: Smoother
  private readonly priors: PriorTable

  constructor(
    private readonly shape: MapShape,
    private readonly pools: Pools,
    private readonly share: Share,
  ) {
    const { grid, kernel } = shape
    this.seconds = noSeconds(shape)
    this.grid = grid
    this.smoother = new Smoother(grid, kernel)
    this.sums = new BigInt64Array(grid.sizeBins * SUM_COUNT)
    this.priors = new PriorTable(shape)
  }

  bin(ticks: BinnedTicks): void {
    this.timed('bin', () => bin(ticks, this.grid, this.pools.raw, this.share))
  }

  smooth(page: PageWork): void {
    const { raw, smoothed } = this.pools
    this.timed('smooth', () => this.smoother.smooth(page, raw, smoothed.at(page.smoothed)))
  }

  score(page: PageWork): void {
    const { raw, smoothed, scores } = this.pools
    const { kernel, score: constants } = this.shape
    if (!constants) throw new Error('a survey has no scores')
    this.timed('score', () =>
      score(
        smoothed.at(page.smoothed),
        raw.at(ownSlot(page)),
        kernel,
        constants,
        this.priors.of(page.page),
        scores.at(page.scores),
      ),
    )
  }

  /** Writes the picture of a page that is scored; nothing for maps that keep none. */
  picture(page: PageWork): void {
    const { raw, smoothed, pictures } = this.pools
    const { kernel, score: constants, pictures: kept } = this.shape
    if (!kept || !constants) return
    this.timed('picture', () =>
      picture(
        smoothed.at(page.smoothed),
        raw.at(ownSlot(page)),
        kernel,
        constants,
        this.priors.of(page.page),
        pictures.at(page.scores),
      ),
    )
  }

  survey(page: PageWork): void {
    const { raw, smoothed } = this.pools
    const { kernel } = this.shape
    this.timed('score', () =>
      survey(smoothed.at(page.smoothed), raw.at(ownSlot(page)), kernel, this.priors.of(page.page), this.sums),
    )
  }

  peaks(page: PageWork, found: Peak[]): void {
    const { smoothed, scores } = this.pools
    this.timed('peaks', () => peaks(page, this.grid, scores, smoothed.at(page.smoothed), found))
  }

  checksum(page: RawPage): PageChecksum {
    return this.timed('release', () => checksum(page, this.pools.raw.at(page.slot)))
  }

  clear({ slot }: RawPage): void {
    this.timed('release', () => clearRaw(this.pools.raw.at(slot)))
  }

  /** A copy of a page's raw moments. */
  readRaw(slot: number): Float64Array<ArrayBuffer> {
    return this.pools.raw.at(slot).moments.slice()
  }

  /** A copy of a page that is smoothed and scored. */
  readScored({ slab, page, smoothed, scores }: PageWork): ScoredPage {
    return {
      slab,
      page,
      smoothed: this.pools.smoothed.at(smoothed).slice(),
      scores: this.pools.scores.at(scores).slice(),
    }
  }

  /** A copy of what is kept of a page. */
  readKept({ slab, page, scores }: PageWork): KeptPage {
    const picture = this.shape.pictures ? copyPicture(this.pools.pictures.at(scores)) : null
    return { slab, page, scores: this.pools.scores.at(scores).slice(), picture }
  }

  private timed<T>(step: keyof StepSeconds, run: () => T): T {
    const start = performance.now()
    const result = run()
    this.seconds[step] = (this.seconds[step] ?? 0) + (performance.now() - start) / 1000
    return result
  }
}

function copyPicture({ activity, volatility, flow, volume, netFlow }: PicturePage): PicturePage {
  return {
    activity: activity.slice(),
    volatility: volatility.slice(),
    flow: flow.slice(),
    volume: volume.slice(),
    netFlow: netFlow.slice(),
  }
}
