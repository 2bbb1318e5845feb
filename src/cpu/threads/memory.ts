import { allocate } from '../allocate.ts'

/** A pool grows by so much at a time, or by a page that is larger. */
const CHUNK_BYTES = 2 ** 22

/** Where the pages of a pool lie in its chunks. */
export class ChunkLayout {
  readonly chunkBytes: number
  private readonly pages: number

  constructor(private readonly pageBytes: number) {
    this.pages = Math.max(1, Math.floor(CHUNK_BYTES / pageBytes))
    this.chunkBytes = Math.max(CHUNK_BYTES, pageBytes)
  }

  /** Chunks that hold so many pages. */
  chunksFor(pages: number): number {
    return Math.ceil(pages / this.pages)
  }

  /** Number of a page's chunk. */
  chunk(slot: number): number {
    return Math.floor(slot / this.pages)
  }

  /** First byte of a page in its chunk. */
  offset(slot: number): number {
    return (slot % this.pages) * this.pageBytes
  }
}

/**
 * Memory that the threads of a backend share. What one map gives back goes to the next: the garbage collectors of
 * idle threads would hold on to it for long.
 */
export class SharedMemory {
  private readonly free = new Map<number, SharedArrayBuffer[]>()

  /**
   * @param bytes a multiple of 8
   * @returns zeros
   * @throws {VoxriskError} `out-of-memory`
   */
  take(bytes: number): SharedArrayBuffer {
    const used = this.free.get(bytes)?.pop()
    if (used) {
      new Uint8Array(used).fill(0) // buffers of ticks need not be whole float64s
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
