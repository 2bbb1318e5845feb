import { VoxriskError } from '../errors.ts'
import { bitmex } from './bitmex.ts'
import { bybit } from './bybit.ts'
import { csv } from './csv.ts'
import { grouped, RowReader } from './delimited.ts'
import type { Format, FormatOptions } from './format.ts'
import { kraken } from './kraken.ts'
import { oldestFirst } from './order.ts'
import { memorySpool, type Spool } from './spool.ts'
import type { Counts, ReadAccount, TradeChunk, TradeSource } from './trades.ts'
import { packingOf, reasonOf, type TradeFile, unpack } from './unpack.ts'

/** Formats in the order in which they are tried; `csv` takes what the others leave. */
const FORMATS: readonly Format[] = [bybit, bitmex, kraken, csv]

/** Names of the formats that are read. */
export const formatNames: readonly string[] = FORMATS.map(format => format.name)

export interface OpenOptions extends FormatOptions {
  /** One of {@link formatNames}; by default told by the first lines, or `csv` when columns or a time unit are given. */
  readonly format?: string
  /** Symbol to read, in any case: a member of a zip, or the rows that name it. Needed where there are several. */
  readonly symbol?: string
}

/** So many bytes of text are looked at to tell the format. */
const HEAD_BYTES = 4096

/**
 * Opens a file of trades: plain, gzip or zip, in one of {@link formatNames}. The file is read once, as the chunks are
 * taken, in blocks; leaving the iteration early ends the reading.
 *
 * @throws {VoxriskError} `bad-data` when the file holds no trades, is damaged, or is in no known format; `bad-setting`
 *   when it holds several symbols and none is asked for, or when an option does not fit it. Iterating throws the same:
 *   `bad-data` naming the last row before a break, or the first bad row when every row is rejected.
 */
export async function openTrades(file: TradeFile, options: OpenOptions = {}): Promise<TradeSource> {
  const formats = candidates(options)
  const symbol = options.symbol ?? ''
  const unpacked = await unpack(file, symbol)
  const name = unpacked.name
  const blocks = unpacked.bytes.getReader()
  try {
    const { head, ended } = await readHead(blocks, name)
    refusePackedTwice(head, name)
    const lines = firstLines(head)
    if (lines.length === 0) throw holdsNoTrades(name)
    const { format, layout } = recognise(formats, lines, options, name)

    // The first lines are read ahead for their symbol.
    const probe = new RowReader(layout, symbol)
    drain(probe.push(head.subarray(0, HEAD_BYTES)), name)
    if (ended && head.length <= HEAD_BYTES) drain(probe.end(), name)
    const memberSymbol = format.symbolNamesMember ? (unpacked.member ?? '') : ''
    if (symbol !== '' && memberSymbol !== '' && symbol.toLowerCase() !== memberSymbol.toLowerCase()) {
      throw new VoxriskError(
        'bad-setting',
        `${name}: holds ${memberSymbol}, not ${symbol}`,
        `Ask for --symbol ${memberSymbol}, or give another file.`,
      )
    }
    return new FileTrades(
      name,
      format.name,
      symbol || probe.symbol || memberSymbol,
      new RowReader(layout, symbol),
      head,
      blocks,
    )
  } catch (error) {
    blocks.cancel().catch(() => {})
    throw error
  }
}

export interface OpenFilesOptions extends OpenOptions {
  /** Makes the store in which a file that runs newest first waits to be turned round; in memory by default. */
  readonly newSpool?: () => Spool | Promise<Spool>
}

/**
 * Opens several files as one stream of trades, oldest first: the files in the given order, each turned round if it runs
 * newest first ({@link oldestFirst}).
 * @throws {VoxriskError} as {@link openTrades}; `bad-setting` when the files hold different symbols; `bad-data`, while
 *   iterating, when a file begins before the one in front of it ends
 */
export async function openTradeFiles(
  files: readonly TradeFile[],
  options: OpenFilesOptions = {},
): Promise<TradeSource> {
  if (files.length === 0)
    throw new VoxriskError('bad-setting', 'no file of trades is given', 'Name at least one file.')
  const sources: TradeSource[] = []
  for (const file of files) sources.push(await openTrades(file, options))
  return new JoinedTrades(files, sources, options.newSpool ?? memorySpool)
}

function candidates(options: OpenOptions): readonly Format[] {
  const csvOnly = options.columns !== undefined || options.timeUnit !== undefined
  if (options.format === undefined) return csvOnly ? [csv] : FORMATS
  const format = FORMATS.find(format => format.name === options.format)
  if (format === undefined) {
    throw new VoxriskError(
      'bad-setting',
      `format "${options.format}" is not known`,
      `Choose one of ${formatNames.join(', ')}.`,
    )
  }
  if (csvOnly && format !== csv) {
    throw new VoxriskError(
      'bad-setting',
      `columns and time unit are fixed in format ${format.name}`,
      'Leave them out, or use --format csv.',
    )
  }
  return [format]
}

type Blocks = ReadableStreamDefaultReader<Uint8Array>

async function readHead(blocks: Blocks, name: string): Promise<{ head: Uint8Array; ended: boolean }> {
  const parts: Uint8Array[] = []
  let length = 0
  let ended = false
  while (length < HEAD_BYTES && !ended) {
    const { done, value } = await blocks.read().catch(cause => {
      throw breaksOff(name, 0, cause)
    })
    if (done) ended = true
    else {
      parts.push(value)
      length += value.length
    }
  }
  if (parts.length === 1) return { head: parts[0], ended }
  const head = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    head.set(part, at)
    at += part.length
  }
  return { head, ended }
}

function refusePackedTwice(head: Uint8Array, name: string): void {
  const packing = packingOf(head)
  if (packing === undefined) return
  throw new VoxriskError(
    'bad-data',
    `${name}: a ${packing} file inside the packed file`,
    'Unpack the outer file first.',
  )
}

/** The lines that begin in the first {@link HEAD_BYTES}, empty ones left out; the last may be cut off. */
function firstLines(head: Uint8Array): string[] {
  const text = new TextDecoder().decode(head.subarray(0, HEAD_BYTES))
  return text.split(/\r?\n/).filter(line => line !== '')
}

function recognise(formats: readonly Format[], lines: readonly string[], options: OpenOptions, name: string) {
  for (const format of formats) {
    const layout = inFile(name, () => format.layout(lines, options))
    if (layout !== undefined) return { format, layout }
  }
  const shown = shortened(lines[0])
  const text = lines.join('\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text holds
  const strange = text.match(/[\x01-\x08\x0e-\x1f\ufffd]/g)?.length ?? 0
  if (strange > text.length / 20) {
    throw new VoxriskError(
      'bad-data',
      `${name}: holds binary data, not text`,
      'Give a text file with one trade a line.',
    )
  }
  const markup = /^\s*[[{]|\{"/.test(lines[0]) ? 'JSON' : /^\s*</.test(lines[0]) ? 'HTML or XML' : undefined
  if (markup !== undefined) {
    throw new VoxriskError(
      'bad-data',
      `${name}: holds ${markup}, which is not read; the first line is ${shown}`,
      'Give delimited text with one trade a line.',
    )
  }
  const asked = formats.length === 1 ? `is not in format ${formats[0].name}` : 'is in no known format'
  throw new VoxriskError(
    'bad-data',
    `${name}: ${asked}; the first line is ${shown}`,
    'Name the columns, by header or by number from 1: --format csv --columns time=1,price=2,size=3,side=4.',
  )
}

function shortened(line: string): string {
  const MOST = 120
  const printable = line.replace(/\p{Cc}/gu, '·')
  return printable.length > MOST ? `"${printable.slice(0, MOST)}…"` : `"${printable}"`
}

function drain(chunks: Iterable<TradeChunk>, name: string): void {
  inFile(name, () => {
    for (const _ of chunks);
  })
}

/** Runs `step`; an error it throws on purpose gets the file's name in front. */
function inFile<T>(name: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw named(name, error)
  }
}

function named(name: string, error: unknown): unknown {
  if (!(error instanceof VoxriskError)) return error
  return new VoxriskError(error.code, `${name}: ${error.message}`, error.fix, { cause: error })
}

function holdsNoTrades(name: string): VoxriskError {
  return new VoxriskError('bad-data', `${name}: holds no trades`, 'Give a file with one trade a line.')
}

function breaksOff(name: string, row: number, cause: unknown): VoxriskError {
  if (cause instanceof VoxriskError) return cause
  const where = row === 0 ? 'before its first row' : `after row ${grouped(row)}`
  return new VoxriskError(
    'bad-data',
    `${name}: breaks off ${where}: ${reasonOf(cause)}`,
    'The file is damaged or cut off: fetch it again.',
    { cause },
  )
}

class FileTrades implements TradeSource {
  readonly format: string
  readonly #name: string
  readonly #symbol: string
  readonly #rows: RowReader
  readonly #blocks: Blocks
  #head: Uint8Array | undefined

  constructor(
    name: string,
    format: string,
    symbol: string,
    rows: RowReader,
    head: Uint8Array,
    blocks: Blocks,
  ) {
    this.#name = name
    this.format = format
    this.#symbol = symbol
    this.#rows = rows
    this.#head = head
    this.#blocks = blocks
  }

  get symbol(): string {
    return this.#symbol || this.#rows.symbol
  }

  get account(): ReadAccount {
    return this.#rows.account
  }

  async *chunks(): AsyncGenerator<TradeChunk> {
    let block = this.#head
    if (block === undefined) throw readTwice(this.#name)
    this.#head = undefined
    let trades = 0
    try {
      while (block !== undefined) {
        for (const chunk of this.#rows.push(block)) {
          trades += chunk.length
          yield chunk
        }
        block = (await this.#next()).value
      }
      for (const chunk of this.#rows.end()) {
        trades += chunk.length
        yield chunk
      }
    } catch (error) {
      throw error instanceof StreamFailure
        ? breaksOff(this.#name, this.account.read, error.cause)
        : named(this.#name, error)
    } finally {
      // What went wrong while reading matters more than a failure to stop it.
      this.#blocks.cancel().catch(() => {})
    }
    if (trades === 0) throw this.#nothingRead()
  }

  async #next() {
    try {
      return await this.#blocks.read()
    } catch (cause) {
      throw new StreamFailure('', { cause })
    }
  }

  #nothingRead(): VoxriskError {
    const { read, outside } = this.account
    if (outside['other-symbol'] !== undefined) {
      return new VoxriskError(
        'bad-setting',
        `${this.#name}: none of ${grouped(read)} rows is a trade of ${this.symbol}`,
        'Ask for a symbol the file holds.',
      )
    }
    const first = this.#rows.firstRejection
    if (first === undefined) return holdsNoTrades(this.#name)
    return new VoxriskError(
      'bad-data',
      `${this.#name}: all ${grouped(read)} rows are rejected; ${first.message}`,
      'Check that the format and the columns are the right ones: --format, --columns.',
    )
  }
}

/** The bytes, not the rows, are at fault. */
class StreamFailure extends Error {}

function readTwice(name: string): VoxriskError {
  return new VoxriskError('bad-state', `${name}: the trades have been read already`, 'Open the file again.')
}

class JoinedTrades implements TradeSource {
  readonly #files: readonly TradeFile[]
  readonly #sources: readonly TradeSource[]
  readonly #newSpool: () => Spool | Promise<Spool>

  constructor(
    files: readonly TradeFile[],
    sources: readonly TradeSource[],
    newSpool: () => Spool | Promise<Spool>,
  ) {
    this.#files = files
    this.#sources = sources
    this.#newSpool = newSpool
    this.#refuseMixedSymbols()
  }

  get format(): string {
    return [...new Set(this.#sources.map(source => source.format))].join('+')
  }

  get symbol(): string {
    return this.#sources.find(source => source.symbol !== '')?.symbol ?? ''
  }

  get account(): ReadAccount {
    const total: ReadAccount = { read: 0, rejected: {}, outside: {}, noted: {} }
    for (const { account } of this.#sources) {
      total.read += account.read
      add(total.rejected, account.rejected)
      add(total.outside, account.outside)
      add(total.noted, account.noted)
    }
    return total
  }

  async *chunks(): AsyncGenerator<TradeChunk> {
    let last = 0
    for (const [i, source] of this.#sources.entries()) {
      let begun = false
      for await (const chunk of oldestFirst(source.chunks(), this.#newSpool)) {
        this.#refuseMixedSymbols()
        if (!begun && i > 0 && chunk.time[0] < last) throw this.#outOfOrder(i, chunk.time[0], last)
        begun = true
        last = chunk.time[chunk.length - 1]
        yield chunk
      }
    }
  }

  #refuseMixedSymbols(): void {
    const index = this.#sources.findIndex(source => source.symbol !== '')
    const other = this.#sources.findIndex(
      source => source.symbol !== '' && source.symbol.toLowerCase() !== this.symbol.toLowerCase(),
    )
    if (other < 0) return
    const [one, two] = [index, other].map(i => `${this.#files[i].name} holds ${this.#sources[i].symbol}`)
    throw new VoxriskError(
      'bad-setting',
      `${one}, ${two}`,
      'Give files of one symbol, or say which: --symbol.',
    )
  }

  #outOfOrder(i: number, first: number, last: number): VoxriskError {
    const [before, after] = [this.#files[i - 1].name, this.#files[i].name]
    return new VoxriskError(
      'bad-data',
      `${after} begins at ${isoTime(first)}, before ${before} ends at ${isoTime(last)}`,
      'Give the files in the order of time; files that overlap cannot be joined.',
    )
  }
}

function add(to: Counts, counts: Counts): void {
  for (const [reason, count] of Object.entries(counts)) to[reason] = (to[reason] ?? 0) + count
}

/** µs since the Unix epoch as `2021-10-01T00:02:34.123456Z`. */
function isoTime(time: number): string {
  const micros = String(time % 1e6).padStart(6, '0')
  return `${new Date(Math.floor(time / 1e6) * 1000).toISOString().slice(0, 19)}.${micros}Z`
}
