import { allocate } from '../allocate.ts'

/** A pool grows by this much at a time, or by one page if that is larger. */
const CHUNK_BYTES = 2 ** 22

/** Where the pages of a pool are in its chunks. */
export class ChunkLayout {
  readonly chunkBytes: number
  private readonly pages: number

  constructor(private readonly pageBytes: number) {
    this.pages = Math.max(1, Math.floor(CHUNK_BYTES / pageBytes))
    this.chunkBytes = Math.max(CHUNK_BYTES, pageBytes)
  }

  /** Number of chunks needed for this many pages. */
  chunksFor(pages: number): number {
    return Math.ceil(pages / this.pages)
  }

  /** Index of a page's chunk. */
  chunk(slot: number): number {
    return Math.floor(slot / this.pages)
  }

  /** Offset of a page in its chunk, in bytes. */
  offset(slot: number): number {
    return (slot % this.pages) * this.pageBytes
  }
}

/**
 * Memory that the threads of a backend share. Memory that one map gives back is reused by the next, because
 * the garbage collectors of idle threads would hold on to it for a long time.
 */
export class SharedMemory {
  private readonly free = new Map<number, SharedArrayBuffer[]>()

  /**
   * @param bytes a multiple of 8
   * @returns memory filled with zeros
   * @throws {VoxriskError} `out-of-memory`
   */
  take(bytes: number): SharedArrayBuffer {
    const used = this.free.get(bytes)?.pop()
    if (used) {
      new Uint8Array(used).fill(0) // as bytes: buffers of events need not be whole float64s
      return used
    }
    return allocate(SharedArrayBuffer, bytes)
  }

  give(memory: Iterable<SharedArrayBuffer>): void {
    for (const buffer of memory) {
      const free = this.free.get(buffer.byteLength)
      if (free) free.push(buffer)
      else this.free.set(buffer.byteLength, [buffer])
    }
  }
}
