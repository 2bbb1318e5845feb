import { VoxriskError } from '../errors.ts'
import type { ReadAccount, TradeChunk, TradeSource } from '../events/trades.ts'
import { addCounts } from '../units/counts.ts'
import { grouped } from '../units/grouped.ts'
import { isoTime } from '../units/iso-time.ts'
import type { TradeFile } from './file.ts'
import { holdsNoTrades } from './file-error.ts'
import { checkFormat } from './formats.ts'
import { Notes } from './notes.ts'
import { oldestFirst } from './order.ts'
import { type Part, type PartOptions, partsOf, SymbolMissing } from './part.ts'
import { memorySpool, type Spool } from './spool.ts'

/** What is known about the files, and which of their trades to read. Anything left out is detected. */
export interface OpenOptions extends PartOptions {
  /** Makes the store that reverses a file that runs newest first; in memory by default. */
  readonly newSpool?: () => Spool | Promise<Spool>
}

/**
 * Opens files of trades as one stream, oldest first. Files may be plain, packed with gzip, zip (one symbol's
 * members) or zstd, or Parquet or Arrow, in any of {@link formatNames}. They may be given in any order: they
 * are sorted by time, and a file that runs newest first is reversed. Files are read in blocks, as the chunks
 * are consumed. Leaving the iteration early stops the reading.
 *
 * @throws {VoxriskError} `bad-data` when a file holds no trades, is damaged, or has no known format;
 *   `several-symbols` when there are several and none was requested; `bad-setting` when an option does not
 *   apply. Iterating throws `bad-data` naming the last row before the damage, the first bad row when every
 *   row of a file is rejected, or both files when one begins before another ends.
 */
export async function openTrades(
  files: TradeFile | readonly TradeFile[],
  options: OpenOptions = {},
): Promise<TradeSource> {
  const list: readonly TradeFile[] = Array.isArray(files) ? files : [files as TradeFile]
  if (list.length === 0)
    throw new VoxriskError('bad-setting', 'no trade file is given', 'Name at least one file.')
  checkFormat(options)
  const parts: Part[] = []
  let missing: SymbolMissing | undefined
  for (const file of list) {
    try {
      parts.push(...(await partsOf(file, options)))
    } catch (error) {
      if (!(error instanceof SymbolMissing)) throw error
      missing ??= error
    }
  }
  if (parts.length === 0 && missing) throw missing
  refuseMixedSymbols(parts)
  // Parts that do not overlap can be ordered by any time within them. Names decide between two that begin at
  // the same instant.
  parts.sort((a, b) => (a.start === b.start ? (a.name < b.name ? -1 : 1) : a.start - b.start))
  return new JoinedTrades(parts, options.symbol ?? '', options.newSpool ?? memorySpool)
}

class JoinedTrades implements TradeSource {
  private readonly accounts: ReadAccount[] = []
  private readonly notes = new Notes()
  private started = false

  constructor(
    private readonly parts: readonly Part[],
    private readonly wanted: string,
    private readonly newSpool: () => Spool | Promise<Spool>,
  ) {}

  get format(): string {
    return [...new Set(this.parts.map(part => part.format))].join('+')
  }

  get symbol(): string {
    return this.parts.find(part => part.symbol !== '')?.symbol ?? ''
  }

  get contract(): TradeSource['contract'] {
    return this.parts.some(part => part.isInverse) ? 'inverse' : undefined
  }

  get account(): ReadAccount {
    const total: ReadAccount = { read: 0, rejected: {}, outside: {}, noted: {} }
    for (const { read, rejected, outside, noted } of this.accounts) {
      total.read += read
      addCounts(total.rejected, rejected)
      addCounts(total.outside, outside)
      addCounts(total.noted, noted)
    }
    addCounts(total.noted, this.notes.counts)
    return total
  }

  async *chunks(): AsyncGenerator<TradeChunk> {
    const names = this.parts.map(part => part.name)
    if (this.started) {
      throw new VoxriskError(
        'bad-state',
        `${names[0]}: the trades have been read already`,
        'Open the file again.',
      )
    }
    this.started = true
    let last = Number.NEGATIVE_INFINITY
    let before = ''
    for (const part of this.parts) {
      const trades = await part.open()
      this.accounts.push(trades.account)
      let begun = false
      for await (const chunk of oldestFirst(trades.chunks(), this.newSpool)) {
        if (chunk.length === 0) continue
        if (!begun && chunk.time[0] < last) throw overlap(before, last, part.name, chunk.time[0])
        begun = true
        before = part.name
        last = chunk.time[chunk.length - 1]
        this.notes.see(chunk)
        yield chunk
      }
    }
    if (last === Number.NEGATIVE_INFINITY) throw this.nothingRead(names)
  }

  private nothingRead(names: readonly string[]): VoxriskError {
    const { read, outside } = this.account
    const where = names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`
    if (outside['other-symbol'] === undefined && outside['other-stream'] === undefined)
      return holdsNoTrades(where)
    return new VoxriskError(
      'bad-setting',
      `${where}: none of ${grouped(read)} rows is a trade of ${this.wanted || 'the stream asked for'}`,
      'Ask for a symbol the file holds.',
      { settings: ['symbol'] },
    )
  }
}

function refuseMixedSymbols(parts: readonly Part[]): void {
  const known = parts.filter(part => part.symbol !== '')
  const other = known.find(part => part.symbol.toLowerCase() !== known[0].symbol.toLowerCase())
  if (other === undefined) return
  throw new VoxriskError(
    'several-symbols',
    `${known[0].name} holds ${known[0].symbol}, ${other.name} holds ${other.symbol}`,
    'Give files of one symbol, or say which one to read.',
    { settings: ['symbol'] },
  )
}

function overlap(before: string, end: number, after: string, begin: number): VoxriskError {
  return new VoxriskError(
    'bad-data',
    `${after} begins at ${isoTime(begin)}, before ${before} ends at ${isoTime(end)}`,
    'Files that overlap in time cannot be joined. Leave one of them out.',
  )
}
