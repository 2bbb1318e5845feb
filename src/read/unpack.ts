import { type Entry, Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js'
import { VoxriskError } from '../errors.ts'

/** A file as the reader needs it; a page wraps a `File` ({@link fileFromBlob}), Node a file handle (`openFile`). */
export interface TradeFile {
  /** Name for messages. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** The whole content from its first byte, anew at each call. */
  stream(): ReadableStream<Uint8Array>
  /** Bytes `start` (inclusive) to `end` (exclusive), fewer where the file ends before. */
  slice(start: number, end: number): Promise<Uint8Array>
}

/** A `Blob` or a page's `File` as a {@link TradeFile}. */
export function fileFromBlob(blob: Blob, name: string): TradeFile {
  return {
    name,
    size: blob.size,
    stream: () => blob.stream(),
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  }
}

/** The unpacked text of a file. */
export interface Unpacked {
  /** File name, with the member's name for a zip: `AAVE.zip/AAVEUSD.csv`. */
  readonly name: string
  /** Member taken from a zip, without folders and extension: `AAVEUSD`. */
  readonly member?: string
  readonly bytes: ReadableStream<Uint8Array>
}

/** First bytes of packed files that are not read. */
const UNREADABLE: readonly [magic: readonly number[], what: string][] = [
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0x37, 0x7a, 0xbc, 0xaf], '7-zip'],
  [[0x50, 0x41, 0x52, 0x31], 'parquet'],
]
const GZIP = [0x1f, 0x8b]
const ZIP = [0x50, 0x4b]

/** How a file that starts with `bytes` is packed: `gzip`, `zip`, another packing that is not read, or not at all. */
export function packingOf(bytes: Uint8Array): string | undefined {
  const starts = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte)
  if (starts(GZIP)) return 'gzip'
  if (starts(ZIP) && (bytes[2] === 3 || bytes[2] === 5) && bytes[3] === bytes[2] + 1) return 'zip'
  return UNREADABLE.find(([magic]) => starts(magic))?.[1]
}

/**
 * Opens the text inside a file; the packing is told by the first bytes, never by the name. Streams: no more than a few
 * blocks are in memory at a time.
 * @param symbol picks the member of a zip with several (`AAVEUSD` is `AAVEUSD.csv`, in any case)
 * @throws {VoxriskError} `bad-setting` when a zip has several members and `symbol` picks none; `bad-data` when the
 *   packing is damaged or not one that is read. Damage met later fails the stream with a plain error.
 */
export async function unpack(file: TradeFile, symbol = ''): Promise<Unpacked> {
  const packing = packingOf(await file.slice(0, 8))
  switch (packing) {
    case undefined:
      return { name: file.name, bytes: file.stream() }
    case 'gzip': {
      const gunzip = new DecompressionStream('gzip') as unknown as ReadableWritablePair<
        Uint8Array,
        Uint8Array
      >
      return { name: file.name, bytes: file.stream().pipeThrough(gunzip) }
    }
    case 'zip':
      return unzip(file, symbol)
    default:
      throw new VoxriskError(
        'bad-data',
        `${file.name}: a ${packing} file, which is not read`,
        'Give the unpacked text, or the text packed with gzip or zip.',
      )
  }
}

type Member = Extract<Entry, { directory: false }>

async function unzip(file: TradeFile, symbol: string): Promise<Unpacked> {
  const zip = new ZipReader(new ZipSource(file), { useWebWorkers: false })
  let entries: Entry[]
  try {
    entries = await zip.getEntries()
  } catch (cause) {
    throw new VoxriskError(
      'bad-data',
      `${file.name}: the list of the zip's members cannot be read: ${reasonOf(cause)}`,
      'The file is probably cut off: fetch it again.',
      { cause },
    )
  }
  const members = entries.filter(
    (entry): entry is Member => !entry.directory && !/(^|\/)(__MACOSX\/|\.)/.test(entry.filename),
  )
  const member = pickMember(file.name, members, symbol)
  const name = `${file.name}/${member.filename}`
  if (member.encrypted) {
    throw new VoxriskError(
      'bad-data',
      `${name}: encrypted with a password`,
      'Give the file without a password.',
    )
  }

  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  member.getData(writable, { useWebWorkers: false, checkCrc32: true }).catch(cause => {
    // Who reads `readable` learns of the failure there; nobody waits for this promise.
    writable.abort(cause).catch(() => {})
  })
  return { name, member: stem(member.filename), bytes: readable }
}

function pickMember(file: string, members: readonly Member[], symbol: string): Member {
  if (members.length === 0)
    throw new VoxriskError('bad-data', `${file}: the zip holds no file`, 'Give another file.')
  if (members.length === 1) return members[0]
  const names = members.map(member => member.filename)
  const MOST = 20
  const list =
    names.slice(0, MOST).join(', ') + (names.length > MOST ? `, and ${names.length - MOST} more` : '')
  const wanted = members.filter(member => stem(member.filename).toLowerCase() === symbol.toLowerCase())
  if (wanted.length === 1) return wanted[0]
  const problem =
    symbol === ''
      ? `the zip holds ${names.length} files`
      : `${wanted.length === 0 ? 'no' : 'more than one'} file of the zip is named after ${symbol}`
  throw new VoxriskError(
    'bad-setting',
    `${file}: ${problem}: ${list}`,
    `Say which one to read, e.g. --symbol ${stem(names[0])}.`,
  )
}

/** A path's last name without its extensions; other dots belong to the name (`ETH2.SETH.csv`). */
function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(\.(csv|tsv|txt|dat|gz))+$/i, '')
}

/** What an error says, in one line. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]
}

/** Random access to a {@link TradeFile} for zip.js. */
class ZipSource extends Reader<TradeFile> {
  readonly #file: TradeFile

  constructor(file: TradeFile) {
    super(file)
    this.#file = file
    this.size = file.size
  }

  override async init(): Promise<void> {}

  override readUint8Array(index: number, length: number): Promise<Uint8Array> {
    return this.#file.slice(index, Math.min(index + length, this.size))
  }
}
