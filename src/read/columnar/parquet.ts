import type {
  AsyncBuffer,
  ColumnMetaData,
  DecodedArray,
  FileMetaData,
  SchemaElement,
  SchemaTree,
} from 'hyparquet'
import { VoxriskError } from '../../errors.ts'
import type { TradeSource } from '../../events/trades.ts'
import type { TimeUnit } from '../../units/decimal.ts'
import type { TradeFile } from '../file.ts'
import { reasonOf } from '../unpack.ts'
import { type StoredColumn, textsOf } from './cells.ts'
import {
  type ColumnarOptions,
  ColumnarTrades,
  type Role,
  type RoleColumns,
  type Run,
  roleColumns,
  type SchemaColumn,
} from './columnar.ts'
import { decodedPages, loadPageDecoding } from './parquet-pages.ts'

/**
 * Opens a Parquet file of trades. Reads only the columns it needs, and holds one row group's compressed bytes
 * and one unpacked page at a time. Values are taken as stored: DECIMAL and timestamps as integers, DOUBLE and
 * FLOAT as the shortest decimal that rounds to them.
 *
 * @throws {VoxriskError} `bad-data` when the file is damaged or a column's type cannot hold its part of a
 *   trade; `bad-setting` when the columns are neither named nor obvious. Iterating throws `bad-data` naming
 *   the last row before the damage, or the first bad row when every row is rejected.
 */
export async function openParquet(file: TradeFile, options: ColumnarOptions = {}): Promise<TradeSource> {
  const hyparquet = await import('hyparquet')
  let metadata: FileMetaData
  let schema: SchemaTree
  try {
    metadata = await hyparquet.parquetMetadataAsync(asyncBuffer(file), { geoparquet: false })
    schema = hyparquet.parquetSchema(metadata)
    const nameless = schema.children.some(({ element }) => typeof element.name !== 'string')
    if (nameless) throw new Error('a column has no name')
  } catch (cause) {
    throw new VoxriskError(
      'bad-data',
      `${file.name}: the footer of the Parquet file cannot be read: ${reasonOf(cause)}`,
      'The file is probably cut off: fetch it again.',
      { cause },
    )
  }
  const columns = roleColumns(file.name, schema.children.map(described), options)
  const runs = readRuns(file, metadata, schema, columns)
  return ColumnarTrades.open(file.name, 'parquet', runs, columns, options)
}

/** A column of a row group: the page being read, and the next row in it. */
interface Cursor {
  readonly element: SchemaElement
  readonly pages: Generator<DecodedArray>
  page: DecodedArray
  row: number
}

async function* readRuns(
  file: TradeFile,
  metadata: FileMetaData,
  schema: SchemaTree,
  columns: RoleColumns,
): AsyncGenerator<Run> {
  const decoding = await loadPageDecoding()
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows)
    const cursors = new Map<Role, Cursor>()
    for (const [role, column] of Object.entries(columns) as [Role, number][]) {
      const leaf = schema.children[column]
      const { element } = leaf
      const path = leaf.path.join('.')
      const meta = group.columns.find(chunk => chunk.meta_data?.path_in_schema.join('.') === path)?.meta_data
      if (!meta || meta.type !== element.type)
        throw new Error(`column "${element.name}" is not in the row group`)
      const bytes = await columnBytes(file, meta)
      const pages = decodedPages(decoding, bytes, meta, [schema, leaf], rows)
      cursors.set(role, { element, pages, page: [], row: 0 })
    }
    for (let done = 0; done < rows; ) {
      let length = rows - done
      for (const cursor of cursors.values()) {
        if (cursor.row === cursor.page.length) turnPage(cursor)
        length = Math.min(length, cursor.page.length - cursor.row)
      }
      const entries = [...cursors].map(([role, { element, page, row }]) => [
        role,
        storedColumn(element, page, row),
      ])
      yield { length, columns: Object.fromEntries(entries) }
      for (const cursor of cursors.values()) cursor.row += length
      done += length
    }
  }
}

function turnPage(cursor: Cursor): void {
  const { done, value } = cursor.pages.next()
  if (done) throw new Error(`column "${cursor.element.name}" has fewer values than its row group has rows`)
  cursor.page = value
  cursor.row = 0
}

async function columnBytes(file: TradeFile, meta: ColumnMetaData): Promise<ArrayBuffer> {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
  const end = start + Number(meta.total_compressed_size)
  const inside = Number.isSafeInteger(start) && start > 0 && end > start && end <= file.size
  if (!inside || !Number.isSafeInteger(end)) throw new Error('a column lies outside the file')
  return bufferOf(await file.slice(start, end))
}

function asyncBuffer(file: TradeFile): AsyncBuffer {
  return {
    byteLength: file.size,
    slice: async (start, end = file.size) => bufferOf(await file.slice(start, end)),
  }
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength
  return (isWhole ? buffer : bytes.slice().buffer) as ArrayBuffer
}

function described({ element, children }: SchemaTree): SchemaColumn {
  const { name, type, converted_type, logical_type, repetition_type } = element
  const nested = children.length > 0 || repetition_type === 'REPEATED'
  const meaning = logical_type?.type ?? converted_type
  const words = nested ? (meaning ?? 'nested') : meaning ? `${type} (${meaning})` : type
  return { name, type: `${words}`, kind: nested ? undefined : kindOf(element) }
}

function kindOf(element: SchemaElement): StoredColumn['kind'] | undefined {
  const { type, converted_type, logical_type } = element
  const meaning = logical_type?.type ?? converted_type
  if (timestampUnit(element)) return 'timestamp'
  if (!(scaleOf(element) >= 0)) return undefined
  switch (type) {
    case 'BOOLEAN':
      return 'boolean'
    case 'FLOAT':
    case 'DOUBLE':
      return 'float'
    case 'INT32':
    case 'INT64':
      return meaning === undefined || /^(DECIMAL|INTEGER|U?INT_\d+)$/.test(meaning) ? 'integer' : undefined
    case 'FIXED_LEN_BYTE_ARRAY':
      return meaning === 'DECIMAL' ? 'integer' : undefined
    case 'BYTE_ARRAY':
      if (meaning === 'DECIMAL') return 'integer'
      return meaning === undefined || /^(STRING|UTF8|ENUM)$/.test(meaning) ? 'text' : undefined
    default:
      return undefined
  }
}

function timestampUnit(element: SchemaElement): Exclude<TimeUnit, 'iso'> | undefined {
  const { type, converted_type, logical_type } = element
  if (type === 'INT96') return 'ns'
  if (type !== 'INT64') return undefined
  if (logical_type?.type === 'TIMESTAMP')
    return ({ MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const)[logical_type.unit]
  if (converted_type === 'TIMESTAMP_MILLIS') return 'ms'
  return converted_type === 'TIMESTAMP_MICROS' ? 'us' : undefined
}

/** @param from index in `page` of row 0's value */
function storedColumn(element: SchemaElement, page: DecodedArray, from: number): StoredColumn {
  // biome-ignore lint/suspicious/noExplicitAny: the schema says what it holds
  const values = page as ArrayLike<any>
  const unit = timestampUnit(element)
  if (unit) return { kind: 'timestamp', unit, at: row => values[from + row] }
  const { type } = element
  const decimals = scaleOf(element)
  switch (kindOf(element)) {
    case 'integer':
      if (type === 'FIXED_LEN_BYTE_ARRAY' || type === 'BYTE_ARRAY')
        return { kind: 'integer', decimals, at: row => bigEndian(values[from + row]) }
      if (isUnsigned(element)) return { kind: 'integer', decimals, at: row => unsigned(values[from + row]) }
      return { kind: 'integer', decimals, at: row => values[from + row] }
    case 'float':
      return { kind: 'float', single: type === 'FLOAT', at: row => values[from + row] }
    case 'boolean':
      return { kind: 'boolean', at: row => values[from + row] }
    default:
      return { kind: 'text', texts: textsOf(row => values[from + row]) }
  }
}

function scaleOf({ converted_type, logical_type, scale }: SchemaElement): number {
  if (logical_type?.type === 'DECIMAL') return logical_type.scale
  return converted_type === 'DECIMAL' ? (scale ?? 0) : 0
}

function isUnsigned({ converted_type, logical_type }: SchemaElement): boolean {
  if (logical_type?.type === 'INTEGER') return !logical_type.isSigned
  return converted_type?.startsWith('UINT_') ?? false
}

function unsigned(value: number | bigint | null | undefined): number | bigint | null | undefined {
  return typeof value === 'number'
    ? value >>> 0
    : typeof value === 'bigint'
      ? BigInt.asUintN(64, value)
      : value
}

/** A two's complement integer, highest byte first. */
function bigEndian(bytes: Uint8Array | null | undefined): number | bigint | null {
  if (!bytes) return null
  const negative = bytes[0] >= 128
  let value = 0
  for (let i = 0; i < bytes.length; i++) value = value * 256 + bytes[i]
  if (!negative && value <= Number.MAX_SAFE_INTEGER) return value
  let wide = negative ? -1n : 0n
  let i = 0
  for (; i < bytes.length % 4; i++) wide = (wide << 8n) | BigInt(bytes[i])
  for (; i < bytes.length; i += 4) {
    const word = ((bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3]) >>> 0
    wide = (wide << 32n) | BigInt(word)
  }
  return wide
}
