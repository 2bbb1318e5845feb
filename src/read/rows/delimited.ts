import type { VoxriskError } from '../../errors.ts'
import { CHUNK_ROWS, type ReadAccount, type TradeChunk, TradeFlag } from '../../events/trades.ts'
import { type Counts, count } from '../../units/counts.ts'
import { SCAN_SLACK } from '../../units/decimal.ts'
import { IdSequence } from '../ids.ts'
import { CarefulRow } from './careful-row.ts'
import { CARRIAGE_RETURN, LINE_FEED, lineFeedFrom } from './field.ts'
import { fieldsNeeded, type RowLayout } from './layout.ts'
import { PendingChunk } from './pending-chunk.ts'
import { PlainRows } from './plain-rows.ts'
import { Fault, MAX_LINE_BYTES, REASONS, type Rejection, rejection, secondSymbol } from './rejection.ts'
import { sameWord, wordBytes } from './words.ts'

/**
 * Turns the bytes of a delimited text into trades in one pass, without a string or an object per row.
 *
 * Lines end with `\n` or `\r\n`; the last line ending is optional. Empty lines do not count as rows. A line
 * break always ends a row, even inside quotes, so that a stray quote cannot swallow a file. Fields may be in
 * double quotes, with `""` for a quote inside them. Spaces, tabs and NUL bytes around a field are dropped.
 * Fields after the last needed one are ignored. The trades and the account do not depend on how the bytes are
 * split into pushes.
 */
export class RowReader {
  /** Grows with every row. */
  readonly account: ReadAccount = { read: 0, rejected: {}, outside: {}, noted: {} }
  /** The first rejected row. */
  firstRejection: Rejection | undefined
  /**
   * The requested symbol, otherwise that of the first trade; empty before the first trade and when the rows
   * carry no symbol.
   */
  get symbol(): string {
    return this.knownSymbol
  }

  private readonly layout: RowLayout
  private readonly filter: boolean
  private readonly census: Counts | undefined
  private knownSymbol: string
  private symbolBytes: Uint8Array | undefined

  private firstLine = true
  private header: boolean
  /** The unfinished line left by the last push. */
  private rest = new Uint8Array(0)
  /** True inside a line longer than {@link MAX_LINE_BYTES}, which has already been counted. */
  private discarding = false

  private readonly chunk = new PendingChunk()
  /** Set when the next row cannot share the chunk's decimals. */
  private closeChunk = false

  private readonly ids = new IdSequence(this.account.noted)
  private readonly plain: PlainRows
  private readonly row: CarefulRow
  private readonly rejected = new Float64Array(REASONS.length)
  private otherSymbol = 0

  /**
   * @param layout how to read the rows
   * @param symbol symbol to read (any case); trades of others count as outside. Without it, a second symbol
   *   is an error. No effect if the rows carry no symbol.
   * @param census counts trades by symbol instead of turning them into chunks
   */
  constructor(layout: RowLayout, symbol = '', census?: Counts) {
    this.layout = layout
    this.census = census
    this.header = layout.header
    const sides = layout.sides && { buy: wordBytes(layout.sides.buy), sell: wordBytes(layout.sides.sell) }
    this.plain = new PlainRows(layout, sides, this.ids, this.account.noted)
    this.row = new CarefulRow(layout, sides)
    this.knownSymbol = symbol
    this.filter = symbol !== '' && layout.columns.symbol !== undefined
    if (this.filter) this.symbolBytes = wordBytes(symbol)
  }

  /**
   * Reads the next bytes of the text. Rows are read as the chunks are consumed.
   * @returns the chunks filled so far
   * @throws {VoxriskError} `bad-setting` when a second symbol appears and none was requested
   */
  *push(bytes: Uint8Array): Generator<TradeChunk> {
    let start = 0
    if (this.rest.length > 0 || this.discarding) {
      const lineBreak = bytes.indexOf(LINE_FEED)
      if (lineBreak < 0) {
        this.keep(bytes)
        return
      }
      start = lineBreak + 1
      if (this.discarding) {
        this.discarding = false
      } else {
        const rest = this.rest
        this.rest = new Uint8Array(0)
        yield* this.copiedLines(rest, bytes.subarray(0, start))
      }
    }
    const end = bytes.lastIndexOf(LINE_FEED) + 1
    const slackEnd = bytes.subarray(0, Math.max(0, bytes.length - SCAN_SLACK)).lastIndexOf(LINE_FEED) + 1
    if (slackEnd > start) {
      yield* this.lines(bytes, start, slackEnd)
      start = slackEnd
    }
    if (end > start) yield* this.copiedLines(bytes.subarray(start, end))
    this.keep(bytes.subarray(Math.max(start, end)))
  }

  /** Reads a last line without a line break. @returns the remaining trades, at most two chunks */
  *end(): Generator<TradeChunk> {
    const rest = this.rest
    this.rest = new Uint8Array(0)
    if (rest.length > 0) yield* this.copiedLines(rest, new Uint8Array([LINE_FEED]))
    if (this.chunk.length > 0) yield this.chunk.take()
  }

  /** Keeps an unfinished line, or drops it once it is too long. */
  private keep(bytes: Uint8Array): void {
    if (this.discarding || bytes.length === 0) return
    this.rest = joined([this.rest, bytes])
    // Allows for bytes that do not count: a byte order mark and the \r of the line break.
    if (this.rest.length <= MAX_LINE_BYTES + 4) return
    this.rest = new Uint8Array(0)
    this.discarding = true
    this.firstLine = false
    if (this.header) this.header = false
    else this.reject(Fault['line-too-long'], ++this.account.read)
    this.publishCounts()
  }

  /** @param parts joined, they make whole lines */
  private *copiedLines(...parts: Uint8Array[]): Generator<TradeChunk> {
    const bytes = joined([...parts, new Uint8Array(SCAN_SLACK)])
    yield* this.lines(bytes, 0, bytes.length - SCAN_SLACK)
  }

  /** @param bytes `at … end` of them are whole lines; {@link SCAN_SLACK} bytes follow */
  private *lines(bytes: Uint8Array, at: number, end: number): Generator<TradeChunk> {
    // A plain Uint8Array even if a Buffer was passed, so that the row loop is compiled for one kind of array.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    if (this.firstLine) {
      this.firstLine = false
      if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3
    }
    while (this.header && at < end) {
      const lineBreak = bytes.indexOf(LINE_FEED, at)
      const length = lineBreak - at
      if (length > 1 || (length === 1 && bytes[at] !== CARRIAGE_RETURN)) this.header = false
      at = lineBreak + 1
    }
    while (at < end) {
      at = this.rows(plain, view, at, end)
      this.publishCounts()
      if (this.closeChunk || this.chunk.length === CHUNK_ROWS) {
        this.closeChunk = false
        yield this.chunk.take()
      }
    }
  }

  /**
   * Reads rows until the lines or the chunk end.
   * @param view the same bytes
   * @returns index of the first byte not read, which begins a line
   */
  private rows(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    const plain = this.plain
    const chunk = this.chunk
    while (at < end && chunk.length < CHUNK_ROWS && !this.closeChunk) {
      if (!this.census) {
        at = plain.read(bytes, view, at, end, this.symbolBytes, this.filter, chunk)
        this.account.read += plain.taken
        this.otherSymbol += plain.otherSymbol
      }
      if (at < end && chunk.length < CHUNK_ROWS) at = this.carefulRow(bytes, view, at)
    }
    return at
  }

  /**
   * Reads one row or empty line. @returns index of the first byte not read: the row's own if it needs another
   * chunk
   */
  private carefulRow(bytes: Uint8Array, view: DataView, start: number): number {
    if (bytes[start] === LINE_FEED) return start + 1
    if (bytes[start] === CARRIAGE_RETURN && bytes[start + 1] === LINE_FEED) return start + 2

    const row = this.row
    const end = lineFeedFrom(view, row.read(bytes, start)) + 1
    const length = end - start - (bytes[end - 2] === CARRIAGE_RETURN ? 2 : 1)
    if (length > MAX_LINE_BYTES) {
      // Reports nothing about the fields: if a block ends inside the line, it is dropped before they are
      // read.
      this.reject(Fault['line-too-long'], ++this.account.read)
      return end
    }
    const isOther = row.symbolEnd >= 0 && !this.isExpectedSymbol()
    if (row.fault !== 0) {
      const isTruth = row.faultyRole === 'buyerIsMaker' || row.faultyRole === 'aggressor'
      this.reject(row.fault, ++this.account.read, this.firstRejection ? '' : row.faultyText(bytes), isTruth)
      if (row.id >= 0 && !isOther) this.ids.see(row.id) // its trade is not missing
      return end
    }
    if (this.census) {
      const symbol = new TextDecoder().decode(row.symbolBytes.subarray(row.symbolStart, row.symbolEnd))
      count(this.census, symbol)
      this.account.read++
      return end
    }
    if (isOther) {
      if (!this.filter) throw this.secondSymbol()
      this.account.read++
      this.otherSymbol++
      return end
    }
    const side = row.isResting ? 0 - row.side : row.side
    const flags = (row.isFlagged ? TradeFlag.flagged : 0) | (row.isResting ? TradeFlag.restingRow : 0)
    if (!this.chunk.append(row.time, row.price, row.priceDecimals, row.size, row.sizeDecimals, side, flags)) {
      this.closeChunk = true
      return start
    }
    if (this.symbolBytes === undefined && row.symbolEnd >= 0) {
      this.symbolBytes = row.symbolBytes.slice(row.symbolStart, row.symbolEnd)
      this.knownSymbol = new TextDecoder().decode(this.symbolBytes)
    }
    if (row.isFlagged) count(this.account.noted, 'flagged')
    if (row.id >= 0) this.ids.see(row.id)
    this.account.read++
    return end
  }

  /**
   * Whether the row's symbol is the requested one, otherwise that of the first trade; true before the first
   * trade.
   */
  private isExpectedSymbol(): boolean {
    const { symbolBytes, symbolStart, symbolEnd } = this.row
    const expected = this.symbolBytes
    return expected === undefined || sameWord(symbolBytes, symbolStart, symbolEnd, expected)
  }

  private secondSymbol(): VoxriskError {
    const { symbolBytes, symbolStart, symbolEnd } = this.row
    const other = new TextDecoder().decode(symbolBytes.subarray(symbolStart, symbolEnd))
    return secondSymbol(this.account.read + 1, this.knownSymbol, other)
  }

  /** @param row number of the row, from 1 */
  private reject(fault: number, row: number, text = '', isTruth = false): void {
    this.rejected[fault]++
    this.firstRejection ??= rejection({
      row,
      fault,
      text,
      isTruth,
      fields: fieldsNeeded(this.layout.columns),
      delimiter: this.layout.delimiter,
      timeUnit: this.layout.timeUnit,
    })
  }

  /**
   * Publishes the counts in the order of {@link REASONS}. In order of first occurrence, they would depend on
   * how the bytes are split.
   */
  private publishCounts(): void {
    const { rejected, outside } = this.account
    for (const [fault, reason] of REASONS.entries()) {
      delete rejected[reason]
      if (this.rejected[fault] > 0) rejected[reason] = this.rejected[fault]
    }
    if (this.otherSymbol > 0) outside['other-symbol'] = this.otherSymbol
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
