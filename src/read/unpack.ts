import { type Entry, Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js'
import { VoxriskError } from '../errors.ts'
import type { TradeFile } from './file.ts'
import { gunzip } from './gunzip.ts'
import type { Packing } from './packing.ts'
import { unzstd } from './zstd.ts'

/** A text inside a file: the unpacked file itself, or one member of a zip. */
export interface Member {
  /** Name for messages: the file's name, for a zip followed by the member's (`AAVE.zip/AAVEUSD.csv`). */
  readonly name: string
  /** Path of the text itself, without any packing: `AAVEUSD.csv`. */
  readonly path: string
  /** The text from its first byte. Each call starts again. At most a few blocks are in memory at a time. */
  open(): ReadableStream<Uint8Array>
}

/**
 * The texts inside a file. In a zip, folders, dot files and other archiver leftovers are skipped. If there
 * are `.csv` members, only they are the texts.
 * @param packing of the file; not `parquet` or `arrow`, which hold no text
 * @throws {VoxriskError} `bad-data` when a zip's directory cannot be read, is empty, or holds encrypted
 *   members
 */
export async function membersOf(file: TradeFile, packing: Packing): Promise<readonly Member[]> {
  switch (packing) {
    case 'zip':
      return zipMembers(file)
    case 'gzip':
    case 'zstd': {
      const open = () => file.unpacked?.(packing) ?? unpacked(file.stream(), packing)
      return [{ name: file.name, path: withoutExtension(file.name, packing), open }]
    }
    default:
      return [{ name: file.name, path: file.name, open: () => file.stream() }]
  }
}

function unpacked(packed: ReadableStream<Uint8Array>, packing: 'gzip' | 'zstd'): ReadableStream<Uint8Array> {
  return packing === 'zstd' ? packed.pipeThrough(unzstd()) : gunzip(packed)
}

function withoutExtension(name: string, packing: 'gzip' | 'zstd'): string {
  return name.replace(packing === 'gzip' ? /\.gz$/i : /\.zst$/i, '')
}

type FileEntry = Extract<Entry, { directory: false }>

async function zipMembers(file: TradeFile): Promise<readonly Member[]> {
  const zip = new ZipReader(new ZipSource(file), { useWebWorkers: false })
  let all: Entry[]
  try {
    all = await zip.getEntries()
  } catch (cause) {
    throw new VoxriskError(
      'bad-data',
      `${file.name}: the list of the zip's members cannot be read: ${reasonOf(cause)}`,
      'The file is probably cut off: fetch it again.',
      { cause },
    )
  }
  const entries = all.filter(
    (entry): entry is FileEntry => !entry.directory && !/(^|\/)(__MACOSX\/|\.)/.test(entry.filename),
  )
  if (entries.length === 0)
    throw new VoxriskError('bad-data', `${file.name}: the zip holds no file`, 'Give another file.')
  const texts = entries.filter(entry => /\.(csv|tsv)$/i.test(entry.filename))
  return (texts.length > 0 ? texts : entries).map(entry => {
    const name = `${file.name}/${entry.filename}`
    if (entry.encrypted) {
      throw new VoxriskError(
        'bad-data',
        `${name}: encrypted with a password`,
        'Give the file without a password.',
      )
    }
    return { name, path: entry.filename, open: () => streamOf(entry) }
  })
}

function streamOf(entry: FileEntry): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  entry.getData(writable, { useWebWorkers: false, checkCrc32: true }).catch(cause => {
    // Reading `readable` reports the failure. Nothing awaits this promise.
    writable.abort(cause).catch(() => {})
  })
  return readable
}

/** The last part of a path without its extensions. Other dots belong to the name (`ETH2.SETH.csv`). */
export function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(\.(csv|tsv|txt|dat|json|jsonl|ndjson|log))+$/i, '')
}

/** A stem without its date: `BTC` for `BTC-2024-01-31.csv`, so that all days of a symbol belong together. */
export function undatedStem(path: string): string {
  const name = stem(path)
  return name.replace(/[-_. ]?\d{4}[-_.]?\d\d(?:[-_.]?\d\d)?$/, '') || name
}

/** An error's message, in one line. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]
}

/** Gives zip.js random access to a {@link TradeFile}. */
class ZipSource extends Reader<TradeFile> {
  private readonly file: TradeFile

  constructor(file: TradeFile) {
    super(file)
    this.file = file
    this.size = file.size
  }

  override async init(): Promise<void> {}

  override readUint8Array(index: number, length: number): Promise<Uint8Array> {
    return this.file.slice(index, Math.min(index + length, this.size))
  }
}
