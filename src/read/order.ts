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
 * and then given last to first.
 * @param newSpool makes the store; it is destroyed when the iteration ends
 */
export async function* oldestFirst(
  chunks: AsyncIterable<TradeChunk>,
  newSpool: () => Spool | Promise<Spool>,
): AsyncGenerator<TradeChunk> {
  let spool: Spool | undefined
  let first = true
  try {
    for await (const chunk of chunks) {
      if (first && runsNewestFirst(chunk)) spool = await newSpool()
      first = false
      if (spool) await spool.write(chunk)
      else yield chunk
    }
    if (spool) yield* spool.chunksReversed()
  } finally {
    await spool?.destroy()
  }
}
