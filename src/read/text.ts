import { VoxriskError } from '../errors.ts'
import { breaksOff, holdsNoTrades, inFile } from './file-error.ts'
import type { Reading, TextStart } from './format.ts'
import { type RecogniseOptions, recognise } from './formats.ts'
import { packingOf } from './packing.ts'
import { LINE_FEED } from './rows/field.ts'
import type { Member } from './unpack.ts'

/** Bytes of text examined to recognise the format; more, up to a limit, if the first lines are longer. */
const HEAD_BYTES = 65_536
const LONGEST_HEAD_BYTES = 2 ** 21

/** A text with its recognised format. */
export interface Text extends Reading {
  readonly member: Member
  readonly format: string
  /** The symbol in a name that follows the format's naming convention; empty if there is none. */
  symbolOf(path: string): string
  isInverse(symbol: string): boolean
}

/** @throws {VoxriskError} as `openTrades` */
export async function openText(member: Member, options: RecogniseOptions): Promise<Text> {
  const start = await textStart(member)
  return inFile(member.name, () => {
    const { format, reading } = recognise(start, options)
    return {
      ...reading,
      member,
      format: format.name,
      symbolOf: path => format.symbolOf?.(path) ?? '',
      isInverse: symbol => format.isInverse?.(symbol) ?? false,
    }
  })
}

async function textStart(member: Member): Promise<TextStart> {
  const parts: Uint8Array[] = []
  let length = 0
  let lineFeeds = 0
  try {
    for await (const block of blocksOf(member, () => 0)) {
      parts.push(block)
      length += block.length
      if (lineFeeds < 2) lineFeeds += lineFeedsIn(block)
      if (length >= HEAD_BYTES && (lineFeeds >= 2 || length >= LONGEST_HEAD_BYTES)) break
    }
  } catch (error) {
    if (length === 0) throw error // otherwise the row reader reports it, with the row
  }
  const read = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
  const head = read.subarray(0, HEAD_BYTES)
  refuseUtf16(head, member.name)
  const packing = packingOf(head, member.name)
  if (packing !== undefined) {
    throw new VoxriskError(
      'bad-data',
      `${member.name}: a ${packing} file inside the packed file`,
      'Unpack the outer file first.',
    )
  }
  const text = new TextDecoder().decode(lineFeedsIn(head) < 2 ? read : head) // drops a byte order mark
  const filled = text.split(/\r?\n/).filter(line => line !== '')
  if (filled.length === 0) throw holdsNoTrades(member.name)
  return { lines: filled, path: member.path }
}

/** The number of line feeds, counted up to two. */
function lineFeedsIn(bytes: Uint8Array): number {
  const first = bytes.indexOf(LINE_FEED)
  return first < 0 ? 0 : bytes.indexOf(LINE_FEED, first + 1) < 0 ? 1 : 2
}

/** Spreadsheets call this format "Unicode text". */
function refuseUtf16(head: Uint8Array, name: string): void {
  const mark = (head[0] << 8) | head[1]
  if (head.length < 2 || (mark !== 0xfffe && mark !== 0xfeff)) return
  throw new VoxriskError('bad-data', `${name}: holds UTF-16 text`, 'Save it as UTF-8.')
}

/**
 * The bytes of a member, block by block.
 * @param rowsRead rows read so far, for the message when the bytes break off
 */
export async function* blocksOf(member: Member, rowsRead: () => number): AsyncGenerator<Uint8Array> {
  const blocks = member.open().getReader()
  try {
    for (;;) {
      const { done, value } = await blocks.read().catch(cause => {
        throw breaksOff(member.name, rowsRead(), cause)
      })
      if (done) return
      yield value
    }
  } finally {
    // A read error matters more than a failure to stop reading.
    blocks.cancel().catch(() => {})
  }
}
