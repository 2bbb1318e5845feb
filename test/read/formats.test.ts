import { gzipSync } from 'node:zlib'
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js'
import { describe, expect, test } from 'vitest'
import type { TradeChunk } from '../../src/events/trades.ts'
import { fileFromBlob, type TradeFile } from '../../src/read/file.ts'
import { type OpenOptions, openTrades } from '../../src/read/source.ts'

async function read(name: string, content: string | Uint8Array, options: OpenOptions = {}) {
  const source = await openTrades(fileFromBlob(new Blob([content as BlobPart]), name), options)
  const chunks: TradeChunk[] = []
  for await (const chunk of source.chunks()) chunks.push(chunk)
  const { account, contract, format, symbol } = source
  return { account, contract, format, symbol, trades: chunks.flatMap(tradesOf) }
}

/** `[µs, price, size, side, flags]` of every trade, prices and sizes as the decimals they stand for. */
function tradesOf(chunk: TradeChunk) {
  return Array.from({ length: chunk.length }, (_, i) => [
    chunk.time[i],
    chunk.price[i] / 10 ** chunk.priceDecimals,
    chunk.size[i] / 10 ** chunk.sizeDecimals,
    chunk.side[i],
    chunk.flags[i],
  ])
}

async function zip(members: Record<string, string>): Promise<Uint8Array> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false })
  for (const [name, text] of Object.entries(members)) await writer.add(name, new TextReader(text))
  return new Uint8Array(await (await writer.close()).arrayBuffer())
}

const MS = 1_723_161_256_000
const US = MS * 1000

describe('binance public data', () => {
  const expected = [
    [US, 61_804.8, 0.004, -1, 0],
    [US + 5000, 61_804.9, 0.1, 1, 0],
  ]
  test.each([
    [
      'spot trades',
      `7,61804.80,0.00400,247.2192,${MS},True,True\n8,61804.90,0.10000,6180.49,${MS + 5},False,True\n`,
    ],
    [
      'spot trades of 2025, in µs',
      `7,61804.80,0.00400,247.2192,${US},True,True\n8,61804.90,0.10000,6180.49,${US + 5000},False,True\n`,
    ],
    [
      'futures trades with a header',
      `id,price,qty,quote_qty,time,is_buyer_maker\n7,61804.8,0.004,247.2,${MS},true\n8,61804.9,0.1,6180.4,${MS + 5},false\n`,
    ],
    [
      'COIN-M trades with a header',
      `id,price,qty,base_qty,time,is_buyer_maker\n7,61804.8,0.004,1,${MS},true\n8,61804.9,0.1,1,${MS + 5},false\n`,
    ],
    ['futures trades', `7,61804.8,0.004,247.2,${MS},true\n8,61804.9,0.1,6180.4,${MS + 5},false\n`],
    ['spot aggTrades', `7,61804.8,0.004,11,12,${MS},True,True\n8,61804.9,0.1,13,13,${MS + 5},False,True\n`],
    [
      'futures aggTrades with a header',
      `agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n7,61804.8,0.004,11,12,${MS},true\n8,61804.9,0.1,13,13,${MS + 5},false\n`,
    ],
  ])('%s', async (_, text) => {
    for (const content of [text, await zip({ 'BTCUSDT-trades-2024-08-08.csv': text })]) {
      const found = await read('BTCUSDT-trades-2024-08-08.csv', content)
      expect(found).toMatchObject({ format: 'binance', symbol: 'BTCUSDT', trades: expected })
      expect(found.account).toEqual({ read: 2, rejected: {}, outside: {}, noted: {} })
    }
  })

  test('ids left out are counted', async () => {
    const rows = [7, 8, 11, 12, 20].map(id => `${id},1.5,2,3,${MS},true\n`).join('')
    const { account } = await read('x', rows)
    expect(account).toMatchObject({ read: 5, noted: { 'id-gaps': 2, 'missing-ids': 9, 'same-time': 4 } })
  })

  test('the name says the symbol, and another one is refused', async () => {
    const row = `7,1.5,2,3,${MS},true\n`
    expect((await read('BTCUSD_PERP-aggTrades-2024-08.csv.gz', gzipSync(row))).symbol).toBe('BTCUSD_PERP')
    await expect(read('BTCUSDT-trades-2024-08-08.csv', row, { symbol: 'ETHUSDT' })).rejects.toThrow(
      'BTCUSDT-trades-2024-08-08.csv: holds BTCUSDT, not ETHUSDT',
    )
  })
})

describe('binance websocket recordings', () => {
  const message = (kind: string, id: number, more: object = {}) => ({
    e: kind,
    E: MS + 1,
    T: MS + id,
    s: 'BTCUSDT',
    ...(kind === 'trade' ? { t: id } : { a: id }),
    p: '28155.10',
    q: '0.0010',
    m: true,
    ...more,
  })
  const line = (data: ReturnType<typeof message>, time = '1680652806996641 ') =>
    `${time}${JSON.stringify({ stream: `${data.s.toLowerCase()}@${data.e}`, data })}\n`
  const book = '1680652806996640 {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","s":"BTCUSDT"}}\n'

  test('trades between other messages', async () => {
    const text = [
      '1680652806996640 {"lastUpdateId":1,"bids":[["1","2"]],"asks":[]}\n',
      book,
      line(message('trade', 1)),
      book,
      line(message('trade', 2, { m: false, X: 'MARKET' })),
      line(message('trade', 5, { X: 'INSURANCE_FUND', p: '28722.50' })),
    ].join('')
    const { account, format, symbol, trades } = await read('btc.gz', gzipSync(text))
    expect([format, symbol]).toEqual(['binance-stream', 'BTCUSDT'])
    expect(trades).toEqual([
      [US + 1000, 28_155.1, 0.001, -1, 0],
      [US + 2000, 28_155.1, 0.001, 1, 0],
      [US + 5000, 28_722.5, 0.001, -1, 1],
    ])
    expect(account).toEqual({
      read: 6,
      rejected: {},
      outside: { 'other-event': 3 },
      noted: { flagged: 1, 'id-gaps': 1, 'missing-ids': 2 },
    })
  })

  test('messages without wrapper and without time', async () => {
    const text = `${JSON.stringify(message('aggTrade', 3))}\n${JSON.stringify(message('aggTrade', 4))}`
    const { symbol, trades } = await read('x', text)
    expect(symbol).toBe('BTCUSDT')
    expect(trades).toHaveLength(2)
  })

  test('the same trades in two streams: one has to be chosen', async () => {
    const text = line(message('trade', 1)) + line(message('aggTrade', 9)) + line(message('trade', 2))
    await expect(read('x', text)).rejects.toMatchObject({
      code: 'bad-setting',
      message: 'x: line 2: stream btcusdt@aggTrade follows btcusdt@trade: the same trades in two forms',
      fix: 'Say which one to read: btcusdt@trade or btcusdt@aggTrade.',
      settings: ['stream'],
    })
    const { account, trades } = await read('x', text, { stream: 'BTCUSDT@aggtrade' })
    expect(trades.map(([time]) => time)).toEqual([US + 9000])
    expect(account.outside).toEqual({ 'other-stream': 2 })
  })

  test('several symbols', async () => {
    const text = line(message('trade', 1)) + line(message('trade', 9, { s: 'ETHUSDT' }))
    await expect(read('x', text)).rejects.toThrow(/symbol ETHUSDT follows BTCUSDT/)
    const { account, symbol } = await read('x', text, { symbol: 'ethusdt' })
    expect([symbol.toLowerCase(), account.outside]).toEqual(['ethusdt', { 'other-symbol': 1 }])
  })

  test('bad lines are rejected by the number of their line', async () => {
    const bad = [
      line(message('trade', 1, { p: '0' })),
      line(message('trade', 1, { p: 'x,1,2' })),
      line(message('trade', 1, { q: null })),
      line(message('trade', 1, { T: '1,2' })),
      '{"e":"trade"\n',
      'nonsense\n',
    ]
    const { account, trades } = await read('x', [book, ...bad, line(message('trade', 2))].join(''))
    expect(trades).toHaveLength(1)
    expect(account).toMatchObject({
      read: 8,
      rejected: { 'zero-price': 1, 'bad-price': 1, 'bad-size': 1, 'bad-time': 1, 'bad-json': 2 },
      outside: { 'other-event': 1 },
    })
    await expect(read('x', [book, ...bad].join(''))).rejects.toThrow(
      'x: all 6 rows are rejected; row 2: price is 0',
    )
  })

  test('however the bytes are cut', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => (i % 3 ? line(message('trade', i)) : book)).join('')
    const bytes = new TextEncoder().encode(lines)
    const whole = await read('x', bytes)
    for (const step of [1, 7, 64, 1000]) {
      const source = await openTrades(inSteps(bytes, step))
      const trades: unknown[] = []
      for await (const chunk of source.chunks()) trades.push(...tradesOf(chunk))
      expect(trades).toEqual(whole.trades)
      expect(source.account).toEqual(whole.account)
    }
  })
})

/** A file whose stream gives `step` bytes at a time. */
function inSteps(bytes: Uint8Array, step: number): TradeFile {
  return {
    name: 'x',
    size: bytes.length,
    slice: async (start, end) => bytes.slice(start, end),
    stream() {
      let at = 0
      return new ReadableStream({
        pull(controller) {
          if (at >= bytes.length) return controller.close()
          controller.enqueue(bytes.slice(at, at + step))
          at += step
        },
      })
    },
  }
}

describe('lean', () => {
  const SPY = '14400795,1664300,200,P,20002000,0\n14400801,1664301,100,P,20002000,1\n'

  test('an equity: ten-thousandths, the day of New York, flags', async () => {
    const { account, format, symbol, trades } = await read(
      'x.zip',
      await zip({ '20131010_spy_Trade_Tick.csv': SPY }),
    )
    const midnight = Date.parse('2013-10-10T00:00:00-04:00') * 1000 // summer time
    expect([format, symbol]).toEqual(['lean', 'SPY'])
    expect(trades).toEqual([
      [midnight + 14_400_795_000, 166.43, 200, 0, 0],
      [midnight + 14_400_801_000, 166.4301, 100, 0, 1],
    ])
    expect(account).toEqual({ read: 2, rejected: {}, outside: {}, noted: { flagged: 1 } })
  })

  test.each([
    ['20131104_spy_Trade_Tick.csv', '2013-11-04T00:00:00-05:00', undefined], // winter time
    ['20131103_spy_Trade_Tick.csv', '2013-11-03T00:00:00-05:00', undefined], // the clock of noon
    ['20131010_gc_tick_trade_201312.csv', '2013-10-10T00:00:00Z', undefined],
    ['20131010_gc_tick_trade_201312.csv', '2013-10-10T00:00:00-05:00', 'America/Chicago'],
    ['20131010_btcusd_tick_trade.csv', '2013-10-10T00:00:00+09:00', 'Asia/Tokyo'],
  ])('%s begins at %s in %s', async (name, midnight, timeZone) => {
    const { trades } = await read(name, '1,13,2,usa,,0\n', timeZone ? { timeZone } : {})
    expect(trades[0][0]).toBe(Date.parse(midnight) * 1000 + 1000)
  })

  test('futures by expiry: several symbols in a day, zero sizes rejected', async () => {
    const day = await zip({
      '20131007_gc_tick_trade_201312.csv': '4933381,1313.8,1,usa,,0\n4933381,1313.8,0,usa,,0\n',
      '20131007_gc_tick_trade_201402.csv': '4933381,1314.1,5,usa,,0\n',
    })
    await expect(read('x', day)).rejects.toThrow('x: the zip holds 2 symbols: GC201312, GC201402')
    const { account, symbol, trades } = await read('x', day, { symbol: 'gc201312' })
    expect([symbol, trades.map(([, price]) => price)]).toEqual(['GC201312', [1313.8]])
    expect(account).toMatchObject({ read: 2, rejected: { 'zero-size': 1 } })
  })

  test('an invalid time zone, and one for another format', async () => {
    await expect(read('20131010_spy_Trade_Tick.csv', SPY, { timeZone: 'Mars/Olympus' })).rejects.toThrow(
      '20131010_spy_Trade_Tick.csv: time zone "Mars/Olympus" is not known',
    )
    await expect(read('x', '1633046554,1,1\n', { timeZone: 'UTC', format: 'kraken' })).rejects.toThrow(
      /timeZone does not go with format kraken, only with lean/,
    )
  })
})

describe('hyperliquid', () => {
  const HEADER = 'time,user,coin,side,px,sz,crossed\n'
  const row = (second: number, side: string, crossed: boolean, price = '10.5', coin = 'ETH') =>
    `2023-02-27T15:02:${String(second).padStart(2, '0')}Z,0xab,${coin},${side},${price},2,${crossed}\n`

  test('a trade of two rows counts once, by the side of its aggressor', async () => {
    const text = [
      HEADER,
      row(1, 'Ask', true), // sold, both halves
      row(1, 'Bid', false),
      row(2, 'Ask', false), // bought, the resting half first
      row(2, 'Bid', true, '10.6'), // another price
      row(2, 'Bid', true),
      row(3, 'Bid', false), // sold, only the resting half is there
      row(4, 'Bid', true), // bought twice, no pairs
      row(4, 'Bid', true),
      row(4, 'Bid', false), // sold: the resting order was a bid
    ].join('')
    const { account, format, symbol, trades } = await read('x', text)
    expect([format, symbol]).toEqual(['hyperliquid', 'ETH'])
    const start = Date.parse('2023-02-27T15:02:00Z') * 1000
    expect(trades.map(([time, price, , side, flags]) => [(time - start) / 1e6, price, side, flags])).toEqual([
      [1, 10.5, -1, 0],
      [2, 10.5, 1, 0],
      [2, 10.6, 1, 0],
      [3, 10.5, -1, 0],
      [4, 10.5, 1, 0],
      [4, 10.5, 1, 0],
      [4, 10.5, -1, 0],
    ])
    expect(account).toMatchObject({ read: 9, outside: { 'same-trade': 2 } })
  })

  test('pairs are found across blocks', async () => {
    const sameSecond = Array.from({ length: 70_000 }, (_, i) => row(7, 'Ask', true, `${i + 1}`)).join('')
    const others = Array.from({ length: 70_000 }, (_, i) => row(7, 'Bid', false, `${i + 1}`)).join('')
    expect((await read('x', HEADER + sameSecond + others)).account.outside).toEqual({ 'same-trade': 70_000 })
  })
})

test.each([
  ['bybit', 'BTCUSD', 'inverse'],
  ['bybit', 'BTCUSDT', undefined],
  ['binance', 'BTCUSD_PERP', 'inverse'],
  ['binance', 'BTCUSDT', undefined],
])('%s %s is an %s contract', async (format, symbol, contract) => {
  const bybit = 'timestamp,symbol,side,size,price,tickDirection,trdMatchID'
  const [name, text] =
    format === 'bybit'
      ? ['x.csv', `${bybit}\n1569974396.5,${symbol},Buy,10,8319.5,PlusTick,id\n`]
      : [`${symbol}-trades-2024-08-08.csv`, `7,1.5,2,3,${MS},true\n`]
  expect(await read(name, text)).toMatchObject({ format, symbol, contract })
})

describe('bitstamp and bitmex', () => {
  test('bitstamp: the time of the exchange', async () => {
    const text =
      'trade_id,timestamp,exchange_timestamp,price,amount,buy_order_id,sell_order_id,side\r\n' +
      `5,${MS + 900},${MS},78319.0,0.121,2,1,buy\r\n9,${MS + 901},${MS + 1},78320.5,0.5,2,3,sell\r\n`
    const { account, format, trades } = await read('x', text)
    expect(format).toBe('bitstamp')
    expect(trades).toEqual([
      [US, 78_319, 0.121, 1, 0],
      [US + 1000, 78_320.5, 0.5, -1, 0],
    ])
    expect(account.noted).toEqual({ 'id-gaps': 1, 'missing-ids': 3 })
  })

  test('a daily dump of bitmex has the header of bybit and a clock of its own', async () => {
    const header =
      'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n'
    const text = `${header}2019-10-01D00:00:02.325907000,XBTUSD,Sell,3,8304.5,MinusTick,id,1,1,1\n`
    const { format, symbol, trades } = await read('20191001.csv.gz', gzipSync(text))
    expect([format, symbol]).toEqual(['bitmex', 'XBTUSD'])
    expect(trades).toEqual([[Date.parse('2019-10-01T00:00:02Z') * 1000 + 325_907, 8304.5, 3, -1, 0]])
  })
})
