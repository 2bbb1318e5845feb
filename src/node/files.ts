import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { VoxriskError } from '../errors.ts'
import type { TradeFile } from '../read/unpack.ts'

/** Bytes of one read; larger ones gain nothing. */
const BLOCK_BYTES = 256 * 1024

/** A file on disk that stays open until `close()`. */
export interface OpenFile extends TradeFile {
  /** Closes the file; streams of it fail from then on. */
  close(): Promise<void>
}

/**
 * Opens a file for reading; `name` is its path's last part.
 * @throws {VoxriskError} `bad-data` naming the path when it does not exist, is no regular file or may not be read
 */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle | undefined
  try {
    const facts = await stat(path) // before it is opened: opening a pipe waits for its writer
    if (facts.isDirectory()) throw new VoxriskError('bad-data', `${path}: a directory`, 'Name a file in it.')
    if (!facts.isFile()) {
      throw new VoxriskError(
        'bad-data',
        `${path}: no regular file`,
        'Save the trades to a file and name that.',
      )
    }
    handle = await open(path, 'r')
    return fileFromHandle(handle, basename(path), facts.size)
  } catch (cause) {
    await handle?.close().catch(() => {})
    throw cause instanceof VoxriskError ? cause : cannotOpen(path, cause)
  }
}

function fileFromHandle(handle: FileHandle, name: string, size: number): OpenFile {
  const read = async (at: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled === length ? bytes : bytes.subarray(0, filled)
  }
  return {
    name,
    size,
    slice: (start, end) => read(start, Math.max(0, end - start)),
    stream() {
      let at = 0
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const bytes = await read(at, BLOCK_BYTES)
            at += bytes.length
            if (bytes.length > 0) controller.enqueue(bytes)
            else controller.close()
          },
        },
        { highWaterMark: 1 },
      )
    },
    close: () => handle.close(),
  }
}

function cannotOpen(path: string, cause: unknown): VoxriskError {
  const code = (cause as NodeJS.ErrnoException).code
  const [problem, fix] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? ['does not exist', 'Check the path.']
      : code === 'EACCES' || code === 'EPERM'
        ? ['may not be read', 'Ask for read permission, or give a copy that can be read.']
        : [`cannot be opened: ${(cause as Error).message}`, 'Check the path and the disk.']
  return new VoxriskError('bad-data', `${path}: ${problem}`, fix, { cause })
}
