import fc from 'fast-check'
import { expect, test } from 'vitest'
import binShader from '../../shaders/trades/bin.wgsl?layer=trades'
import { RawMoments } from '../../src/engine/pages.ts'
import { murmur, xx } from '../../src/fixed/checksum.ts'
import { LOG2_TABLE, log2Q16 } from '../../src/fixed/log2.ts'
import { ratioQ16 } from '../../src/fixed/ratio.ts'
import { highWord, lowWord } from '../../src/fixed/u64.ts'
import { logClass } from '../../src/grid/log-classes.ts'
import { score } from '../../src/layers/trades/terms.ts'
import { packStruct } from '../../src/webgpu/shader.ts'
import fixedValues from '../shaders/fixed_values.wgsl'
import hashValues from '../shaders/hash_values.wgsl?layer=trades'
import sizeBins from '../shaders/size_bins.wgsl?layer=trades'
import termValues from '../shaders/term_values.wgsl?layer=trades'
import { testDevice } from '../support/backends.ts'
import { runShader } from '../support/run-shader.ts'

const SEED = 20_240_305
const U64 = 2n ** 64n
const holder = testDevice()

const log2Table = new Uint32Array(260)
log2Table.set(LOG2_TABLE)

function shapeOf(values: { settings?: number[]; centre?: number; shrinkage?: number }): Uint32Array {
  const zeros = Object.fromEntries(Object.keys(binShader.structs.Shape.fields).map(name => [name, 0]))
  return packStruct(binShader.structs.Shape, { ...zeros, ...values })
}

/** A page of one voxel, which is touched. */
const oneTouched = new RawMoments(1, 5, new ArrayBuffer(RawMoments.bytes(1, 5)), 0)
oneTouched.touchedCount = 1

const low = (x: bigint) => Number(BigInt.asUintN(32, x))
const high = (x: bigint) => Number(BigInt.asUintN(32, x >> 32n))

const EDGES = [0n, 16n, 31n, 32n, 33n, 48n, 53n, 63n, 64n]
  .flatMap(bit => [-1n, 0n, 1n].map(step => BigInt.asUintN(64, 2n ** bit + step)))
  .concat(3n, 0xffffn << 16n, 0xffff_ffffn << 32n, 0x0001_0000_ffff_0001n, 0xffff_0000_ffff_0000n, -2n % U64)
  .map(x => BigInt.asUintN(64, x))

const anyU64 = fc
  .tuple(fc.bigInt({ min: 0n, max: U64 - 1n }), fc.nat(63))
  .map(([x, shift]) => x >> BigInt(shift))

test('the fixed-point helpers give the integers of the reference', async () => {
  const pairs = EDGES.flatMap(a => EDGES.map(b => [a, b]))
  for (const a of EDGES) for (let shift = 0n; shift < 64n; shift++) pairs.push([a, shift])
  for (const [i, base] of LOG2_TABLE.entries()) pairs.push([BigInt(256 + i) << 30n, BigInt(base)])
  pairs.push(...fc.sample(fc.tuple(anyU64, anyU64), { numRuns: 4000, seed: SEED }))

  const operands = Uint32Array.from(pairs.flatMap(([a, b]) => [low(a), high(a), low(b), high(b)]))
  const words = await runShader(
    holder.device,
    fixedValues,
    { log2Table, operands },
    { name: 'results', words: pairs.length * 17 },
    Math.ceil(pairs.length / 64),
  )

  const found: Record<string, bigint | number>[] = []
  const expected: typeof found = []
  for (const [i, [a, b]] of pairs.entries()) {
    const row = words.subarray(i * 17, i * 17 + 17)
    const two = (at: number) => (BigInt(row[at + 1]) << 32n) | BigInt(row[at])
    const signed = BigInt.asIntN(64, a)
    found.push({
      a,
      b,
      add: two(0),
      negate: two(2),
      product: two(4),
      scale: two(6),
      shiftRight: two(8),
      abs: two(10),
      less: row[12],
      negative: row[13],
      bitLength: row[14],
      log2: row[15],
      ratio: row[16],
    })
    expected.push({
      a,
      b,
      add: BigInt.asUintN(64, a + b),
      negate: BigInt.asUintN(64, -a),
      product: (a % 2n ** 32n) * (b % 2n ** 32n),
      scale: BigInt.asUintN(64, a * (b % 2n ** 32n)),
      shiftRight: a >> (b % 64n),
      abs: signed < 0n ? -signed : signed,
      less: a < b ? 1 : 0,
      negative: signed < 0n ? 1 : 0,
      bitLength: a === 0n ? 0 : a.toString(2).length,
      log2: a === 0n ? 0 : log2Q16(high(a), low(a)),
      ratio: a > b ? 0 : ratio(a, b),
    })
  }
  expect(found).toEqual(expected)
})

/** The reference's ratio where it reaches; beyond 2^53 the same formula in integers without end. */
function ratio(part: bigint, whole: bigint): number {
  if (whole < 2n ** 53n) return ratioQ16(Number(part), Number(whole))
  const shift = BigInt(whole.toString(2).length - 16)
  const quotient = ((part >> shift) << 16n) / (whole >> shift)
  return Number(quotient > 65_535n ? 65_535n : quotient)
}

test.each([0, 1, 2, 3, 4])('the size bin at resolution %i is that of the reference', async resolution => {
  const sizes = Array.from({ length: 300 }, (_, size) => size)
  for (let octave = 0; octave <= 32; octave++) {
    for (let part = 16; part < 32; part++) {
      const at = Math.floor((part / 16) * 2 ** octave)
      sizes.push(at - 1, at, at + 1)
    }
  }
  sizes.push(...fc.sample(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { numRuns: 500, seed: SEED }))
  const inRange = sizes.filter(size => size < 2 ** 32)
  const bins = await runShader(
    holder.device,
    sizeBins,
    { shape: shapeOf({ settings: [resolution] }), sizes: Uint32Array.from(inRange) },
    { name: 'bins', words: inRange.length },
    Math.ceil(inRange.length / 64),
  )
  const table = (bin: (size: number, i: number) => number) => inRange.map((size, i) => [size, bin(size, i)])
  expect(table((_, i) => bins[i])).toEqual(table(size => logClass(size, resolution)))
})

/** Smoothed moments of a voxel and the prior of its price, as the CPU keeps them. */
interface TermCase {
  trades: number
  volume: number
  signed: number
  variation: number
  covariation: number
  prior: number
  logPrice: number
}

const KAPPA_C = 8 * 840

/** A whole number of 0 … 2^53 − 1, small and large ones alike. */
const moment = fc
  .tuple(fc.maxSafeNat(), fc.nat(53))
  .map(([integer, shift]) => Math.floor(integer / 2 ** shift))
const anyTrades = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 20 }),
  fc.integer({ min: 1, max: 2 ** 44 }),
  fc.constantFrom(KAPPA_C - 1, KAPPA_C, KAPPA_C + 1, 2 ** 32 - KAPPA_C - 1, 2 ** 32 - KAPPA_C, 2 ** 32),
)
const anyCase: fc.Arbitrary<TermCase> = fc
  .record({
    trades: anyTrades,
    volume: moment,
    share: fc.oneof(fc.constantFrom(-1, 0, 1), fc.double({ min: -1, max: 1, noNaN: true })),
    variation: moment,
    covariationShare: fc.oneof(fc.constantFrom(-1, -0.5, 0), fc.double({ min: -1, max: 0.4, noNaN: true })),
    prior: fc.oneof(
      moment.map(prior => Math.max(prior, 1)),
      fc.constantFrom(1, 2 ** 32 - 1, 2 ** 32, 2 ** 61, 2 ** 62),
    ),
    price: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  })
  .map(({ trades, volume, share, variation, covariationShare, prior, price }) => {
    const bounded = Math.floor(variation / 4) // variation + 2·|covariation| stays below 2^53
    return {
      trades,
      volume,
      signed: Math.trunc(share * volume),
      variation: bounded,
      covariation: Math.trunc(covariationShare * bounded),
      prior,
      logPrice: log2Q16(0, price),
    }
  })

test('the terms of the score give the integers of the reference', async () => {
  const cases: TermCase[] = [
    { trades: 0, volume: 0, signed: 0, variation: 0, covariation: 0, prior: 1, logPrice: 0 },
    // Nothing but dust, and a variance that its bounce would make negative.
    { trades: KAPPA_C, volume: 0, signed: 0, variation: 100, covariation: -51, prior: 7, logPrice: 65_536 },
    { trades: KAPPA_C, volume: 0, signed: 0, variation: 100, covariation: -50, prior: 7, logPrice: 65_536 },
    { trades: KAPPA_C, volume: 1, signed: -1, variation: 100, covariation: -49, prior: 7, logPrice: 65_536 },
    // The sum with the prior carries from the low word to the high one.
    {
      trades: 1e6,
      volume: 9e15,
      signed: -9e15,
      variation: 1,
      covariation: 0,
      prior: 2 ** 32 - 1,
      logPrice: 3,
    },
    {
      trades: 2 ** 40,
      volume: 2 ** 53 - 1,
      signed: 1 - 2 ** 53,
      variation: 2 ** 53 - 1,
      covariation: 0,
      prior: 2 ** 62,
      logPrice: 2 ** 21 - 1,
    },
    ...fc.sample(anyCase, { numRuns: 4000, seed: SEED }),
  ]
  const words = cases.flatMap(({ trades, volume, signed, variation, covariation, prior, logPrice }) => [
    ...[trades, volume, signed, variation, covariation, prior].flatMap(x => [lowWord(x), highWord(x)]),
    logPrice,
  ])
  const results = await runShader(
    holder.device,
    termValues,
    { shape: shapeOf({ centre: 840, shrinkage: KAPPA_C }), log2Table, cases: Uint32Array.from(words) },
    { name: 'results', words: 4 * cases.length },
    Math.ceil(cases.length / 64),
  )
  const found = cases.map((item, i) => {
    const [a, v, f, has] = new Int32Array(results.buffer).subarray(4 * i, 4 * i + 4)
    return { ...item, activity: a, volatility: v, flow: f, has: has === 1 }
  })
  const expected = cases.map(item => {
    const { trades, volume, signed, variation, covariation, prior, logPrice } = item
    const moments = Float64Array.of(trades, volume, signed, variation, covariation)
    const priors = Uint32Array.of(lowWord(prior), highWord(prior), logPrice)
    const terms = new Int32Array(3)
    expect(score(moments, oneTouched, 0, priors, KAPPA_C, new Uint16Array(1), terms)).toBe(1)
    return {
      ...item,
      activity: terms[0],
      volatility: terms[1],
      flow: terms[2],
      has: trades >= KAPPA_C,
    }
  })
  expect(found).toEqual(expected)
  // The cases reach both sides of every branch.
  expect(new Set(expected.map(({ has }) => has)).size).toBe(2)
  expect(expected.some(({ variation, covariation }) => variation + 2 * covariation < 0)).toBe(true)
  expect(expected.some(item => item.volatility < 0)).toBe(true)
  expect(expected.some(item => item.flow > 65_000)).toBe(true)
})

test('the checksum hashes edge words and random ones as the reference does', async () => {
  const WORDS = 14
  const edges = [0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0x0001_0000]
  const word = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: 0xffff_ffff }))
  const random = fc.sample(fc.array(word, { minLength: WORDS, maxLength: WORDS }), {
    numRuns: 500,
    seed: SEED,
  })
  const single = edges.flatMap(edge =>
    Array.from({ length: WORDS }, (_, at) => Array.from({ length: WORDS }, (_, i) => (i === at ? edge : 0))),
  )
  const rows = [...edges.map(edge => Array<number>(WORDS).fill(edge)), ...single, ...random]
  const hashes = await runShader(
    holder.device,
    hashValues,
    { records: Uint32Array.from(rows.flat()) },
    { name: 'hashes', words: 2 * rows.length },
    Math.ceil(rows.length / 64),
  )
  expect([...hashes]).toEqual(rows.flatMap(row => [murmur(row), xx(row)]))
  expect(new Set(hashes).size).toBeGreaterThan(rows.length) // the hashes do tell rows apart
})
