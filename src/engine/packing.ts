import { fromSignedWords, highWord, lowWord } from '../fixed/u64.ts'
import { NO_SLOT, type PageWork, type RawPage } from './work.ts'

/**
 * The one packed form of page work: i32 words, laid out as the structs of the same names in shaders/pages.wgsl and
 * shaders/release.wgsl. A GPU is given the words as they are, threads read them, and the timetable writes them.
 * Backends check at their start that the shaders agree.
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

/** Jobs of a kind, back to back in one array. */
abstract class Jobs<Job> {
  /** Nothing to do. */
  readonly count: number

  protected constructor(
    readonly words: Int32Array,
    stride: number,
  ) {
    this.count = words.length / stride
  }

  /** One job; what it holds are views of `words`. */
  abstract at(i: number): Job

  *[Symbol.iterator](): Generator<Job> {
    for (let i = 0; i < this.count; i++) yield this.at(i)
  }
}

/** Pages to smooth and score, or to search for peaks. */
export class PageJobs extends Jobs<PageWork> {
  constructor(words: Int32Array) {
    super(words, PAGE_WORDS)
  }

  static of(pages: readonly PageWork[]): PageJobs {
    const words = new Int32Array(pages.length * PAGE_WORDS)
    for (const [i, { slab, page, own, smoothed, scores, around, raw }] of pages.entries()) {
      const at = i * PAGE_WORDS
      words.set([lowWord(slab), highWord(slab), page, own, smoothed, scores], at)
      words.set(around, at + AROUND_AT)
      words.set(raw, at + RAW_AT)
      words.fill(NO_SLOT, at + RAW_AT + raw.length, at + PAGE_WORDS)
    }
    return new PageJobs(words)
  }

  override at(i: number): PageWork {
    const { words } = this
    const at = i * PAGE_WORDS
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

  /** One more than the highest slot of smoothed pages that the jobs name. */
  get smoothedSlots(): number {
    return this.highest(4) + 1
  }

  /** One more than the highest slot of score pages that the jobs name. */
  get scoreSlots(): number {
    return this.highest(5) + 1
  }

  /** The jobs from one on, `count` of them at most; a view. */
  slice(from: number, count: number): PageJobs {
    return new PageJobs(this.words.subarray(from * PAGE_WORDS, (from + count) * PAGE_WORDS))
  }

  private highest(word: number): number {
    let most = NO_SLOT
    for (let at = word; at < this.words.length; at += PAGE_WORDS) most = Math.max(most, this.words[at])
    return most
  }
}

/** Raw pages to let go of. */
export class ReleaseJobs extends Jobs<RawPage> {
  constructor(words: Int32Array) {
    super(words, RELEASE_WORDS)
  }

  static of(pages: readonly RawPage[]): ReleaseJobs {
    const words = new Int32Array(pages.length * RELEASE_WORDS)
    for (const [i, { slab, page, slot }] of pages.entries()) {
      words.set([lowWord(slab), highWord(slab), page, slot], i * RELEASE_WORDS)
    }
    return new ReleaseJobs(words)
  }

  override at(i: number): RawPage {
    const { words } = this
    const at = i * RELEASE_WORDS
    return { slab: fromSignedWords(words[at + 1], words[at] >>> 0), page: words[at + 2], slot: words[at + 3] }
  }
}
