import type { MapShape } from '../../engine/steps.ts'
import type { KeptPage, PageWork, Peak, RawPage, RetireWork, ScoredPage } from '../../engine/work.ts'
import { MOMENT_COUNT } from '../../layers/trades/moments.ts'
import type { Share } from '../bin.ts'
import type { StepSeconds } from '../page-steps.ts'
import type { Pools } from '../pages.ts'

/** The first message to a thread. */
export interface Join {
  readonly kind: 'join'
  readonly share: Share
  /** Of the team's {@link Rendezvous}. */
  readonly meeting: SharedArrayBuffer
}

/** One more chunk of a map's pool. Like `join`, it is not answered. */
interface Grow {
  readonly kind: 'grow'
  readonly map: number
  readonly pool: keyof Pools
  readonly chunk: SharedArrayBuffer
}

/** What all threads of a team are asked to do, each its part, in the order in which it is asked. */
export type Call =
  | { readonly kind: 'open'; readonly map: number; readonly shape: MapShape }
  | { readonly kind: 'bin'; readonly map: number; readonly words: Uint32Array; readonly entries: number }
  | { readonly kind: 'retire'; readonly map: number; readonly work: PackedWork; readonly readback: boolean }
  | { readonly kind: 'survey'; readonly map: number; readonly work: PackedWork }
  | { readonly kind: 'sums'; readonly map: number }
  | { readonly kind: 'read'; readonly map: number; readonly slots: readonly number[] }
  | { readonly kind: 'kept'; readonly map: number; readonly pages: PackedPages }
  | { readonly kind: 'close'; readonly map: number }

export type Message = Join | Grow | (Call & { readonly call: number })

/** What a thread has to say to a call. */
export interface Answers {
  open: null
  bin: null
  retire: RetiredPart
  survey: null
  /** The thread's own part of the sums. */
  sums: BigInt64Array
  /** Pages of the thread's share, with their places in `slots`. */
  read: readonly { readonly at: number; readonly moments: Float64Array }[]
  /** Pages with their places among those asked for. */
  kept: readonly { readonly at: number; readonly page: KeptPage }[]
  close: null
}

export type Answer = Done<Answers[keyof Answers]> | { readonly call: number; readonly error: unknown }

/** A call that a thread has done its part of. */
export interface Done<Value> {
  readonly call: number
  readonly value: Value
  /** Of the map, on this thread, so far. */
  readonly seconds: StepSeconds
}

/** What a thread has done of a retire. */
export interface RetiredPart {
  /** {@link packPeaks}. */
  readonly peaks: Float64Array
  /** Three numbers a page: its place in `release`, and the words of its checksum. */
  readonly checksums: readonly number[]
  /** Pages read back, with their places in `score`. */
  readonly pages: readonly { readonly at: number; readonly page: ScoredPage }[]
}

/**
 * `RetireWork` as it goes to the threads: a copy costs a fraction of one of many small objects, and a thread unpacks
 * only the pages that it works on.
 */
export interface PackedWork {
  readonly score: PackedPages
  readonly peaks: PackedPages
  /** Slab, page and slot of each page. */
  readonly release: Float64Array
}

/** slab, page, smoothed, scores, the slots of `around` and those of `raw`: as many numbers for each page. */
export interface PackedPages {
  readonly count: number
  readonly words: Float64Array
}

const AROUND_AT = 4
const RAW_AT = AROUND_AT + 9

export function packWork({ score, peaks, release }: RetireWork): PackedWork {
  return { score: packPages(score), peaks: packPages(peaks), release: packRelease(release) }
}

export function packPages(pages: readonly PageWork[]): PackedPages {
  const count = pages.length
  if (count === 0) return { count, words: new Float64Array() }
  const stride = RAW_AT + pages[0].raw.length
  const words = new Float64Array(count * stride)
  for (const [i, { slab, page, smoothed, scores, raw, around }] of pages.entries()) {
    words.set([slab, page, smoothed, scores], i * stride)
    words.set(around, i * stride + AROUND_AT)
    words.set(raw, i * stride + RAW_AT)
  }
  return { count, words }
}

export function unpackPage({ count, words }: PackedPages, i: number): PageWork {
  const stride = words.length / count
  const at = i * stride
  return {
    slab: words[at],
    page: words[at + 1],
    smoothed: words[at + 2],
    scores: words[at + 3],
    around: new Int32Array(words.subarray(at + AROUND_AT, at + RAW_AT)),
    raw: new Int32Array(words.subarray(at + RAW_AT, at + stride)),
  }
}

function packRelease(pages: readonly RawPage[]): Float64Array {
  const words = new Float64Array(3 * pages.length)
  for (const [i, { slab, page, slot }] of pages.entries()) words.set([slab, page, slot], 3 * i)
  return words
}

export function unpackRelease(words: Float64Array): RawPage[] {
  return Array.from({ length: words.length / 3 }, (_, i) => ({
    slab: words[3 * i],
    page: words[3 * i + 1],
    slot: words[3 * i + 2],
  }))
}

/** slab, priceBin, sizeBin, score, moments. */
const PEAK_WORDS = 4 + MOMENT_COUNT

export function packPeaks(peaks: readonly Peak[]): Float64Array {
  const words = new Float64Array(peaks.length * PEAK_WORDS)
  for (const [i, { slab, priceBin, sizeBin, score, moments }] of peaks.entries()) {
    words.set([slab, priceBin, sizeBin, score], i * PEAK_WORDS)
    words.set(moments, i * PEAK_WORDS + 4)
  }
  return words
}

export function unpackPeaks(words: Float64Array): Peak[] {
  return Array.from({ length: words.length / PEAK_WORDS }, (_, i) => {
    const [slab, priceBin, sizeBin, score] = words.subarray(i * PEAK_WORDS, i * PEAK_WORDS + 4)
    const moments = words.slice(i * PEAK_WORDS + 4, (i + 1) * PEAK_WORDS)
    return { slab, priceBin, sizeBin, score, moments }
  })
}
