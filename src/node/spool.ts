import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VoxriskError } from '../errors.ts'
import { TRADE_BYTES, type TradeChunk } from '../events/trades.ts'
import { raiseDestroyed, reverseChunk, type Spool } from '../read/spool.ts'

/** Position of a chunk in the file. */
interface Block {
  readonly at: number
  readonly length: number
  readonly priceDecimals: number
  readonly sizeDecimals: number
}

/**
 * A spool in a temporary file, {@link TRADE_BYTES} bytes per trade. Only the current chunk and a small record
 * per chunk are in memory. Where the platform allows it, the file is unlinked at once, so that nothing is
 * left behind even after a crash.
 * @param directory where to create the file; by default the system's directory for temporary files
 * @throws {VoxriskError} `io` when the file cannot be created or, from `write`, when the disk is full
 */
export async function fileSpool(directory: string = tmpdir()): Promise<Spool> {
  const path = join(directory, `voxrisk-${randomUUID()}.spool`)
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'wx+', 0o600)
  } catch (cause) {
    throw cannotWrite(directory, cause)
  }
  // Windows refuses to unlink an open file. There it is deleted when the spool is destroyed.
  let unlinked = await unlink(path).then(
    () => true,
    () => false,
  )

  const blocks: Block[] = []
  let rows = 0
  let end = 0
  const opened = () => handle ?? raiseDestroyed()

  return {
    get rows() {
      return rows
    },
    async write(chunk) {
      const bytes = packed(chunk)
      const at = end
      end += bytes.length
      try {
        await writeAll(opened(), bytes, at)
      } catch (cause) {
        throw cause instanceof VoxriskError ? cause : cannotWrite(directory, cause)
      }
      const { length, priceDecimals, sizeDecimals } = chunk
      blocks.push({ at, length, priceDecimals, sizeDecimals })
      rows += length
    },
    async *chunks() {
      for (let i = 0; i < blocks.length; i++) yield await readBlock(opened(), blocks[i])
      opened()
    },
    async *chunksReversed() {
      for (let i = blocks.length - 1; i >= 0; i--) yield reverseChunk(await readBlock(opened(), blocks[i]))
      opened()
    },
    async destroy() {
      const closing = handle
      handle = undefined
      await closing?.close()
      if (!unlinked) await unlink(path)
      unlinked = true
    },
  }
}

function packed(chunk: TradeChunk): Uint8Array {
  const n = chunk.length
  const bytes = new Uint8Array(n * TRADE_BYTES)
  const columns = [chunk.time, chunk.price, chunk.size, chunk.side, chunk.flags]
  let at = 0
  for (const column of columns) {
    const used = new Uint8Array(column.buffer, column.byteOffset, n * column.BYTES_PER_ELEMENT)
    bytes.set(used, at)
    at += used.length
  }
  return bytes
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at + written)
    written += bytesWritten
  }
}

async function readBlock(handle: FileHandle, block: Block): Promise<TradeChunk> {
  const n = block.length
  const bytes = new Uint8Array(n * TRADE_BYTES)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, block.at + filled)
    if (bytesRead === 0) {
      throw new VoxriskError(
        'bad-data',
        'the temporary file was truncated by another program',
        'Run it again.',
      )
    }
    filled += bytesRead
  }
  const { buffer } = bytes
  return {
    length: n,
    time: new Float64Array(buffer, 0, n),
    price: new Float64Array(buffer, n * 8, n),
    size: new Float64Array(buffer, n * 16, n),
    side: new Int8Array(buffer, n * 24, n),
    flags: new Uint8Array(buffer, n * 25, n),
    priceDecimals: block.priceDecimals,
    sizeDecimals: block.sizeDecimals,
  }
}

function cannotWrite(directory: string, cause: unknown): VoxriskError {
  const { code, message } = cause as NodeJS.ErrnoException
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
  return new VoxriskError(
    'io',
    full
      ? `no room left in ${directory} for the temporary file of trades`
      : `the temporary file of trades cannot be written in ${directory}: ${message}`,
    `Point TMPDIR at a directory with room: ${TRADE_BYTES} bytes per trade are needed.`,
    { cause },
  )
}
