import type { ColumnMetaData, Compressors, DecodedArray, PageHeader, SchemaTree } from 'hyparquet'
import { loadPageCodecs } from './page-codecs.ts'

export type PageDecoding = Awaited<ReturnType<typeof loadPageDecoding>>

/**
 * hyparquet's decoder for single pages. Its own scans hold a whole row group in memory and trust every length
 * in a file.
 */
export async function loadPageDecoding() {
  const [{ parquetHeader, readPage }, { convert }, compressors] = await Promise.all([
    import('hyparquet/src/column.js'),
    import('hyparquet/src/convert.js'),
    loadPageCodecs(),
  ])
  return { parquetHeader, readPage, convert, compressors }
}

/** INT96 is an instant whatever the column's logical type. */
const PARSERS = { timestampFromNanoseconds: (nanoseconds: bigint) => nanoseconds }

/**
 * The pages of one flat column of a row group. Values are as stored: INT64 as bigint, texts and fixed lengths
 * as bytes, INT96 as ns since the Unix epoch, missing values as null.
 * @param bytes all pages of the column
 * @param path root and column of the schema
 * @param rows rows of the row group
 * @throws {Error} when the pages are damaged
 */
export function* decodedPages(
  { parquetHeader, readPage, convert, compressors }: PageDecoding,
  bytes: ArrayBuffer,
  meta: ColumnMetaData,
  path: readonly [SchemaTree, SchemaTree],
  rows: number,
): Generator<DecodedArray> {
  // Drops the column's logical type: hyparquet would turn a DECIMAL into a binary fraction and a timestamp
  // into a date in ms.
  const { converted_type: _, logical_type: __, ...element } = path[1].element
  const decoder = {
    ...meta,
    codec: 'UNCOMPRESSED',
    pathInSchema: meta.path_in_schema,
    element,
    schemaPath: [path[0], { ...path[1], element }],
    utf8: false,
    parsers: PARSERS,
  } as unknown as Parameters<PageDecoding['readPage']>[2]
  const optional = element.repetition_type === 'OPTIONAL'

  const reader = { view: new DataView(bytes), offset: 0 }
  let dictionary: DecodedArray | undefined
  let left = rows
  while (left > 0 && reader.offset < bytes.byteLength) {
    const packedHeader = parquetHeader(reader)
    const packed = new Uint8Array(bytes, reader.offset, packedHeader.compressed_page_size)
    reader.offset += packed.length
    const { header, page } = unpacked(packedHeader, packed, meta.codec, compressors)
    const pageReader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 }
    const count = valueCount(header)
    if (header.type === 'DICTIONARY_PAGE') {
      if (count > page.length) throw new Error('a dictionary has more values than bytes')
      const { data } = readPage(pageReader, header, decoder, undefined, undefined, 0)
      dictionary = data && convert(data, decoder)
      continue
    }
    if (count > left) throw new Error('a column has more values than its row group has rows')
    refuseLongRuns(header, page, count, optional, dictionary !== undefined)
    const { data } = readPage(pageReader, header, decoder, dictionary, undefined, 0)
    if (data?.length !== count) throw new Error(`a page holds ${data?.length} of ${count} values`)
    left -= count
    if (count > 0) yield data
  }
}

function valueCount({ type, data_page_header, data_page_header_v2, dictionary_page_header }: PageHeader) {
  const header =
    type === 'DICTIONARY_PAGE'
      ? dictionary_page_header
      : type === 'DATA_PAGE'
        ? data_page_header
        : type === 'DATA_PAGE_V2'
          ? data_page_header_v2
          : undefined
  const count = header?.num_values ?? Number.NaN
  if (!(Number.isSafeInteger(count) && count >= 0)) throw new Error('a page of unknown type')
  return count
}

/** An uncompressed page, with a header that says so. The levels of a version 2 page are never compressed. */
function unpacked(
  header: PageHeader,
  packed: Uint8Array,
  codec: ColumnMetaData['codec'],
  compressors: Compressors,
): { header: PageHeader; page: Uint8Array } {
  const v2 = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined
  const levels = v2 ? v2.repetition_levels_byte_length + v2.definition_levels_byte_length : 0
  if (!(levels >= 0 && levels <= packed.length)) throw new Error('a page ends within its levels')
  let page = packed
  if (codec !== 'UNCOMPRESSED' && v2?.is_compressed !== false) {
    const unpack = compressors[codec]
    if (!unpack) throw new Error(`it is packed with ${codec}, which is not supported`)
    const values = unpack(packed.subarray(levels), header.uncompressed_page_size - levels)
    if (values.length !== header.uncompressed_page_size - levels)
      throw new Error('a page does not have its stated size')
    page = levels > 0 ? new Uint8Array(header.uncompressed_page_size) : values
    if (levels > 0) {
      page.set(packed.subarray(0, levels))
      page.set(values, levels)
    }
  }
  return {
    page,
    header: {
      ...header,
      compressed_page_size: page.length,
      uncompressed_page_size: page.length,
      ...(v2 ? { data_page_header_v2: { ...v2, is_compressed: false } } : {}),
    },
  }
}

/**
 * hyparquet writes a run of equal values as long as the file claims, beyond the page and until memory runs
 * out.
 * @throws {Error} when a run of levels, indices or booleans is longer than the page
 */
function refuseLongRuns(
  header: PageHeader,
  page: Uint8Array,
  count: number,
  optional: boolean,
  hasDictionary: boolean,
): void {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
  const v2 = header.data_page_header_v2
  const encoding = (header.data_page_header ?? v2)?.encoding
  let at = 0
  if (v2) {
    at = v2.repetition_levels_byte_length + v2.definition_levels_byte_length
    if (optional) refuseLevels(page, v2.repetition_levels_byte_length, at, count)
  } else if (optional) {
    at = 4 + view.getUint32(0, true)
    refuseLevels(page, 4, at, count)
  }
  if (encoding === 'RLE') refuseLongRun(page, at + 4, page.length, 1, count)
  else if (encoding?.endsWith('_DICTIONARY')) {
    if (!hasDictionary) throw new Error('a dictionary is missing')
    if (at < page.length) refuseLongRun(page, at + 1, page.length, page[at], count)
  }
}

function refuseLevels(page: Uint8Array, at: number, end: number, count: number): void {
  if (refuseLongRun(page, at, end, 1, count) < count) throw new Error('a page has fewer levels than values')
}

/**
 * Walks over `page[at … end)`: the hybrid encoding of runs and bit-packed groups of eight, with integers of
 * `width` bits.
 * @returns the number of integers
 */
function refuseLongRun(page: Uint8Array, at: number, end: number, width: number, count: number): number {
  let seen = 0
  while (seen < count && at < Math.min(end, page.length)) {
    let head = 0
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      if (shift > 28) throw new Error('a run of values has no length')
      byte = page[at++]
      head += (byte & 0x7f) * 2 ** shift
    }
    const isPacked = head % 2 === 1
    const length = Math.floor(head / 2)
    seen += isPacked ? 8 * length : length
    at += isPacked ? Math.max(1, width * length) : (width + 7) >> 3 // hyparquet reads a byte even for none
    if (!isPacked && seen > count) throw new Error('a run of values is longer than its page')
  }
  return seen
}
