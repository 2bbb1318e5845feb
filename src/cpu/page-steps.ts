import type { BinnedEvents } from '../engine/layer.ts'
import { sumCount } from '../engine/layer.ts'
import { pageVoxels } from '../engine/pages.ts'
import { PriorTable } from '../engine/priors.ts'
import type { MapShape } from '../engine/steps.ts'
import type {
  DetailPage,
  KeptPage,
  PageChecksum,
  PageWork,
  Peak,
  RawPage,
  ScoredPage,
} from '../engine/work.ts'
import { detail } from './detail.ts'
import type { Pools } from './pages.ts'
import { peaks } from './peaks.ts'
import { checksum, clear } from './release.ts'
import { type Scoring, score } from './score.ts'
import { owns, type Share } from './share.ts'
import { Smoother } from './smooth.ts'
import { survey } from './survey.ts'

/** Seconds a thread has spent on each step. */
export interface ThreadSeconds {
  bin: number
  smooth: number
  /** Only for maps with scores, as `peaks`. */
  score?: number
  /** Only for maps that keep details. */
  detail?: number
  /** Only for a calibration. */
  survey?: number
  peaks?: number
  /** Taking checksums and clearing memory. */
  release: number
}

/** Seconds before the first step: all 0. */
export function noSeconds({ constants, details }: MapShape): ThreadSeconds {
  const own = constants ? { score: 0, ...(details && { detail: 0 }), peaks: 0 } : { survey: 0 }
  return { bin: 0, smooth: 0, ...own, release: 0 }
}

/** The reference steps on the pages of one map, as run by one thread. */
export class PageSteps {
  readonly seconds: ThreadSeconds
  /** Sums of the surveys on this thread: `sumCount(layer)` exact integers per class. */
  readonly sums: BigInt64Array<ArrayBuffer>
  private readonly moments: number
  private readonly scoring: Scoring
  private readonly smoother: Smoother
  private readonly priors: PriorTable

  constructor(
    private readonly shape: MapShape,
    private readonly pools: Pools,
    private readonly share: Share,
  ) {
    const { layer, axes, kernel } = shape
    this.seconds = noSeconds(shape)
    this.moments = layer.moments.length
    this.scoring = {
      layer,
      shrinkage: layer.kappa * kernel.centre,
      constants: shape.constants ?? new Int32Array(),
      voxels: new Uint16Array(pageVoxels(axes.classBins)),
      terms: new Int32Array(pageVoxels(axes.classBins) * layer.terms.length),
    }
    this.smoother = new Smoother(shape)
    this.sums = new BigInt64Array(axes.classBins * sumCount(layer))
    this.priors = new PriorTable(shape)
  }

  bin(events: BinnedEvents): void {
    const { raw } = this.pools
    const pageAt = (slot: number) => (owns(this.share, slot) ? raw.at(slot) : null)
    this.timed('bin', () => this.shape.layer.bin(events, this.shape, pageAt))
  }

  smooth(page: PageWork): void {
    const { raw, smoothed } = this.pools
    this.timed('smooth', () => this.smoother.smooth(page, raw, smoothed.at(page.smoothed)))
  }

  score(page: PageWork): void {
    const { raw, smoothed, scores } = this.pools
    this.timed('score', () =>
      score(
        this.scoring,
        smoothed.at(page.smoothed),
        raw.at(page.own),
        this.priors.of(page.page),
        scores.at(page.scores),
      ),
    )
  }

  /** Writes the details of a scored page, if the map keeps details. */
  detail(page: PageWork): void {
    if (!this.shape.details) return
    const { raw, smoothed, details } = this.pools
    this.timed('detail', () =>
      detail(
        this.scoring,
        smoothed.at(page.smoothed),
        raw.at(page.own),
        this.priors.of(page.page),
        details.at(page.scores),
      ),
    )
  }

  survey(page: PageWork): void {
    const { raw, smoothed } = this.pools
    this.timed('survey', () =>
      survey(
        this.scoring,
        smoothed.at(page.smoothed),
        raw.at(page.own),
        this.priors.of(page.page),
        this.sums,
      ),
    )
  }

  peaks(page: PageWork, found: Peak[]): void {
    const { smoothed, scores } = this.pools
    const { classBins } = this.shape.axes
    this.timed('peaks', () => peaks(page, classBins, scores, smoothed.at(page.smoothed), this.moments, found))
  }

  checksum(page: RawPage): PageChecksum {
    return this.timed('release', () => checksum(page, this.pools.raw.at(page.slot), this.moments))
  }

  clear({ slot }: RawPage): void {
    this.timed('release', () => clear(this.pools.raw.at(slot), this.moments))
  }

  /** A copy of a page's raw moments. */
  readRaw(slot: number): Float64Array<ArrayBuffer> {
    return this.pools.raw.at(slot).moments.slice()
  }

  /** A copy of a smoothed and scored page. */
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
    const detail = this.shape.details ? copyDetail(this.pools.details.at(scores)) : null
    return { slab, page, scores: this.pools.scores.at(scores).slice(), detail }
  }

  private timed<T>(step: keyof ThreadSeconds, run: () => T): T {
    const start = performance.now()
    const result = run()
    this.seconds[step] = (this.seconds[step] ?? 0) + (performance.now() - start) / 1000
    return result
  }
}

function copyDetail({ parts, moments }: DetailPage): DetailPage {
  return { parts: parts.map(plane => plane.slice()), moments: moments.map(plane => plane.slice()) }
}
