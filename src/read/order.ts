import type { TradeChunk } from '../events/trades.ts'
import type { Spool } from './spool.ts'

/**
 * Whether a feed runs newest first, judged by a chunk and the time before it: time falls at least once and never rises.
 * A chunk within one instant says nothing and counts as oldest first.
 */
export function runsNewestFirst(chunk: TradeChunk, before: number = chunk.time[0]): boolean {
  let falls = false
  let last = before
  for (let i = 0; i < chunk.length; i++) {
    if (chunk.time[i] > last) return false
    if (chunk.time[i] < last) falls = true
    last = chunk.time[i]
  }
  return falls
}

function isOneInstant({ time, length }: TradeChunk, instant: number): boolean {
  return time.subarray(0, length).every(at => at === instant)
}

/** Chunks of one instant that wait at most: a million trades, after which they count as oldest first. */
const MOST_WAITING = 16

/**
 * The trades oldest first: passed through as they come, or, when they begin newest first, spooled to the end and then
 * given last to first. Chunks within one instant say nothing; they wait for the first that does, up to a number.
 * @param newSpool makes the store; it is destroyed when the iteration ends
 */
export async function* oldestFirst(
  chunks: AsyncIterable<TradeChunk>,
  newSpool: () => Spool | Promise<Spool>,
): AsyncGenerator<TradeChunk> {
  let spool: Spool | undefined
  let known = false
  let waiting: TradeChunk[] = []
  try {
    for await (const chunk of chunks) {
      waiting.push(chunk)
      if (!known) {
        const instant = waiting[0].time[0] // of all that wait
        if (isOneInstant(chunk, instant) && waiting.length < MOST_WAITING) continue
        known = true
        if (runsNewestFirst(chunk, instant)) spool = await newSpool()
      }
      for (const one of waiting) {
        if (spool) await spool.write(one)
        else yield one
      }
      waiting = []
    }
    if (spool) yield* spool.chunksReversed()
    else yield* waiting
  } finally {
    await spool?.destroy()
  }
}
