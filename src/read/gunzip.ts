/**
 * First bytes of every member of a gzip file: two bytes of identification, then deflate as the method (RFC
 * 1952, 2.3.1).
 */
const HEADER = [0x1f, 0x8b, 8] as const

/**
 * Unpacks gzip, including several members in a row (`cat a.gz b.gz`, bgzip), which the platform's
 * `DecompressionStream` refuses in browsers. A damaged or truncated stream is an error.
 */
export function gunzip(packed: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  unpackMembers(packed, writable).catch(() => {}) // reading `readable` reports it
  return readable
}

async function unpackMembers(
  packed: ReadableStream<Uint8Array>,
  writable: WritableStream<Uint8Array>,
): Promise<void> {
  const output = writable.getWriter()
  let member = new Member(output)
  let held: Uint8Array = new Uint8Array(0) // last bytes that may begin a header
  try {
    for await (const block of packed) {
      let rest = held.length > 0 ? joined(held, block) : block
      for (;;) {
        // A header at the very start belongs to the first member.
        const at = nextHeader(rest, member.isEmpty ? 1 : 0)
        if (at.whole) {
          await member.write(rest.subarray(0, at.index))
          if (await member.endsBefore(rest.subarray(at.index, at.index + 1))) {
            member = new Member(output)
            await member.write(rest.subarray(at.index, at.index + 1))
          }
          rest = rest.subarray(at.index + 1)
        } else {
          if (at.index > 0) await member.write(rest.subarray(0, at.index))
          held = rest.slice(at.index)
          break
        }
      }
    }
    await member.write(held)
    await member.end()
    await output.close()
  } catch (error) {
    await output.abort(error).catch(() => {})
    throw error
  }
}

/**
 * Index of the next header, starting at `from`. If no whole header is found, index of the bytes at the end
 * that may begin one.
 */
function nextHeader(bytes: Uint8Array, from: number): { index: number; whole: boolean } {
  for (let index = from; ; index++) {
    index = bytes.indexOf(HEADER[0], index)
    if (index < 0) return { index: bytes.length, whole: false }
    const left = Math.min(HEADER.length, bytes.length - index)
    if (HEADER.slice(0, left).every((byte, i) => bytes[index + i] === byte)) {
      return { index, whole: left === HEADER.length }
    }
  }
}

/** One member of a gzip file passing through a `DecompressionStream`. */
class Member {
  private readonly input: WritableStreamDefaultWriter<Uint8Array>
  private readonly drained: Promise<void>
  /** Unpacked bytes so far, modulo 2^32. */
  private unpacked = 0
  /**
   * The last packed bytes, up to 4. In a complete member they hold the unpacked length, modulo 2^32 (RFC
   * 1952, 2.3.1).
   */
  private last = new Uint8Array(0)

  constructor(output: WritableStreamDefaultWriter<Uint8Array>) {
    const { readable, writable } = new DecompressionStream('gzip') as unknown as ReadableWritablePair<
      Uint8Array,
      Uint8Array
    >
    this.input = writable.getWriter()
    this.drained = this.drain(readable, output)
    this.drained.catch(() => {}) // the next call of write() or end() reports it
  }

  private async drain(
    readable: ReadableStream<Uint8Array>,
    output: WritableStreamDefaultWriter<Uint8Array>,
  ): Promise<void> {
    for await (const block of readable) {
      this.unpacked = (this.unpacked + block.length) >>> 0
      await output.write(block)
    }
  }

  get isEmpty(): boolean {
    return this.last.length === 0
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    this.last = joined(this.last, bytes.subarray(-4)).slice(-4)
    await this.input.write(bytes)
  }

  /**
   * Whether the member is complete, so that `byte` belongs to the next one; otherwise the byte is consumed. A
   * stream at its end refuses further input, but only once all its output has been consumed
   * (https://compression.spec.whatwg.org/#decompress-and-enqueue-a-chunk).
   */
  async endsBefore(byte: Uint8Array): Promise<boolean> {
    const last = this.last
    try {
      await this.write(byte)
      return false
    } catch (error) {
      await this.drained.catch(() => {})
      const length = last.length === 4 && new DataView(last.buffer).getUint32(0, true)
      if (length !== this.unpacked) throw error
      return true
    }
  }

  async end(): Promise<void> {
    await this.input.close()
    await this.drained
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}
