import { PageJobs, ReleaseJobs } from '../../engine/packing.ts'
import type { MapShape } from '../../engine/steps.ts'
import type { KeptPage, Peak } from '../../engine/work.ts'
import { PageSteps, type ThreadSeconds } from '../page-steps.ts'
import { type PageLayout, Pool, type Pools, pageLayouts } from '../pages.ts'
import { owns, type Share } from '../share.ts'
import { type Answers, type Call, type PackedWork, packPeaks, type RetiredPart } from './calls.ts'
import { ChunkLayout } from './memory.ts'
import type { Rendezvous } from './rendezvous.ts'

/**
 * A thread's part in one map. Each raw page belongs to one thread, which bins into it and clears it.
 * Smoothing, scores, peaks and checksums go to whichever thread is free. Before a step reads what other
 * threads wrote, the threads meet.
 */
export class ThreadMap {
  private readonly steps: PageSteps
  private readonly chunks: Record<keyof Pools, SharedArrayBuffer[]> = {
    raw: [],
    smoothed: [],
    scores: [],
    details: [],
  }

  constructor(
    private readonly shape: MapShape,
    private readonly share: Share,
    private readonly team: Rendezvous,
  ) {
    const layouts = pageLayouts(shape)
    const pool = <Page>(name: keyof Pools, { bytes, view }: PageLayout<Page>) => {
      const chunks = this.chunks[name]
      const layout = new ChunkLayout(bytes)
      return new Pool(slot => {
        const chunk = chunks[layout.chunk(slot)]
        if (!chunk) throw new Error(`no memory for slot ${slot} of the ${name} pages`)
        return view(chunk, layout.offset(slot))
      })
    }
    const pools = {
      raw: pool('raw', layouts.raw),
      smoothed: pool('smoothed', layouts.smoothed),
      scores: pool('scores', layouts.scores),
      details: pool('details', layouts.details),
    }
    this.steps = new PageSteps(shape, pools, share)
  }

  get seconds(): ThreadSeconds {
    return this.steps.seconds
  }

  grow(pool: keyof Pools, chunk: SharedArrayBuffer): void {
    this.chunks[pool].push(chunk)
  }

  answer(call: Call): Answers[keyof Answers] {
    switch (call.kind) {
      case 'bin':
        this.steps.bin(call)
        return null
      case 'retire':
        return this.retire(call.work, call.readback)
      case 'survey':
        this.survey(call.work)
        return null
      case 'sums':
        return this.steps.sums
      case 'read':
        return call.slots.flatMap((slot, at) =>
          owns(this.share, slot) ? [{ at, moments: this.steps.readRaw(slot) }] : [],
        )
      case 'kept':
        return this.kept(new PageJobs(call.pages))
      default:
        return null
    }
  }

  private retire(work: PackedWork, readback: boolean): RetiredPart {
    const { steps, team } = this
    const score = new PageJobs(work.score)
    const peaks = new PageJobs(work.peaks)
    const released = [...new ReleaseJobs(work.release)]
    const pages: { at: number; page: ReturnType<PageSteps['readScored']> }[] = []
    const checksums: number[] = []
    team.meet() // all events are binned, and no thread still searches a smoothed page
    team.share(score.count + released.length, job => {
      if (job < score.count) {
        const page = score.at(job)
        steps.smooth(page)
        steps.score(page)
        steps.detail(page)
        if (readback) pages.push({ at: job, page: steps.readScored(page) })
      } else {
        const at = job - score.count
        checksums.push(at, ...steps.checksum(released[at]).words)
      }
    })
    team.meet() // all pages are scored, and no thread still reads a raw page
    for (const page of released) if (owns(this.share, page.slot)) steps.clear(page)
    const found: Peak[] = []
    team.share(peaks.count, job => steps.peaks(peaks.at(job), found))
    return { peaks: packPeaks(found, this.shape.layer.moments.length), checksums, pages }
  }

  /**
   * This thread's part of the pages: those in its share of the slots. Their scores are complete: no thread
   * leaves a `retire` before all pages are scored, and none begins another while this one reads.
   */
  private kept(pages: PageJobs): Answers['kept'] {
    const read: { at: number; page: KeptPage }[] = []
    for (let at = 0; at < pages.count; at++) {
      const page = pages.at(at)
      if (owns(this.share, page.scores)) read.push({ at, page: this.steps.readKept(page) })
    }
    return read
  }

  private survey(work: PackedWork): void {
    const { steps, team } = this
    const score = new PageJobs(work.score)
    team.meet()
    team.share(score.count, job => {
      const page = score.at(job)
      steps.smooth(page)
      steps.survey(page)
    })
    team.meet()
    for (const page of new ReleaseJobs(work.release)) if (owns(this.share, page.slot)) steps.clear(page)
  }
}
