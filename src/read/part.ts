import { VoxriskError } from '../errors.ts'
import type { ReadAccount, TradeChunk } from '../events/trades.ts'
import { openArrow } from './columnar/arrow.ts'
import { openParquet } from './columnar/parquet.ts'
import type { TradeFile } from './file.ts'
import { allRejected, inFile, named } from './file-error.ts'
import type { Rows } from './format.ts'
import { checkColumnar, type RecogniseOptions } from './formats.ts'
import { packingOf } from './packing.ts'
import { LINE_FEED } from './rows/field.ts'
import { blocksOf, openText, type Text } from './text.ts'
import { type Member, membersOf, undatedStem } from './unpack.ts'

/** The trades of one part while being read. */
interface PartTrades {
  /** Grows as the chunks are consumed. */
  readonly account: ReadAccount
  /**
   * The trades in feed order. Leaving the iteration early stops the reading.
   * @throws {VoxriskError} `bad-data` naming the last row before the damage, or the first bad row when every
   *   row is rejected
   */
  chunks(): AsyncIterable<TradeChunk>
}

/** A file, or one member of a zip, with trades of one symbol. */
export interface Part {
  /** Name for messages. */
  readonly name: string
  readonly format: string
  /** Empty when unknown. */
  readonly symbol: string
  readonly isInverse: boolean
  /** Time of the first trade in feed order, µs; infinite when the part holds no requested trade. */
  readonly start: number
  open(): PartTrades | Promise<PartTrades>
}

export interface PartOptions extends RecogniseOptions {
  /**
   * Symbol to read, in any case: selects members of a zip, or rows by their symbol. Required when there are
   * several.
   */
  readonly symbol?: string
}

/**
 * The requested parts of a file, in no particular order.
 * @throws {VoxriskError} as `openTrades`
 */
export async function partsOf(file: TradeFile, options: PartOptions): Promise<readonly Part[]> {
  const packing = packingOf(await file.slice(0, 16), file.name)
  if (packing === 'parquet' || packing === 'arrow') return [await columnarPart(file, packing, options)]
  const members = await membersOf(file, packing)
  const first = await openText(members[0], options)
  const chosen = members.length === 1 ? members : chooseMembers(file.name, members, first, options.symbol)
  const parts: Part[] = []
  for (const member of chosen) {
    const text = member === members[0] ? first : await openText(member, options)
    parts.push(await partOf(text, options))
  }
  return parts
}

async function columnarPart(
  file: TradeFile,
  format: 'parquet' | 'arrow',
  options: PartOptions,
): Promise<Part> {
  const { name } = file
  inFile(name, () => checkColumnar(format, options))
  const open = () => (format === 'parquet' ? openParquet(file, options) : openArrow(file, options))
  const probe = await open()
  let start = Number.POSITIVE_INFINITY
  for await (const chunk of probe.chunks()) {
    start = chunk.time[0]
    break
  }
  return { name, format, symbol: probe.symbol, isInverse: false, start, open }
}

/** An archive of several symbols does not hold the requested one. Harmless if another file does. */
export class SymbolMissing extends VoxriskError {}

/** The members that hold the requested symbol, or the only symbol in the archive. */
function chooseMembers(
  file: string,
  members: readonly Member[],
  first: Text,
  symbol = '',
): readonly Member[] {
  if (first.newCensus) return members
  const symbolOf = ({ path }: Member) => first.symbolOf(path) || undatedStem(path)
  const wanted = symbol || symbolOf(members[0])
  const chosen = members.filter(member => symbolOf(member).toLowerCase() === wanted.toLowerCase())
  const symbols = [...new Set(members.map(symbolOf))]
  if (chosen.length > 0 && (symbol !== '' || symbols.length === 1)) return chosen
  const MOST = 20
  const list =
    symbols.slice(0, MOST).join(', ') + (symbols.length > MOST ? `, and ${symbols.length - MOST} more` : '')
  const fix = `Say which one to read, such as ${symbols[0]}.`
  const settings = ['symbol'] as const
  throw symbol === ''
    ? new VoxriskError('several-symbols', `${file}: the zip holds ${symbols.length} symbols: ${list}`, fix, {
        settings,
      })
    : new SymbolMissing('bad-setting', `${file}: the zip holds nothing of ${symbol}, only ${list}`, fix, {
        settings,
      })
}

async function partOf(text: Text, { symbol = '' }: PartOptions): Promise<Part> {
  const { member, format } = text
  const { name } = member
  const namedAfter = text.symbolOf(member.path)
  if (symbol !== '' && namedAfter !== '' && symbol.toLowerCase() !== namedAfter.toLowerCase()) {
    throw new VoxriskError(
      'bad-setting',
      `${name}: holds ${namedAfter}, not ${symbol}`,
      `Ask for ${namedAfter}, or give another file.`,
      { settings: ['symbol'] },
    )
  }
  const first = await firstTrade(member, text.newRows(symbol))
  const known = namedAfter || symbol || first.symbol
  return {
    name,
    format,
    symbol: known,
    isInverse: text.isInverse(known),
    start: first.time,
    open: () => new TextTrades(member, text.newRows(symbol)),
  }
}

/**
 * Reads up to the first trade. Its time is infinite when there is none, or when the bytes break off before
 * it.
 */
async function firstTrade(member: Member, rows: Rows): Promise<{ time: number; symbol: string }> {
  const read = (take: () => Iterable<TradeChunk>) => inFile(member.name, () => [...take()])
  for await (const block of untilBreak(blocksOf(member, () => rows.account.read))) {
    const end = block.lastIndexOf(LINE_FEED) + 1 // a cut-off line waits for its rest
    const chunks = read(() => rows.push(block.subarray(0, end)))
    if (end > 0) chunks.push(...read(() => rows.end()))
    if (chunks.length > 0) return { time: chunks[0].time[0], symbol: rows.symbol }
    read(() => rows.push(block.subarray(end)))
  }
  const [chunk] = read(() => rows.end())
  return { time: chunk?.time[0] ?? Number.POSITIVE_INFINITY, symbol: rows.symbol }
}

/** Bytes per piece in the search for the first trade; a second piece is rarely needed. */
const PIECE_BYTES = 16_384

/** The bytes up to any damage, in small pieces. The damage is reported when the rows are read. */
async function* untilBreak(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const block of blocks) {
      for (let at = 0; at < block.length; at += PIECE_BYTES) yield block.subarray(at, at + PIECE_BYTES)
    }
  } catch {}
}

class TextTrades implements PartTrades {
  constructor(
    private readonly member: Member,
    private readonly rows: Rows,
  ) {}

  get account(): ReadAccount {
    return this.rows.account
  }

  async *chunks(): AsyncGenerator<TradeChunk> {
    const { rows } = this
    const { name } = this.member
    let trades = 0
    try {
      for await (const block of blocksOf(this.member, () => rows.account.read)) {
        for (const chunk of rows.push(block)) {
          trades += chunk.length
          yield chunk
        }
      }
      for (const chunk of rows.end()) {
        trades += chunk.length
        yield chunk
      }
    } catch (error) {
      throw named(name, error)
    }
    const { firstRejection, account } = rows
    const { 'other-symbol': otherSymbol, 'other-stream': otherStream } = account.outside
    if (trades > 0 || firstRejection === undefined || otherSymbol || otherStream) return
    throw allRejected(
      name,
      account,
      firstRejection,
      'Check that the format and the columns are the right ones.',
      ['format', 'columns'],
    )
  }
}
