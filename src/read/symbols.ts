import type { SymbolTrades } from '../formats/symbol-list.ts'
import type { Counts } from '../units/counts.ts'
import { count } from '../units/counts.ts'
import type { TradeFile } from './file.ts'
import type { RecogniseOptions } from './formats.ts'
import { packingOf } from './packing.ts'
import { blocksOf, openText, type Text } from './text.ts'
import { membersOf, undatedStem } from './unpack.ts'

export type { SymbolTrades } from '../formats/symbol-list.ts'

/**
 * Counts trades by symbol, most first. Use it to see what can be read from files with several symbols. Reads
 * the files to the end.
 * @param files text files; Parquet and Arrow files are ignored
 * @throws {VoxriskError} as `openTrades`
 */
export async function tradesBySymbol(
  files: readonly TradeFile[],
  options: RecogniseOptions = {},
): Promise<SymbolTrades[]> {
  const census: Counts = {}
  for (const file of files) {
    const packing = packingOf(await file.slice(0, 16), file.name)
    if (packing === 'parquet' || packing === 'arrow') continue
    for (const member of await membersOf(file, packing)) {
      await countTrades(await openText(member, options), census)
    }
  }
  return Object.entries(census)
    .map(([symbol, trades]) => ({ symbol, trades }))
    .sort((a, b) => b.trades - a.trades)
}

async function countTrades(text: Text, census: Counts): Promise<void> {
  const { member } = text
  const rows = text.newCensus?.(census) ?? text.newRows('')
  let trades = 0
  const take = (chunks: Iterable<{ readonly length: number }>) => {
    for (const { length } of chunks) trades += length
  }
  for await (const block of blocksOf(member, () => rows.account.read)) take(rows.push(block))
  take(rows.end())
  if (text.newCensus) return
  const symbol = text.symbolOf(member.path) || undatedStem(member.path)
  count(census, symbol, trades)
}
