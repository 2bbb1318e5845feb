import type { TradeChunk } from '../../src/events/trades.ts'
import { RowReader } from '../../src/read/rows/delimited.ts'
import type { RowLayout } from '../../src/read/rows/layout.ts'

/** Reads a text in pieces that end at the given cuts. */
export function readRows(layout: RowLayout, bytes: Uint8Array, cuts: readonly number[], symbol: string) {
  const reader = new RowReader(layout, symbol)
  const chunks: TradeChunk[] = []
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    chunks.push(...reader.push(bytes.slice(from, cut)))
    from = cut
  }
  chunks.push(...reader.end())
  return { chunks, reader, account: reader.account }
}
