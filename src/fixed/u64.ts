/**
 * A 64-bit integer as two unsigned 32-bit words. On the CPU, a moment is a float64 that holds an integer
 * below 2^53 in magnitude. These functions convert it to and from the words that the GPU stores (two's
 * complement).
 */
const WORD = 2 ** 32

/** Bits 0 … 31 of a safe integer. */
export function lowWord(integer: number): number {
  return integer >>> 0
}

/** Bits 32 … 63 of a safe integer, sign-extended. */
export function highWord(integer: number): number {
  return Math.floor(integer / WORD) >>> 0
}

/** The unsigned integer that two words hold; exact below 2^53. */
export function fromWords(high: number, low: number): number {
  return high * WORD + low
}

/** The signed integer that two words hold in two's complement; exact below 2^53 in magnitude. */
export function fromSignedWords(high: number, low: number): number {
  return (high | 0) * WORD + low
}

/** Bits in an unsigned safe integer: 0 for 0, k + 1 for 2^k. */
export function bitLength(integer: number): number {
  return integer >= WORD ? 64 - Math.clz32(integer / WORD) : 32 - Math.clz32(integer)
}
