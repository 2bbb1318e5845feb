/** What {@link parseSide} returns for a word that is no side. */
export const NO_SIDE = 2

/**
 * The aggressor side that `bytes[start … end)` names, in any case: `buy`, `b`, `1`, `+1` are +1; `sell`, `s`, `-1` are
 * −1; an empty field is 0, not given. Everything else is refused: `bid` and `ask` name the aggressor in one feed and
 * the resting order in the next, `0` is a buy in one feed and "unknown" in another.
 * @returns +1, −1, 0, or {@link NO_SIDE}
 */
export function parseSide(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] | 32
  switch (end - start) {
    case 0:
      return 0
    case 1:
      if (first === 98 || bytes[start] === 49) return 1
      return first === 115 ? -1 : NO_SIDE
    case 2:
      if (bytes[start + 1] !== 49) return NO_SIDE
      return bytes[start] === 43 ? 1 : bytes[start] === 45 ? -1 : NO_SIDE
    case 3:
      return sameWord(bytes, start, end, BUY) ? 1 : NO_SIDE
    case 4:
      return sameWord(bytes, start, end, SELL) ? -1 : NO_SIDE
    default:
      return NO_SIDE
  }
}

const BUY = new TextEncoder().encode('buy')
const SELL = new TextEncoder().encode('sell')
const TRUE = new TextEncoder().encode('true')
const FALSE = new TextEncoder().encode('false')

/** The truth that `bytes[start … end)` names: `true` or `1`, `false` or `0`, in any case; undefined for any other word. */
export function parseTruth(bytes: Uint8Array, start: number, end: number): boolean | undefined {
  if (end - start === 1) return bytes[start] === 49 ? true : bytes[start] === 48 ? false : undefined
  if (sameWord(bytes, start, end, TRUE)) return true
  return sameWord(bytes, start, end, FALSE) ? false : undefined
}

/** Whether `bytes[start … end)` is `word`, ASCII letters in any case. */
export function sameWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[start + i]
    if (byte !== word[i]) {
      const letter = byte | 32
      if (letter !== (word[i] | 32) || letter < 97 || letter > 122) return false
    }
  }
  return true
}
