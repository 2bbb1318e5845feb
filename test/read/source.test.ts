import { gzipSync } from 'node:zlib'
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js'
import { describe, expect, test } from 'vitest'
import type { TradeChunk, TradeSource } from '../../src/events/trades.ts'
import { fileFromBlob, type TradeFile } from '../../src/read/file.ts'
import { formatNames } from '../../src/read/formats.ts'
import { packingOf } from '../../src/read/packing.ts'
import { type OpenOptions, openTrades } from '../../src/read/source.ts'

const BYBIT_HEADER =
  'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n'
const bybitRow = (time: number, symbol: string, side = 'Buy') =>
  `${time},${symbol},${side},10,8319.5,PlusTick,id,1,1,1\n`
const bitmexRow = (symbol: string, action = 'insert') =>
  `"${symbol}\0\0","2020-03-10 18:25:12",155,7822.5,20000,"${action}\0\0","Sell\0"\n`
const KRAKEN = '1633046554,276.53000,0.10970000\n1633046555,276.5,18.90000000\n'

function file(content: string | Uint8Array, name = 'trades'): TradeFile {
  return fileFromBlob(new Blob([content as BlobPart]), name)
}

async function zip(members: Record<string, string>, password?: string): Promise<Uint8Array> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, ...(password ? { password } : {}) })
  for (const [name, text] of Object.entries(members)) await writer.add(name, new TextReader(text))
  return new Uint8Array(await (await writer.close()).arrayBuffer())
}

async function drain(source: TradeSource): Promise<TradeChunk[]> {
  const chunks: TradeChunk[] = []
  for await (const chunk of source.chunks()) chunks.push(chunk)
  return chunks
}

async function read(content: string | Uint8Array, options: OpenOptions = {}) {
  const source = await openTrades(file(content), options)
  const chunks = await drain(source)
  return { source, chunks, times: chunks.flatMap(chunk => [...chunk.time]) }
}

const failure = (code: string, message: string | RegExp, fix: string | RegExp) =>
  expect.objectContaining({
    name: 'VoxriskError',
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    fix: typeof fix === 'string' ? fix : expect.stringMatching(fix),
  })

describe('formats are recognised by content', () => {
  test.each<[string, string, string, number]>([
    ['kraken', KRAKEN, '', 2],
    ['bybit', BYBIT_HEADER + bybitRow(1569974396.557895, 'BTCUSD'), 'BTCUSD', 1],
    ['bitmex', bitmexRow('XBTUSD'), 'XBTUSD', 1],
    ['csv', 'Time;Px;Qty\n2020-03-10 18:25:12;5;6\n', '', 1],
    ['csv', 'coin\ttimestamp\tprice\tamount\tside\nBTC\t1777689383817\t5\t6\tsell\n', 'BTC', 1],
    ['kraken', `\ufeff\n\n${KRAKEN}`, '', 2],
  ])('%s', async (format, text, symbol, count) => {
    for (const content of [text, gzipSync(text), await zip({ 'a/b.txt': text })]) {
      const { source, times } = await read(content)
      expect(source.format).toBe(format)
      if (content === text || format !== 'kraken') expect(source.symbol).toBe(symbol)
      expect(times).toHaveLength(count)
      expect(source.account).toEqual({ read: count, rejected: {}, outside: {}, noted: {} })
    }
  })

  test('a symbol that neither feed nor member name gives is the one asked for', async () => {
    expect((await read(KRAKEN, { symbol: 'AAVEUSD' })).source.symbol).toBe('AAVEUSD')
  })

  test('all formats are named', () => {
    expect(formatNames).toEqual([
      'bybit',
      'bitmex',
      'binance',
      'binance-stream',
      'lean',
      'kraken',
      'bitstamp',
      'hyperliquid',
      'csv',
      'parquet',
      'arrow',
    ])
  })

  test('a format asked for is the only one tried', async () => {
    expect((await read('time,price,size\n1600000000,2,3\n', { format: 'csv' })).source.format).toBe('csv')
    await expect(read(KRAKEN, { format: 'bybit' })).rejects.toThrow(
      failure(
        'bad-data',
        'trades: is not in format bybit; the first line is "1633046554,276.53000,0.10970000"',
        'Name the format csv and its columns, by header or by number from 1.',
      ),
    )
    await expect(read(KRAKEN, { format: 'excel' })).rejects.toThrow(
      failure('bad-setting', 'format "excel" is not known', /^Choose one of bybit, bitmex, .*csv, /),
    )
    await expect(read(KRAKEN, { format: 'kraken', timeUnit: 'ms' })).rejects.toThrow(
      failure(
        'bad-setting',
        'timeUnit does not go with format kraken, only with csv, parquet, arrow',
        /another format/,
      ),
    )
  })
})

describe('not a trade file:', () => {
  test.each<[string, string | Uint8Array, string | RegExp, RegExp]>([
    ['nothing', '', 'trades: holds no trades', /one trade per line/],
    ['empty lines', '\n\r\n\n', 'trades: holds no trades', /one trade per line/],
    ['a header alone', BYBIT_HEADER, 'trades: holds no trades', /one trade per line/],
    ['an empty gzip', gzipSync(''), 'trades: holds no trades', /one trade per line/],
    [
      'a JSON object',
      '{\n "a": 1\n}',
      'trades: holds JSON that is not in a known format; the first line is "{"',
      /delimited text/,
    ],
    [
      'JSON behind a time',
      '17231 {"stream":"x"}\n',
      /holds JSON that is not in a known format; the first line is "17231 /,
      /delimited/,
    ],
    [
      'a web page',
      '<!doctype html>\n<p>404',
      /holds HTML or XML that is not in a known format; the first line is "<!doctype/,
      /delimited/,
    ],
    [
      'binary',
      Uint8Array.from({ length: 500 }, (_, i) => (i * 7) % 256),
      'trades: holds binary data, not text',
      /text file/,
    ],
    [
      'words',
      'hello world\n',
      'trades: is not in a known format; the first line is "hello world"',
      /format csv and its columns/,
    ],
    ['a long line', `${'x,'.repeat(300)}\n`, /the first line is "(x,){60}…"$/, /its columns/],
    [
      'xz',
      Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
      'trades: a xz file, which is not supported',
      /gzip, zip or zstd/,
    ],
    [
      'gzip in gzip',
      gzipSync(gzipSync(KRAKEN)),
      'trades: a gzip file inside the packed file',
      /Unpack the outer/,
    ],
  ])('%s', async (_, content, message, fix) => {
    await expect(read(content)).rejects.toThrow(failure('bad-data', message, fix))
  })

  test('only bad rows', async () => {
    await expect(read('1633046554,0,1\n1633046555,1,0\n')).rejects.toThrow(
      failure('bad-data', 'trades: all 2 rows are rejected; row 1: price is 0', /format and the columns/),
    )
  })

  test('one good row is enough', async () => {
    const { source, times } = await read('1633046554,0,1\n1633046555,1,1\nx\n')
    expect(times).toEqual([1633046555000000])
    expect(source.account).toEqual({
      read: 3,
      rejected: { 'zero-price': 1, 'too-few-fields': 1 },
      outside: {},
      noted: {},
    })
  })
})

describe('symbols', () => {
  const two = BYBIT_HEADER + bybitRow(1, 'A') + bybitRow(2, 'B') + bybitRow(3, 'A')

  test('several without one asked for', async () => {
    await expect(openTrades(file(two))).rejects.toThrow(
      failure(
        'several-symbols',
        'trades: row 2: symbol B follows A: the file holds trades of several symbols',
        'Say which one to read, such as A or B.',
      ),
    )
    await expect(read(bitmexRow('XBTUSD') + bitmexRow('ETHUSD'))).rejects.toThrow(
      failure('several-symbols', /symbol ETHUSD follows XBTUSD/, /such as XBTUSD/),
    )
  })

  test('the second one far into the file', async () => {
    const text = BYBIT_HEADER + bybitRow(1, 'A').repeat(50_000) + bybitRow(2, 'B')
    await expect(openTrades(file(text)).then(drain)).rejects.toThrow(
      failure('several-symbols', /^trades: row 50,001: symbol B follows A/, /such as A or B/),
    )
  })

  test('the others are outside', async () => {
    const { source, times } = await read(two, { symbol: 'a' })
    expect(times).toEqual([1e6, 3e6])
    expect(source.account).toEqual({ read: 3, rejected: {}, outside: { 'other-symbol': 1 }, noted: {} })
  })

  test('one that the file does not hold', async () => {
    await expect(read(two, { symbol: 'C' })).rejects.toThrow(
      failure('bad-setting', 'trades: none of 3 rows is a trade of C', 'Ask for a symbol the file holds.'),
    )
  })
})

describe('csv', () => {
  const columns = { time: 1, price: 2, size: '3' }

  test('columns by number, with and without a header', async () => {
    expect((await read('1600000000,2,3\n', { columns })).times).toEqual([1600000000e6])
    expect((await read('a,b,c\n1600000000,2,3\n', { columns })).times).toEqual([1600000000e6])
  })

  test('columns by name, any order and case, with side and symbol', async () => {
    const text = 'Sym|x,WHEN,dir,p,q\nA,2020-01-01 00:00:00,SELL,2.5,3\n'
    const named = { time: 'when', price: 'P', size: 'q', side: 'dir', symbol: 'sym|X' }
    const { source, chunks } = await read(text, { columns: named })
    expect(source.symbol).toBe('A')
    expect(chunks[0]).toMatchObject({ length: 1, priceDecimals: 1, sizeDecimals: 0 })
    expect([chunks[0].price[0], chunks[0].size[0], chunks[0].side[0]]).toEqual([25, 3, -1])
  })

  test.each([
    ['1600000000', 1600000000e6],
    ['1600000000.25', 1600000000.25e6],
    ['1600000000123', 1600000000123e3],
    ['1600000000123456', 1600000000123456],
    ['1600000000123456789', 1600000000123456],
    ['2020-09-13T12:26:40Z', 1600000000e6],
  ])('the unit of %s', async (time, micros) => {
    expect((await read(`time,price,size\n${time},2,3\n`)).times).toEqual([micros])
  })

  test('a unit asked for', async () => {
    const options = { format: 'csv', timeUnit: 'ms' } as const
    expect((await read('time,price,size\n14400464,2,3\n', options)).times).toEqual([14400464e3])
  })

  test.each<[string, string, OpenOptions, string, RegExp]>([
    [
      'name',
      'a,b,c\n1,2,3\n',
      { columns: { time: 'a', price: 'b', size: 'z' } },
      'trades: columns: no column is called "z"; the first line is a, b, c',
      /columns/,
    ],
    [
      'number',
      '1,2,3\n',
      { columns: { time: 1, price: 2, size: 4 } },
      'trades: columns: size is column 4, but the first line has 3 columns',
      /columns/,
    ],
    [
      'zero',
      '1,2,3\n',
      { columns: { time: 0, price: 2, size: 3 } },
      'trades: columns: time is column 0, but the first line has 3 columns',
      /from 1/,
    ],
    [
      'twins',
      '1,2,3\n',
      { columns: { time: 1, price: 2, size: 2 } },
      'trades: columns: price and size are the same column',
      /columns/,
    ],
    [
      'small time',
      '14400464,2,3\n',
      { columns },
      'trades: time 14400464 is not a date and is too small to be a time since 1970',
      /unit of the time/,
    ],
  ])('refused: %s', async (_, text, options, message, fix) => {
    await expect(read(text, options)).rejects.toThrow(failure('bad-setting', message, fix))
  })

  test('refused: no column for the price', async () => {
    const incomplete = { time: 1, size: 3 } as unknown as NonNullable<OpenOptions['columns']>
    await expect(read('1,2,3\n', { columns: incomplete })).rejects.toThrow(
      failure('bad-setting', 'trades: columns: no column is given for the price', /Name the columns/),
    )
  })

  test('refused: a time that is neither', async () => {
    await expect(read('time,price,size\nnoon,2,3\n')).rejects.toThrow(
      failure('bad-data', 'trades: row 1: time "noon" is neither a date nor a number', /unit of the time/),
    )
  })
})

describe('packing', () => {
  const rows = Array.from(
    { length: 40_000 },
    (_, i) => `${1633046554 + i},${(i * 7919) % 10007}.5,${i + 1}\n`,
  )
  const text = rows.join('')

  test('magic bytes', () => {
    expect(packingOf(gzipSync('x'), 'x')).toBe('gzip')
    expect(packingOf(Uint8Array.of(0x50, 0x4b, 3, 4), 'x')).toBe('zip')
    expect(packingOf(Uint8Array.of(0x50, 0x4b, 3, 5), 'x')).toBeUndefined()
    expect(packingOf(new TextEncoder().encode('PKX,1,2'), 'x')).toBeUndefined()
    expect(packingOf(new Uint8Array(0), 'x')).toBeUndefined()
  })

  test('gzip of several members', async () => {
    const { times } = await read(
      Buffer.concat([gzipSync(rows.slice(0, 7).join('')), gzipSync(rows.slice(7).join(''))]),
    )
    expect(times).toHaveLength(40_000)
  })

  test('a gzip cut off names the last row', async () => {
    const packed = gzipSync(text)
    const source = await openTrades(file(packed.subarray(0, packed.length / 2), 'cut.gz'))
    const error = await drain(source).then(
      () => undefined,
      error => error,
    )
    expect(error).toEqual(
      failure(
        'bad-data',
        /^cut\.gz: breaks off after row \d+,\d{3}: unexpected end of file$/,
        /fetch it again/,
      ),
    )
    expect(Number(/row ([\d,]+)/.exec(error.message)?.[1].replace(',', ''))).toBe(source.account.read)
    expect(source.account.read).toBeGreaterThan(10_000)
    expect(source.account.read).toBeLessThan(25_000)
  })

  test('a gzip cut off in its first block, or damaged', async () => {
    await expect(read(gzipSync(text).subarray(0, 30))).rejects.toThrow(
      failure('bad-data', /^trades: breaks off before its first row: /, /fetch it again/),
    )
    const damaged = gzipSync(text)
    damaged[damaged.length - 6] ^= 0xff // in the checksum
    await expect(read(damaged)).rejects.toThrow(
      failure('bad-data', /^trades: breaks off after row 39,\d{3}: /, /fetch/),
    )
  })

  test('the member of a zip by symbol', async () => {
    const packed = await zip({
      'AAVEEUR.csv': KRAKEN,
      'x/AAVEUSD.csv': text,
      '__MACOSX/x/._AAVEUSD.csv': 'junk',
    })
    const { source, times } = await read(packed, { symbol: 'aaveusd' })
    expect([source.format, source.symbol, times.length]).toEqual(['kraken', 'AAVEUSD', 40_000])
    await expect(read(packed)).rejects.toThrow(
      failure(
        'several-symbols',
        'trades: the zip holds 2 symbols: AAVEEUR, AAVEUSD',
        'Say which one to read, such as AAVEEUR.',
      ),
    )
    await expect(read(packed, { symbol: 'AAVE' })).rejects.toThrow(
      failure(
        'bad-setting',
        'trades: the zip holds nothing of AAVE, only AAVEEUR, AAVEUSD',
        /such as AAVEEUR/,
      ),
    )
  })

  test('members of one symbol are one stream, in order of time, and refused where they overlap', async () => {
    const later = '1633046556,276.5,1\n'
    const packed = await zip({ 'b/AAVEUSD.csv': later, 'a/AAVEUSD.csv': KRAKEN })
    expect((await read(packed)).times.map(time => time / 1e6 - 1633046554)).toEqual([0, 1, 2])
    const twice = await zip({ 'b/AAVEUSD.csv': KRAKEN, 'a/AAVEUSD.csv': KRAKEN })
    await expect(read(twice, { symbol: 'AAVEUSD' })).rejects.toThrow(
      failure(
        'bad-data',
        /^trades\/b\/AAVEUSD\.csv begins at .*, before trades\/a\/AAVEUSD\.csv ends at /,
        /cannot be joined/,
      ),
    )
  })

  test('a single member is taken, unless it is named after another symbol', async () => {
    const packed = await zip({ 'AAVEUSD.csv': KRAKEN })
    expect((await read(packed)).source.symbol).toBe('AAVEUSD')
    await expect(read(packed, { symbol: 'AAVEEUR' })).rejects.toThrow(
      failure('bad-setting', 'trades/AAVEUSD.csv: holds AAVEUSD, not AAVEEUR', /Ask for AAVEUSD/),
    )
    const bitmex = await zip({ 'trades.csv': bitmexRow('XBTUSD') })
    expect((await read(bitmex, { symbol: 'XBTUSD' })).times).toHaveLength(1)
  })

  test('a long list of members is cut short', async () => {
    const packed = await zip(
      Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`MMM${i}.csv`, KRAKEN])),
    )
    await expect(read(packed)).rejects.toThrow(
      failure('several-symbols', /MMM19, and 5 more$/, /such as MMM0\.$/),
    )
  })

  test('zips that cannot be read', async () => {
    const packed = await zip({ 'X.csv': text })
    await expect(read(packed.subarray(0, packed.length / 2))).rejects.toThrow(
      failure('bad-data', /^trades: the list of the zip's members cannot be read: /, /fetch it again/),
    )
    await expect(read(await zip({}))).rejects.toThrow(
      failure('bad-data', 'trades: the zip holds no file', /another/),
    )
    await expect(read(await zip({ 'X.csv': KRAKEN }, 'secret'))).rejects.toThrow(
      failure('bad-data', 'trades/X.csv: encrypted with a password', /without a password/),
    )
    const damaged = packed.slice()
    damaged.fill(0xff, packed.length / 2, packed.length / 2 + 64)
    await expect(read(damaged)).rejects.toThrow(
      failure('bad-data', /^trades\/X\.csv: breaks off after row \d+,\d{3}: ./, /fetch it again/),
    )
  })
})

describe('sources', () => {
  test('are read once', async () => {
    const { source } = await read(KRAKEN)
    await expect(drain(source)).rejects.toThrow(
      failure('bad-state', 'trades: the trades have been read already', 'Open the file again.'),
    )
  })

  test('stop reading when the iteration is left', async () => {
    let cancelled = 0
    let pulls = 0
    const rows = new TextEncoder().encode('1633046554,1,1\n1633046555,1,1\n'.repeat(2500))
    const endless: TradeFile = {
      name: 'endless',
      size: 1e12,
      slice: async (start, end) => rows.slice(start, end),
      stream: () =>
        new ReadableStream({
          pull(controller) {
            pulls++
            controller.enqueue(rows.slice())
          },
          cancel() {
            cancelled++
          },
        }),
    }
    for await (const chunk of (await openTrades(endless)).chunks()) {
      expect(chunk.length).toBe(65_536)
      break
    }
    expect(cancelled).toBe(3) // to tell the format, to find the first trade, to read
    expect(pulls).toBeLessThan(20)
  })
})

describe('a first look', () => {
  test('a first line longer than the look', async () => {
    const book = `{"stream":"x@depth","data":{"bids":[${'["1","2"],'.repeat(20_000)}["1","2"]]}}`
    const trade = '{"e":"trade","T":1723161256000,"s":"BTCUSDT","t":1,"p":"5","q":"6","m":true}'
    const { source, times } = await read(
      `{"lastUpdateId":1,"b":"${'x'.repeat(200_000)}"}\n${book}\n${trade}\n`,
    )
    expect([source.format, times]).toEqual(['binance-stream', [1723161256000e3]])
  })

  test('UTF-16', async () => {
    const text = new Uint8Array(Uint16Array.from('\ufefftime,price', letter => letter.charCodeAt(0)).buffer)
    await expect(read(text)).rejects.toThrow(failure('bad-data', 'trades: holds UTF-16 text', /UTF-8/))
  })

  test('an option for another format', async () => {
    await expect(read(KRAKEN, { stream: 'x@trade' })).rejects.toThrow(
      failure('bad-data', /^trades: is not in a format that uses stream \(binance-stream\)/, /Leave it out/),
    )
  })

  test('dated members without a symbol of their own are the days of one', async () => {
    const packed = await zip({
      'BTC-2024-01-02.csv': 'time,price,size\n1600000002,1,1\n',
      'BTC-2024-01-01.csv': 'time,price,size\n1600000001,1,1\n',
    })
    expect((await read(packed)).times).toEqual([1600000001e6, 1600000002e6])
  })
})

describe('several files', () => {
  test('follow one another, each turned to run oldest first', async () => {
    const a = file('1600000001,1,1\n1600000002,2,1\nx\n', 'a')
    const b = file(
      BYBIT_HEADER + bybitRow(1600000004, 'S') + bybitRow(1600000003, 'S') + bybitRow(1600000002, 'S'),
      'b',
    )
    const source = await openTrades([a, b])
    const chunks = await drain(source)
    expect(chunks.flatMap(chunk => [...chunk.time.map(time => time / 1e6 - 1.6e9)])).toEqual([1, 2, 2, 3, 4])
    expect([source.format, source.symbol]).toEqual(['kraken+bybit', 'S'])
    expect(source.account).toEqual({
      read: 6,
      rejected: { 'too-few-fields': 1 },
      outside: {},
      noted: { 'same-time': 1 },
    })
  })

  test('in any order', async () => {
    const files = [3, 1, 2].map(n => file(`160000000${n},1,1\n160000000${n}.5,1,1\n`, `${n}`))
    const chunks = await drain(await openTrades(files))
    expect(chunks.flatMap(chunk => [...chunk.time.map(time => time / 1e6 - 1.6e9)])).toEqual([
      1, 1.5, 2, 2.5, 3, 3.5,
    ])
  })

  test('that overlap are refused by name', async () => {
    const files = [file('1600000001,1,1\n1600000003,1,1\n', 'a'), file('1600000002,1,1\n', 'b')]
    for (const order of [files, files.toReversed()]) {
      await expect(openTrades(order).then(drain)).rejects.toThrow(
        failure(
          'bad-data',
          'b begins at 2020-09-13T12:26:42.000Z, before a ends at 2020-09-13T12:26:43.000Z',
          /overlap in time cannot be joined/,
        ),
      )
    }
  })

  test('one without the symbol asked for is passed over, and counted', async () => {
    const files = ['A', 'B'].map((symbol, i) => file(BYBIT_HEADER + bybitRow(1600000001 + i, symbol), symbol))
    const source = await openTrades(files, { symbol: 'B' })
    expect((await drain(source)).flatMap(chunk => [...chunk.time])).toEqual([1600000002e6])
    expect(source.account).toMatchObject({ read: 2, outside: { 'other-symbol': 1 } })
  })

  test('of different symbols', async () => {
    const files = ['A', 'B'].map(symbol =>
      file(BYBIT_HEADER + bybitRow(1600000001, symbol), symbol.toLowerCase()),
    )
    await expect(openTrades(files)).rejects.toThrow(
      failure('several-symbols', 'a holds A, b holds B', /which one to read/),
    )
  })

  test('none', async () => {
    await expect(openTrades([])).rejects.toThrow(failure('bad-setting', 'no trade file is given', /Name/))
  })
})
