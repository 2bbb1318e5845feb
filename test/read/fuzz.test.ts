import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReadAccount, TradeChunk } from '../../src/events/trades.ts'
import type { RowLayout } from '../../src/read/rows/layout.ts'
import { MAX_LINE_BYTES } from '../../src/read/rows/rejection.ts'
import { runs } from '../support/runs.ts'
import { readRows } from './rows-of-text.ts'

const encoder = new TextEncoder()
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

interface Feed {
  readonly name: string
  readonly layout: RowLayout
  /** A row as the feed prints it, without line break. */
  row(random: Random): string
}

/** Marsaglia's xorshift32: lines by the million from one seed. */
class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed | 1
  }

  /** 0 … below − 1 */
  next(below: number): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) % below
  }

  pick<T>(list: readonly T[]): T {
    return list[this.next(list.length)]
  }

  decimal(whole: number, places: number): string {
    const digits = this.next(places + 1)
    const fraction = String(this.next(10 ** digits)).padStart(digits, '0')
    return digits === 0 ? String(1 + this.next(whole)) : `${1 + this.next(whole)}.${fraction}`
  }
}

const FEEDS: readonly Feed[] = [
  {
    name: 'bybit',
    layout: {
      delimiter: 44,
      header: true,
      columns: { time: 0, symbol: 1, side: 2, size: 3, price: 4 },
      timeUnit: 's',
    },
    row: random =>
      `15699${random.decimal(99_999, 6)},BTCUSD,${random.pick(['Buy', 'Sell'])},${1 + random.next(1e6)},` +
      `${random.decimal(20_000, 1)},PlusTick,656acfd0-8b65-5070-a2f1-b5b55f8402a1,140248813.0,11668,1.40248813`,
  },
  {
    name: 'kraken',
    layout: { delimiter: 44, header: false, columns: { time: 0, price: 1, size: 2 }, timeUnit: 's' },
    row: random => `16330${10_000 + random.next(9999)},${random.decimal(500, 5)},${random.decimal(100, 8)}`,
  },
  {
    name: 'bitmex',
    layout: {
      delimiter: 44,
      header: false,
      columns: { symbol: 0, time: 1, milliseconds: 2, price: 3, size: 4, action: 5, side: 6 },
      timeUnit: 'iso',
    },
    row: random =>
      `"${random.pick(['BTCUSD', 'btcusd', 'ETHUSD'])}\0\0","2020-03-10 18:25:${10 + random.next(49)}",` +
      `${random.next(1000)},7822.5,${1 + random.next(1e5)},"${random.pick(['insert', 'partial'])}\0","Sell\0"`,
  },
  {
    name: 'binance',
    layout: {
      delimiter: 44,
      header: false,
      columns: { id: 0, price: 1, size: 2, time: 4, buyerIsMaker: 5 },
      timeUnit: 'ms',
    },
    row: random =>
      `${1_000_000 + random.next(1000)},${random.decimal(60_000, 2)},${random.decimal(10, 5)},1.5,` +
      `1723161255${100 + random.next(899)},${random.pick(['true', 'false', 'True'])},true`,
  },
  {
    name: 'lean',
    layout: {
      delimiter: 44,
      header: false,
      columns: { time: 0, price: 1, size: 2, flag: 5 },
      timeUnit: 'ms',
      timeOffset: 1_381_449_600_000_000,
      priceDecimals: 4,
    },
    row: random =>
      `${random.next(86_400_000)},${1_000_000 + random.next(900_000)},${1 + random.next(900)},P,F,${random.next(2)}`,
  },
  {
    name: 'resting orders, tabs, ns',
    layout: {
      delimiter: 9,
      header: true,
      columns: { symbol: 1, time: 2, price: 3, size: 5, side: 6, aggressor: 7, id: 9 },
      timeUnit: 'ns',
      sides: { buy: 'Bid', sell: 'Ask' },
    },
    row: random =>
      `x\t${random.pick(['BTCUSD', 'BTCUSDT'])}\t17231612550303${10_000 + random.next(89_999)}\t` +
      `${random.decimal(100, 3)}\t\t${random.decimal(1000, 4)}\t${random.pick(['Bid', 'Ask', ''])}\t` +
      `${random.pick(['true', 'false'])}\t?\t${random.next(5000)}`,
  },
]

/** Bytes that mean something to the reader occur more often than others. */
const TELLING = [0, 9, 10, 13, 32, 34, 34, 43, 44, 45, 46, 48, 57, 58, 69, 101, 255]

function randomByte(random: Random): number {
  return random.next(2) === 0 ? random.pick(TELLING) : random.next(256)
}

/** Writes lines of a feed: good ones, damaged ones, noise. */
class LineWriter {
  private bytes = new Uint8Array(1 << 20)
  private length = 0
  private readonly rows: readonly Uint8Array[]

  constructor(
    feed: Feed,
    private readonly random: Random,
  ) {
    this.rows = Array.from({ length: 100 }, () => encoder.encode(feed.row(random)))
  }

  /** The text so far. */
  text(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  line(): void {
    const { random } = this
    const kind = random.next(5000)
    if (kind === 0) this.longLine()
    else if (kind < 500) for (let i = random.next(60); i > 0; i--) this.byte(randomByte(random))
    else if (kind < 1500) for (const byte of random.pick(this.rows)) this.byte(byte)
    else this.damaged(random.pick(this.rows), 1 + random.next(3))
    if (random.next(10) === 0) this.byte(CARRIAGE_RETURN)
    this.byte(LINE_FEED)
  }

  /** A row in which bytes are lost, added, or repeated from elsewhere in it. */
  private damaged(row: Uint8Array, damages: number): void {
    const { random } = this
    for (let at = 0; at < row.length; ) {
      if (random.next(row.length) >= damages) {
        this.byte(row[at++])
        continue
      }
      const kind = random.next(5)
      if (kind < 2) at += 1 + random.next(8)
      else if (kind < 4) this.byte(randomByte(random))
      else at = random.next(row.length)
    }
  }

  private longLine(): void {
    const byte = randomByte(this.random)
    for (let i = MAX_LINE_BYTES - 3 + this.random.next(10); i > 0; i--) this.byte(byte)
  }

  private byte(byte: number): void {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(2 * this.length)
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.bytes[this.length++] = byte
  }
}

/** Lines that are not empty, found without the reader. */
function countRows(bytes: Uint8Array, { header }: RowLayout): number {
  let rows = 0
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start)
    const end = found < 0 ? bytes.length : found
    if (end > start && !(end === start + 1 && bytes[start] === CARRIAGE_RETURN)) rows++
    start = end + 1
  }
  return header && rows > 0 ? rows - 1 : rows
}

function read(layout: RowLayout, bytes: Uint8Array, cuts: readonly number[]) {
  const { chunks, reader, account } = readRows(layout, bytes, cuts, 'BTCUSD')
  return { chunks, account, firstRejection: reader.firstRejection }
}

/** Everything a reading gives, in a form that compares fast; key order counts. */
function fingerprint({ chunks, account, firstRejection }: ReturnType<typeof read>): string {
  const columns = chunks.map(({ length, time, price, size, side, flags, priceDecimals, sizeDecimals }) => [
    length,
    priceDecimals,
    sizeDecimals,
    ...[time, price, size, side, flags].map(column =>
      Buffer.from(column.buffer, column.byteOffset, length * column.BYTES_PER_ELEMENT).toString('base64'),
    ),
  ])
  return JSON.stringify([columns, account, firstRejection])
}

function firstBadTrade(chunks: readonly TradeChunk[]): string | undefined {
  const isSize = (value: number) => Number.isSafeInteger(value) && value > 0
  for (const { length, time, price, size, side, flags } of chunks) {
    for (let i = 0; i < length; i++) {
      const isTime = Number.isSafeInteger(time[i]) && time[i] >= 0
      if (isTime && isSize(price[i]) && isSize(size[i]) && Math.abs(side[i]) <= 1 && flags[i] < 8) continue
      return [time[i], price[i], size[i], side[i], flags[i]].join(' ')
    }
  }
  return undefined
}

const total = (counts: ReadAccount['rejected']) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

describe('damaged lines', () => {
  const LINES_A_TEXT = 5000
  const TEXTS = 8 // of each of the six feeds: 240,000 lines, with `npm run fuzz` twelve million

  test.each(FEEDS)('$name: no crash, a closed account, the same however it is cut', feed => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(30), (seed, cutCount) => {
        const random = new Random(seed)
        const lines = new LineWriter(feed, random)
        for (let i = 0; i < LINES_A_TEXT; i++) lines.line()
        const bytes = lines.text()
        const whole = read(feed.layout, bytes, [])
        const { read: rows, rejected, outside } = whole.account
        const kept = whole.chunks.reduce((sum, { length }) => sum + length, 0)
        expect(rows).toBe(countRows(bytes, feed.layout))
        expect(kept + total(rejected) + total(outside)).toBe(rows)
        expect(kept).toBeGreaterThan(LINES_A_TEXT / 20)
        expect(firstBadTrade(whole.chunks)).toBeUndefined()

        const cuts = Array.from({ length: cutCount }, () => random.next(bytes.length + 1)).sort(
          (a, b) => a - b,
        )
        expect(fingerprint(read(feed.layout, bytes, cuts)) === fingerprint(whole)).toBe(true)
      }),
      { numRuns: runs(TEXTS) },
    )
  })
})

describe('the plain and the careful way', () => {
  /**
   * Fields that hold no quote, padding, delimiter or line break, so that quotes around them change nothing.
   */
  const digits = fc.stringMatching(/^\d{0,18}$/)
  const number = fc.oneof(
    fc.nat(99_999).map(String),
    fc.tuple(fc.nat(9999), digits).map(([whole, fraction]) => `${whole}.${fraction.slice(0, 8)}`),
    fc
      .tuple(digits, fc.option(digits, { nil: undefined }))
      .map(([a, b]) => (b === undefined ? a : `${a}.${b}`)),
    fc.constantFrom('0', '0.00', '.5', '-1', '+2', '1e-7', '1E3', 'abc', '1.2.3', '9007199254740993'),
  )
  const time = fc.oneof(
    fc.nat(2e9).map(String),
    fc.tuple(fc.nat(2e9), digits).map(([whole, fraction]) => `${whole}.${fraction}`),
    fc.stringMatching(/^1\d{12}$|^1\d{15}$|^1\d{18}$/),
    number,
  )
  const word = fc.constantFrom(
    ...[
      '',
      'buy',
      'Sell',
      'SELF',
      'sel',
      'buys',
      'b',
      's',
      '1',
      '-1',
      '+1',
      '0',
      'bid',
      'ASK',
      'true',
      'False',
      '2',
    ],
  )
  const symbol = fc.constantFrom('BTCUSD', 'btcUSD', 'BTCUSDT', 'BTC', '', 'ETHUSD')
  const date = fc
    .tuple(
      fc.date({ min: new Date(0), max: new Date('2200'), noInvalidDate: true }),
      fc.constantFrom('', '000', 'x'),
    )
    .map(([date, micros]) => date.toISOString().slice(0, 23) + micros)
  const row = fc.record({
    time,
    date,
    milliseconds: fc.nat(1100).map(String),
    price: number,
    size: number,
    side: word,
    symbol,
    action: fc.constantFrom('insert', 'insert', 'INSERT', 'partial', ''),
    buyerIsMaker: word,
    aggressor: word,
    id: number,
    flag: word,
    unused: fc.constantFrom('', 'x', '1.5'),
  })
  const roles = [
    'side',
    'symbol',
    'milliseconds',
    'action',
    'buyerIsMaker',
    'aggressor',
    'id',
    'flag',
  ] as const
  const layout = fc
    .record({
      order: fc.shuffledSubarray(['unused', 'time', 'price', 'size', ...roles], { minLength: 0 }),
      timeUnit: fc.constantFrom('s' as const, 'ms' as const, 'us' as const, 'ns' as const, 'iso' as const),
      timeOffset: fc.constantFrom(0, 1_381_449_600_000_000),
      priceDecimals: fc.constantFrom(0, 4, 20),
      sides: fc.constantFrom(undefined, { buy: 'Bid', sell: 'Ask' }),
    })
    .map(({ order, sides, ...rest }) => {
      const names = [...order, ...['time', 'price', 'size'].filter(name => !order.includes(name as 'time'))]
      const columns = Object.fromEntries(
        names.flatMap((name, column) => (name === 'unused' ? [] : [[name, column]])),
      ) as unknown as RowLayout['columns']
      return {
        names,
        layout: { delimiter: 44, header: false, columns, ...(sides ? { sides } : {}), ...rest },
      }
    })

  test('read any fields in any layout to the same trades and account', () => {
    fc.assert(
      fc.property(layout, fc.array(row, { minLength: 1, maxLength: 12 }), ({ names, layout }, rows) => {
        const fields = rows.map(row =>
          names.map(name => (name === 'time' && layout.timeUnit === 'iso' ? row.date : row[name as 'time'])),
        )
        const text = (quote: string) =>
          encoder.encode(fields.map(row => `${row.map(field => quote + field + quote).join(',')}\n`).join(''))
        expect(fingerprint(read(layout, text('"'), []))).toBe(fingerprint(read(layout, text(''), [])))
      }),
      { numRuns: runs(1500) },
    )
  })
})
