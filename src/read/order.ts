import type { Spool } from './spool.ts'
import type { TradeChunk } from './trades.ts'

/**
 * Whether a feed runs newest first, judged by its first chunk: time falls at least once and never rises. A chunk within
 * one instant says nothing and counts as oldest first.
 */
export function runsNewestFirst(chunk: TradeChunk): boolean {
  let falls = false
  for (let i = 1; i < chunk.length; i++) {
    const step = chunk.time[i] - chunk.time[i - 1]
    if (step > 0) return false
    if (step < 0) falls = true
  }
  return falls
}

/**
 * The trades oldest first: passed through as they come, or, when the first chunk runs newest first, spooled to the end
 * and then given last to first. Chunks within one instant say nothing; they wait for the first that does.
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
      if (known) {
        if (spool) await spool.write(chunk)
        else yield chunk
        continue
      }
      waiting.push(chunk)
      const times = waiting.flatMap(({ time, length }) => [time[0], time[length - 1]])
      known = times.some(time => time !== times[0]) || runsNewestFirst(chunk)
      if (!known) continue
      if (waiting.every((one, i) => fallsFrom(waiting[i - 1], one))) {
        spool = await newSpool()
        for (const one of waiting) await spool.write(one)
      } else yield* waiting
      waiting = []
    }
    if (spool) yield* spool.chunksReversed()
    else yield* waiting
  } finally {
    await spool?.destroy()
  }
}

/** Whether time never rises within a chunk nor from the one before, and falls at least once or stands still. */
function fallsFrom(before: TradeChunk | undefined, chunk: TradeChunk): boolean {
  if (before && chunk.time[0] > before.time[before.length - 1]) return false
  for (let i = 1; i < chunk.length; i++) if (chunk.time[i] > chunk.time[i - 1]) return false
  return true
}
