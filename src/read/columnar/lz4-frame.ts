/** Largest block in bytes, by the code in the frame's header. */
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 }
const MAGIC = 0x184d2204
const UNCOMPRESSED = 0x8000_0000
/** Below this many bytes, copying one by one is faster. */
const SHORT_BYTES = 48

/**
 * Unpacks one LZ4 frame (lz4_Frame_format.md, version 1). Blocks may refer to earlier blocks. Checksums are
 * skipped.
 * @throws {Error} when the bytes are not such a frame
 */
export function unpackLz4Frame(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged('not a frame')
  const flags = frame[4]
  if (flags >> 6 !== 1) throw damaged(`version ${flags >> 6}`)
  if (flags & 1) throw damaged('it needs a dictionary')
  const blockBytes = BLOCK_BYTES[(frame[5] >> 4) & 7]
  if (blockBytes === undefined) throw damaged('unknown size of blocks')
  const hasSize = (flags & 8) !== 0
  const checksumBytes = flags & 16 ? 4 : 0

  const blocks: { from: number; to: number; packed: boolean }[] = []
  let at = hasSize ? 15 : 7
  for (;;) {
    if (at + 4 > frame.length) throw damaged('cut off')
    const word = view.getUint32(at, true)
    if (word === 0) break
    const from = at + 4
    const to = from + (word & ~UNCOMPRESSED)
    if (to > frame.length) throw damaged('cut off')
    blocks.push({ from, to, packed: word < UNCOMPRESSED })
    at = to + checksumBytes
  }

  const out = new Uint8Array(blocks.length * blockBytes)
  let length = 0
  for (const { from, to, packed } of blocks) {
    if (packed) length = unpackBlock(frame, from, to, out, length)
    else {
      if (length + to - from > out.length) throw damaged('a block is too large')
      out.set(frame.subarray(from, to), length)
      length += to - from
    }
  }
  if (hasSize && view.getBigUint64(6, true) !== BigInt(length))
    throw damaged('it does not have the size it states')
  return out.subarray(0, length)
}

/**
 * Unpacks one block (lz4_Block_format.md), `input[at … end)`, and appends it to the `length` bytes already in
 * `out`.
 * @returns the new length
 */
function unpackBlock(input: Uint8Array, at: number, end: number, out: Uint8Array, length: number): number {
  while (at < end) {
    const token = input[at++]
    let literals = token >> 4
    if (literals === 15) {
      let byte = 255
      while (byte === 255 && at < end) literals += byte = input[at++]
    }
    if (at + literals > end || length + literals > out.length) throw damaged('the literals overrun it')
    if (literals < SHORT_BYTES) for (let i = 0; i < literals; i++) out[length + i] = input[at + i]
    else out.set(input.subarray(at, at + literals), length)
    at += literals
    length += literals
    if (at === end) break // the last sequence has no match
    if (at + 2 > end) throw damaged('cut off')
    const offset = input[at] | (input[at + 1] << 8)
    at += 2
    let match = (token & 15) + 4
    if (match === 19) {
      let byte = 255
      while (byte === 255 && at < end) match += byte = input[at++]
    }
    if (offset === 0 || offset > length || length + match > out.length) throw damaged('a match overruns it')
    const from = length - offset
    // A match that overlaps its own output repeats it.
    if (match < SHORT_BYTES || offset < match) for (let i = 0; i < match; i++) out[length + i] = out[from + i]
    else out.copyWithin(length, from, from + match)
    length += match
  }
  return length
}

function damaged(problem: string): Error {
  return new Error(`damaged LZ4 data: ${problem}`)
}
