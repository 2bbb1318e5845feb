import type { TradeChunk } from '../events/trades.ts'
import type { Spool } from './spool.ts'

/**
 * Whether a feed runs newest first, judged by one chunk and the time before it: time falls at least once and
 * never rises. A chunk within one instant proves nothing and counts as oldest first.
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

/** Most chunks of one instant that wait: a million trades. After that they count as oldest first. */
const MOST_WAITING = 16

/**
 * Yields the trades oldest first. If they begin oldest first, they are passed straight through; otherwise
 * they are all spooled, then read back in reverse. Chunks within one instant prove nothing, so they wait for
 * the first that does, up to a limit.
 * @param newSpool makes the store, which is destroyed when the iteration ends
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
        const instant = waiting[0].time[0] // shared by all waiting chunks
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
