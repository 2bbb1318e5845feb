/** Returned by {@link parseSide} and {@link parseTruth} for any other word. */
export const NO_WORD = 2

/** Two extra spellings of the side, as bytes. */
export interface SideWords {
  readonly buy: Uint8Array
  readonly sell: Uint8Array
}

/**
 * The side in `bytes[start … end)`, in any case: `buy`, `b`, `1`, `+1` are +1; `sell`, `s`, `-1` are −1; an
 * empty field is 0, not given. Everything else is refused unless `extra` lists it, because meanings differ:
 * `bid` and `ask` give the aggressor in one feed and the resting order in another; `0` is a buy in one and
 * "unknown" in another.
 * @returns +1, −1, 0, or {@link NO_WORD}
 */
export function parseSide(bytes: Uint8Array, start: number, end: number, extra?: SideWords): number {
  if (extra !== undefined) {
    if (sameWord(bytes, start, end, extra.buy)) return 1
    if (sameWord(bytes, start, end, extra.sell)) return -1
  }
  const first = bytes[start] | 32
  switch (end - start) {
    case 0:
      return 0
    case 1:
      if (first === 98 || bytes[start] === 49) return 1
      return first === 115 ? -1 : NO_WORD
    case 2:
      if (bytes[start + 1] !== 49) return NO_WORD
      return bytes[start] === 43 ? 1 : bytes[start] === 45 ? -1 : NO_WORD
    case 3:
      return sameWord(bytes, start, end, BUY) ? 1 : NO_WORD
    case 4:
      return sameWord(bytes, start, end, SELL) ? -1 : NO_WORD
    default:
      return NO_WORD
  }
}

/** `buy` and `sell` in upper case, with the letters of a word read as one number. */
const BUY_LETTERS = 0x595542
const SELL_LETTERS = 0x4c4c4553
const UPPER_CASE = 0xdfdfdfdf | 0

/**
 * Length of the word `buy` or `sell`, in any case, at `at`: 3 or 4; 0 for any other. A row's side is a coin
 * toss. With a single test the processor mispredicts once; loops over the letters cost a second
 * misprediction.
 * @param view text with three bytes after it
 */
export function lengthOfSide(view: DataView, at: number): number {
  const letters = view.getInt32(at, true) & UPPER_CASE
  if (letters === SELL_LETTERS) return 4
  return (letters & 0xffffff) === BUY_LETTERS ? 3 : 0
}

/**
 * The truth value in `bytes[start … end)`, in any case: `true` and `1` are 1, `false` and `0` are 0.
 * @returns 1, 0, or {@link NO_WORD}
 */
export function parseTruth(bytes: Uint8Array, start: number, end: number): number {
  switch (end - start) {
    case 1:
      return bytes[start] === 49 ? 1 : bytes[start] === 48 ? 0 : NO_WORD
    case 4:
      return sameWord(bytes, start, end, TRUE) ? 1 : NO_WORD
    case 5:
      return sameWord(bytes, start, end, FALSE) ? 0 : NO_WORD
    default:
      return NO_WORD
  }
}

/** Whether `bytes[start … end)` is `word`, ignoring the case of ASCII letters. */
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

export function wordBytes(word: string): Uint8Array {
  return new TextEncoder().encode(word)
}

/** The action of a trade. */
export const INSERT = wordBytes('insert')
/** The action of a row that repeats a trade from before the subscription. */
export const PARTIAL = wordBytes('partial')
const BUY = wordBytes('buy')
const SELL = wordBytes('sell')
const TRUE = wordBytes('true')
const FALSE = wordBytes('false')
