import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import { VoxriskError } from '../errors.ts'
import type { TradeFile } from '../read/file.ts'

/** Bytes per read and per unpacked block; larger ones gain nothing. */
const BLOCK_BYTES = 256 * 1024

/**
 * A file on disk, named after the last part of its path. It is open only while being read, so you can hold
 * any number of them.
 * @throws {VoxriskError} `bad-data` naming the path when it does not exist, is not a regular file or may not
 *   be read
 */
export async function openFile(path: string): Promise<TradeFile> {
  try {
    const facts = await stat(path) // before opening it: opening a pipe waits for its writer
    if (facts.isDirectory()) throw new VoxriskError('bad-data', `${path}: a directory`, 'Name a file in it.')
    if (!facts.isFile()) {
      throw new VoxriskError(
        'bad-data',
        `${path}: not a regular file`,
        'Save the trades to a file and name that.',
      )
    }
    await (await openHandle(path)).close() // checks that it may be read
    return new DiskFile(path, facts.size)
  } catch (cause) {
    throw cause instanceof VoxriskError ? cause : cannotOpen(path, cause)
  }
}

class DiskFile implements TradeFile {
  readonly name: string

  constructor(
    private readonly path: string,
    readonly size: number,
  ) {
    this.name = basename(path)
  }

  async slice(start: number, end: number): Promise<Uint8Array> {
    const handle = await openHandle(this.path)
    try {
      return await readAt(handle, start, Math.max(0, end - start))
    } finally {
      await handle.close()
    }
  }

  stream(): ReadableStream<Uint8Array> {
    let handle: FileHandle | undefined
    let at = 0
    const { path } = this
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          handle ??= await openHandle(path)
          const bytes = await readAt(handle, at, BLOCK_BYTES)
          at += bytes.length
          if (bytes.length > 0) return controller.enqueue(bytes)
          await handle.close()
          controller.close()
        },
        cancel: () => handle?.close(),
      },
      { highWaterMark: 1 },
    )
  }

  /**
   * Unpacks with Node's own zlib: the same code as its `DecompressionStream`, but in blocks of a useful size.
   */
  unpacked(packing: 'gzip' | 'zstd'): ReadableStream<Uint8Array> | undefined {
    if (packing === 'gzip') return streamOf(gunzipped(() => this.stream()))
    const unzstd = createUnzstd()
    return unzstd && streamOf(through(this.stream(), unzstd))
  }
}

/**
 * The unpacked bytes. If the packed ones break off, everything before the break is given before the error.
 */
async function* gunzipped(open: () => ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let given = 0
  try {
    for await (const block of through(open(), zlib.createGunzip({ chunkSize: BLOCK_BYTES }))) {
      given += block.length
      yield block
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw error
    // When zlib fails, it drops the bytes it holds. So unpack once more, ignoring the missing end.
    const patient = { chunkSize: BLOCK_BYTES, finishFlush: zlib.constants.Z_SYNC_FLUSH }
    for await (const block of through(open(), zlib.createGunzip(patient))) {
      if (block.length > given) yield block.subarray(given)
      given = Math.max(0, given - block.length)
    }
    throw error
  }
}

/** Node's zlib supports Zstandard since 22.15. */
function createUnzstd(): (Readable & NodeJS.WritableStream) | undefined {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: object) => never }
  return createZstdDecompress?.({ chunkSize: BLOCK_BYTES })
}

async function* through(
  bytes: ReadableStream<Uint8Array>,
  transform: Readable & NodeJS.WritableStream,
): AsyncGenerator<Uint8Array> {
  const source = Readable.fromWeb(bytes as never)
  source.on('error', error => transform.destroy(error))
  transform.on('close', () => source.destroy())
  source.pipe(transform)
  for await (const block of transform) yield new Uint8Array(block.buffer, block.byteOffset, block.length)
}

function streamOf(blocks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await blocks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => {
        await blocks.return(undefined)
      },
    },
    { highWaterMark: 1 },
  )
}

function openHandle(path: string): Promise<FileHandle> {
  return open(path, 'r').catch(cause => {
    throw cannotOpen(path, cause)
  })
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer) // not zero-filled first
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled === length ? bytes : bytes.subarray(0, filled)
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
