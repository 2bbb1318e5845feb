import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHUNK_ROWS, type TradeChunk, TradeFlag, type TradeSource } from '../../src/events/trades.ts'
import { openArrow } from '../../src/read/columnar/arrow.ts'
import { decimalCell, type StoredColumn, timeCell } from '../../src/read/columnar/cells.ts'
import type { ColumnarOptions } from '../../src/read/columnar/columnar.ts'
import { unpackLz4Frame } from '../../src/read/columnar/lz4-frame.ts'
import { openParquet } from '../../src/read/columnar/parquet.ts'
import { columnsByName, obviousColumns } from '../../src/read/columns.ts'
import { csv } from '../../src/read/feeds/csv.ts'
import { fileFromBlob, type TradeFile } from '../../src/read/file.ts'
import { packingOf } from '../../src/read/packing.ts'
import { PendingChunk } from '../../src/read/rows/pending-chunk.ts'
import { openTrades } from '../../src/read/source.ts'
import { type Parsed, parseDecimal, parseTime, Verdict } from '../../src/units/decimal.ts'
import { refusal } from '../support/refusal.ts'
import { runs } from '../support/runs.ts'

const fixture = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '..', 'fixtures', name)))

function file(content: Uint8Array | string, name = 'trades'): TradeFile {
  return fileFromBlob(new Blob([content as BlobPart]), name)
}

async function drain(source: TradeSource): Promise<TradeChunk[]> {
  const chunks: TradeChunk[] = []
  for await (const chunk of source.chunks()) chunks.push(chunk)
  return chunks
}

const isArrow = (bytes: Uint8Array) => packingOf(bytes, 'x') === 'arrow'
const isParquet = (bytes: Uint8Array) => packingOf(bytes, 'x') === 'parquet'

/** The contents of a source, with arrays cut to the used entries. */
async function contents(source: TradeSource) {
  const chunks = (await drain(source)).map(chunk => ({
    ...chunk,
    time: [...chunk.time.subarray(0, chunk.length)],
    price: [...chunk.price.subarray(0, chunk.length)],
    size: [...chunk.size.subarray(0, chunk.length)],
    side: [...chunk.side.subarray(0, chunk.length)],
    flags: [...chunk.flags.subarray(0, chunk.length)],
  }))
  const { read, rejected, outside, noted } = source.account
  return { symbol: source.symbol, chunks, read, rejected, outside, noted }
}

function open(content: Uint8Array, options: ColumnarOptions = {}): Promise<TradeSource> {
  return (isParquet(content) ? openParquet : openArrow)(file(content), options)
}

const read = async (content: Uint8Array, options: ColumnarOptions = {}) =>
  contents(await open(content, options))

/** The same rows through the row reader, without its notes about neighbours. */
async function readText(text: string, options: ColumnarOptions = {}) {
  return contents(await openTrades(file(text), { format: 'csv', ...options }))
}

const withoutNotes = ({ noted: _, ...rest }: Awaited<ReturnType<typeof contents>>) => rest

const failure = (code: string, message: string | RegExp) =>
  expect.objectContaining({
    name: 'VoxriskError',
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

type ColumnData = Record<string, arrow.Vector>

function ipc(columns: ColumnData, format: 'file' | 'stream' = 'file'): Uint8Array {
  return arrow.tableToIPC(new arrow.Table(columns), format)
}

const utf8 = (values: readonly (string | null)[]) => arrow.vectorFromArray(values, new arrow.Utf8())
const float64 = (values: readonly (number | null)[]) => arrow.vectorFromArray(values, new arrow.Float64())
const int64 = (values: readonly (bigint | null)[]) => arrow.vectorFromArray(values, new arrow.Int64())
const timestamps = (values: readonly bigint[], unit = arrow.TimeUnit.MICROSECOND) =>
  arrow.makeVector(
    arrow.makeData({
      type: new arrow.Timestamp(unit),
      length: values.length,
      nullCount: 0,
      data: BigInt64Array.from(values),
    }),
  )

function decimals(values: readonly bigint[], scale: number): arrow.Vector {
  const data = new Uint32Array(4 * values.length)
  for (const [i, value] of values.entries())
    for (let word = 0; word < 4; word++)
      data[4 * i + word] = Number((value >> BigInt(32 * word)) & 0xffff_ffffn)
  const type = new arrow.Decimal(scale, 38, 128)
  return arrow.makeVector(arrow.makeData({ type, length: values.length, nullCount: 0, data }))
}

const SECOND = 1_633_046_554
const trades = (rows: number) => ({
  time: timestamps(Array.from({ length: rows }, (_, i) => BigInt(SECOND + i) * 1_000_000n)),
  price: float64(Array.from({ length: rows }, (_, i) => (27_653 + (i % 50)) / 100)),
  size: int64(Array.from({ length: rows }, (_, i) => BigInt(1 + (i % 7)))),
})

describe('the columns of trades by their names', () => {
  test.each([
    ['obvious', ['Time', 'PX', 'qty'], { time: 0, price: 1, size: 2 }],
    ['the better name', ['date', 'timestamp', 'price', 'size'], { time: 1, price: 2, size: 3 }],
    [
      'a maker',
      ['isBuyerMaker', 'time', 'price', 'qty', 'id'],
      { time: 1, price: 2, size: 3, buyerIsMaker: 0, id: 4 },
    ],
    [
      'a side rather',
      ['is_buyer_maker', 'time', 'price', 'qty', 'side'],
      { time: 1, price: 2, size: 3, side: 4 },
    ],
    ['an aggregate', ['agg_trade_id', 'time', 'price', 'size', 'm'], { time: 1, price: 2, size: 3, id: 0 }],
    ['no size', ['time', 'price'], undefined],
    ['quotes', ['time', 'price', 'size', 'bid'], undefined],
    ['bars', ['time', 'open', 'high', 'low', 'close', 'volume', 'price'], undefined],
  ])('%s', (_, header, columns) => {
    expect(obviousColumns(header)).toEqual(columns)
  })

  test('refused: nothing obvious, the columns are listed', () => {
    expect(refusal(() => columnsByName(['a', 'b'], undefined))).toMatchObject({
      code: 'bad-setting',
      message: 'columns: their names do not say which hold time, price and size of trades: a, b',
    })
  })

  test('refused: a side and a maker', () => {
    const asked = { time: 1, price: 2, size: 3, side: 4, buyerIsMaker: 5 }
    expect(refusal(() => columnsByName(['a', 'b', 'c', 'd', 'e'], asked)).message).toMatch(
      /both give the side/,
    )
  })
})

describe('the unit of a time in csv', () => {
  const columns = { time: 3, price: 1, size: 2 }

  /** µs of the first trade; the unit is guessed from these first lines. */
  function timeOf(lines: string[]): number {
    const rows = csv.read({ lines, path: '' }, { columns })!.newRows('')
    const chunks = [...rows.push(new TextEncoder().encode(lines.join('\n'))), ...rows.end()]
    return chunks[0].time[0]
  }

  test('is not derived from a truncated time', () => {
    const lines = ['5,6,now', '5,6,16330465']
    expect(refusal(() => csv.read({ lines, path: '' }, { columns })).message).toMatch(/row 1: time "now"/)
    expect(timeOf(['5,6,now', '5,6,1633046554000,7'])).toBe(1633046554e6)
  })

  test('is derived from the only line, complete or not', () => {
    expect(timeOf(['5,6,1633046554000'])).toBe(1633046554e6)
  })
})

describe('what others wrote', () => {
  const text = new TextDecoder().decode(fixture('trades.csv'))

  test('the rows themselves', async () => {
    const { read, rejected, chunks } = await readText(text)
    expect({ read, rejected }).toEqual({
      read: 120,
      rejected: { 'bad-time': 1, 'bad-price': 1, 'negative-price': 1, 'bad-size': 1, 'zero-size': 1 },
    })
    expect(chunks[0]).toMatchObject({ length: 115, priceDecimals: 2, sizeDecimals: 8 })
  })

  test.each([
    'duckdb-uncompressed.parquet',
    'duckdb-snappy.parquet',
    'duckdb-gzip.parquet',
    'duckdb-zstd.parquet',
    'duckdb-brotli.parquet',
    'duckdb-lz4_raw.parquet',
    'duckdb-text-wide.parquet',
  ])('%s', async name => {
    expect(withoutNotes(await read(fixture(name)))).toEqual(withoutNotes(await readText(text)))
  })

  const common = [
    ['time_us', 'price_double', 'size_double', 'side_text'],
    ['time_ns', 'price_decimal', 'size_decimal', 'side_dictionary'],
    ['time_zoned', 'price_text', 'size_text', 'side_int'],
    ['time_seconds', 'price_single', 'size_double', 'side_text'],
    ['time_decimal', 'price_double', 'size_text', 'side_text'],
    ['time_text', 'price_double', 'size_text', 'side_text'],
  ]
  const arrowOnly = [
    ['time_us', 'price_large', 'size_dictionary', 'side_text'],
    ['time_us', 'price_view', 'size_text', 'side_text'],
    ['time_us', 'price_decimal64', 'size_text', 'side_text'],
    ['time_us', 'price_decimal256', 'size_text', 'side_text'],
  ]
  describe.each([
    ['pyarrow.parquet', common],
    ['pyarrow-encodings.parquet', common],
    ['pyarrow-lz4.arrow', [...common, ...arrowOnly]],
    ['pyarrow-zstd.arrow', [...common, ...arrowOnly]],
    ['pyarrow.arrows', [...common, ...arrowOnly]],
  ])('%s', (name, choices) => {
    test.each(choices)('%s, %s, %s, %s', async (time, price, size, side) => {
      const columns = { time, price, size, side, symbol: 'symbol' }
      const expected = withoutNotes(await readText(text))
      // The order of the columns decides which fault of a row is counted; no row here has two.
      expect(withoutNotes(await read(fixture(name), { columns }))).toEqual(expected)
    })

    test('the maker instead of the side', async () => {
      const columns = {
        time: 'time_us',
        price: 'price_text',
        size: 'size_text',
        symbol: 'symbol',
        buyerIsMaker: 'maker',
      }
      const { chunks, rejected, read: rows } = await read(fixture(name), { columns })
      const expected = await readText(text)
      const without = expected.chunks[0].side.filter(side => side === 0).length
      expect([rows, rejected['bad-side']]).toEqual([120, without])
      expect(chunks[0].side).toEqual(expected.chunks[0].side.filter(side => side !== 0))
    })

    test('refused: a day is not a time', async () => {
      const columns = { time: 'day', price: 'price_text', size: 'size_text' }
      await expect(open(fixture(name), { columns })).rejects.toThrow(
        failure('bad-data', /trades: column "day" is of type .*date.*, which cannot be read as time/i),
      )
    })
  })

  test('LZ4 blocks that refer to those before them', async () => {
    const { chunks, read: rows } = await read(fixture('pyarrow-blocks.arrow'))
    expect([chunks.length, rows]).toEqual([1, 30_000])
    const { time, price, size, priceDecimals } = chunks[0]
    expect(priceDecimals).toBe(2)
    for (let i = 0; i < 30_000; i++) {
      if (time[i] !== (SECOND + Math.floor(i / 1000)) * 1e6) throw new Error(`time of row ${i}`)
      if (price[i] !== 27_653 + (i % 50) || size[i] !== 1 + (i % 7)) throw new Error(`row ${i}`)
    }
  })

  test('refused: nested columns', async () => {
    await expect(open(fixture('duckdb-nested.parquet'))).rejects.toThrow(
      failure('bad-data', 'trades: column "price" is of type nested, which cannot be read as price'),
    )
    const columns = { time: 1, price: 3, size: 2 }
    await expect(open(fixture('duckdb-nested.parquet'), { columns })).rejects.toThrow(
      failure('bad-data', 'trades: column "size" is of type LIST, which cannot be read as price'),
    )
  })
})

describe('binary fractions become the decimals they stand for', () => {
  const decimalOf = (column: StoredColumn): [Verdict, string] => {
    const out: Parsed = { value: 0, decimals: 0 }
    const verdict = decimalCell(column)(0, out)
    return [verdict, verdict === Verdict.ok ? plain(out) : '']
  }
  const textOf = (text: string): [Verdict, string] => {
    const bytes = new TextEncoder().encode(text)
    const out: Parsed = { value: 0, decimals: 0 }
    const verdict = parseDecimal(bytes, 0, bytes.length, out)
    return [verdict, verdict === Verdict.ok ? plain(out) : '']
  }
  /** value · 10^-decimals without trailing zeros. */
  function plain({ value, decimals }: Parsed): string {
    let [digits, scale] = [BigInt(value), decimals]
    while (scale > 0 && digits % 10n === 0n) {
      digits /= 10n
      scale--
    }
    return `${digits}e-${scale}`
  }

  test('every float64 as its shortest text, whatever was read before it', () => {
    const positive = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
    const price = fc
      .tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 9 }))
      .map(([digits, scale]) => Number(`${digits}e-${scale}`))
    const values = fc.array(fc.oneof(positive, price, price), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(values, values => {
        const cell = decimalCell({ kind: 'float', single: false, at: row => values[row] })
        const out: Parsed = { value: 0, decimals: 0 }
        for (const [row, value] of values.entries()) {
          const verdict = cell(row, out)
          expect([verdict, verdict === Verdict.ok ? plain(out) : '']).toEqual(textOf(String(value)))
        }
      }),
      { numRuns: runs(2000) },
    )
  })

  test('a float32 as the decimal of up to six digits that it was', () => {
    const text = fc
      .tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 10 }))
      .map(([digits, scale]) => `${digits}e-${scale}`)
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), texts => {
        const values = Float32Array.from(texts, Number)
        const cell = decimalCell({ kind: 'float', single: true, at: row => values[row] })
        const out: Parsed = { value: 0, decimals: 0 }
        for (const [row, text] of texts.entries()) {
          expect(cell(row, out)).toBe(Verdict.ok)
          expect(plain(out)).toBe(textOf(text)[1])
        }
      }),
    )
  })

  test('any float32 as a decimal that gives it again, in nine digits at most', () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(1e-9), max: Math.fround(1e12), noNaN: true }), value => {
        const [verdict, text] = decimalOf({ kind: 'float', single: true, at: () => value })
        expect(verdict).toBe(Verdict.ok)
        expect(Math.fround(Number(text))).toBe(value)
        expect(text.split('e')[0].replace(/0+$/, '').length).toBeLessThanOrEqual(9)
      }),
    )
  })

  test.each([
    [Number.NaN, Verdict.notANumber],
    [Number.POSITIVE_INFINITY, Verdict.notANumber],
    [Number.NEGATIVE_INFINITY, Verdict.notANumber],
    [-0.1, Verdict.negative],
    [1e300, Verdict.tooManyDigits],
    [5e-324, Verdict.tooManyDigits],
    [0.1 + 0.2, Verdict.tooManyDigits],
  ])('%d is refused', (value, verdict) => {
    expect(decimalOf({ kind: 'float', single: false, at: () => value })[0]).toBe(verdict)
  })

  test('integers of any scale as the same text', () => {
    const digits = fc.oneof(
      fc.bigInt({ min: -5n, max: 10n ** 38n }),
      fc
        .tuple(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.nat(20))
        .map(([value, zeros]) => value * 10n ** BigInt(zeros)),
    )
    fc.assert(
      fc.property(fc.array(digits, { minLength: 1, maxLength: 20 }), fc.nat(30), (values, scale) => {
        const cell = decimalCell({ kind: 'integer', decimals: scale, at: row => values[row] })
        const out: Parsed = { value: 0, decimals: 0 }
        for (const [row, value] of values.entries()) {
          const padded = String(value < 0n ? -value : value).padStart(scale + 1, '0')
          const point = padded.length - scale
          const text = `${value < 0n ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)}`
          const verdict = cell(row, out)
          expect([verdict, verdict === Verdict.ok ? plain(out) : ''], text).toEqual(textOf(text))
        }
      }),
      { numRuns: runs(1000) },
    )
  })
})

describe('times', () => {
  test.each<[string, StoredColumn['kind'], unknown, number]>([
    ['s', 'timestamp', 1633046554n, 1633046554e6],
    ['ms', 'timestamp', 1633046554123n, 1633046554123e3],
    ['us', 'timestamp', 1633046554123456n, 1633046554123456],
    ['ns', 'timestamp', 1633046554123456789n, 1633046554123456],
    ['ns', 'timestamp', -1n, -1],
    ['s', 'timestamp', 2n ** 62n, -1],
    ['s', 'integer', 1633046554, 1633046554e6],
    ['ns', 'integer', 1633046554123456789n, 1633046554123456],
    ['s', 'float', 1633046554.123456, 1633046554123456],
    ['s', 'float', 1633046554.1234567, 1633046554123456],
    ['ms', 'float', 1633046554123.25, 1633046554123250],
    ['ns', 'float', 1633046554123456800, 1633046554123456],
    ['s', 'float', Number.NaN, -1],
    ['s', 'float', -5, -1],
    ['s', 'integer', null, -1],
  ])('%s, %s: %s', (unit, kind, value, micros) => {
    const column = { kind, unit, decimals: 0, single: false, at: () => value } as unknown as StoredColumn
    expect(timeCell(column, unit as 's')(0)).toBe(micros)
  })

  test('a float is the time that its text is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e10, noNaN: true }),
        fc.constantFrom('s', 'ms', 'us'),
        (count, unit) => {
          const time = timeCell({ kind: 'float', single: false, at: () => count }, unit)(0)
          const out: Parsed = { value: -1, decimals: 0 }
          const bytes = new TextEncoder().encode(String(count))
          expect(time).toBe(parseTime(bytes, 0, bytes.length, unit, out) ? out.value : -1)
        },
      ),
    )
  })

  test.each([
    [1633046554n, undefined, 1633046554e6],
    [1633046554123n, undefined, 1633046554123e3],
    [1633046554123456n, undefined, 1633046554123456],
    [1633046554123456789n, undefined, 1633046554123456],
    [14400464n, 'ms', 14400464e3],
  ] as const)('an integer %d', async (time, timeUnit, micros) => {
    const content = ipc({ time: int64([time]), price: float64([1]), size: float64([1]) })
    const { chunks } = await read(content, timeUnit ? { timeUnit } : {})
    expect(chunks[0].time).toEqual([micros])
  })

  test('refused: of day', async () => {
    const content = ipc({ time: int64([14400464n]), price: float64([1]), size: float64([1]) })
    await expect(open(content)).rejects.toThrow(
      failure('bad-setting', 'trades: time 14400464 is not a date and is too small to be a time since 1970'),
    )
  })

  test('refused: neither', async () => {
    const content = ipc({ time: utf8(['noon']), price: float64([1]), size: float64([1]) })
    await expect(open(content)).rejects.toThrow(
      failure('bad-data', 'trades: row 1: time "noon" is neither a date nor a number'),
    )
  })
})

describe('rows', () => {
  const priced = (price: arrow.Vector, more: ColumnData = {}) => ({ ...trades(price.length), price, ...more })

  test('by reason, and the first one in words', async () => {
    const price = float64([null, 0, -1, Number.NaN, 0.1 + 0.2, 5])
    const source = await open(ipc(priced(price)))
    const { read, rejected, chunks } = await contents(source)
    expect(read).toBe(6)
    expect(rejected).toEqual({ 'bad-price': 2, 'zero-price': 1, 'negative-price': 1, 'too-many-digits': 1 })
    expect(chunks.map(({ length }) => length)).toEqual([1])
    expect(source).toMatchObject({
      firstRejection: { reason: 'bad-price', row: 1, text: 'price null is not a number' },
    })
  })

  test('all rejected', async () => {
    const source = await open(ipc(priced(float64([0, 0]))))
    await expect(drain(source)).rejects.toThrow(
      failure('bad-data', 'trades: all 2 rows are rejected; row 1: price is 0'),
    )
  })

  test('none', async () => {
    for (const format of ['file', 'stream'] as const) {
      const source = await openTrades(file(ipc(trades(0), format)))
      await expect(drain(source)).rejects.toThrow(failure('bad-data', 'trades: holds no trades'))
    }
  })

  test('sides, makers, flags, ids', async () => {
    const columns = { time: 'time', price: 'price', size: 'size', buyerIsMaker: 'm', flag: 'f', id: 'i' }
    const m = arrow.vectorFromArray([true, false, false, false, null], new arrow.Bool())
    const f = arrow.vectorFromArray([0, 1, null, 2, 0], new arrow.Uint8())
    const { chunks, rejected, noted } = await read(
      ipc({ ...trades(5), m, f, i: int64([7n, 8n, 11n, 12n, 13n]) }),
      { columns },
    )
    expect(chunks[0].side).toEqual([-1, 1, 1])
    expect(chunks[0].flags).toEqual([0, TradeFlag.flagged, 0])
    expect(rejected).toEqual({ 'bad-flag': 1, 'bad-side': 1 })
    expect(noted).toEqual({ flagged: 1, 'id-gaps': 1, 'missing-ids': 2 })
  })

  test('invalid sides', async () => {
    const side = arrow.vectorFromArray([1, -1, 0, null], new arrow.Int8())
    const { chunks, rejected } = await read(ipc({ ...trades(4), side }))
    expect(chunks[0].side).toEqual([1, -1, 0])
    expect(rejected).toEqual({ 'bad-side': 1 })
    const words = await read(ipc({ ...trades(4), side: utf8(['Buy', 'S', 'ask', ' sell ']) }))
    expect(words.chunks[0].side).toEqual([1, -1, -1])
  })

  test('refused: a boolean is not a side', async () => {
    const side = arrow.vectorFromArray([true], new arrow.Bool())
    await expect(open(ipc({ ...trades(1), side }))).rejects.toThrow(
      failure('bad-data', 'trades: column "side" is of type Bool, which cannot be read as side'),
    )
  })

  test('ids that are not numbers count nothing', async () => {
    const { noted, read: rows } = await read(ipc({ ...trades(3), id: utf8(['a-1', 'b-7', 'c-9']) }))
    expect([rows, noted]).toEqual([3, {}])
    const floats = await read(ipc({ ...trades(3), id: float64([1, 5, 9]) }))
    expect(floats.noted).toEqual({})
  })

  test('symbols', async () => {
    const symbol = arrow.vectorFromArray(
      ['A', 'B', 'A', null],
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
    )
    const content = ipc({ ...trades(4), symbol })
    await expect(open(content)).rejects.toThrow(
      failure(
        'several-symbols',
        'trades: row 2: symbol B follows A: the file holds trades of several symbols',
      ),
    )
    const wanted = await read(content, { symbol: 'b' })
    expect(wanted).toMatchObject({ symbol: 'b', read: 4, outside: { 'other-symbol': 3 } })
    expect(wanted.chunks[0].time).toEqual([(SECOND + 1) * 1e6])
    await expect(openTrades(file(content), { symbol: 'C' }).then(drain)).rejects.toThrow(
      failure('bad-setting', 'trades: none of 4 rows is a trade of C'),
    )
  })

  test('refused: nothing obvious', async () => {
    await expect(open(ipc({ a: float64([1]), b: float64([1]) }))).rejects.toThrow(
      failure('bad-setting', /trades: columns: their names .*: a, b/),
    )
  })

  test('chunks are full, and no row is lost at their seams', async () => {
    const rows = 2 * CHUNK_ROWS + 5
    const { chunks } = await read(ipc(trades(rows)))
    expect(chunks.map(({ length }) => length)).toEqual([CHUNK_ROWS, CHUNK_ROWS, 5])
    let row = 0
    for (const chunk of chunks)
      for (const time of chunk.time) if (time !== (SECOND + row++) * 1e6) throw new Error(`row ${row}`)
    expect(row).toBe(rows)
  })

  test('decimals as the row reader keeps them', async () => {
    const texts = ['123456789012', '0.5', '0.00000001', '0.25', '12345', '1e-9', '9007199254740991']
    const text = `time,price,size\n${texts.map(price => `${SECOND},${price},1\n`).join('')}`
    const time = int64(texts.map(() => BigInt(SECOND)))
    const size = float64(texts.map(() => 1))
    const expected = withoutNotes(await readText(text))
    expect(expected.chunks.length).toBeGreaterThan(2)
    expect(withoutNotes(await read(ipc({ time, price: utf8(texts), size })))).toEqual(expected)
    expect(withoutNotes(await read(ipc({ time, price: float64(texts.map(Number)), size })))).toEqual(expected)
  })

  test('random trades, in Arrow and in text', async () => {
    const trade = fc.record({
      time: fc.bigInt({ min: 1_600_000_000_000_000n, max: 1_700_000_000_000_000n }),
      price: fc.integer({ min: 0, max: 99_999_999 }),
      size: fc.bigInt({ min: 0n, max: 10n ** 15n }),
      side: fc.constantFrom('buy', 'sell', 'Buy', 's', '', 'bid'),
    })
    const rows = fc.array(trade, { minLength: 1, maxLength: 60 })
    const scale = fc.nat(12)
    await fc.assert(
      fc.asyncProperty(
        rows,
        scale,
        scale,
        fc.constantFrom('file', 'stream'),
        async (rows, forPrice, forSize, format) => {
          const fixed = (digits: number | bigint, decimals: number) => {
            const padded = String(digits).padStart(decimals + 1, '0')
            return `${padded.slice(0, padded.length - decimals)}.${padded.slice(padded.length - decimals)}`
          }
          const lines = rows.map(
            ({ time, price, size, side }) =>
              `${time},${fixed(price, forPrice)},${fixed(size, forSize)},${side}\n`,
          )
          const content = ipc(
            {
              time: timestamps(rows.map(({ time }) => time)),
              price: float64(rows.map(({ price }) => Number(fixed(price, forPrice)))),
              size: decimals(
                rows.map(({ size }) => size),
                forSize,
              ),
              side: arrow.vectorFromArray(
                rows.map(({ side }) => side),
                new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
              ),
            },
            format,
          )
          const settled = (result: Promise<Awaited<ReturnType<typeof contents>>>) =>
            result.then(withoutNotes, (error: Error) => error.message.replace(/;.*/, ''))
          expect(await settled(openTrades(file(content)).then(contents))).toEqual(
            await settled(readText(`time,price,size,side\n${lines.join('')}`, { timeUnit: 'us' })),
          )
        },
      ),
    )
  })

  test('leaving early ends the reading', async () => {
    const source = await open(ipc(trades(3 * CHUNK_ROWS)))
    for await (const chunk of source.chunks()) {
      expect(chunk.length).toBe(CHUNK_ROWS)
      break
    }
    await expect(drain(source)).rejects.toThrow(failure('bad-state', /read already/))
  })
})

describe('damaged files', () => {
  const outcome = async (content: Uint8Array) => {
    try {
      const { read: rows } = await read(content)
      return rows
    } catch (error) {
      if ((error as Error).name !== 'VoxriskError') throw error
      return (error as Error).message
    }
  }

  const threeTimes = (format: 'file' | 'stream') => {
    const table = new arrow.Table(trades(4))
    return arrow.tableToIPC(table.concat(table, table), format)
  }

  test('an Arrow stream cut off at any byte', async () => {
    const content = threeTimes('stream')
    const ends = new Set<number>()
    for (let length = 8; length < content.length; length++) {
      const found = await outcome(content.subarray(0, length))
      if (typeof found === 'number') ends.add(found)
      else expect(found).toMatch(/^trades: (breaks off (before its first row|after row (4|8|12)): )/)
    }
    // A stream may end after any message.
    expect([...ends]).toEqual([0, 4, 8, 12])
    expect(await outcome(content)).toBe(12)
  })

  test('an Arrow file cut off', async () => {
    const content = threeTimes('file')
    for (let length = 16; length < content.length; length += 5)
      expect(await outcome(content.subarray(0, length))).toBe(
        'trades: breaks off before its first row: its end is missing',
      )
    expect(await outcome(content)).toBe(12)
  })

  test('the last good row', async () => {
    const content = threeTimes('stream')
    expect(await outcome(content.subarray(0, content.length - 20))).toBe(
      'trades: breaks off after row 8: it ends within a message',
    )
  })

  test.each(['duckdb-zstd.parquet', 'duckdb-gzip.parquet'])('%s cut off', async name => {
    const content = fixture(name)
    for (let length = 4; length < content.length; length += 7)
      expect(await outcome(content.subarray(0, length))).toMatch(/^trades: the footer of the Parquet file/)
  })

  test.each(['duckdb-snappy.parquet', 'duckdb-zstd.parquet', 'duckdb-brotli.parquet'])(
    '%s with a changed byte gives an error of ours or rows',
    async name => {
      const content = fixture(name)
      await fc.assert(
        fc.asyncProperty(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const changed = content.slice()
          changed[at] ^= change
          if (isParquet(changed) || isArrow(changed)) await outcome(changed)
        }),
        { numRuns: runs(100) },
      )
    },
  )

  test('Feather 1', async () => {
    await expect(openArrow(file('FEA1xxxxxxxx'))).rejects.toThrow(failure('bad-data', /Feather version 1/))
  })

  test('an LZ4 frame cut off', () => {
    // "aaaaaaaaaaaaaaaaaaaa": one literal, a match of 14 one byte back, five literals
    const block = [0x1a, 0x61, 1, 0, 0x50, 0x61, 0x61, 0x61, 0x61, 0x61]
    const frame = Uint8Array.of(
      4,
      0x22,
      0x4d,
      0x18,
      0x60,
      0x40,
      0x82,
      block.length,
      0,
      0,
      0,
      ...block,
      0,
      0,
      0,
      0,
    )
    expect(new TextDecoder().decode(unpackLz4Frame(frame))).toBe('a'.repeat(20))
    for (let length = 0; length < frame.length; length++)
      expect(() => unpackLz4Frame(frame.subarray(0, length))).toThrow(/damaged LZ4/)
    frame[13] = 9 // a match that begins before the text
    expect(() => unpackLz4Frame(frame)).toThrow(/overrun/)
  })
})

test('other data are not taken for Arrow', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(isArrow(bytes('1633046554,276.53'))).toBe(false)
  expect(isArrow(bytes(''))).toBe(false)
  expect(isArrow(bytes('ARROW'))).toBe(false)
  expect(isArrow(ipc(trades(1), 'stream'))).toBe(true)
  expect(isArrow(ipc(trades(1), 'file'))).toBe(true)
  expect(isParquet(bytes('PAR'))).toBe(false)
})

test('a chunk is closed before its integers pass 2^53', () => {
  const chunk = new PendingChunk()
  expect(chunk.append(0, 9007199254740991, 0, 1, 0, 0, 0)).toBe(true)
  expect(chunk.append(0, 5, 1, 1, 0, 0, 0)).toBe(false)
  expect(chunk.take()).toMatchObject({ length: 1, priceDecimals: 0 })
  expect(chunk.append(0, 50, 2, 1, 0, 0, 0)).toBe(true)
  expect(chunk.take()).toMatchObject({ length: 1, priceDecimals: 1 })
})
