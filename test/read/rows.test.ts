import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHUNK_ROWS, type TradeChunk, TradeFlag } from '../../src/events/trades.ts'
import { RowReader } from '../../src/read/rows/delimited.ts'
import type { RowLayout } from '../../src/read/rows/layout.ts'
import { MAX_LINE_BYTES } from '../../src/read/rows/rejection.ts'
import { runs } from '../support/runs.ts'
import { readRows } from './rows-of-text.ts'

const encoder = new TextEncoder()
const KRAKEN: RowLayout = {
  delimiter: 44,
  header: false,
  columns: { time: 0, price: 1, size: 2 },
  timeUnit: 's',
}
const FULL: RowLayout = {
  delimiter: 44,
  header: true,
  columns: { symbol: 0, time: 1, price: 3, size: 4, side: 5 },
  timeUnit: 's',
}
const BITMEX: RowLayout = {
  delimiter: 44,
  header: false,
  columns: { symbol: 0, time: 1, milliseconds: 2, price: 3, size: 4, action: 5, side: 6 },
  timeUnit: 'iso',
}

/** Reads `text` in the given pieces. */
function read(layout: RowLayout, text: string | Uint8Array, cuts: readonly number[] = [], symbol = '') {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text
  return readRows(layout, bytes, cuts, symbol)
}

/** Trades as `time price size side`, price and size as exact decimals without trailing zeros. */
function trades(chunks: readonly TradeChunk[]): string[] {
  return chunks.flatMap(chunk =>
    Array.from({ length: chunk.length }, (_, i) =>
      [
        chunk.time[i],
        exact(chunk.price[i], chunk.priceDecimals),
        exact(chunk.size[i], chunk.sizeDecimals),
        chunk.side[i],
      ].join(' '),
    ),
  )
}

function exact(value: number, decimals: number): string {
  expect(Number.isSafeInteger(value) && value > 0).toBe(true)
  const digits = String(value).padStart(decimals + 1, '0')
  const text = `${digits.slice(0, digits.length - decimals)}.${digits.slice(digits.length - decimals)}`
  return text.replace(/\.?0*$/, '')
}

const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((total, count) => total + count, 0)

function expectClosed(chunks: readonly TradeChunk[], account: RowReader['account']): void {
  const kept = chunks.reduce((total, chunk) => total + chunk.length, 0)
  expect(kept + sum(account.outside) + sum(account.rejected)).toBe(account.read)
}

describe('rows', () => {
  test('plain rows, one decimal unit a chunk', () => {
    const { chunks, account } = read(
      KRAKEN,
      '1633046554,276.53000,0.10970000\n1633046555,276.5,18.90000000\n',
    )
    expect(chunks).toHaveLength(1)
    expect(chunks[0]).toMatchObject({ length: 2, priceDecimals: 2, sizeDecimals: 4 })
    expect([...chunks[0].time]).toEqual([1633046554000000, 1633046555000000])
    expect([...chunks[0].price]).toEqual([27653, 27650])
    expect([...chunks[0].size]).toEqual([1097, 189000])
    expect([...chunks[0].side]).toEqual([0, 0])
    expect([...chunks[0].flags]).toEqual([0, 0])
    expect(account).toEqual({ read: 2, rejected: {}, outside: {}, noted: {} })
  })

  test.each([
    ['\\n', '1,2,3\n4,5,6\n'],
    ['\\r\\n', '1,2,3\r\n4,5,6\r\n'],
    ['no final line break', '1,2,3\n4,5,6'],
    ['a final \\r', '1,2,3\r\n4,5,6\r'],
    ['empty lines', '\n\r\n1,2,3\n\n\r\n4,5,6\n\n'],
    ['a byte order mark', '\ufeff1,2,3\n4,5,6\n'],
    ['padding', ' 1\0\0,\t2 ,3 \r\n4, 5,\x006\0\n'],
    ['quotes', '"1","2","3"\n"4",5,"6"\n'],
    ['padding in and around quotes', ' "1\0\0" , "2 ","3"\t\r\n4,"5","6"'],
    ['more fields than needed', '1,2,3,x,"y,z"\n4,5,6,,\n'],
    ['exponents and signs', '1e0,+2.0,30e-1\n4.0,.5e1,6.\n'],
  ])('line ends and padding: %s', (_, text) => {
    const { chunks, account } = read(KRAKEN, text)
    expect(trades(chunks)).toEqual(['1000000 2 3 0', '4000000 5 6 0'])
    expect(account).toEqual({ read: 2, rejected: {}, outside: {}, noted: {} })
  })

  test('header, sides, a delimiter and an escaped quote inside quotes', () => {
    const text =
      'symbol,time,note,price,size,side\nA,1,"x, ""y""",2,3,Buy\n"A",2,,2,3,"SELL"\nA,3,,2,3,\nA,4,,2,3,b\nA,5,,2,3,-1\n'
    const { chunks, reader } = read(FULL, text)
    expect(trades(chunks)).toEqual([
      '1000000 2 3 1',
      '2000000 2 3 -1',
      '3000000 2 3 0',
      '4000000 2 3 1',
      '5000000 2 3 -1',
    ])
    expect(reader.symbol).toBe('A')
    const quoted = read(FULL, 'h\n"A""B",1,,2,3,S\n"a""b",2,,2,3,+1\n')
    expect(quoted.reader.symbol).toBe('A"B')
    expect(trades(quoted.chunks)).toEqual(['1000000 2 3 -1', '2000000 2 3 1'])
  })

  test.each<[string, string, string]>([
    ['1,2', 'too-few-fields', 'fewer than 3 fields separated by ","'],
    ['hello', 'too-few-fields', 'fewer than 3 fields separated by ","'],
    ['abc,2,3', 'bad-time', 'time "abc" is not a time in seconds since 1970'],
    ['9007199255,2,3', 'bad-time', 'time "9007199255" is not a time in seconds since 1970'],
    ['1,abc,3', 'bad-price', 'price "abc" is not a number'],
    ['1,,3', 'bad-price', 'price "" is not a number'],
    ['1,"2,3', 'too-few-fields', 'fewer than 3 fields separated by ","'],
    ['1,"2"x,3', 'bad-price', 'price ""2"x" is not a number'],
    ['1,0.00,3', 'zero-price', 'price is 0'],
    ['1,-2,3', 'negative-price', 'price "-2" is negative'],
    ['1,2,0x3', 'bad-size', 'size "0x3" is not a number'],
    ['1,2,0', 'zero-size', 'size is 0'],
    ['1,2,-3', 'negative-size', 'size "-3" is negative'],
    [
      '1,2,12345678901234567',
      'too-many-digits',
      '"12345678901234567" has more digits than an exact integer holds',
    ],
  ])('"%s" is rejected as %s', (line, reason, message) => {
    const { account, reader, chunks } = read(KRAKEN, `1,2,3\n${line}\n1,2,3\n`)
    expect(account).toEqual({ read: 3, rejected: { [reason]: 1 }, outside: {}, noted: {} })
    expect(reader.firstRejection).toEqual({ reason, row: 2, text: message })
    expect(trades(chunks)).toHaveLength(2)
  })

  test.each(['Ask', 'bid', '0', 'x', '2', '-', '+2', 'buyer', 'true', 'sel', 'bux'])(
    'side "%s" is refused',
    side => {
      const { account, reader } = read(FULL, `h\nA,1,,2,3,${side}\n`)
      expect(account.rejected).toEqual({ 'bad-side': 1 })
      expect(reader.firstRejection?.text).toBe(`side "${side}" is neither buy nor sell`)
    },
  )

  test('the first rejected row is reported', () => {
    const { reader } = read(KRAKEN, `${'1,2,3\n'.repeat(1203)}1,abc,3\n1,2,0\n`)
    expect(reader.firstRejection).toEqual({
      reason: 'bad-price',
      row: 1204,
      text: 'price "abc" is not a number',
    })
  })

  test('milliseconds, snapshots, padding of bitmex', () => {
    const row = (symbol: string, ms: string, action: string, side: string) =>
      `"${symbol}\0\0\0","2020-03-10 18:25:12",${ms},7822.5,20000,"${action}\0\0","${side}\0"\n`
    const text =
      row('XBTUSD', '955', 'partial', 'Buy') +
      row('XBTUSD', '155', 'insert', 'Sell') +
      row('XBTUSD', '1000', 'insert', 'Sell') +
      row('XBTUSD', '4', 'delete', 'Sell') +
      row('ETHUSD', '5', 'insert', 'Buy') +
      row('ETHUSD', '5', 'partial', 'Buy')
    const { chunks, account } = read(BITMEX, text, [], 'xbtusd')
    expect(trades(chunks)).toEqual([`${Date.UTC(2020, 2, 10, 18, 25, 12) * 1000 + 155000} 7822.5 20000 -1`])
    expect(account).toEqual({
      read: 6,
      rejected: { snapshot: 2, 'bad-time': 1, 'bad-action': 1 },
      outside: { 'other-symbol': 1 },
      noted: {},
    })
  })

  test('a second symbol is an error when none was asked for', () => {
    expect(() => read(FULL, 'h\nA,1,,2,3,Buy\nB,1,,2,3,Buy\n')).toThrowError(
      expect.objectContaining({
        code: 'several-symbols',
        message: 'row 2: symbol B follows A: the file holds trades of several symbols',
        fix: 'Say which one to read, such as A or B.',
        settings: ['symbol'],
      }),
    )
  })

  test('a rejected row does not choose the symbol', () => {
    const { reader, account } = read(FULL, 'h\nJUNK,x,,2,3,Buy\nB,1,,2,3,Buy\n')
    expect(reader.symbol).toBe('B')
    expect(account.rejected).toEqual({ 'bad-time': 1 })
  })
})

describe('columns that few feeds have', () => {
  const MAKER: RowLayout = {
    delimiter: 44,
    header: false,
    columns: { id: 0, price: 1, size: 2, time: 4, buyerIsMaker: 5 },
    timeUnit: 'ms',
  }
  const FLAGGED: RowLayout = {
    delimiter: 44,
    header: false,
    columns: { time: 0, price: 1, size: 2, flag: 3 },
    timeUnit: 'ms',
    timeOffset: 1_381_449_600_000_000,
    priceDecimals: 4,
  }
  const RESTING: RowLayout = {
    delimiter: 44,
    header: false,
    columns: { time: 0, price: 1, size: 2, side: 3, aggressor: 4 },
    timeUnit: 's',
    sides: { buy: 'Bid', sell: 'Ask' },
  }
  /** Quotes take a row from the plain to the careful way of reading. */
  const quoted = (text: string) => text.replace(/[^,\n]+/g, '"$&"')

  test.each([
    ['true', -1],
    ['TRUE', -1],
    ['1', -1],
    ['False', 1],
    ['0', 1],
  ])('buyer is maker: %s is side %d', (word, side) => {
    for (const text of [`7,2,3,6,1000,${word}\n`, quoted(`7,2,3,6,1000,${word}\n`)]) {
      expect(trades(read(MAKER, text).chunks)).toEqual([`1000000 2 3 ${side}`])
    }
  })

  test.each(['', 'yes', 'tru', '2', 'buy', '-1', 'trues'])('buyer is maker: "%s" is refused', word => {
    for (const text of [`7,2,3,6,1000,${word}\n`, quoted(`7,2,3,6,1000,${word}\n`)]) {
      const { account, reader } = read(MAKER, text)
      expect(account.rejected).toEqual({ 'bad-side': 1 })
      expect(reader.firstRejection?.text).toBe(`side: "${word}" is neither true nor false`)
    }
  })

  test('the side of a resting order is turned round and marked', () => {
    const text = '1,2,3,buy,true\n1,2,3,buy,false\n1,2,3,s,FALSE\n1,2,3,,0\n1,2,3,sell,1\n1,2,3,buy,\n'
    for (const rows of [text, quoted(text)]) {
      const { chunks, account } = read(RESTING, rows)
      expect([...chunks[0].side]).toEqual([1, -1, 1, 0, -1])
      const resting = TradeFlag.restingRow
      expect([...chunks[0].flags]).toEqual([0, resting, resting, resting, 0])
      expect(account).toEqual({ read: 6, rejected: { 'bad-side': 1 }, outside: {}, noted: {} })
    }
  })

  test('spellings of the side beside the common ones', () => {
    const text = 'bid,BID,Ask,ask,Buy,sell,b,-1,bad,asks'
    const rows = text.split(',').map(side => `1,2,3,${side},true\n`)
    for (const way of [rows.join(''), quoted(rows.join(''))]) {
      const { chunks, account } = read(RESTING, way)
      expect([...chunks[0].side]).toEqual([1, 1, -1, -1, 1, -1, 1, -1])
      expect(account.rejected).toEqual({ 'bad-side': 2 })
    }
    const swapped: RowLayout = { ...RESTING, sides: { buy: '0', sell: '1' } }
    expect([...read(swapped, '1,2,3,0,1\n1,2,3,1,1\n1,2,3,s,1\n').chunks[0].side]).toEqual([1, -1, -1])
  })

  test('flags, times from midnight, prices with implied decimals', () => {
    const row = (price: string, flag: string) => `34200123,${price},100,${flag}\n`
    const text =
      row('1664300', '0') +
      row('1664300', '1') +
      row('1', 'true') +
      row('16643001', 'FALSE') +
      row('1664300.5', '') +
      row('2', 'x') +
      row('3', '2')
    for (const rows of [text, quoted(text)]) {
      const { chunks, account } = read(FLAGGED, rows)
      const time = 1_381_449_600_000_000 + 34_200_123_000
      expect(trades(chunks)).toEqual(
        ['166.43', '166.43', '0.0001', '1664.3001', '166.43005'].map(price => `${time} ${price} 100 0`),
      )
      expect([...chunks[0].flags]).toEqual([0, TradeFlag.flagged, TradeFlag.flagged, 0, 0])
      expect(chunks[0].priceDecimals).toBe(5)
      expect(account).toEqual({ read: 7, rejected: { 'bad-flag': 2 }, outside: {}, noted: { flagged: 2 } })
    }
    expect(read(FLAGGED, row('1664300', '0')).chunks[0]).toMatchObject({ priceDecimals: 2, length: 1 })
    expect(read(FLAGGED, row('1', 'no')).reader.firstRejection?.text).toBe('flag "no" is neither 0 nor 1')
  })

  test('gaps of ids count the trades that are missing', () => {
    const row = (id: string, price = '2') => `${id},${price},3,6,1000,true\n`
    const text =
      row('10') +
      row('11') +
      row('12', 'abc') +
      row('13') +
      row('17') +
      row('n/a') +
      row('18') +
      row('20', '0')
    for (const rows of [text, quoted(text)]) {
      const { account } = read(MAKER, rows)
      expect(account).toEqual({
        read: 8,
        rejected: { 'bad-price': 1, 'zero-price': 1 },
        outside: {},
        noted: { 'id-gaps': 2, 'missing-ids': 4 },
      })
    }
  })

  test.each(['', 'abc', '1.5', '-3', '9007199254740992', '1e16'])(
    'id "%s" says nothing, the row is kept',
    id => {
      const { account } = read(MAKER, `7,2,3,6,1000,0\n${id},2,3,6,1000,0\n8,2,3,6,1000,0\n`)
      expect(account).toEqual({ read: 3, rejected: {}, outside: {}, noted: {} })
    },
  )

  test('ids of other symbols are not counted', () => {
    const layout: RowLayout = { ...MAKER, columns: { ...MAKER.columns, symbol: 3 } }
    const row = (id: number, symbol: string, price = '2') => `${id},${price},3,${symbol},1000,true\n`
    const text = row(1, 'A') + row(90, 'B') + row(2, 'a') + row(91, 'B', '0') + row(3, 'A', '0') + row(4, 'A')
    for (const rows of [text, quoted(text)]) {
      const { account } = read(layout, rows, [], 'A')
      expect(account).toEqual({
        read: 6,
        rejected: { 'zero-price': 2 },
        outside: { 'other-symbol': 1 },
        noted: {},
      })
    }
  })

  test('a row that is read again, as it needs another chunk, is noted once', () => {
    const layout: RowLayout = { ...MAKER, columns: { ...MAKER.columns, flag: 3 } }
    const text = '1,1,900000000000000,1,1,0\n2,1,0.001,1,1,0\n3,1,0.001,1,1,0\n'
    const { account, chunks } = read(layout, text)
    expect(chunks.map(chunk => chunk.length)).toEqual([1, 2])
    expect(account.noted).toEqual({ flagged: 3 })
  })

  test('times in ns and dates are read the plain way too', () => {
    const ns: RowLayout = { ...FULL, header: false, timeUnit: 'ns' }
    expect(trades(read(ns, 'A,1723161255030314999,,2,3,Sell\n').chunks)).toEqual(['1723161255030314 2 3 -1'])
    const iso: RowLayout = { ...FULL, header: false, timeUnit: 'iso' }
    for (const date of [
      '2024-08-08 23:54:15.030314',
      '"2024-08-08T23:54:15.030314Z"',
      ' 2024-08-08 23:54:15.030314 ',
    ]) {
      expect(trades(read(iso, `A,${date},,2,3,Sell\n`).chunks)).toEqual(['1723161255030314 2 3 -1'])
    }
  })
})

describe('the account', () => {
  test('has its reasons in one order, however the bytes are cut', () => {
    const text = '1,2,0\n1,abc,3\n1,2,3\nx,2,3\n1\n'
    const orders = [[], [7], [7, 15, 20, 26]].map(cuts =>
      JSON.stringify(read(KRAKEN, text, cuts).account.rejected),
    )
    expect(orders[0]).toBe('{"too-few-fields":1,"bad-time":1,"bad-price":1,"zero-size":1}')
    expect(new Set(orders).size).toBe(1)
  })

  test('is complete at every chunk', () => {
    const reader = new RowReader(KRAKEN)
    const rows = `x,1,1\n${'1,2,3\n'.repeat(CHUNK_ROWS)}y,1,1\n`
    const seen: number[][] = []
    for (const chunk of reader.push(encoder.encode(rows))) seen.push([chunk.length, reader.account.read])
    expect(seen).toEqual([[CHUNK_ROWS, CHUNK_ROWS + 1]])
    expect(reader.account).toMatchObject({ read: CHUNK_ROWS + 2, rejected: { 'bad-time': 2 } })
  })
})

describe('decimals of a chunk', () => {
  test('grow with the rows and stay for the next chunk', () => {
    const rows = `1,2.5,3\n${'1,2,3\n'.repeat(CHUNK_ROWS - 2)}1,2.25,3\n1,4,5\n`
    const { chunks } = read(KRAKEN, rows)
    expect(chunks.map(chunk => [chunk.length, chunk.priceDecimals])).toEqual([
      [CHUNK_ROWS, 2],
      [1, 2],
    ])
    expect([
      chunks[0].price[0],
      chunks[0].price[1],
      chunks[0].price[CHUNK_ROWS - 1],
      chunks[1].price[0],
    ]).toEqual([250, 200, 225, 400])
  })

  test('a chunk closes where its rows would pass 2^53', () => {
    const { chunks, account } = read(KRAKEN, '1,1,900000000000000\n1,1,0.001\n1,1,2\n')
    expect(chunks.map(chunk => [chunk.length, chunk.sizeDecimals, [...chunk.size]])).toEqual([
      [1, 0, [900000000000000]],
      [2, 3, [1, 2000]],
    ])
    expect(account.read).toBe(3)
  })

  test('no exact trade is lost to the decimals of an earlier one', () => {
    const { chunks, account } = read(KRAKEN, '1,1,1e-15\n1,1,200\n1,1,1e-15\n1,1,200\n')
    expect(trades(chunks).map(trade => trade.split(' ')[2])).toEqual([
      '0.000000000000001',
      '200',
      '0.000000000000001',
      '200',
    ])
    expect(account).toEqual({ read: 4, rejected: {}, outside: {}, noted: {} })
  })
})

describe('long lines', () => {
  const long = (length: number) => `1,2,3,${'x'.repeat(length - 6)}`
  test.each([
    [MAX_LINE_BYTES, '\n', 2, {}],
    [MAX_LINE_BYTES, '\r\n', 2, {}],
    [MAX_LINE_BYTES + 1, '\n', 1, { 'line-too-long': 1 }],
    [MAX_LINE_BYTES + 2, '\r\n', 1, { 'line-too-long': 1 }],
    [5 * MAX_LINE_BYTES, '\n', 1, { 'line-too-long': 1 }],
  ])('%d bytes', (length, lineBreak, kept, rejected) => {
    const text = `${long(length)}${lineBreak}4,5,6\n`
    for (const step of [text.length, 1000]) {
      const cuts = Array.from({ length: Math.floor((text.length - 1) / step) }, (_, i) => (i + 1) * step)
      const { chunks, account, reader } = read(KRAKEN, text, cuts)
      expect(trades(chunks)).toHaveLength(kept)
      expect(account).toEqual({ read: 2, rejected, outside: {}, noted: {} })
      if (kept === 1)
        expect(reader.firstRejection).toEqual({
          reason: 'line-too-long',
          row: 1,
          text: 'longer than 65,536 bytes',
        })
    }
  })

  test('one that never ends is one rejected row', () => {
    const reader = new RowReader(KRAKEN)
    const block = new Uint8Array(50_000).fill(120)
    for (let i = 0; i < 20; i++) expect([...reader.push(block)]).toEqual([])
    expect([...reader.end()]).toEqual([])
    expect(reader.account).toEqual({ read: 1, rejected: { 'line-too-long': 1 }, outside: {}, noted: {} })
  })
})

describe('properties', () => {
  const field = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 9999 }).map(String) },
    { weight: 4, arbitrary: fc.tuple(fc.nat(9999), fc.nat(99999)).map(([a, b]) => `${a}.${b}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        '0',
        '-1',
        'abc',
        '1e-7',
        '"5"',
        '"5',
        ' 7 ',
        '8\0',
        '1e15',
        '123456789012345',
      ),
    },
  )
  const line = fc.array(field, { minLength: 1, maxLength: 5 }).map(fields => fields.join(','))
  const text = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\n\n')), { maxLength: 30 })
    .map(lines => lines.flat().join(''))

  test('however the bytes are cut, trades and account are the same', () => {
    fc.assert(
      fc.property(text, fc.boolean(), fc.array(fc.nat(400), { maxLength: 12 }), (text, bom, places) => {
        const bytes = encoder.encode((bom ? '\ufeff' : '') + text.trimEnd())
        const cuts = places.map(place => Math.min(place, bytes.length)).sort((a, b) => a - b)
        const whole = read(KRAKEN, bytes)
        const cut = read(KRAKEN, bytes, cuts)
        expect(trades(cut.chunks)).toEqual(trades(whole.chunks))
        expect(cut.account).toEqual(whole.account)
        expect(cut.reader.firstRejection).toEqual(whole.reader.firstRejection)
        expectClosed(cut.chunks, cut.account)
      }),
      { numRuns: runs(500) },
    )
  })

  test('rows of exact decimals come out as they went in', () => {
    const number = fc
      .tuple(fc.nat(999_999), fc.stringMatching(/^\d{0,8}$/))
      .map(([whole, fraction]) => (fraction === '' ? `${whole}` : `${whole}.${fraction}`))
      .filter(text => Number(text) > 0)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2e9), number, number), { minLength: 1, maxLength: 40 }), rows => {
        const { chunks, account } = read(KRAKEN, rows.map(row => row.join(',')).join('\n'))
        const plain = (text: string) => (text.includes('.') ? text.replace(/\.?0*$/, '') : text)
        expect(trades(chunks)).toEqual(
          rows.map(([time, price, size]) => `${time * 1e6} ${plain(price)} ${plain(size)} 0`),
        )
        expect(account).toEqual({ read: rows.length, rejected: {}, outside: {}, noted: {} })
      }),
      { numRuns: runs(500) },
    )
  })

  test('random bytes never crash, and the account closes', () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(10, 13, 34, 44, 46, 48, 49, 0, 32, 101))
    fc.assert(
      fc.property(
        fc.array(byte, { maxLength: 400 }),
        fc.constantFrom(KRAKEN, FULL, BITMEX),
        fc.nat(400),
        (list, layout, place) => {
          const bytes = Uint8Array.from(list)
          const { chunks, account } = read(layout, bytes, [Math.min(place, bytes.length)], 'A')
          expectClosed(chunks, account)
          for (const trade of trades(chunks)) expect(trade).toMatch(/^\d+ [\d.]+ [\d.]+ (0|1|-1)$/)
        },
      ),
      { numRuns: runs(2000) },
    )
  })
})
