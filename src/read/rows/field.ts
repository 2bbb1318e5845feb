export const LINE_FEED = 10
export const CARRIAGE_RETURN = 13
const QUOTE = 34
const TAB = 9
const SPACE = 32

/**
 * A field of a delimited text, found byte by byte. This is the slow path, for fields that
 * {@link plainFieldEnd} or a scan of digits cannot read. One object serves all fields, so that none
 * allocates.
 */
export class Field {
  /** The field without its quotes and surrounding padding is `bytes[start … end)`. */
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0

  /**
   * Finds the field that starts at `at`, in whole lines.
   * @returns index of the delimiter or line break after it
   */
  find(bytes: Uint8Array, at: number, delimiter: number): number {
    while (isPadding(bytes[at], delimiter)) at++
    const start = at
    if (bytes[at] === QUOTE) {
      let escapes = 0
      at++
      while (bytes[at] !== LINE_FEED) {
        if (bytes[at] === QUOTE) {
          if (bytes[at + 1] !== QUOTE) break
          escapes++
          at++
        }
        at++
      }
      if (bytes[at] === QUOTE) {
        const close = at++
        while (isPadding(bytes[at], delimiter) || bytes[at] === CARRIAGE_RETURN) at++
        if (bytes[at] === delimiter || bytes[at] === LINE_FEED) {
          if (escapes === 0) this.set(bytes, start + 1, close)
          else this.set(unescaped(bytes.subarray(start + 1, close), escapes), 0, close - start - 1 - escapes)
          return at
        }
      }
      // A quote left open, or text after the closing one: the field is taken literally.
    }
    while (bytes[at] !== delimiter && bytes[at] !== LINE_FEED) at++
    this.set(bytes, start, at)
    return at
  }

  /** The field as shown in messages: at most 40 bytes. */
  text(): string {
    return new TextDecoder().decode(this.bytes.subarray(this.start, Math.min(this.end, this.start + 40)))
  }

  private set(bytes: Uint8Array, start: number, end: number): void {
    while (start < end && isPadding(bytes[start], LINE_FEED)) start++
    while (end > start && (isPadding(bytes[end - 1], LINE_FEED) || bytes[end - 1] === CARRIAGE_RETURN)) end--
    this.bytes = bytes
    this.start = start
    this.end = end
  }
}

/**
 * Index of the first byte, starting at `at`, that cannot be part of a plain field: a delimiter, a quote,
 * padding other than a space, a line break. The field is plain if {@link endsField} is true there.
 */
export function plainFieldEnd(bytes: Uint8Array, at: number, delimiter: number): number {
  let byte = bytes[at]
  while ((byte > QUOTE || byte === SPACE) && byte !== delimiter) byte = bytes[++at]
  return at
}

/** Whether a field can end at `at`. */
export function endsField(bytes: Uint8Array, at: number, delimiter: number): boolean {
  const byte = bytes[at]
  return byte === delimiter || byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED)
}

/**
 * Index of the first line break, starting at `at`. Reads four bytes at once, because rows often end in fields
 * that nobody needs.
 * @param view text that contains a line break, with three bytes after it
 */
export function lineFeedFrom(view: DataView, at: number): number {
  for (;;) {
    const four = view.getInt32(at, true) ^ FOUR_LINE_FEEDS
    const zeros = (four - 0x01010101) & ~four & 0x80808080 // highest bit of the first byte that is 0
    if (zeros !== 0) return at + ((31 - Math.clz32(zeros & -zeros)) >> 3)
    at += 4
  }
}

const FOUR_LINE_FEEDS = 0x0a0a0a0a

/** Whether a byte is a space, tab or NUL, which are dropped around a field. */
function isPadding(byte: number, delimiter: number): boolean {
  return (byte === SPACE || byte === 0 || byte === TAB) && byte !== delimiter
}

function unescaped(bytes: Uint8Array, escapes: number): Uint8Array {
  const out = new Uint8Array(bytes.length - escapes)
  for (let from = 0, to = 0; from < bytes.length; from++) {
    out[to++] = bytes[from]
    if (bytes[from] === QUOTE) from++
  }
  return out
}
