import { fromSignedWords, highWord, lowWord } from '../fixed/u64.ts'
import { NO_SLOT, type PageWork, type RawPage } from './work.ts'

/**
 * The one packed form of page work: i32 words, laid out like the structs of the same names in
 * shaders/pages.wgsl and shaders/release.wgsl. The words are uploaded to a GPU and posted to threads as they
 * are. The WebGPU backend checks that its shaders agree when it opens.
 */
export const PAGE_JOB = {
  slabLow: 1,
  slabHigh: 1,
  page: 1,
  own: 1,
  smoothed: 1,
  scores: 1,
  around: 9,
  raw: 51,
}
export const RELEASE_JOB = { slabLow: 1, slabHigh: 1, page: 1, slot: 1 }

const AROUND_AT = 6
const RAW_AT = AROUND_AT + PAGE_JOB.around
const PAGE_WORDS = RAW_AT + PAGE_JOB.raw
const RELEASE_WORDS = 4

/**
 * A list of jobs. The timetable plans objects; they are packed only when the words are needed. The
 * single-threaded reference never needs them.
 */
abstract class Jobs<Job> {
  /** Number of jobs. */
  readonly count: number
  private packed: Int32Array | null

  /** @param jobs the jobs, or their words */
  protected constructor(
    private readonly jobs: readonly Job[] | Int32Array,
    private readonly stride: number,
  ) {
    const isPacked = jobs instanceof Int32Array
    this.packed = isPacked ? jobs : null
    this.count = isPacked ? jobs.length / stride : jobs.length
  }

  /** All jobs back to back. */
  get words(): Int32Array {
    if (!this.packed) {
      this.packed = new Int32Array(this.count * this.stride)
      for (let i = 0; i < this.count; i++) this.pack(this.at(i), this.packed, i * this.stride)
    }
    return this.packed
  }

  /** One job. If it comes from words, its arrays are views of them. */
  at(i: number): Job {
    return this.jobs instanceof Int32Array ? this.unpack(this.jobs, i * this.stride) : this.jobs[i]
  }

  *[Symbol.iterator](): Generator<Job> {
    for (let i = 0; i < this.count; i++) yield this.at(i)
  }

  protected abstract pack(job: Job, words: Int32Array, at: number): void
  protected abstract unpack(words: Int32Array, at: number): Job
}

/** Pages to smooth and score, or to search for peaks. */
export class PageJobs extends Jobs<PageWork> {
  /** @param jobs the jobs, or their words */
  constructor(jobs: readonly PageWork[] | Int32Array) {
    super(jobs, PAGE_WORDS)
  }

  /** One more than the highest slot of smoothed pages in these jobs. */
  get smoothedSlots(): number {
    return this.highest(page => page.smoothed) + 1
  }

  /** One more than the highest slot of score pages in these jobs. */
  get scoreSlots(): number {
    return this.highest(page => page.scores) + 1
  }

  /** At most `count` jobs, starting at `from`. */
  slice(from: number, count: number): PageJobs {
    return new PageJobs(
      Array.from({ length: Math.min(count, this.count - from) }, (_, i) => this.at(from + i)),
    )
  }

  protected override pack(work: PageWork, words: Int32Array, at: number): void {
    const { slab, page, own, smoothed, scores, around, raw } = work
    words.set([lowWord(slab), highWord(slab), page, own, smoothed, scores], at)
    words.set(around, at + AROUND_AT)
    words.set(raw, at + RAW_AT)
    words.fill(NO_SLOT, at + RAW_AT + raw.length, at + PAGE_WORDS)
  }

  protected override unpack(words: Int32Array, at: number): PageWork {
    return {
      slab: fromSignedWords(words[at + 1], words[at] >>> 0),
      page: words[at + 2],
      own: words[at + 3],
      smoothed: words[at + 4],
      scores: words[at + 5],
      around: words.subarray(at + AROUND_AT, at + RAW_AT),
      raw: words.subarray(at + RAW_AT, at + PAGE_WORDS),
    }
  }

  private highest(slot: (page: PageWork) => number): number {
    let most = NO_SLOT
    for (const page of this) most = Math.max(most, slot(page))
    return most
  }
}

/** Raw pages to release. */
export class ReleaseJobs extends Jobs<RawPage> {
  /** @param jobs the jobs, or their words */
  constructor(jobs: readonly RawPage[] | Int32Array) {
    super(jobs, RELEASE_WORDS)
  }

  protected override pack({ slab, page, slot }: RawPage, words: Int32Array, at: number): void {
    words.set([lowWord(slab), highWord(slab), page, slot], at)
  }

  protected override unpack(words: Int32Array, at: number): RawPage {
    return { slab: fromSignedWords(words[at + 1], words[at] >>> 0), page: words[at + 2], slot: words[at + 3] }
  }
}

/** What a backend does in one go, in this order: smooth, score, detail (where asked for), peaks, release. */
export interface RetireWork {
  /** Pages to smooth and score. */
  readonly score: PageJobs
  /** Pages scored now or earlier whose neighbours are all scored. */
  readonly peaks: PageJobs
  /** Raw pages to take the checksum of and to clear for reuse. */
  readonly release: ReleaseJobs
}
