import { VoxriskError } from '../errors.ts'

/** How a file is packed; `undefined` means not at all. */
export type Packing = 'gzip' | 'zip' | 'zstd' | 'parquet' | 'arrow' | undefined

const MAGIC: readonly [bytes: readonly number[], packing: Packing][] = [
  [[0x1f, 0x8b], 'gzip'],
  [[0x50, 0x4b, 3, 4], 'zip'],
  [[0x50, 0x4b, 5, 6], 'zip'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0x50, 0x41, 0x52, 0x31], 'parquet'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'arrow'],
  [[0x46, 0x45, 0x41, 0x31], 'arrow'], // Feather 1, which the Arrow reader refuses by name
]
/** First bytes of packings we do not support. */
const UNREADABLE: readonly [bytes: readonly number[], what: string][] = [
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0x37, 0x7a, 0xbc, 0xaf], '7-zip'],
]

const startsWith = (bytes: Uint8Array, magic: readonly number[]) =>
  magic.every((byte, i) => bytes[i] === byte)

/**
 * Recognises how a file is packed from its first bytes (8 or more), never from its name.
 * @throws {VoxriskError} `bad-data` for an unsupported packing
 */
export function packingOf(bytes: Uint8Array, name: string): Packing {
  const unreadable = UNREADABLE.find(([magic]) => startsWith(bytes, magic))?.[1]
  if (unreadable !== undefined) {
    throw new VoxriskError(
      'bad-data',
      `${name}: a ${unreadable} file, which is not supported`,
      'Give the unpacked text, or the text packed with gzip, zip or zstd.',
    )
  }
  return (
    MAGIC.find(([magic]) => startsWith(bytes, magic))?.[1] ?? (isArrowStream(bytes) ? 'arrow' : undefined)
  )
}

/** A stream of Arrow messages begins with a continuation marker and the length of its schema. */
function isArrowStream(bytes: Uint8Array): boolean {
  const CONTINUATION = -1
  const MOST_SCHEMA_BYTES = 1 << 24
  const [continuation, length] = new Int32Array(bytes.slice(0, 8).buffer, 0, bytes.length < 8 ? 0 : 2)
  return continuation === CONTINUATION && length > 0 && length < MOST_SCHEMA_BYTES
}
