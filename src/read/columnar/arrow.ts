import type { Data, DataType, FileHandle, RecordBatch, Schema } from 'apache-arrow'
import { VoxriskError } from '../../errors.ts'
import type { TradeSource } from '../../events/trades.ts'
import type { TimeUnit } from '../../units/decimal.ts'
import type { TradeFile } from '../file.ts'
import { breaksOff } from '../file-error.ts'
import { type StoredColumn, type Texts, textsOf, trim } from './cells.ts'
import {
  type ColumnarOptions,
  ColumnarTrades,
  type Role,
  type RoleColumns,
  type Run,
  roleColumns,
  type SchemaColumn,
} from './columnar.ts'
import { unpackLz4Frame } from './lz4-frame.ts'

type Arrow = typeof import('apache-arrow')

/** First and last bytes of the Arrow file format, which Feather 2 is another name for. */
const MAGIC = new TextEncoder().encode('ARROW1')
/** First bytes of Feather 1, a different format. */
const FEATHER_1 = new TextEncoder().encode('FEA1')
/** Precedes the length of a message's metadata since Arrow 0.15. */
const CONTINUATION = -1

function startsWith(bytes: Uint8Array, magic: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte)
}

/**
 * Opens a file of trades in Arrow's IPC format: the file format (Feather 2) or the stream format, plain or
 * compressed with LZ4 or zstd. Reads one batch at a time. Values are taken as stored: decimals and timestamps
 * as integers, floats as the shortest decimal that rounds to them.
 *
 * @throws {VoxriskError} `bad-data` when the file is damaged or a column's type cannot hold its part of a
 *   trade; `bad-setting` when the columns are neither named nor obvious. Iterating throws `bad-data` naming
 *   the last row before the damage, or the first bad row when every row is rejected.
 */
export async function openArrow(file: TradeFile, options: ColumnarOptions = {}): Promise<TradeSource> {
  if (startsWith(await file.slice(0, 8), FEATHER_1)) {
    throw new VoxriskError(
      'bad-data',
      `${file.name}: Feather version 1, which is not supported`,
      'Save it as version 2 (the Arrow file format) or as Parquet.',
    )
  }
  const arrow = await import('apache-arrow')
  await registerCodecs(arrow)
  const broken: Broken = {}
  const reader = await openReader(arrow, file, broken)
  const columns = roleColumns(file.name, described(arrow, reader.schema), options)

  async function* runs(): AsyncGenerator<Run> {
    try {
      let batches = 0
      for await (const batch of reader) {
        batches++
        yield toRun(arrow, batch, columns)
      }
      if (broken.cause) throw broken.cause
      if (batches < reader.numRecordBatches) throw new Error('a batch is not where the footer says')
    } finally {
      await reader.cancel()
    }
  }
  return ColumnarTrades.open(file.name, 'arrow', runs(), columns, options)
}

async function openReader(arrow: Arrow, file: TradeFile, broken: Broken) {
  try {
    const isFile = startsWith(await file.slice(0, 8), MAGIC)
    if (isFile && !startsWith(await file.slice(file.size - MAGIC.length, file.size), MAGIC))
      throw new Error('its end is missing')
    const { RecordBatchReader } = arrow
    const reader = isFile
      ? await RecordBatchReader.from(fileHandle(file))
      : await RecordBatchReader.from(messages(arrow, file, broken))
    await reader.open()
    if (!reader.schema) throw new Error('it has no schema')
    return reader
  } catch (cause) {
    throw breaksOff(file.name, 0, broken.cause ?? cause)
  }
}

/** The few methods of a Node file handle that apache-arrow uses to read a file by its footer. */
function fileHandle(file: TradeFile): FileHandle {
  const handle = {
    fd: 0,
    stat: async () => ({ size: file.size }),
    async read(buffer: Uint8Array, offset: number, length: number, position: number) {
      const bytes = await wholeSlice(file, position, position + length)
      buffer.set(bytes, offset)
      return { bytesRead: length, buffer }
    },
    close: async () => {},
  }
  return handle as unknown as FileHandle
}

/** Compression codes of the Arrow format. */
const LZ4_FRAME = 0
const ZSTD = 1

/**
 * Registers decompressors with apache-arrow, which knows both codecs but ships neither. Codecs the
 * application has registered itself are kept.
 */
async function registerCodecs({ compressionRegistry: registry }: Arrow): Promise<void> {
  if (!registry.get(LZ4_FRAME)?.decode)
    registry.set(LZ4_FRAME, { ...registry.get(LZ4_FRAME), decode: unpackLz4Frame })
  if (!registry.get(ZSTD)?.decode) {
    const { decompress } = await import('fzstd')
    registry.set(ZSTD, { ...registry.get(ZSTD), decode: bytes => aligned(decompress(bytes)) })
  }
}

/** The same bytes, copied if needed so that a view of 8-byte values is aligned. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
}

/** Why a stream ended early. */
interface Broken {
  cause?: unknown
}

/**
 * The whole messages of a stream. If the stream breaks off inside a message, it ends before that message and
 * the reason is in `broken`. It does not throw, because apache-arrow reads ahead and the error would overtake
 * the batch before.
 */
async function* messages(arrow: Arrow, file: TradeFile, broken: Broken): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < file.size; ) {
      let head = at + 4
      let length = int32(await wholeSlice(file, at, head))
      if (length === CONTINUATION) {
        head += 4
        length = int32(await wholeSlice(file, head - 4, head))
      }
      if (length === 0) return
      if (length < 0) throw new Error('a message has a negative length')
      const { bodyLength } = arrow.Message.decode(await wholeSlice(file, head, head + length))
      const message = await wholeSlice(file, at, head + length + bodyLength)
      yield message
      at += message.length
    }
  } catch (cause) {
    broken.cause = cause
  }
}

function int32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true)
}

async function wholeSlice(file: TradeFile, start: number, end: number): Promise<Uint8Array> {
  const bytes = end <= file.size ? await file.slice(start, end) : new Uint8Array(0)
  if (bytes.length < end - start) throw new Error('it ends within a message')
  return bytes
}

function described(arrow: Arrow, schema: Schema): SchemaColumn[] {
  return schema.fields.map(({ name, type }) => ({ name, type: `${type}`, kind: kindOf(arrow, type) }))
}

function kindOf(arrow: Arrow, type: DataType): StoredColumn['kind'] | undefined {
  const { DataType } = arrow
  if (DataType.isDictionary(type)) return kindOf(arrow, type.dictionary) === 'text' ? 'text' : undefined
  if (timestampUnit(arrow, type)) return 'timestamp'
  if (DataType.isInt(type)) return 'integer'
  if (DataType.isDecimal(type)) return type.scale >= 0 ? 'integer' : undefined
  if (DataType.isFloat(type)) return type.precision === arrow.Precision.HALF ? undefined : 'float'
  if (DataType.isBool(type)) return 'boolean'
  const isText = DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)
  return isText ? 'text' : undefined
}

function timestampUnit(arrow: Arrow, type: DataType): Exclude<TimeUnit, 'iso'> | undefined {
  const { DataType, DateUnit } = arrow
  if (DataType.isDate(type)) return type.unit === DateUnit.MILLISECOND ? 'ms' : undefined
  return DataType.isTimestamp(type) ? (['s', 'ms', 'us', 'ns'] as const)[type.unit] : undefined
}

function toRun(arrow: Arrow, batch: RecordBatch, columns: RoleColumns): Run {
  const entries = (Object.entries(columns) as [Role, number][]).map(([role, column]) => {
    const data = batch.data.children[column]
    const { name } = batch.schema.fields[column]
    if (batch.numRows > 0) refuseShort(arrow, name, data, batch.numRows)
    return [role, storedColumn(arrow, data)] as const
  })
  return { length: batch.numRows, columns: Object.fromEntries(entries) }
}

/** @throws {Error} when a column's buffers hold fewer values than the batch has rows */
function refuseShort(arrow: Arrow, name: string, data: Data, rows: number): void {
  const { type, values, valueOffsets, nullCount, nullBitmap, stride, length } = data
  const offsets = valueOffsets?.length ?? 0
  const size = values?.length ?? 0
  const held = arrow.DataType.isBool(type) ? size * 8 : offsets > 0 ? offsets - 1 : size / stride
  const textBytes = offsets > 0 ? Number(valueOffsets[rows]) : 0
  const validities = nullCount > 0 ? (nullBitmap?.length ?? 0) * 8 : rows
  if (Math.min(length, held, validities) < rows || textBytes > size)
    throw new Error(`column "${name}" holds fewer values than its batch has rows`)
}

/** @param data a column of a record batch as read, so its values begin at 0 */
function storedColumn(arrow: Arrow, data: Data): StoredColumn {
  const { DataType } = arrow
  const { type, values, nullCount, nullBitmap } = data
  const valid = nullCount > 0 ? (row: number) => bitAt(nullBitmap, row) : undefined
  const at = valid ? (row: number) => (valid(row) ? values[row] : null) : (row: number) => values[row]
  const unit = timestampUnit(arrow, type)
  if (unit) return { kind: 'timestamp', unit, at }
  if (DataType.isDecimal(type)) {
    const words = type.bitWidth / 32
    const wide = (row: number) => littleEndian(values as Uint32Array, row * words, words)
    return { kind: 'integer', decimals: type.scale, at: row => (!valid || valid(row) ? wide(row) : null) }
  }
  if (DataType.isInt(type)) return { kind: 'integer', decimals: 0, at }
  if (DataType.isFloat(type)) return { kind: 'float', single: type.precision === arrow.Precision.SINGLE, at }
  if (DataType.isBool(type))
    return { kind: 'boolean', at: row => (!valid || valid(row) ? bitAt(values, row) : null) }
  return { kind: 'text', texts: textsOfData(arrow, data) }
}

function bitAt(bits: Uint8Array, row: number): boolean {
  return ((bits[row >> 3] >> (row & 7)) & 1) === 1
}

/** A two's complement integer of `count` words starting at `from`, lowest word first. */
function littleEndian(words: Uint32Array, from: number, count: number): number | bigint {
  let high = count - 1
  while (high > 1 && words[from + high] === 0) high--
  if (count === 1) return words[from] | 0
  if (high === 1 && words[from + 1] < 1 << 21) return words[from + 1] * 2 ** 32 + words[from]
  let wide = BigInt(words[from + high])
  for (let i = high - 1; i >= 0; i--) wide = (wide << 32n) | BigInt(words[from + i])
  return BigInt.asIntN(32 * count, wide)
}

function textsOfData(arrow: Arrow, data: Data): Texts {
  const { DataType } = arrow
  const { type, values, valueOffsets, nullCount, nullBitmap } = data
  const valid = nullCount > 0 ? (row: number) => bitAt(nullBitmap, row) : () => true
  if (DataType.isDictionary(type)) {
    const dictionary = (data.dictionary?.data ?? []).flatMap(part => {
      refuseShort(arrow, 'dictionary', part, part.length)
      const texts = textsOfData(arrow, part)
      return Array.from({ length: part.length }, (_, i) =>
        texts.locate(i) ? texts.bytes.slice(texts.start, texts.end) : null,
      )
    })
    return textsOf(row => (valid(row) ? dictionary[Number(values[row])] : null))
  }
  if (DataType.isUtf8View(type)) {
    const views = values as Uint8Array
    const view = new DataView(views.buffer, views.byteOffset, views.byteLength)
    return textsOf(row => {
      if (!valid(row)) return null
      const INLINE_BYTES = 12
      const length = view.getInt32(16 * row, true)
      if (length <= INLINE_BYTES) return views.subarray(16 * row + 4, 16 * row + 4 + length)
      const from = view.getInt32(16 * row + 12, true)
      return data.variadicBuffers[view.getInt32(16 * row + 8, true)]?.subarray(from, from + length)
    })
  }
  return {
    bytes: values as Uint8Array,
    start: 0,
    end: 0,
    locate(row) {
      if (!valid(row)) return false
      this.start = Number(valueOffsets[row])
      this.end = Number(valueOffsets[row + 1])
      trim(this)
      return true
    },
  }
}
