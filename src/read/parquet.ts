import type { AsyncBuffer, DecodedArray, FileMetaData, SchemaElement, SchemaTree } from 'hyparquet'
import { VoxriskError } from '../errors.ts'
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
import type { TimeUnit } from './decimal.ts'
import type { TradeSource } from './trades.ts'
import { reasonOf, type TradeFile } from './unpack.ts'

/** So many rows are decoded at a time: row groups can hold millions. */
const RUN_ROWS = 131_072

/** Whether a file that starts with `bytes` is a Parquet file. */
export function isParquet(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x41 && bytes[2] === 0x52 && bytes[3] === 0x31 // PAR1
}

/**
 * Opens a Parquet file of trades. Only the columns that are needed are read, a part of a row group at a time. Values are
 * taken as they are stored: DECIMAL and timestamps as integers, DOUBLE and FLOAT as the shortest decimal that is rounded
 * to them.
 *
 * @throws {VoxriskError} `bad-data` when the file is damaged or a column is of a type that holds nothing of a trade;
 *   `bad-setting` when the columns are neither named nor obvious. Iterating throws `bad-data` naming the last row before
 *   a break, or the first bad row when every row is rejected.
 */
export async function openParquet(file: TradeFile, options: ColumnarOptions = {}): Promise<TradeSource> {
  const [hyparquet, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ])
  const buffer = asyncBuffer(file)
  let metadata: FileMetaData
  try {
    metadata = await hyparquet.parquetMetadataAsync(buffer, { geoparquet: false })
  } catch (cause) {
    throw new VoxriskError(
      'bad-data',
      `${file.name}: the footer of the Parquet file cannot be read: ${reasonOf(cause)}`,
      'The file is probably cut off: fetch it again.',
      { cause },
    )
  }
  const schema = hyparquet.parquetSchema(metadata).children
  const columns = roleColumns(file.name, schema.map(described), options)
  const wanted = Object.values(columns).map(column => schema[column].element)

  async function* runs(): AsyncGenerator<Run> {
    const scan = await hyparquet.parquetScan({
      file: buffer,
      metadata: asStored(metadata, wanted),
      columns: wanted.map(element => element.name),
      compressors,
      utf8: false,
      parsers: { timestampFromNanoseconds: nanoseconds => nanoseconds as unknown as Date }, // of INT96
    })
    for (const group of scan.ranges) {
      for (let rowStart = group.rowStart; rowStart < group.rowEnd; rowStart += RUN_ROWS) {
        const rowEnd = Math.min(rowStart + RUN_ROWS, group.rowEnd)
        yield await readRun(columns, rowEnd - rowStart, column => {
          const { element } = schema[column]
          return scan
            .readColumn({ column: element.name, rowStart, rowEnd })
            .then(values => ({ element, values }))
        })
      }
    }
  }
  return ColumnarTrades.open(file.name, 'parquet', runs(), columns, options)
}

async function readRun(
  columns: RoleColumns,
  length: number,
  read: (column: number) => Promise<{ element: SchemaElement; values: DecodedArray }>,
): Promise<Run> {
  const entries = await Promise.all(
    (Object.entries(columns) as [Role, number][]).map(async ([role, column]) => {
      const { element, values } = await read(column)
      if (values.length !== length)
        throw new Error(`column "${element.name}" holds ${values.length} of ${length} values`)
      return [role, storedColumn(element, values)] as const
    }),
  )
  return { length, columns: Object.fromEntries(entries) }
}

function asyncBuffer(file: TradeFile): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(start, end = file.size) {
      const bytes = await file.slice(start, end)
      const { buffer, byteOffset, byteLength } = bytes
      const whole = byteOffset === 0 && byteLength === buffer.byteLength
      return (whole ? buffer : bytes.slice().buffer) as ArrayBuffer
    },
  }
}

/**
 * The schema without what the `wanted` columns mean, so that they are decoded as they are stored: hyparquet would make a
 * DECIMAL a binary fraction and a timestamp a date with milliseconds.
 */
function asStored(metadata: FileMetaData, wanted: readonly SchemaElement[]): FileMetaData {
  const schema = metadata.schema.map(element => {
    if (!wanted.includes(element)) return element
    const { converted_type: _, logical_type: __, ...stored } = element
    return stored
  })
  return { ...metadata, schema }
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

function storedColumn(element: SchemaElement, decoded: DecodedArray): StoredColumn {
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is told by the schema
  const values = decoded as ArrayLike<any>
  const unit = timestampUnit(element)
  if (unit) return { kind: 'timestamp', unit, at: row => values[row] }
  const { type } = element
  const decimals = scaleOf(element)
  switch (kindOf(element)) {
    case 'integer':
      if (type === 'FIXED_LEN_BYTE_ARRAY' || type === 'BYTE_ARRAY')
        return { kind: 'integer', decimals, at: row => bigEndian(values[row]) }
      if (!isUnsigned(element)) return { kind: 'integer', decimals, at: row => values[row] }
      return { kind: 'integer', decimals, at: row => unsigned(values[row]) }
    case 'float':
      return { kind: 'float', single: type === 'FLOAT', at: row => values[row] }
    case 'boolean':
      return { kind: 'boolean', at: row => values[row] }
    default:
      return { kind: 'text', texts: textsOf(row => values[row]) }
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

/** A two's complement integer, its highest byte first. */
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
