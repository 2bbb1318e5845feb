import { VoxriskError } from '../errors.ts'
import {
  MICROSECOND_POWER,
  type Parsed,
  POWERS_OF_TEN,
  parseDecimal,
  parseTime,
  scanDecimal,
  scanTime,
  type TimeUnit,
  Verdict,
} from './decimal.ts'
import { CHUNK_ROWS, type ReadAccount, type TradeChunk } from './trades.ts'

/** Which column of a delimited text is what; columns count from 0. */
export interface Columns {
  readonly time: number
  /** Whole milliseconds (0 … 999) to add to the time. */
  readonly milliseconds?: number
  readonly price: number
  readonly size: number
  /** Aggressor side; see {@link parseSide} for the spellings. */
  readonly side?: number
  readonly symbol?: number
  /** What the row does to the feed's table of trades: `insert` is a trade, `partial` repeats an old one. */
  readonly action?: number
  /** Whether the buyer's order rested: `true` is a sell by the aggressor, `false` a buy; any case. Instead of `side`. */
  readonly buyerIsMaker?: number
  /** Whether the row's `side` is the aggressor's (`true`) or the resting order's (`false`: turned round and marked). */
  readonly aggressor?: number
  /** Trade id, a whole number: gaps are counted. */
  readonly id?: number
  /** Whether the venue flags the print: `0` or `false`, `1` or `true`; empty is not flagged. */
  readonly flag?: number
}

/** How the rows of one delimited text are to be read. */
export interface RowLayout {
  /** The byte between fields. */
  readonly delimiter: number
  /** Whether the first line names the columns. */
  readonly header: boolean
  readonly columns: Columns
  readonly timeUnit: TimeUnit
  /** µs to add to every time: midnight, for a feed that counts from there. Default 0. */
  readonly timeOffset?: number
  /** Decimals of a price that is printed as a whole number of them (4: `1664300` is 166.43). Default 0. */
  readonly priceDecimals?: number
  /** Spellings of the side beside the common ones, in any case. */
  readonly sides?: { readonly buy: string; readonly sell: string }
}

/** Longest line that is read, in bytes without the line break; no feed comes near. */
export const MAX_LINE_BYTES = 65_536

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const QUOTE = 34
const TAB = 9

const Role = {
  skip: 0,
  time: 1,
  milliseconds: 2,
  price: 3,
  size: 4,
  side: 5,
  symbol: 6,
  action: 7,
  buyerIsMaker: 8,
  aggressor: 9,
  id: 10,
  flag: 11,
} as const

/** Why a row is no trade; the index is what the row loop works with. */
const REASONS = [
  '',
  'too-few-fields',
  'line-too-long',
  'bad-time',
  'bad-price',
  'zero-price',
  'negative-price',
  'bad-size',
  'zero-size',
  'negative-size',
  'too-many-digits',
  'bad-side',
  'bad-action',
  'snapshot',
] as const
type Reason = (typeof REASONS)[number]
const Fault = Object.fromEntries(REASONS.map((reason, index) => [reason, index])) as Record<Reason, number>

/** The first row that was rejected. */
export interface Rejection {
  readonly reason: string
  /** Number of the row, from 1. */
  readonly row: number
  /** E.g. `price "abc" is not a number`. */
  readonly text: string
}

/**
 * Turns the bytes of a delimited text into trades: one pass over the bytes, no string and no object per row.
 *
 * Lines end with `\n` or `\r\n`, the last one with or without; empty lines do not count as rows. A line break always
 * ends a row, inside quotes too, so that one stray quote cannot swallow a file. Fields may stand in double quotes
 * (`""` is a quote inside them); spaces, tabs and NUL bytes around a field are dropped; fields behind the last needed
 * one are ignored. However the bytes are cut into pushes, the trades and the account are the same.
 */
export class RowReader {
  /** Grows with every row. */
  readonly account: ReadAccount = { read: 0, rejected: {}, outside: {}, noted: {} }
  /** The first row that was rejected. */
  firstRejection: Rejection | undefined
  /** Symbol asked for, or else that of the first trade; empty before it and when the rows name none. */
  get symbol(): string {
    return this.#symbol
  }

  readonly #layout: RowLayout
  readonly #roles: Uint8Array
  readonly #filter: boolean
  #symbol: string
  #symbolBytes: Uint8Array | undefined

  #firstLine = true
  #header: boolean
  /** The line that the last push left unfinished. */
  #rest = new Uint8Array(0)
  /** Inside a line that is longer than {@link MAX_LINE_BYTES}, already counted. */
  #discarding = false

  #length = 0
  #chunk = newColumns()
  #priceDecimals = 0
  #sizeDecimals = 0
  /** Set when the next row cannot share the chunk's decimals. */
  #closeChunk = false

  readonly #number: Parsed = { value: 0, decimals: 0 }
  readonly #rejected = new Float64Array(REASONS.length)
  #otherSymbol = 0
  /** The field found last: `#fieldBytes[#fieldStart … #fieldEnd)`. */
  #fieldBytes: Uint8Array = this.#rest
  #fieldStart = 0
  #fieldEnd = 0
  /** Text of the field that made the first faulty row faulty. */
  #faultText = ''

  /**
   * @param layout how the rows are to be read
   * @param symbol symbol asked for (any case): trades of others count as outside. Without it, a second symbol is an
   *   error. Of no effect where the rows name no symbol.
   */
  constructor(layout: RowLayout, symbol = '') {
    this.#layout = layout
    this.#header = layout.header
    this.#symbol = symbol
    this.#filter = symbol !== '' && layout.columns.symbol !== undefined
    if (this.#filter) this.#symbolBytes = new TextEncoder().encode(symbol)
    const entries = Object.entries(layout.columns) as [keyof Columns, number][]
    this.#roles = new Uint8Array(1 + Math.max(...entries.map(([, column]) => column)))
    for (const [role, column] of entries) this.#roles[column] = Role[role]
  }

  /**
   * Reads the next bytes of the text.
   * @returns the chunks that became full meanwhile; the rows are read while they are taken
   * @throws {VoxriskError} `bad-setting` when a second symbol is met and none was asked for
   */
  *push(bytes: Uint8Array): Generator<TradeChunk> {
    let start = 0
    if (this.#rest.length > 0 || this.#discarding) {
      const lineBreak = bytes.indexOf(LINE_FEED)
      if (lineBreak < 0) {
        this.#keep(bytes)
        return
      }
      start = lineBreak + 1
      if (this.#discarding) {
        this.#discarding = false
      } else {
        yield* this.#lines(joined(this.#rest, bytes.subarray(0, start)))
        this.#rest = new Uint8Array(0)
      }
    }
    const end = bytes.lastIndexOf(LINE_FEED) + 1
    if (end > start) yield* this.#lines(bytes.subarray(start, end))
    this.#keep(bytes.subarray(Math.max(start, end)))
  }

  /** Reads a last line without a line break. @returns the remaining trades, at most two chunks */
  *end(): Generator<TradeChunk> {
    const rest = this.#rest
    this.#rest = new Uint8Array(0)
    if (rest.length > 0) yield* this.#lines(joined(rest, new Uint8Array([LINE_FEED])))
    if (this.#length > 0) yield this.#takeChunk()
  }

  /** Keeps an unfinished line, or drops it once it is too long. */
  #keep(bytes: Uint8Array): void {
    if (this.#discarding || bytes.length === 0) return
    this.#rest = joined(this.#rest, bytes)
    // Grace for what does not count: a byte order mark and the \r of the line break.
    if (this.#rest.length <= MAX_LINE_BYTES + 4) return
    this.#rest = new Uint8Array(0)
    this.#discarding = true
    this.#firstLine = false
    if (this.#header) this.#header = false
    else this.#reject(Fault['line-too-long'], ++this.account.read)
    this.#publishCounts()
  }

  /** @param bytes whole lines: the last byte is a line break */
  *#lines(bytes: Uint8Array): Generator<TradeChunk> {
    let at = 0
    if (this.#firstLine) {
      this.#firstLine = false
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3
    }
    while (this.#header && at < bytes.length) {
      const end = bytes.indexOf(LINE_FEED, at)
      const length = end - at
      if (length > 1 || (length === 1 && bytes[at] !== CARRIAGE_RETURN)) this.#header = false
      at = end + 1
    }
    while (at < bytes.length) {
      at = this.#rows(bytes, at)
      this.#publishCounts()
      if (this.#closeChunk || this.#length === CHUNK_ROWS) {
        this.#closeChunk = false
        yield this.#takeChunk()
      }
    }
  }

  /**
   * The row loop: appends trades until the bytes or the chunk end.
   * @returns index of the first byte not read, a line's first
   */
  #rows(bytes: Uint8Array, at: number): number {
    const roles = this.#roles
    const columns = roles.length
    const { delimiter, timeUnit } = this.#layout
    const power = timeUnit === 'iso' ? 0 : MICROSECOND_POWER[timeUnit]
    const plainTime = timeUnit !== 'iso'
    const number = this.#number
    const chunk = this.#chunk
    const end = bytes.length
    let length = this.#length
    let read = this.account.read

    while (at < end && length < CHUNK_ROWS) {
      if (bytes[at] === LINE_FEED) {
        at++
        continue
      }
      if (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED) {
        at += 2
        continue
      }

      const rowStart = at
      let fault = 0
      let time = 0
      let price = 0
      let priceDecimals = 0
      let size = 0
      let sizeDecimals = 0
      let side = 0
      let symbolBytes: Uint8Array | undefined
      let symbolStart = 0
      let symbolEnd = 0
      for (let column = 0; column < columns; column++) {
        if (column > 0) {
          if (bytes[at] !== delimiter) {
            fault = Fault['too-few-fields']
            break
          }
          at++
        }
        let found = 0
        switch (roles[column]) {
          case Role.skip:
            at = this.#skipField(bytes, at)
            break
          case Role.time: {
            const stop = plainTime ? scanTime(bytes, at, power, number) : -1
            if (stop >= 0 && endsField(bytes, stop, delimiter)) {
              at = stop
            } else {
              at = this.#field(bytes, at)
              const good = parseTime(this.#fieldBytes, this.#fieldStart, this.#fieldEnd, timeUnit, number)
              if (!good) found = Fault['bad-time']
            }
            time += number.value
            break
          }
          case Role.price: {
            const stop = scanDecimal(bytes, at, number)
            if (stop >= 0 && endsField(bytes, stop, delimiter)) {
              at = stop
            } else {
              at = this.#field(bytes, at)
              found = this.#decimalFault(Fault['bad-price'], Fault['negative-price'])
            }
            price = number.value
            priceDecimals = number.decimals
            if (found === 0 && price === 0) found = Fault['zero-price']
            break
          }
          case Role.size: {
            const stop = scanDecimal(bytes, at, number)
            if (stop >= 0 && endsField(bytes, stop, delimiter)) {
              at = stop
            } else {
              at = this.#field(bytes, at)
              found = this.#decimalFault(Fault['bad-size'], Fault['negative-size'])
            }
            size = number.value
            sizeDecimals = number.decimals
            if (found === 0 && size === 0) found = Fault['zero-size']
            break
          }
          case Role.side:
            at = this.#field(bytes, at)
            side = parseSide(this.#fieldBytes, this.#fieldStart, this.#fieldEnd)
            if (side === NO_SIDE) found = Fault['bad-side']
            break
          case Role.symbol:
            at = this.#field(bytes, at)
            symbolBytes = this.#fieldBytes
            symbolStart = this.#fieldStart
            symbolEnd = this.#fieldEnd
            break
          case Role.milliseconds: {
            at = this.#field(bytes, at)
            const verdict = parseDecimal(this.#fieldBytes, this.#fieldStart, this.#fieldEnd, number)
            if (verdict !== Verdict.ok || number.decimals > 0 || number.value > 999) found = Fault['bad-time']
            time += number.value * 1000
            break
          }
          case Role.action:
            at = this.#field(bytes, at)
            if (sameWord(this.#fieldBytes, this.#fieldStart, this.#fieldEnd, PARTIAL)) found = Fault.snapshot
            else if (!sameWord(this.#fieldBytes, this.#fieldStart, this.#fieldEnd, INSERT))
              found = Fault['bad-action']
            break
        }
        if (found !== 0 && fault === 0) {
          fault = found
          if (this.firstRejection === undefined) this.#faultText = this.#fieldText()
        }
      }
      while (bytes[at] !== LINE_FEED) at++
      if (at - rowStart > MAX_LINE_BYTES) {
        const lineBreak = bytes[at - 1] === CARRIAGE_RETURN ? 1 : 0
        if (at - lineBreak - rowStart > MAX_LINE_BYTES) fault = Fault['line-too-long']
      }
      at++
      if (fault === 0 && time > Number.MAX_SAFE_INTEGER) fault = Fault['bad-time']
      if (fault !== 0) {
        this.#reject(fault, ++read)
        continue
      }
      if (symbolBytes !== undefined && !this.#symbolFits(symbolBytes, symbolStart, symbolEnd, read + 1)) {
        read++
        this.#otherSymbol++
        continue
      }

      const priceGap = this.#priceDecimals - priceDecimals
      const sizeGap = this.#sizeDecimals - sizeDecimals
      const scaledPrice = priceGap > 0 ? price * POWERS_OF_TEN[priceGap] : price
      const scaledSize = sizeGap > 0 ? size * POWERS_OF_TEN[sizeGap] : size
      if (
        priceGap < 0 ||
        sizeGap < 0 ||
        scaledPrice > Number.MAX_SAFE_INTEGER ||
        scaledSize > Number.MAX_SAFE_INTEGER
      ) {
        // Read the row again, with other decimals or in another chunk.
        at = rowStart
        this.#length = length
        this.#closeChunk = !this.#adoptDecimals(price, priceDecimals, size, sizeDecimals)
        if (this.#closeChunk) break
        continue
      }

      chunk.time[length] = time
      chunk.price[length] = scaledPrice
      chunk.size[length] = scaledSize
      chunk.side[length] = side
      length++
      read++
    }
    this.#length = length
    this.account.read = read
    return at
  }

  /** Skips a field. @returns index of the delimiter or line break behind it */
  #skipField(bytes: Uint8Array, at: number): number {
    const delimiter = this.#layout.delimiter
    let byte = bytes[at]
    if (byte === QUOTE || isPadding(byte, delimiter)) return this.#field(bytes, at)
    while (byte !== delimiter && byte !== LINE_FEED) byte = bytes[++at]
    return at
  }

  /**
   * Finds the field that starts at `at`, without its quotes and the padding around it.
   * @returns index of the delimiter or line break behind it
   */
  #field(bytes: Uint8Array, at: number): number {
    const delimiter = this.#layout.delimiter
    while (isPadding(bytes[at], delimiter)) at++
    const start = at
    if (bytes[at] === QUOTE) {
      let escapes = 0
      at++
      while (bytes[at] !== LINE_FEED) {
        if (bytes[at] === QUOTE) {
          if (bytes[at + 1] !== QUOTE) break
          escapes++
          at++
        }
        at++
      }
      if (bytes[at] === QUOTE) {
        const close = at++
        while (isPadding(bytes[at], delimiter) || bytes[at] === CARRIAGE_RETURN) at++
        if (bytes[at] === delimiter || bytes[at] === LINE_FEED) {
          if (escapes === 0) this.#setField(bytes, start + 1, close)
          else
            this.#setField(
              unescaped(bytes.subarray(start + 1, close), escapes),
              0,
              close - start - 1 - escapes,
            )
          return at
        }
      }
      // A quote left open, or text behind the closing one: the field is taken as it stands.
    }
    while (bytes[at] !== delimiter && bytes[at] !== LINE_FEED) at++
    this.#setField(bytes, start, at)
    return at
  }

  #setField(bytes: Uint8Array, start: number, end: number): void {
    while (start < end && isPadding(bytes[start], LINE_FEED)) start++
    while (end > start && (isPadding(bytes[end - 1], LINE_FEED) || bytes[end - 1] === CARRIAGE_RETURN)) end--
    this.#fieldBytes = bytes
    this.#fieldStart = start
    this.#fieldEnd = end
  }

  #fieldText(): string {
    const shown = this.#fieldBytes.subarray(this.#fieldStart, Math.min(this.#fieldEnd, this.#fieldStart + 40))
    return new TextDecoder().decode(shown)
  }

  /** Reads the field found last as a decimal. @returns the fault, 0 for none */
  #decimalFault(bad: number, negative: number): number {
    switch (parseDecimal(this.#fieldBytes, this.#fieldStart, this.#fieldEnd, this.#number)) {
      case Verdict.ok:
        return 0
      case Verdict.negative:
        return negative
      case Verdict.tooManyDigits:
        return Fault['too-many-digits']
      default:
        return bad
    }
  }

  /** Whether a trade of this symbol is asked for; the first trade's symbol is, where the caller names none. */
  #symbolFits(bytes: Uint8Array, start: number, end: number, row: number): boolean {
    if (this.#symbolBytes === undefined) {
      this.#symbolBytes = bytes.slice(start, end)
      this.#symbol = new TextDecoder().decode(this.#symbolBytes)
      return true
    }
    if (sameWord(bytes, start, end, this.#symbolBytes)) return true
    if (this.#filter) return false
    const other = new TextDecoder().decode(bytes.subarray(start, end))
    throw new VoxriskError(
      'bad-setting',
      `row ${grouped(row)}: symbol ${other} follows ${this.#symbol}: the file holds trades of several symbols`,
      `Say which one to read, e.g. --symbol ${this.#symbol} or --symbol ${other}.`,
    )
  }

  /**
   * Gives the chunk decimals that a trade fits in beside the rows it has. Decimals start from those of the chunk
   * before; they shrink only where an empty chunk could not hold the trade otherwise.
   * @returns false when the trade cannot share the chunk
   */
  #adoptDecimals(price: number, priceDecimals: number, size: number, sizeDecimals: number): boolean {
    const length = this.#length
    const forPrice = commonDecimals(this.#chunk.price, length, this.#priceDecimals, price, priceDecimals)
    const forSize = commonDecimals(this.#chunk.size, length, this.#sizeDecimals, size, sizeDecimals)
    if (forPrice < 0 || forSize < 0) return false
    rescale(this.#chunk.price, length, forPrice - this.#priceDecimals)
    rescale(this.#chunk.size, length, forSize - this.#sizeDecimals)
    this.#priceDecimals = forPrice
    this.#sizeDecimals = forSize
    return true
  }

  #takeChunk(): TradeChunk {
    const length = this.#length
    let { time, price, size, side, flags } = this.#chunk
    if (length === CHUNK_ROWS) {
      this.#chunk = newColumns()
    } else {
      time = time.slice(0, length)
      price = price.slice(0, length)
      size = size.slice(0, length)
      side = side.slice(0, length)
      flags = flags.slice(0, length)
    }
    this.#length = 0
    return {
      length,
      time,
      price,
      size,
      side,
      flags,
      priceDecimals: this.#priceDecimals,
      sizeDecimals: this.#sizeDecimals,
    }
  }

  /** @param row number of the row, from 1 */
  #reject(fault: number, row: number): void {
    this.#rejected[fault]++
    this.firstRejection ??= { reason: REASONS[fault], row, text: this.#rejectionText(fault) }
  }

  #rejectionText(fault: number): string {
    const text = `"${this.#faultText}"`
    const { delimiter, timeUnit } = this.#layout
    const said: Record<Reason, string> = {
      '': '',
      'too-few-fields': `fewer than ${this.#roles.length} fields between "${String.fromCharCode(delimiter)}"`,
      'line-too-long': `longer than ${grouped(MAX_LINE_BYTES)} bytes`,
      'bad-time': `time ${text} is not ${TIME_IN_WORDS[timeUnit]}`,
      'bad-price': `price ${text} is not a number`,
      'zero-price': 'price is 0',
      'negative-price': `price ${text} is negative`,
      'bad-size': `size ${text} is not a number`,
      'zero-size': 'size is 0',
      'negative-size': `size ${text} is negative`,
      'too-many-digits': `${text} has more digits than an exact integer holds`,
      'bad-side': `side ${text} is neither buy nor sell`,
      'bad-action': `action ${text} is not insert`,
      snapshot: 'it repeats a trade from before the subscription (action "partial")',
    }
    return said[REASONS[fault]]
  }

  #publishCounts(): void {
    for (let fault = 1; fault < REASONS.length; fault++) {
      if (this.#rejected[fault] > 0) this.account.rejected[REASONS[fault]] = this.#rejected[fault]
    }
    if (this.#otherSymbol > 0) this.account.outside['other-symbol'] = this.#otherSymbol
  }
}

const TIME_IN_WORDS: Record<TimeUnit, string> = {
  s: 'a time in seconds since 1970',
  ms: 'a time in milliseconds since 1970',
  us: 'a time in microseconds since 1970',
  ns: 'a time in nanoseconds since 1970',
  iso: 'a date and time (YYYY-MM-DD hh:mm:ss)',
}

const PARTIAL = new TextEncoder().encode('partial')
const INSERT = new TextEncoder().encode('insert')

/** What {@link parseSide} returns for a word that is no side. */
const NO_SIDE = 2

/**
 * The aggressor side that `bytes[start … end)` names, in any case: `buy`, `b`, `1`, `+1` are +1; `sell`, `s`, `-1` are
 * −1; an empty field is 0, not given. Everything else is refused: `bid` and `ask` name the aggressor in one feed and
 * the resting order in the next, `0` is a buy in one feed and "unknown" in another.
 * @returns +1, −1, 0, or 2 for a word that is no side
 */
function parseSide(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] | 32
  switch (end - start) {
    case 0:
      return 0
    case 1:
      if (first === 98 || bytes[start] === 49) return 1
      return first === 115 ? -1 : NO_SIDE
    case 2:
      if (bytes[start + 1] !== 49) return NO_SIDE
      return bytes[start] === 43 ? 1 : bytes[start] === 45 ? -1 : NO_SIDE
    case 3:
      return sameWord(bytes, start, end, BUY) ? 1 : NO_SIDE
    case 4:
      return sameWord(bytes, start, end, SELL) ? -1 : NO_SIDE
    default:
      return NO_SIDE
  }
}

const BUY = new TextEncoder().encode('buy')
const SELL = new TextEncoder().encode('sell')

/** Whether `bytes[start … end)` is `word`, ASCII letters in any case. */
function sameWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[start + i]
    if (byte !== word[i]) {
      const letter = byte | 32
      if (letter !== (word[i] | 32) || letter < 97 || letter > 122) return false
    }
  }
  return true
}

function endsField(bytes: Uint8Array, at: number, delimiter: number): boolean {
  const byte = bytes[at]
  return byte === delimiter || byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED)
}

/** Spaces, tabs and NUL bytes around a field do not belong to it. */
function isPadding(byte: number, delimiter: number): boolean {
  return (byte === 32 || byte === 0 || byte === TAB) && byte !== delimiter
}

function unescaped(bytes: Uint8Array, escapes: number): Uint8Array {
  const out = new Uint8Array(bytes.length - escapes)
  for (let from = 0, to = 0; from < bytes.length; from++) {
    out[to++] = bytes[from]
    if (bytes[from] === QUOTE) from++
  }
  return out
}

/** Decimals in which a value fits beside `length` used entries of `column`; −1 when there are none below 2^53. */
function commonDecimals(
  column: Float64Array,
  length: number,
  current: number,
  value: number,
  decimals: number,
): number {
  if (decimals <= current && value * POWERS_OF_TEN[current - decimals] <= Number.MAX_SAFE_INTEGER)
    return current
  if (length === 0) return decimals
  if (decimals <= current) return -1
  const factor = POWERS_OF_TEN[decimals - current]
  for (let i = 0; i < length; i++) if (column[i] * factor > Number.MAX_SAFE_INTEGER) return -1
  return decimals
}

function rescale(column: Float64Array, length: number, byDecimals: number): void {
  if (byDecimals <= 0) return
  const factor = POWERS_OF_TEN[byDecimals]
  for (let i = 0; i < length; i++) column[i] *= factor
}

function newColumns() {
  return {
    time: new Float64Array(CHUNK_ROWS),
    price: new Float64Array(CHUNK_ROWS),
    size: new Float64Array(CHUNK_ROWS),
    side: new Int8Array(CHUNK_ROWS),
    flags: new Uint8Array(CHUNK_ROWS),
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(first.length + second.length)
  out.set(first)
  out.set(second, first.length)
  return out
}

/** A count with thousands separators, as messages print it. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
