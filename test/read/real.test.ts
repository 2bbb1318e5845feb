import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { VoxriskError } from '../../src/errors.ts'
import { TradeFlag } from '../../src/events/trades.ts'
import { openFile } from '../../src/node/files.ts'
import { fileSpool } from '../../src/node/spool.ts'
import { fileFromBlob } from '../../src/read/file.ts'
import { type OpenOptions, openTrades } from '../../src/read/source.ts'
import { DATA, needsData } from '../support/real-data.ts'

/** Trades of real files, columns joined, prices and sizes as the decimals they stand for. */
async function read(names: string | readonly string[], options: OpenOptions = {}) {
  const files = await Promise.all([names].flat().map(name => openFile(join(DATA, name))))
  const source = await openTrades(files, { newSpool: fileSpool, ...options })
  const columns = {
    time: [] as number[],
    price: [] as number[],
    size: [] as number[],
    side: [] as number[],
    flags: [] as number[],
  }
  for await (const chunk of source.chunks()) {
    const [priceUnit, sizeUnit] = [10 ** chunk.priceDecimals, 10 ** chunk.sizeDecimals]
    for (let i = 0; i < chunk.length; i++) {
      columns.time.push(chunk.time[i])
      columns.price.push(chunk.price[i] / priceUnit)
      columns.size.push(chunk.size[i] / sizeUnit)
      columns.side.push(chunk.side[i])
      columns.flags.push(chunk.flags[i])
    }
  }
  const { account, format, symbol } = source
  return { ...columns, account, format, symbol, count: columns.time.length }
}

const least = (column: readonly number[]) => column.reduce((a, b) => Math.min(a, b))
const most = (column: readonly number[]) => column.reduce((a, b) => Math.max(a, b))
const iso = (micros: number) => new Date(micros / 1000).toISOString()
const share = (column: readonly number[], value: number) => column.filter(entry => entry === value).length

// Counts are those of shared/data/README.md, unless a comment says how they were found.
describe('the real files', needsData(), () => {
  test.each<[string, string, number, number, number]>([
    ['AAVE', 'AAVEUSD', 209_067, 157.81, 472.15],
    ['AAVE', 'AAVEEUR', 113_344, Number.NaN, Number.NaN],
    ['AAVE', 'AAVEXBT', 62_074, Number.NaN, Number.NaN],
    ['AAVE', 'AAVEETH', 10_393, Number.NaN, Number.NaN],
    ['AAVE', 'AAVEGBP', 7_690, Number.NaN, Number.NaN],
    ['AAVE', 'AAVEAUD', 1_455, 10, Number.NaN], // absurd prints are kept
    ['YFI', 'YFIUSD', 48_061, Number.NaN, Number.NaN],
    ['YFI', 'YFIAUD', 547, Number.NaN, 345_000],
    ['YFI', 'YFIGBP', 2_635, 500, Number.NaN],
    ['AXS', 'AXSEUR', 45_334, Number.NaN, Number.NaN],
    ['1INCH', '1INCHUSD', 26_431, Number.NaN, Number.NaN],
    ['1INCH', '1INCHEUR', 41_838, Number.NaN, 30],
    ['AVAX', 'AVAXUSD', 32_074, Number.NaN, Number.NaN],
  ])('kraken %s: %s has %d trades from %d to %d', async (zip, symbol, rows, low, high) => {
    const found = await read(`kraken_2021Q4_${zip}.zip`, { symbol })
    expect([found.format, found.symbol, found.count]).toEqual(['kraken', symbol, rows])
    expect(found.account).toMatchObject({ read: rows, rejected: {}, outside: {} })
    if (!Number.isNaN(low)) expect(least(found.price)).toBe(low)
    if (!Number.isNaN(high)) expect(most(found.price)).toBe(high)
  })

  test('AAVEUSD: ties of a whole-second clock and identical neighbours are kept and counted', async () => {
    const { account, size, time } = await read('kraken_2021Q4_AAVE.zip', { symbol: 'AAVEUSD' })
    expect(account.noted).toEqual({ 'same-time': 111_398, identical: 989 })
    expect([least(size), Math.round(most(size))]).toEqual([1e-7, 1903])
    expect(iso(time.at(-1)!).slice(0, 10)).toBe('2021-12-31')
  })

  test('bybit: newest first in the file, oldest first from the reader, as tickDirection says', async () => {
    const { account, count, format, price, side, symbol, time } = await read('bybit_BTCUSD2019-10-01.csv.gz')
    expect([format, symbol, count]).toEqual(['bybit', 'BTCUSD', 93_598])
    expect(account).toMatchObject({ read: 93_598, rejected: {}, outside: {} })
    expect(account.noted).toMatchObject({ 'same-time': 26_889 })
    expect(account.noted).not.toHaveProperty('back-in-time')
    expect([iso(time[0]), iso(time.at(-1)!)]).toEqual([
      '2019-10-01T00:00:00.719Z',
      '2019-10-01T23:59:56.557Z',
    ])
    expect([least(price), most(price), side.at(-1)]).toEqual([8199, 8539.5, 1])

    const text = gunzipSync(await readFile(join(DATA, 'bybit_BTCUSD2019-10-01.csv.gz'))).toString()
    const directions = text.trimEnd().split('\n').slice(1).map(row => row.split(',')[5]) // biome-ignore format: one line
    const sign: Record<string, number> = { PlusTick: 1, MinusTick: -1, ZeroMinusTick: 0, ZeroPlusTick: 0 }
    const disagree = directions
      .reverse()
      .filter((direction, i) => i > 0 && Math.sign(price[i] - price[i - 1]) !== sign[direction])
    expect(disagree).toEqual([])
  })

  test('bitmex: NUL padding, snapshots rejected, one symbol of two', async () => {
    const xbt = await read('bitmex_trades.csv.gz', { symbol: 'XBTUSD' })
    expect([xbt.format, xbt.count]).toEqual(['bitmex', 8_463])
    expect(xbt.account).toMatchObject({
      read: 10_000,
      rejected: { snapshot: 2 },
      outside: { 'other-symbol': 1_535 },
    })
    const eth = await read('bitmex_trades.csv.gz', { symbol: 'ETHUSD' })
    expect([eth.count, eth.account.outside]).toEqual([1_535, { 'other-symbol': 8_463 }])
    await expect(read('bitmex_trades.csv.gz')).rejects.toThrow(/symbol ETHUSD follows XBTUSD/)
  })

  test('lean SPY: five days in any order are one stream, flags kept, no final newline needed', async () => {
    const days = [10, 8, 11, 7, '09'].map(day => `lean_spy_201310${String(day).padStart(2, '0')}_trade.zip`)
    const { account, count, flags, format, price, symbol, time } = await read(days)
    expect([format, symbol, count]).toEqual(['lean', 'SPY', 1_887_460])
    expect(account).toMatchObject({ read: 1_887_460, rejected: {}, outside: {}, noted: { flagged: 10 } })
    expect(account.noted).not.toHaveProperty('back-in-time')
    expect(account.noted['same-time'] / count).toBeCloseTo(0.54, 1)
    const flagged = [...flags.keys()].filter(i => flags[i] === TradeFlag.flagged)
    expect(flagged).toHaveLength(10)
    expect(flagged.every(i => iso(time[i]).startsWith('2013-10-10') && price[i] === 165.59)).toBe(true)
    // 04:00 to 20:00 in New York, four hours behind UTC in summer.
    expect([iso(time[0]).slice(0, 13), iso(time.at(-1)!).slice(0, 13)]).toEqual([
      '2013-10-07T08',
      '2013-10-11T23',
    ])
  })

  test('lean gold: an expiry out of each day, zero sizes rejected and counted', async () => {
    const days = [7, 8, 9].map(day => `lean_comex_gc_2013100${day}_trade.zip`)
    const { account, count, format, symbol } = await read(days, { symbol: 'GC201312' })
    const rows = 39_702 + 52_038 + 64_712
    const zero = 92 + 75 + 129
    expect([format, symbol, count]).toEqual(['lean', 'GC201312', rows - zero])
    expect(account).toMatchObject({ read: rows, rejected: { 'zero-size': zero }, outside: {} })
    await expect(read(days[0])).rejects.toThrow(/the zip holds 10 symbols: GC201310, GC201311, GC201312, /)
  })

  test('hyperliquid: a trade of two rows counts once', async () => {
    const { account, count, format, side, time } = await read('hyperliquid_2023_non_mm_trades.csv.gz', {
      symbol: 'ARB',
    })
    expect(format).toBe('hyperliquid')
    expect(account.read).toBe(35_691)
    expect(account.outside['other-symbol']).toBe(35_691 - 17_759)
    expect(count + account.outside['same-trade']).toBe(17_759)
    expect(share(side, 0)).toBe(0)
    expect(iso(time.at(-1)!).slice(0, 7)).toBe('2023-05')
    // Counted independently: over all coins, 798 pairs with the same time, price, size and aggressor side,
    // one row of each kind.
    let pairs = 0
    for (const symbol of await coins()) {
      pairs +=
        (await read('hyperliquid_2023_non_mm_trades.csv.gz', { symbol })).account.outside['same-trade'] ?? 0
    }
    expect(pairs).toBe(798)
  })

  async function coins(): Promise<string[]> {
    const text = gunzipSync(await readFile(join(DATA, 'hyperliquid_2023_non_mm_trades.csv.gz'))).toString()
    const rows = text.trimEnd().split('\n').slice(1)
    const found = [...new Set(rows.map(row => row.split(',')[2]))]
    expect(found).toHaveLength(14)
    return found
  }

  test('bitstamp: the aggressor is the later order', async () => {
    const { account, count, format, side } = await read('bitstamp_btcusd_trades.csv.gz')
    expect([format, count]).toEqual(['bitstamp', 284])
    expect(account.noted['id-gaps']).toBeGreaterThan(0)
    const text = gunzipSync(await readFile(join(DATA, 'bitstamp_btcusd_trades.csv.gz'))).toString()
    const later = text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(row => row.split(',').map(Number))
      .map(fields => (fields[5] > fields[6] ? 1 : -1))
    expect(side).toEqual(later)
  })

  test.each<[string, string, number, number]>([
    ['binance_usdm_btcusdt_20240808.gz', 'BTCUSDT', 21_313, 93_954],
    ['binance_cm_btcusd_perp_20240808.gz', 'BTCUSD_PERP', 2_286, 48_270],
    ['binance_cm_btcusd_perp_20240809.gz', 'BTCUSD_PERP', 2_949, 50_116],
    ['binance_usdm_btcusdt_20230404.dat.gz', 'BTCUSDT', 2_197, 13_384],
    ['binance_usdm_btcusdt_20230405.dat.gz', 'BTCUSDT', 10_738, 60_381],
  ])('%s: trades among other messages', async (name, symbol, trades, lines) => {
    const { account, format, ...found } = await read(name)
    expect([format, found.symbol]).toEqual(['binance-stream', symbol])
    expect(account.read).toBe(lines)
    const { 'zero-price': _, ...rejected } = account.rejected
    expect(rejected).toEqual({})
    expect(account.outside).toEqual({ 'other-event': lines - trades })
    expect(account.noted).not.toHaveProperty('back-in-time')
    expect(account.noted).not.toHaveProperty('id-gaps')
  })

  test('binance: the insurance-fund print is kept and flagged', async () => {
    const { account, flags, price } = await read('binance_usdm_btcusdt_20230405.dat.gz')
    expect(account.noted.flagged).toBe(1)
    expect(price[flags.indexOf(TradeFlag.flagged)]).toBe(28_722.5)
  })

  test('binance: ids join across recordings, whatever their order', async () => {
    const names = ['binance_cm_btcusd_perp_20240809.gz', 'binance_cm_btcusd_perp_20240808.gz']
    const { count, time } = await read(names)
    expect(count).toBe(2_286 + 2_949)
    expect(time.every((at, i) => i === 0 || at >= time[i - 1])).toBe(true)
    await expect(read([names[0], names[0]])).rejects.toThrow(
      /^binance_cm_btcusd_perp_20240809\.gz begins at .*, before binance_cm_btcusd_perp_20240809\.gz ends at /,
    )
  })

  test('a truncated gzip names the last good row', async () => {
    const name = 'bybit_BTCUSD2019-10-01.csv.gz'
    const bytes = await readFile(join(DATA, name))
    const cut = fileFromBlob(new Blob([bytes.subarray(0, bytes.length / 2)]), name)
    const source = await openTrades(cut)
    const taken: number[] = []
    const error = await (async () => {
      for await (const chunk of source.chunks()) taken.push(chunk.length)
    })().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(VoxriskError)
    const { message } = error as VoxriskError
    expect(message).toMatch(/^bybit_BTCUSD2019-10-01\.csv\.gz: breaks off after row \d\d,\d{3}: /)
    expect(Number(/row ([\d,]+)/.exec(message)?.[1].replace(',', ''))).toBe(source.account.read)
    expect(source.account.read).toBeGreaterThan(40_000)
    expect(taken).toEqual([]) // newest first: nothing is passed on before the end is seen
  })

  test.each([
    'hyperliquid_ws_all_dexs_asset_ctxs.json.gz',
    'bitstamp_btcusd_orders.csv.gz',
    'bitmex_orderbooks.csv.gz',
    'aavev2_liquidations.csv.gz',
    'deribit_btc_options_20200522.csv.gz',
    'lean_comex_gc_20131007_openinterest.zip',
    'hyperliquid_2023_liquidations.csv.gz',
    'hyperliquid_2023_non_mm_ledger_updates.csv.gz',
  ])('%s is no file of trades', async name => {
    await expect(read(name)).rejects.toThrow(expect.objectContaining({ code: 'bad-data' }))
  })

  test('an archive without the symbol asked for is passed over where another has it', async () => {
    const zips = ['AVAX', 'AXS'].map(zip => `kraken_2021Q4_${zip}.zip`)
    expect((await read(zips, { symbol: 'AVAXUSD' })).count).toBe(32_074)
    await expect(read(zips, { symbol: 'BTCUSD' })).rejects.toThrow(
      /kraken_2021Q4_AVAX\.zip: the zip holds nothing of BTCUSD, only AVAXEUR, AVAXUSD/,
    )
  })
})
