import type { RetireWork } from '../../engine/packing.ts'
import type { MapShape } from '../../engine/steps.ts'
import type { KeptPage, Peak, ScoredPage } from '../../engine/work.ts'
import type { ThreadSeconds } from '../page-steps.ts'
import type { Pools } from '../pages.ts'
import type { Share } from '../share.ts'

/** The first message to a thread. */
export interface Join {
  readonly kind: 'join'
  readonly share: Share
  /** Memory of the team's {@link Rendezvous}. */
  readonly meeting: SharedArrayBuffer
}

/** Another chunk for a map's pool. Not answered, like `join`. */
interface Grow {
  readonly kind: 'grow'
  readonly map: number
  readonly pool: keyof Pools
  readonly chunk: SharedArrayBuffer
}

/** A request to all threads of a team. Each does its part, in the order of the requests. */
export type Call =
  | { readonly kind: 'open'; readonly map: number; readonly shape: PostedShape }
  | { readonly kind: 'bin'; readonly map: number; readonly words: Uint32Array; readonly entries: number }
  | { readonly kind: 'retire'; readonly map: number; readonly work: PackedWork; readonly readback: boolean }
  | { readonly kind: 'survey'; readonly map: number; readonly work: PackedWork }
  | { readonly kind: 'sums'; readonly map: number }
  | { readonly kind: 'read'; readonly map: number; readonly slots: readonly number[] }
  | { readonly kind: 'kept'; readonly map: number; readonly pages: Int32Array }
  | { readonly kind: 'close'; readonly map: number }

export type Message = Join | Grow | (Call & { readonly call: number })

/** What a thread answers to each call. */
export interface Answers {
  open: null
  bin: null
  retire: RetiredPart
  survey: null
  /** The thread's part of the sums. */
  sums: BigInt64Array
  /** Pages of the thread's share, with their positions in `slots`. */
  read: readonly { readonly at: number; readonly moments: Float64Array }[]
  /** Pages with their positions among those requested. */
  kept: readonly { readonly at: number; readonly page: KeptPage }[]
  close: null
}

export type Answer = Done<Answers[keyof Answers]> | { readonly call: number; readonly error: unknown }

/** A thread's answer when its part of a call is done. */
export interface Done<Value> {
  readonly call: number
  readonly value: Value
  /** Seconds spent on the map so far, on this thread. */
  readonly seconds: ThreadSeconds
}

/** A thread's part of a retire. */
export interface RetiredPart {
  /** Packed by {@link packPeaks}. */
  readonly peaks: Float64Array
  /** Three numbers per page: its position in `release` and the two words of its checksum. */
  readonly checksums: readonly number[]
  /** Pages read back, with their positions in `score`. */
  readonly pages: readonly { readonly at: number; readonly page: ScoredPage }[]
}

/** `RetireWork` as posted to the threads: the words of its jobs, because class instances cannot be posted. */
export interface PackedWork {
  readonly score: Int32Array
  readonly peaks: Int32Array
  readonly release: Int32Array
}

/** A map's shape as posted to a thread. Functions cannot be sent, so the layer is given by name. */
export type PostedShape = Omit<MapShape, 'layer'> & { readonly layer: string }

export function packWork({ score, peaks, release }: RetireWork): PackedWork {
  return { score: score.words, peaks: peaks.words, release: release.words }
}

/** Numbers of a peak besides its moments: slab, priceBin, classBin, score. */
const PEAK_NUMBERS = 4

export function packPeaks(peaks: readonly Peak[], momentCount: number): Float64Array {
  const stride = PEAK_NUMBERS + momentCount
  const words = new Float64Array(peaks.length * stride)
  for (const [i, { slab, priceBin, classBin, score, moments }] of peaks.entries()) {
    words.set([slab, priceBin, classBin, score], i * stride)
    words.set(moments, i * stride + PEAK_NUMBERS)
  }
  return words
}

export function unpackPeaks(words: Float64Array, momentCount: number): Peak[] {
  const stride = PEAK_NUMBERS + momentCount
  return Array.from({ length: words.length / stride }, (_, i) => {
    const at = i * stride
    const [slab, priceBin, classBin, score] = words.subarray(at, at + PEAK_NUMBERS)
    return { slab, priceBin, classBin, score, moments: words.slice(at + PEAK_NUMBERS, at + stride) }
  })
}
