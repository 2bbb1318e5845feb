import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openFile } from '../src/node/files.ts'
import { fileSpool } from '../src/node/spool.ts'
import { oldestFirst, runsNewestFirst } from '../src/read/order.ts'
import { type OpenOptions, openTrades } from '../src/read/source.ts'
import type { TradeChunk } from '../src/read/trades.ts'

const DATA = join('..', 'shared', 'data')

/** Reads a real file to its end. */
async function read(name: string, options: OpenOptions = {}) {
  const file = await openFile(join(DATA, name))
  const source = await openTrades(file, options)
  const chunks: TradeChunk[] = []
  for await (const chunk of source.chunks()) chunks.push(chunk)
  const { format, symbol, account } = source
  return {
    chunks,
    format,
    symbol,
    account,
    count: chunks.reduce((total, chunk) => total + chunk.length, 0),
  }
}

const whole = (read: number) => ({ read, rejected: {}, outside: {} })

describe.skipIf(!existsSync(DATA))('the real files', () => {
  test.each<[string, string, number]>([
    ['AAVE', 'AAVEUSD', 209_067],
    ['AAVE', 'AAVEEUR', 113_344],
    ['AAVE', 'AAVEXBT', 62_074],
    ['AAVE', 'AAVEETH', 10_393],
    ['AAVE', 'AAVEGBP', 7_690],
    ['AAVE', 'AAVEAUD', 1_455],
    ['YFI', 'YFIUSD', 48_061],
    ['AXS', 'AXSEUR', 45_334],
    ['1INCH', '1INCHUSD', 26_431],
    ['AVAX', 'AVAXUSD', 32_074],
  ])('kraken %s: %s has %d trades', async (zip, symbol, rows) => {
    const { account, count, format } = await read(`kraken_2021Q4_${zip}.zip`, { symbol })
    expect([format, count]).toEqual(['kraken', rows])
    expect(account).toEqual(whole(rows))
  })

  test('AAVEUSD runs in order from 157.81 to 472.15, sizes to 1e-7', async () => {
    const { chunks } = await read('kraken_2021Q4_AAVE.zip', { symbol: 'AAVEUSD' })
    let [low, high, small, large, last] = [Infinity, 0, Infinity, 0, 0]
    for (const { length, price, size, time, priceDecimals, sizeDecimals } of chunks) {
      expect([priceDecimals, sizeDecimals]).toEqual([2, 8])
      for (let i = 0; i < length; i++) {
        low = Math.min(low, price[i])
        high = Math.max(high, price[i])
        small = Math.min(small, size[i])
        large = Math.max(large, size[i])
        expect(time[i]).toBeGreaterThanOrEqual(last)
        last = time[i]
      }
    }
    expect([low, high, small]).toEqual([15781, 47215, 10])
    expect(Math.round(large / 1e8)).toBe(1903)
    expect(new Date(last / 1000).toISOString().slice(0, 10)).toBe('2021-12-31')
  })

  test('bybit: every row, newest first', async () => {
    const { chunks, account, count, format, symbol } = await read('bybit_BTCUSD2019-10-01.csv.gz')
    expect([format, symbol, count]).toEqual(['bybit', 'BTCUSD', 93_598])
    expect(account).toEqual(whole(93_598))
    expect(runsNewestFirst(chunks[0])).toBe(true)
    expect([chunks[0].time[0], chunks[0].price[0], chunks[0].size[0], chunks[0].side[0]]).toEqual([
      1569974396557895, 83195, 11668, 1,
    ])
  })

  test('bybit: turned round, the price moves as tickDirection says', async () => {
    const file = await openFile(join(DATA, 'bybit_BTCUSD2019-10-01.csv.gz'))
    const text = new TextDecoder()
    let rows = ''
    for await (const part of file.stream().pipeThrough(new DecompressionStream('gzip') as never)) {
      rows += text.decode(part as Uint8Array, { stream: true })
    }
    const directions = rows
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(row => row.split(',')[5])
      .reverse()
    const source = await openTrades(file)
    const prices: number[] = []
    for await (const chunk of oldestFirst(source.chunks(), fileSpool)) {
      expect(runsNewestFirst(chunk)).toBe(false)
      prices.push(...chunk.price.subarray(0, chunk.length))
    }

    expect(prices).toHaveLength(directions.length)
    const sign: Record<string, number> = { PlusTick: 1, MinusTick: -1, ZeroMinusTick: 0, ZeroPlusTick: 0 }
    let disagree = 0
    for (let i = 1; i < prices.length; i++) {
      if (Math.sign(prices[i] - prices[i - 1]) !== sign[directions[i]]) disagree++
    }
    expect(disagree).toBe(0)
  })

  test('bitmex: one symbol of two, snapshots rejected', async () => {
    const xbt = await read('bitmex_trades.csv.gz', { symbol: 'XBTUSD' })
    expect([xbt.format, xbt.count]).toEqual(['bitmex', 8_463])
    expect(xbt.account).toEqual({
      read: 10_000,
      rejected: { snapshot: 2 },
      outside: { 'other-symbol': 1_535 },
    })
    const eth = await read('bitmex_trades.csv.gz', { symbol: 'ETHUSD' })
    expect(eth.account).toEqual({
      read: 10_000,
      rejected: { snapshot: 2 },
      outside: { 'other-symbol': 8_463 },
    })
    expect(eth.count).toBe(1_535)
    await expect(read('bitmex_trades.csv.gz')).rejects.toThrow(/symbol ETHUSD follows XBTUSD/)
  })

  test('bitstamp and hyperliquid as csv', async () => {
    const bitstamp = await read('bitstamp_btcusd_trades.csv.gz')
    expect([bitstamp.format, bitstamp.count]).toEqual(['csv', 284])
    await expect(read('hyperliquid_2023_non_mm_trades.csv.gz', { symbol: 'ETH' })).rejects.toThrow(
      /all 35,691 rows are rejected; row 1: side "Ask" is neither buy nor sell/,
    )
    const columns = { time: 'time', price: 'px', size: 'sz', symbol: 'coin' }
    const eth = await read('hyperliquid_2023_non_mm_trades.csv.gz', { columns, symbol: 'ETH' })
    expect(eth.count).toBe(5_671)
    expect(eth.account).toEqual({ read: 35_691, rejected: {}, outside: { 'other-symbol': 30_020 } })
  })

  test('lean SPY as csv, its times counted from midnight', async () => {
    const columns = { time: 1, price: 2, size: 3 }
    const { account, count } = await read('lean_spy_20131011_trade.zip', { columns, timeUnit: 'ms' })
    expect(count).toBe(285_605)
    expect(account).toEqual(whole(285_605))
  })

  test.each([
    'hyperliquid_ws_all_dexs_asset_ctxs.json.gz',
    'binance_usdm_btcusdt_20240808.gz',
    'bitstamp_btcusd_orders.csv.gz',
    'bitmex_orderbooks.csv.gz',
    'aavev2_liquidations.csv.gz',
    'deribit_btc_options_20200522.csv.gz',
  ])('%s is no file of trades', async name => {
    await expect(read(name)).rejects.toThrow(expect.objectContaining({ code: 'bad-data' }))
  })

  test('two pairs cannot be joined', async () => {
    const files = await Promise.all(
      ['AVAX', 'AXS'].map(zip => openFile(join(DATA, `kraken_2021Q4_${zip}.zip`))),
    )
    await expect(openTrades(files, { symbol: 'AVAXUSD' })).rejects.toThrow(
      /no file of the zip is named after AVAXUSD/,
    )
  })
})
