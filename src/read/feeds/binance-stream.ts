import { VoxriskError } from '../../errors.ts'
import type { ReadAccount, TradeChunk } from '../../events/trades.ts'
import type { Counts } from '../../units/counts.ts'
import { count } from '../../units/counts.ts'
import { grouped } from '../../units/grouped.ts'
import type { Format, Rows } from '../format.ts'
import { RowReader } from '../rows/delimited.ts'
import type { RowLayout } from '../rows/layout.ts'
import type { Rejection } from '../rows/rejection.ts'
import { isCoinMargined } from './binance.ts'

/** A line: the recorder's own time (optional), then the message. */
const LINE = /^\s*(?:\d+\s+)?(\{.*\})\s*$/
const TRADE = /"e"\s*:\s*"(?:trade|aggTrade)"/
const ANY_EVENT = /"stream"\s*:\s*"[^"]+@|"e"\s*:\s*"\w+"/

/** The fields of a trade message that we use; see Binance's description of its websocket streams. */
interface Trade {
  readonly e: 'trade' | 'aggTrade'
  readonly s: unknown
  /** Trade time, ms. */
  readonly T: unknown
  readonly p: unknown
  readonly q: unknown
  /** Whether the buyer is the maker. */
  readonly m: unknown
  /** Trade id. */
  readonly t?: unknown
  /** Aggregate trade id. */
  readonly a?: unknown
  /** What caused the trade: MARKET, or for example INSURANCE_FUND or ADL, which are off the book. */
  readonly X?: unknown
}

/** Longest line, in characters. A snapshot of a deep book has about 100,000. */
const LONGEST_LINE = 2 ** 24

/**
 * Trade messages are rewritten as delimited rows, so that the same code parses the numbers and keeps the
 * accounts.
 */
const ROW: RowLayout = {
  delimiter: 44,
  header: false,
  columns: { time: 0, price: 1, size: 2, buyerIsMaker: 3, id: 4, flag: 5, symbol: 6 },
  timeUnit: 'ms',
}

/**
 * Raw recordings of Binance's websocket: one message per line as Binance sends it, with or without the
 * wrapper of combined streams and the recorder's time in front. Reads only trades: either `trade` or
 * `aggTrade` messages, not both, because they report the same trades. Other messages count as `other-event`.
 * The time is the exchange's trade time.
 */
export const binanceStream: Format = {
  name: 'binance-stream',
  isInverse: isCoinMargined,
  read({ lines }, { stream }) {
    if (!lines.some(line => /^\s*(?:\d+\s+)?\{/.test(line) && ANY_EVENT.test(line))) return undefined
    return {
      newRows: symbol => new StreamRows(symbol, stream),
      newCensus: census => new StreamRows('', stream, census),
    }
  },
}

class StreamRows implements Rows {
  private readonly rows: RowReader
  private readonly decoder = new TextDecoder()
  private readonly encoder = new TextEncoder()
  /** The unfinished line left by the last push. */
  private rest = ''
  private line = 0
  /** Line numbers of the rows that `rows` has not read yet. */
  private lineNumbers: number[] = []
  private kind: Trade['e'] | undefined
  private rejection: Rejection | undefined

  /**
   * @param wanted symbol to read; empty: that of the first trade
   * @param stream stream to read; undefined: that of the first trade
   */
  constructor(
    private readonly wanted: string,
    private readonly stream: string | undefined,
    private readonly census?: Counts,
  ) {
    this.rows = new RowReader(ROW, wanted, census)
  }

  get account(): ReadAccount {
    return this.rows.account
  }

  get symbol(): string {
    return this.rows.symbol
  }

  get firstRejection(): Rejection | undefined {
    return this.rejection
  }

  *push(bytes: Uint8Array): Generator<TradeChunk> {
    const text = this.rest + this.decoder.decode(bytes, { stream: true })
    const end = text.lastIndexOf('\n') + 1
    this.rest = text.slice(end)
    yield* this.lines(text.slice(0, end))
    if (this.rest.length > LONGEST_LINE) {
      throw new VoxriskError(
        'bad-data',
        `line ${grouped(this.line + 1)}: longer than ${grouped(LONGEST_LINE)} characters`,
        'Give a recording with one message per line.',
      )
    }
  }

  *end(): Generator<TradeChunk> {
    const last = this.rest + this.decoder.decode()
    this.rest = ''
    yield* this.lines(last)
    yield* this.rows.end()
  }

  private *lines(text: string): Generator<TradeChunk> {
    let rows = ''
    for (const line of text.split('\n')) {
      if (line === '' || line === '\r') continue
      this.line++
      const row = this.row(line)
      if (row === undefined) continue
      rows += row
      this.lineNumbers.push(this.line)
    }
    if (rows === '') return
    const before = this.account.read
    const known = this.rows.firstRejection
    yield* this.rows.push(this.encoder.encode(rows))
    const found = this.rows.firstRejection
    if (found && !known) {
      const row = this.lineNumbers[found.row - before - 1]
      if (!this.rejection || row < this.rejection.row) this.rejection = { ...found, row }
    }
    this.lineNumbers = []
  }

  /** The row for a line's trade; undefined, and counted, when the line holds no requested trade. */
  private row(line: string): string | undefined {
    const message = LINE.exec(line)?.[1]
    if (message === undefined) return this.pass('rejected', 'bad-json', line)
    if (!TRADE.test(message)) return this.pass('outside', 'other-event')
    let wrapper: Trade & { readonly stream?: unknown; readonly data?: Trade }
    try {
      wrapper = JSON.parse(message)
    } catch {
      return this.pass('rejected', 'bad-json', line)
    }
    const trade = wrapper.data ?? wrapper
    if (trade.e !== 'trade' && trade.e !== 'aggTrade') return this.pass('outside', 'other-event')
    const stream = `${wrapper.stream ?? `${trade.s}@${trade.e}`}`
    if (!this.isAskedFor(stream, trade)) return this.pass('outside', 'other-stream')
    const flag = trade.X === undefined || trade.X === 'MARKET' ? 0 : 1
    const fields = [trade.T, trade.p, trade.q, trade.m, trade.t ?? trade.a, flag, trade.s]
    return `${fields.map(fieldText).join(',')}\n`
  }

  /** Counts a line that gives no row. */
  private pass(kind: 'rejected' | 'outside', reason: string, line?: string): undefined {
    const { account } = this.rows
    account.read++
    count(account[kind], reason)
    if (line !== undefined) {
      this.rejection ??= {
        reason,
        row: this.line,
        text: `not a JSON message: ${JSON.stringify(line.slice(0, 60))}`,
      }
    }
    return undefined
  }

  private isAskedFor(stream: string, trade: Trade): boolean {
    if (this.stream !== undefined) return stream.toLowerCase() === this.stream.toLowerCase()
    // The row reader deals with other symbols.
    if (this.wanted !== '' && `${trade.s}`.toLowerCase() !== this.wanted.toLowerCase()) return true
    this.kind ??= trade.e
    if (trade.e === this.kind || this.census) return trade.e === this.kind
    const symbol = `${trade.s}`.toLowerCase()
    throw new VoxriskError(
      'bad-setting',
      `line ${grouped(this.line)}: stream ${symbol}@${trade.e} follows ${symbol}@${this.kind}: the same trades in two forms`,
      `Say which one to read: ${symbol}@${this.kind} or ${symbol}@${trade.e}.`,
      { settings: ['stream'] },
    )
  }
}

/** A value that cannot break the row: `?` if it has anything but letters, digits, points and signs. */
function fieldText(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value)
  return /^[\w.+-]*$/.test(text) ? text : '?'
}
