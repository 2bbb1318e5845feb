import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VoxriskError } from '../../src/errors.ts'
import { TickConverter } from '../../src/events/convert.ts'
import { Marker } from '../../src/events/marks.ts'
import { checkTicks, type TickColumns } from '../../src/events/ticks.ts'
import { type TradeChunk, TradeFlag } from '../../src/events/trades.ts'
import { formatDecimal, parseDecimal } from '../../src/units/instrument.ts'
import { runs } from '../support/runs.ts'

const U32_MAX = 2 ** 32 - 1

/** Code and message of the error that a call is refused with. */
function refusal(call: () => unknown): [string, string] {
  try {
    call()
  } catch (error) {
    if (error instanceof VoxriskError) return [error.code, error.message]
    throw error
  }
  throw new Error('it was accepted')
}

describe('decimal text', () => {
  test.each<[string, number, number]>([
    ['0.01', 1, 2],
    ['25', 25, 0],
    [' 25 ', 25, 0],
    ['100', 100, 0],
    ['+1', 1, 0],
    ['1e3', 1000, 0],
    ['10.0', 10, 0],
    ['007.50', 75, 1],
    ['1.', 1, 0],
    ['.5', 5, 1],
    ['0.000100', 1, 4],
    ['120.0340', 120_034, 3],
    ['999999999999999', 999_999_999_999_999, 0],
    ['0.000000000000001', 1, 15],
    ['1.00000000000000000000', 1, 0],
  ])('%s is %i · 10^−%i', (text, units, decimals) => {
    expect(parseDecimal(text, 'lot size')).toEqual({ units, decimals })
  })

  test.each([
    ...['', ' ', '.', '0', '0.00', '-1', '1,000', '1 000', '0x10', '1.2.3', 'NaN', 'Infinity'],
    ...['1234567890123456', '0.0000000000000001', '12345678.12345678'],
  ])('"%s" is refused', text => {
    expect(refusal(() => parseDecimal(text, 'lot size'))).toEqual([
      'bad-setting',
      `lot size "${text}" is not a positive decimal number of at most 15 digits`,
    ])
  })

  test.each<[number, number, string]>([
    [1, 2, '0.01'],
    [100, 2, '1'],
    [1000, 0, '1000'],
    [1050, 2, '10.5'],
    [0, 3, '0'],
    [-5, 1, '-0.5'],
    [-1500, 3, '-1.5'],
    [12, 5, '0.00012'],
    [Number.MAX_SAFE_INTEGER, 10, '900719.9254740991'],
  ])('%d · 10^−%i is written %s', (units, decimals, text) => {
    expect(formatDecimal(units, decimals)).toBe(text)
  })

  test('says the same number after writing and reading, in the fewest digits', () => {
    const units = fc.tuple(fc.integer({ min: 1, max: 999_999_999_999_999 }), fc.nat(14))
    fc.assert(
      fc.property(units, fc.nat(15), ([integer, zeros], decimals) => {
        const value = Math.ceil(integer / 10 ** zeros) * (zeros % 3 === 0 ? 10 ** (zeros / 3) : 1)
        fc.pre(value < 1e15)
        const text = formatDecimal(value, decimals)
        const back = parseDecimal(text, 'tick size')
        expect(BigInt(back.units) * 10n ** BigInt(decimals - back.decimals)).toBe(BigInt(value))
        expect(text).not.toMatch(/^0\d|\.\d*0$|\.$|^\./)
        expect(formatDecimal(-value, decimals)).toBe(`-${text}`)
      }),
      { numRuns: runs(2000) },
    )
  })
})

interface Trade {
  price: number
  size?: number
  time?: number
  side?: number
  flags?: number
}

function chunkOf(trades: readonly Trade[], priceDecimals: number, sizeDecimals: number): TradeChunk {
  return {
    length: trades.length,
    time: Float64Array.from(trades, ({ time }, i) => time ?? i),
    price: Float64Array.from(trades, ({ price }) => price),
    size: Float64Array.from(trades, ({ size }) => size ?? 1),
    side: Int8Array.from(trades, ({ side }) => side ?? 0),
    flags: Uint8Array.from(trades, ({ flags }) => flags ?? 0),
    priceDecimals,
    sizeDecimals,
  }
}

function converterOf(tickSize: string, lotSize: string): TickConverter {
  return new TickConverter({ symbol: 'X', tickSize, lotSize, contract: 'linear' })
}

/** The used entries of columns, as plain lists. */
function columnsOf(ticks: TickColumns) {
  const used = (column: ArrayLike<number>) => Array.from(column).slice(0, ticks.length)
  const { time, price, size, side, flags } = ticks
  return { time: used(time), price: used(price), size: used(size), side: used(side), flags: used(flags!) }
}

describe('trades become ticks', () => {
  test('anew after going back to a savepoint', () => {
    const converter = converterOf('0.01', '0.1')
    const chunk = (price: number, flags: number): TradeChunk => ({
      length: 1,
      time: Float64Array.of(1),
      price: Float64Array.of(price),
      size: Float64Array.of(15),
      side: Int8Array.of(1),
      flags: Uint8Array.of(flags),
      priceDecimals: 3,
      sizeDecimals: 2,
    })
    converter.convert(chunk(1001, TradeFlag.sessionBreak)) // off the tick grid
    const undo = converter.savepoint()
    const before = structuredClone(converter.account)
    converter.convert(chunk(1001, 0))
    const first = columnsOf(converter.convert(chunk(1000, 0)))
    undo()
    expect(converter.account).toEqual(before)
    expect(first.flags).toEqual([TradeFlag.sessionBreak])
    expect(columnsOf(converter.convert(chunk(1000, 0)))).toEqual(first)
  })

  test('with all their columns, in order', () => {
    const converter = converterOf('0.01', '0.1')
    const trades = [
      { time: 7e15, price: 1234, size: 5, side: 1, flags: 0 },
      { time: 5, price: 99, size: 70, side: -1, flags: TradeFlag.flagged },
      { time: 6, price: 1, size: 1, side: 0, flags: TradeFlag.sessionBreak },
    ]
    const ticks = converter.convert(chunkOf(trades, 2, 1))
    expect(ticks.length).toBe(3)
    expect(columnsOf(ticks)).toEqual({
      time: [7e15, 5, 6],
      price: [1234, 99, 1],
      size: [5, 70, 1],
      side: [1, -1, 0],
      flags: [0, 1, 2],
    })
    expect(converter.account).toEqual({ rejected: {}, outside: {}, dust: 0, rounded: 0, rounding: 0 })
  })

  test('but a price off the tick grid does not, whatever its printed decimals', () => {
    const converter = converterOf('0.5', '1')
    const prices = (chunk: TradeChunk) => columnsOf(converter.convert(chunk)).price
    // 8319.50, 8319.27, 8319.75, 0.50, 0.25 and 1.00
    const cents = [831_950, 831_927, 831_975, 50, 25, 100].map(price => ({ price }))
    expect(prices(chunkOf(cents, 2, 0))).toEqual([16_639, 1, 2])
    expect(prices(chunkOf([{ price: 8319 }, { price: 1 }], 0, 0))).toEqual([16_638, 2])
    expect(prices(chunkOf([{ price: 15 }, { price: 14 }], 1, 0))).toEqual([3])
    expect(converter.account).toMatchObject({ rejected: { 'off-tick-grid': 4 }, outside: {} })
  })

  test('and a size is rounded half to even to lots, both ways', () => {
    const converter = converterOf('1', '0.001')
    // In lots: 1.5 2.5 3.5 0.5 0.49999 0.50001 1 1.49999 1.50001
    const sizes = [150_000, 250_000, 350_000, 50_000, 49_999, 50_001, 100_000, 149_999, 150_001]
    const ticks = converter.convert(
      chunkOf(
        sizes.map(size => ({ price: 1, size })),
        0,
        8,
      ),
    )
    expect(columnsOf(ticks).size).toEqual([2, 2, 4, 0, 0, 1, 1, 1, 2])
    const { dust, rounded, rounding, rejected, outside } = converter.account
    expect({ dust, rounded, rejected, outside }).toEqual({ dust: 2, rounded: 8, rejected: {}, outside: {} })
    // +.5 −.5 +.5 −.5 −.49999 +.49999 0 −.49999 +.49999
    expect(rounding).toBeCloseTo(0, 9)
  })

  test('and the rounding of sizes is summed over chunks, in lots', () => {
    const converter = converterOf('1', '0.2')
    converter.convert(chunkOf([{ price: 1, size: 1 }], 0, 0)) // 5 lots
    expect(converter.account).toMatchObject({ rounded: 0, rounding: 0 })
    converter.convert(chunkOf([{ price: 1, size: 15 }], 0, 2)) // 0.75 lots, taken for 1
    converter.convert(chunkOf([{ price: 1, size: 27 }], 0, 2)) // 1.35 lots, taken for 1
    converter.convert(chunkOf([{ price: 1, size: 1 }], 0, 2)) // 0.05 lots, dust
    expect(converter.account).toMatchObject({ rounded: 3, dust: 1 })
    expect(converter.account.rounding).toBeCloseTo(0.25 - 0.35 - 0.05, 12)
  })

  test('and values beyond u32 are outside, by reason', () => {
    const converter = converterOf('0.01', '10')
    const trades = [
      { price: U32_MAX, size: 1 },
      { price: U32_MAX + 1, size: 1 },
      { price: 1, size: 10 * U32_MAX + 4 },
      { price: 2, size: 10 * U32_MAX + 5 }, // half way, to the even 2^32
      { price: 3, size: Number.MAX_SAFE_INTEGER },
      { price: Number.MAX_SAFE_INTEGER, size: 1 },
    ]
    expect(columnsOf(converter.convert(chunkOf(trades, 2, 0)))).toMatchObject({
      price: [U32_MAX, 1],
      size: [0, U32_MAX],
    })
    // Past 2^53 once they are multiplied: 2^53 − 1 in tens of the tick, 2^40 in millions of lots.
    converter.convert(chunkOf([{ price: Number.MAX_SAFE_INTEGER, size: 1 }], 1, 0))
    const fine = converterOf('1', '0.000001')
    fine.convert(chunkOf([{ price: 1, size: 2 ** 40 }], 0, 0))
    expect(converter.account).toMatchObject({
      rejected: {},
      outside: { price: 3, size: 2 },
      dust: 1,
      rounded: 2,
    })
    expect(converter.account.rounding).toBeCloseTo(-0.1 - 0.4, 9) // of those that are ticks
    expect(fine.account).toMatchObject({ outside: { size: 1 }, rounded: 0 })
  })

  const OFF = { price: 15 } // with a tick of 1 and one decimal
  const { flagged, sessionBreak } = TradeFlag

  test('and the break before a dropped trade is the break before the next one', () => {
    const trades: Trade[] = [
      { price: 10 },
      { ...OFF, flags: sessionBreak },
      { ...OFF },
      { price: 10 },
      { price: 10 },
      { price: 10 * (U32_MAX + 1), flags: sessionBreak | flagged },
      { price: 10, flags: flagged },
      { ...OFF, flags: flagged },
      { price: 10 },
    ]
    expect(columnsOf(converterOf('1', '1').convert(chunkOf(trades, 1, 0))).flags).toEqual([
      0,
      sessionBreak, // carried over two
      0,
      sessionBreak | flagged,
      0, // a suspicious print says nothing of the next one
    ])
  })

  test('and the break before a dropped trade at the end of a chunk is the break before the next chunk', () => {
    const converter = converterOf('1', '1')
    expect(columnsOf(converter.convert(chunkOf([{ ...OFF, flags: sessionBreak }], 1, 0))).flags).toEqual([])
    const next = converter.convert(chunkOf([{ price: 10 }, { price: 10 }], 1, 0))
    expect(columnsOf(next).flags).toEqual([sessionBreak, 0])
  })

  test('exactly, whatever the decimals', () => {
    const step = fc.record({
      units: fc.oneof(fc.constantFrom(1, 2, 5, 25, 125), fc.integer({ min: 1, max: 2 ** 21 })),
      decimals: fc.nat(9),
    })
    const value = (decimals: number, step: { units: number; decimals: number }) =>
      fc.oneof(
        fc.tuple(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.nat(50)).map(([x, s]) => Math.ceil(x / 2 ** s)),
        // near a whole or half number of steps
        fc
          .tuple(fc.integer({ min: 1, max: 2 ** 33 }), fc.integer({ min: -1, max: 1 }))
          .map(([steps, off]) => {
            const exact = (BigInt(steps) * BigInt(step.units) * 10n ** BigInt(decimals)) / 2n
            const units = exact / 10n ** BigInt(step.decimals) + BigInt(off)
            return Math.min(Math.max(Number(units), 1), Number.MAX_SAFE_INTEGER)
          }),
      )
    const trade = fc.tuple(step, step, fc.nat(10), fc.nat(10)).chain(([tick, lot, prices, sizes]) =>
      fc.record({
        tick: fc.constant(tick),
        lot: fc.constant(lot),
        prices: fc.constant(prices),
        sizes: fc.constant(sizes),
        price: value(prices, tick),
        size: value(sizes, lot),
      }),
    )
    const reached = { ticks: 0, 'off-tick-grid': 0, price: 0, size: 0, rounded: 0 }
    fc.assert(
      fc.property(trade, ({ tick, lot, prices, sizes, price, size }) => {
        const converter = converterOf(
          formatDecimal(tick.units, tick.decimals),
          formatDecimal(lot.units, lot.decimals),
        )
        const ticks = converter.convert(chunkOf([{ price, size }], prices, sizes))
        const steps = (value: number, decimals: number, step: { units: number; decimals: number }) => ({
          dividend: BigInt(value) * 10n ** BigInt(step.decimals),
          divisor: BigInt(step.units) * 10n ** BigInt(decimals),
        })
        const p = steps(price, prices, tick)
        const s = steps(size, sizes, lot)
        const floor = s.dividend / s.divisor
        const twice = 2n * (s.dividend - floor * s.divisor) - s.divisor
        const lots = twice > 0n || (twice === 0n && floor % 2n === 1n) ? floor + 1n : floor

        const { rejected, outside, rounded, rounding } = converter.account
        const priceInRange = p.dividend <= BigInt(U32_MAX) * p.divisor
        if (p.dividend % p.divisor !== 0n && priceInRange) {
          expect([ticks.length, rejected, outside]).toEqual([0, { 'off-tick-grid': 1 }, {}])
          reached['off-tick-grid']++
        } else if (p.dividend % p.divisor !== 0n) {
          expect(ticks.length).toBe(0) // for either reason
        } else if (!priceInRange) {
          expect([ticks.length, rejected, outside]).toEqual([0, {}, { price: 1 }])
          reached.price++
        } else if (lots > BigInt(U32_MAX)) {
          expect([ticks.length, rejected, outside]).toEqual([0, {}, { size: 1 }])
          reached.size++
        } else {
          expect([rejected, outside]).toEqual([{}, {}])
          const {
            price: [inTicks],
            size: [inLots],
          } = columnsOf(ticks)
          expect([BigInt(inTicks), BigInt(inLots)]).toEqual([p.dividend / p.divisor, lots])
          expect(rounded).toBe(s.dividend % s.divisor === 0n ? 0 : 1)
          const excess = Number(lots * s.divisor - s.dividend) / Number(s.divisor)
          expect(Math.abs(rounding - excess)).toBeLessThan(1e-12)
          reached.ticks++
          reached.rounded += rounded
        }
      }),
      { numRuns: runs(5000), seed: 20_240_305 },
    )
    for (const [kind, count] of Object.entries(reached)) expect(count, kind).toBeGreaterThan(20)
  })

  test('unless tick or lot size is not a decimal number', () => {
    expect(refusal(() => converterOf('0', '1'))[1]).toContain('tick size "0"')
    expect(refusal(() => converterOf('1', '1-8'))[1]).toContain('lot size "1-8"')
  })
})

describe('marks', () => {
  const BIN = 1000

  /** Marks ticks of [time, price, side?, flags?] one after the other. Returns the fields after each. */
  function markAll(ticks: readonly (readonly [number, number, number?, number?])[]) {
    const marker = new Marker(BIN)
    const fields = ticks.map(([time, price, side = 0, flags = 0]) => {
      marker.mark(time, price, side, flags)
      const { marked, increment, previousIncrement } = marker
      return { marked, increment, previousIncrement, side: marker.side }
    })
    return { fields, account: marker.account }
  }

  /** The second tick's increment from the first, or why it has none. */
  function second(from: number, to: number, micros = 1, flags = 0): number | string {
    const { fields, account } = markAll([
      [5000, from],
      [5000 + micros, to, 0, flags],
    ])
    expect(account.unmarked.first).toBe(1)
    const { first: _, ...others } = account.unmarked
    const reasons = Object.entries(others)
    expect(reasons).toEqual(fields[1].marked ? [] : [[expect.any(String), 1]])
    if (!fields[1].marked) expect(fields[1].increment).toBe(0)
    return fields[1].marked ? fields[1].increment : reasons[0][0]
  }

  test('the first tick has none', () => {
    const { fields, account } = markAll([[5000, 100, -1]])
    expect(fields).toEqual([{ marked: false, increment: 0, previousIncrement: 0, side: -1 }])
    expect(account).toEqual({ unmarked: { first: 1 }, unmarkedShare: 0, largestShare: 0 })
  })

  test('nor has one after a gap longer than a time bin; a step back in time is no gap', () => {
    expect(second(100, 103, BIN)).toBe(3)
    expect(second(100, 103, BIN + 1)).toBe('gap')
    expect(second(100, 103, 0)).toBe(3)
    expect(second(100, 97, -4000)).toBe(-3)
  })

  test('nor has a jump over half of the previous price', () => {
    expect(second(100, 150)).toBe(50)
    expect(second(100, 151)).toBe('jump')
    expect(second(100, 50)).toBe(-50)
    expect(second(100, 49)).toBe('jump')
    expect(second(101, 151)).toBe(50)
    expect(second(101, 152)).toBe('jump')
    expect(second(U32_MAX, 2 ** 31)).toBe(2 ** 31 - U32_MAX)
    expect(second(U32_MAX, 2 ** 31 - 1)).toBe('jump')
    expect(second(1, 1)).toBe(0)
    expect(second(1, 2)).toBe('jump')
  })

  test('nor has a flagged tick, nor the first after a session break', () => {
    expect(second(100, 101, 1, TradeFlag.flagged)).toBe('flagged')
    expect(second(100, 101, 1, TradeFlag.sessionBreak)).toBe('session-break')
    expect(second(100, 101, 1, TradeFlag.sessionBreak | TradeFlag.flagged)).toBe('session-break')
    expect(second(100, 300, 5 * BIN, TradeFlag.flagged)).toBe('flagged')
    expect(second(100, 300, 5 * BIN)).toBe('gap')
  })

  test('nor has the tick after a flagged one: its price is no base for an increment', () => {
    const { fields, account } = markAll([
      [0, 100],
      [1, 101],
      [2, 90, 0, TradeFlag.flagged],
      [3, 91, 0, TradeFlag.flagged],
      [4, 102],
      [5, 103],
      [6, 104, 0, TradeFlag.sessionBreak],
      [7, 106],
    ])
    expect(fields.map(({ increment }) => increment)).toEqual([0, 1, 0, 0, 0, 1, 0, 2])
    expect(fields.map(({ previousIncrement }) => previousIncrement)).toEqual([0, 0, 1, 0, 0, 0, 1, 0])
    expect(account.unmarked).toEqual({ first: 1, flagged: 2, 'after-flagged': 1, 'session-break': 1 })
  })

  test('a tick without a mark is still the one before the next', () => {
    const { fields, account } = markAll([
      [0, 100],
      [1, 102],
      [2, 200], // jump
      [3, 201],
      [2000, 210], // gap
      [2001, 207],
      [2002, 207],
      [2003, 209],
    ])
    expect(fields.map(({ increment }) => increment)).toEqual([0, 2, 0, 1, 0, -3, 0, 2])
    expect(fields.map(({ previousIncrement }) => previousIncrement)).toEqual([0, 0, 2, 0, 1, 0, -3, 0])
    expect(fields.map(({ marked }) => marked)).toEqual([false, true, false, true, false, true, true, true])
    expect(account.unmarked).toEqual({ first: 1, jump: 1, gap: 1 })
    expect(account.unmarkedShare).toBeCloseTo((98 ** 2 + 9 ** 2) / (98 ** 2 + 9 ** 2 + 4 + 1 + 9 + 4), 12)
  })

  test('a side the feed does not give is the sign of the last increment that is not 0', () => {
    const { fields } = markAll([
      [0, 100], // nothing yet
      [1, 100], // still nothing
      [2, 99],
      [3, 99],
      [4, 99, 1], // the feed says bought
      [5, 99],
      [6, 101],
      [7, 90, 0, TradeFlag.flagged], // no increment, no rule
      [8, 90, -1],
      [9, 90],
      [10, 91, -1], // the feed is right, the rule learns all the same
      [11, 90, 1],
      [12, 90],
    ])
    expect(fields.map(({ side }) => side)).toEqual([0, 0, -1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1])
  })

  test('the account weighs the ten largest increments against all marked ones', () => {
    /** Increments of one walk, up and down, from a price high enough that none is a jump. */
    const largestShare = (increments: readonly number[]) => {
      let price = 1_000_000
      const walk = increments.map((increment, i) => {
        price += increment
        return [i, price] as const
      })
      return markAll([[0, 1_000_000], ...walk]).account.largestShare
    }
    const twelve = [1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12]
    expect(largestShare(twelve)).toBeCloseTo(645 / 650, 12) // without 1 and 4
    expect(largestShare([...twelve].reverse())).toBeCloseTo(645 / 650, 12)
    expect(largestShare([5, 0, -3])).toBe(1)
    expect(largestShare(new Array(40).fill(3))).toBeCloseTo(0.25, 12)
    expect(largestShare([0, 0])).toBe(0)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), increments => {
        const squares = increments.map(increment => increment * increment).sort((a, b) => b - a)
        const sum = (list: number[]) => list.reduce((total, square) => total + square, 0)
        const share = sum(squares) > 0 ? sum(squares.slice(0, 10)) / sum(squares) : 0
        expect(largestShare(increments)).toBeCloseTo(share, 12)
      }),
    )
  })

  test('increments without a mark are not among the ten largest', () => {
    const { account } = markAll([
      [0, 100],
      [1, 101],
      [2, 201],
      [3, 200],
      [4, 150, 0, TradeFlag.flagged],
    ])
    expect(account.largestShare).toBe(1)
    expect(account.unmarkedShare).toBeCloseTo((100 ** 2 + 50 ** 2) / (100 ** 2 + 50 ** 2 + 2), 12)
  })

  test('the account is a copy of its moment', () => {
    const marker = new Marker(BIN)
    marker.mark(0, 100, 0, 0)
    const { unmarked } = marker.account
    marker.mark(1, 500, 0, 0)
    expect(unmarked).toEqual({ first: 1 })
    expect(marker.account.unmarked).toEqual({ first: 1, jump: 1 })
  })
})

describe('tick columns', () => {
  const columns = (): TickColumns & { flags: Uint8Array } => ({
    length: 3,
    time: Float64Array.of(0, 2 ** 53 - 1, 5),
    price: Uint32Array.of(1, U32_MAX, 7),
    size: Uint32Array.of(0, U32_MAX, 7),
    side: Int8Array.of(-1, 0, 1),
    flags: Uint8Array.of(0, 3, 0),
  })

  test('in range are accepted, with or without flags, longer than needed or empty', () => {
    checkTicks(columns())
    const { flags: _, ...bare } = columns()
    checkTicks(bare)
    checkTicks({ ...columns(), length: 0 })
    // Anything beyond the used entries is ignored.
    checkTicks({ ...columns(), length: 2, time: Float64Array.of(0, 1, -1), price: Uint32Array.of(1, 1, 0) })
  })

  test.each<[string, Partial<TickColumns>]>([
    ['length -1 is not a count', { length: -1 }],
    ['length 1.5 is not a count', { length: 1.5 }],
    ['length NaN is not a count', { length: Number.NaN }],
    ['column time holds 2 of 3 ticks', { time: Float64Array.of(0, 1) }],
    ['column price holds 2 of 3 ticks', { price: Uint32Array.of(1, 1) }],
    ['column size holds 0 of 3 ticks', { size: new Uint32Array(0) }],
    ['column side holds 2 of 3 ticks', { side: Int8Array.of(1, 1) }],
    ['column flags holds 1 of 3 ticks', { flags: Uint8Array.of(0) }],
    ['tick 2: time -1 is not a whole number of µs since 1970', { time: Float64Array.of(0, 1, -1) }],
    ['tick 1: time 0.5 is not a whole number of µs since 1970', { time: Float64Array.of(0, 0.5, 1) }],
    ['tick 0: time NaN is not a whole number of µs since 1970', { time: Float64Array.of(Number.NaN, 1, 1) }],
    [
      'tick 2: time 9007199254740992 is not a whole number of µs since 1970',
      { time: Float64Array.of(0, 0, 2 ** 53) },
    ],
    ['tick 1: price 0', { price: Uint32Array.of(1, 0, 1) }],
    ['tick 2: side 2 is not +1, −1 or 0', { side: Int8Array.of(1, 0, 2) }],
    ['tick 0: side -2 is not +1, −1 or 0', { side: Int8Array.of(-2, 0, 1) }],
  ])('are refused: %s', (message, change) => {
    expect(refusal(() => checkTicks({ ...columns(), ...change }))).toEqual(['bad-data', message])
  })
})
