import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { murmur, xx } from '../../src/fixed/checksum.ts'
import { LOG2_TABLE, log2Q16 } from '../../src/fixed/log2.ts'
import { ratioQ16 } from '../../src/fixed/ratio.ts'
import { bitLength, fromSignedWords, fromWords, highWord, lowWord } from '../../src/fixed/u64.ts'
import { runs } from '../support/runs.ts'

const SEED = 20_240_305
const WORD = 2 ** 32

/** Any signed integer the CPU keeps exactly, small and large ones alike. */
const signed = fc
  .tuple(fc.maxSafeInteger(), fc.nat(52))
  .map(([integer, shift]) => Math.trunc(integer / 2 ** shift))
/** Any unsigned 64-bit integer, small and large ones alike. */
const u64 = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(63)).map(([x, s]) => x >> BigInt(s))
const u32 = fc.integer({ min: 0, max: WORD - 1 })

const EDGES = [0, 1, 2, 2 ** 16, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 48, 2 ** 52]
  .flatMap(edge => [edge - 1, edge, edge + 1])
  .concat(Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER)
  .flatMap(edge => [edge, -edge])

function wordsOf(integer: bigint): { high: number; low: number } {
  const bits = BigInt.asUintN(64, integer)
  return { high: Number(bits >> 32n), low: Number(bits & 0xffff_ffffn) }
}

describe('two words of a 64-bit integer', () => {
  function checkWords(integer: number): void {
    const { high, low } = wordsOf(BigInt(integer))
    expect([highWord(integer), lowWord(integer)], `${integer}`).toEqual([high, low])
    // The difference, because toBe() tells 0 from −0 and nothing here does.
    expect(fromSignedWords(high, low) - integer, `${integer}`).toBe(0)
    if (integer >= 0) expect(fromWords(high, low), `${integer}`).toBe(integer + 0)
  }

  test('are those of two’s complement, there and back, at the edges', () => {
    for (const edge of EDGES) checkWords(edge)
  })

  test('are those of two’s complement, there and back, anywhere', () => {
    fc.assert(fc.property(signed, checkWords), { numRuns: runs(2000) })
  })

  test('of small and of the most negative integers, by hand', () => {
    expect([highWord(-1), lowWord(-1)]).toEqual([0xffff_ffff, 0xffff_ffff])
    expect([highWord(-WORD), lowWord(-WORD)]).toEqual([0xffff_ffff, 0])
    expect([highWord(-(2 ** 53) + 1), lowWord(-(2 ** 53) + 1)]).toEqual([0xffe0_0000, 1])
    expect([highWord(2 ** 53 - 1), lowWord(2 ** 53 - 1)]).toEqual([0x001f_ffff, 0xffff_ffff])
    expect(fromSignedWords(0x8000_0000, 0)).toBe(-(2 ** 63))
    expect(fromSignedWords(0x7fff_ffff, 0)).toBe(2 ** 63 - WORD)
    expect(fromWords(0xffff_ffff, 0)).toBe(2 ** 64 - WORD)
  })

  test('of a prior, a float64 integer up to 2^62', () => {
    const prior = fc
      .tuple(fc.integer({ min: 2 ** 52, max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 0, max: 9 }))
      .map(([mantissa, exponent]) => mantissa * 2 ** exponent)
    fc.assert(
      fc.property(fc.oneof(prior, fc.constant(2 ** 62)), value => {
        const { high, low } = wordsOf(BigInt(value))
        expect([highWord(value), lowWord(value)]).toEqual([high, low])
      }),
      { numRuns: runs(500) },
    )
  })

  test('bit length is that of the binary text', () => {
    const bits = (integer: number) => (integer === 0 ? 0 : integer.toString(2).length)
    for (const edge of EDGES.filter(edge => edge >= 0)) expect(bitLength(edge), `${edge}`).toBe(bits(edge))
    fc.assert(
      fc.property(signed, integer => {
        expect(bitLength(Math.abs(integer))).toBe(bits(Math.abs(integer)))
      }),
      { numRuns: runs(1000) },
    )
  })
})

/** Fraction bits of the logarithm below; 24 more than the result it judges. */
const EXACT_BITS = 40n

/**
 * log2(x) · 2^40, rounded down, by repeated squaring: the square of a mantissa in [1, 2) passes 2 exactly when the next
 * bit of its logarithm is set. Of 96 fraction bits a squaring loses one, so 40 are beyond doubt.
 */
function exactLog2(x: bigint): bigint {
  const precision = 96n
  const whole = BigInt(x.toString(2).length - 1)
  let mantissa = x << (precision - whole)
  let log = whole
  for (let bit = 0n; bit < EXACT_BITS; bit++) {
    mantissa = (mantissa * mantissa) >> precision
    log <<= 1n
    if (mantissa >> (precision + 1n)) {
      mantissa >>= 1n
      log |= 1n
    }
  }
  return log
}

/** `fixed`, of 40 fraction bits, rounded to fewer. */
function rounded(fixed: bigint, bits: bigint): number {
  const drop = EXACT_BITS - bits
  return Number((fixed + (1n << (drop - 1n))) >> drop)
}

function L(x: bigint): number {
  const { high, low } = wordsOf(x)
  return log2Q16(high, low)
}

describe('logarithm', () => {
  test('every entry of the table is the rounded logarithm', () => {
    expect(LOG2_TABLE).toHaveLength(257)
    for (const [i, entry] of LOG2_TABLE.entries()) {
      expect(entry, `entry ${i}`).toBe(rounded(exactLog2(BigInt(256 + i)) - (8n << EXACT_BITS), 24n))
    }
  })

  test('of a power of two is exact', () => {
    for (let k = 0; k < 64; k++) expect(L(1n << BigInt(k)), `2^${k}`).toBe(k * 65_536)
  })

  /** Powers of two, table boundaries at every magnitude, the middles between them, and anything else. */
  const samples: bigint[] = []
  for (let k = 0n; k < 64n; k++) samples.push((1n << k) - 1n, 1n << k, (1n << k) + 1n)
  for (const shift of [0n, 1n, 14n, 15n, 16n, 23n, 24n, 25n, 30n, 55n]) {
    for (let entry = 256n; entry < 512n; entry++) {
      const at = entry << shift
      samples.push(at - 1n, at, at + 1n, at + ((1n << shift) >> 1n))
    }
  }
  // Where the curve bends most: the first interval of the table, mantissa bits cut off below.
  for (let at = 2n ** 32n; at < 2n ** 32n + 2n ** 24n; at += 2n ** 13n) samples.push(at + 511n)
  samples.push(2n ** 64n - 1n, ...fc.sample(u64, { numRuns: 20_000, seed: SEED }))
  const positive = samples.filter(x => x >= 1n)

  test('is within 1 of the rounded one, and within −0.70 … +0.51 units of the true one', () => {
    let low = 0
    let high = 0
    let furthest = 0
    for (const x of positive) {
      const exact = exactLog2(x)
      const log = L(x)
      const error = log - Number(exact) / 2 ** 24
      low = Math.min(low, error)
      high = Math.max(high, error)
      furthest = Math.max(furthest, Math.abs(log - rounded(exact, 16n)))
    }
    expect(furthest).toBe(1)
    // Interpolation lies up to 0.180 below the curve, cut mantissa bits cost 0.012, the rest is rounding.
    expect(low).toBeGreaterThan(-0.7)
    expect(high).toBeLessThan(0.51)
    // And the samples come near the worst there is, so the bounds above say something.
    expect(low).toBeLessThan(-0.67)
    expect(high).toBeGreaterThan(0.49)
  })

  test('is the interpolation it is described as, to the last unit', () => {
    const described = (x: bigint) => {
      const octave = BigInt(x.toString(2).length - 1)
      const mantissa = octave > 31n ? x >> (octave - 31n) : x << (31n - octave) // 32 bits, the first one set
      const entry = Number((mantissa >> 23n) - 256n)
      const fraction = (mantissa >> 8n) % 2n ** 15n
      const [from, to] = [LOG2_TABLE[entry], LOG2_TABLE[entry + 1]].map(BigInt)
      const interpolated = from + (((to - from) * fraction) >> 15n)
      return Number((octave << 16n) + ((interpolated + 128n) >> 8n))
    }
    expect(positive.map(L)).toEqual(positive.map(described))
  })

  test('never falls', () => {
    const ascending = [...positive].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const falls = ascending.filter((x, i) => i > 0 && L(x) < L(ascending[i - 1]))
    expect(falls).toEqual([])
  })
})

describe('ratio', () => {
  const pair = fc.tuple(signed, signed, fc.boolean()).map(([a, b, close]) => {
    const [part, whole] = [Math.abs(a), Math.abs(b)].sort((x, y) => x - y)
    return [close ? Math.max(0, whole - (part % 5)) : part, whole] as const
  })

  function formula(part: number, whole: number): number {
    const bits = BigInt(whole).toString(2).length
    const shift = BigInt(Math.max(0, bits - 16))
    const quotient = ((BigInt(part) >> shift) << 16n) / (BigInt(whole) >> shift)
    return Number(quotient > 65_535n ? 65_535n : quotient)
  }

  test.each([
    [0, 0, 0],
    [0, 7, 0],
    [7, 7, 65_535],
    [1, 2, 32_768],
    [1, 3, 21_845],
    [2, 3, 43_690],
    [65_534, 65_535, 65_534],
    [65_535, 65_536, 65_534], // 17 bits: both lose one, 32,767 / 32,768
    [65_536, 65_537, 65_535], // 32,768 / 32,768
    [2 ** 52, 2 ** 53 - 1, 32_768], // 32,768 / 65,535
    [2 ** 53 - 2, 2 ** 53 - 1, 65_535],
    [2 ** 36, 2 ** 53 - 1, 0],
    [2 ** 37, 2 ** 53 - 1, 1], // 2^37 is the last bit that stays
  ])('of %i in %i is %i', (part, whole, expected) => {
    expect(ratioQ16(part, whole)).toBe(expected)
  })

  test('is the quotient after a common shift to 16 bits, rounded down', () => {
    fc.assert(
      fc.property(pair, ([part, whole]) => {
        if (whole > 0) expect(ratioQ16(part, whole)).toBe(formula(part, whole))
      }),
      { numRuns: runs(5000) },
    )
  })

  test('is between 3 units below and 2 above the true one; exact but for rounding below 2^16', () => {
    let low = 0
    let high = 0
    for (const [part, whole] of fc.sample(pair, { numRuns: 50_000, seed: SEED })) {
      if (whole === 0) continue
      const exact = Number((BigInt(part) << 40n) / BigInt(whole)) / 2 ** 24
      const error = ratioQ16(part, whole) - exact
      low = Math.min(low, error)
      high = Math.max(high, error)
      if (whole < 2 ** 16 && part < whole) expect(ratioQ16(part, whole)).toBe(Math.floor(exact))
    }
    expect(low).toBeGreaterThan(-3)
    expect(high).toBeLessThan(2)
    expect(high - low).toBeGreaterThan(3) // the samples reach far into that range
  })
})

/** MurmurHash3 x86 32-bit of whole words, after A. Appleby's description, in integers without end. */
function murmurReference(words: readonly number[], seed: bigint, bytes: bigint): number {
  const wrap = (x: bigint) => x % 2n ** 32n
  const rotate = (x: bigint, bits: bigint) => wrap(x << bits) + (x >> (32n - bits))
  let hash = seed
  for (const word of words) {
    const mixed = wrap(rotate(wrap(BigInt(word) * 0xcc9e2d51n), 15n) * 0x1b873593n)
    hash = wrap(rotate(hash ^ mixed, 13n) * 5n + 0xe6546b64n)
  }
  hash ^= bytes
  hash = wrap((hash ^ (hash >> 16n)) * 0x85ebca6bn)
  hash = wrap((hash ^ (hash >> 13n)) * 0xc2b2ae35n)
  return Number(hash ^ (hash >> 16n))
}

/** xxHash32 of fewer than four whole words (its accumulator and avalanche), after Y. Collet's description. */
function xxReference(words: readonly number[], start: bigint): number {
  const wrap = (x: bigint) => x % 2n ** 32n
  let hash = wrap(start)
  for (const word of words) {
    const sum = wrap(hash + BigInt(word) * 3266489917n)
    hash = wrap((wrap(sum << 17n) + (sum >> 15n)) * 668265263n)
  }
  hash = wrap((hash ^ (hash >> 15n)) * 2246822519n)
  hash = wrap((hash ^ (hash >> 13n)) * 3266489917n)
  return Number(hash ^ (hash >> 16n))
}

describe('checksum', () => {
  const MURMUR_SEED = 0x766f7872n // "voxr"
  const XX_SEED = 0x69736b31n // "isk1"

  test('the references give the published hashes', () => {
    expect(murmurReference([0x61616161], 0x9747b28cn, 4n)).toBe(0x5a97808a) // "aaaa"
    expect(murmurReference([0x74736574], 0n, 4n)).toBe(0xba6bd213) // "test"
    const prime5 = 374761393n
    expect(xxReference([], prime5)).toBe(0x02cc5d05) // ""
    expect(xxReference([0x64636261], prime5 + 4n)).toBe(0xa3643705) // "abcd"
  })

  test('both halves follow their references from their own seeds, whatever the words', () => {
    const edge = fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, WORD - 1)
    fc.assert(
      fc.property(fc.array(fc.oneof(u32, edge), { maxLength: 20 }), words => {
        expect(murmur(words)).toBe(murmurReference(words, MURMUR_SEED, 0n))
        expect(xx(words)).toBe(xxReference(words, XX_SEED))
        // The engine hands them signed words; a word is its 32 bits.
        expect(murmur(Int32Array.from(words))).toBe(murmur(words))
        expect(xx(Int32Array.from(words))).toBe(xx(words))
      }),
      { numRuns: runs(1000) },
    )
  })
})
