import { describe, expect, test } from 'vitest'
import type { TradeChunk } from '../../src/events/trades.ts'
import { Measure, type MeasureSettings } from '../../src/job/measure.ts'
import { checkGrid, tradeKernel } from '../../src/layers/trades/grid.ts'
import { refusal } from '../support/refusal.ts'

const U32_MAX = 2 ** 32 - 1
const TIME_WIDTH = 100

/** Trades of a chunk; sizes and times follow the prices, the last one given stands for the rest. */
interface Trades {
  prices: number[]
  sizes?: number[]
  times?: number[]
  priceDecimals?: number
  sizeDecimals?: number
}

function chunkOf({
  prices,
  sizes = [1],
  times = [0],
  priceDecimals = 0,
  sizeDecimals = 0,
}: Trades): TradeChunk {
  // Longer columns than used, with contents that would spoil everything.
  const column = (values: number[]) =>
    Float64Array.of(...prices.map((_, i) => values[Math.min(i, values.length - 1)]), 7.77, 1e18)
  return {
    length: prices.length,
    time: column(times),
    price: column(prices),
    size: column(sizes),
    side: new Int8Array(prices.length),
    flags: new Uint8Array(prices.length),
    priceDecimals,
    sizeDecimals,
  }
}

function measureOf(
  chunks: Trades[],
  settings: Partial<MeasureSettings> = {},
  kernel = tradeKernel(),
): Measure {
  const measure = new Measure({ contract: 'linear', timeWidth: TIME_WIDTH, ...settings }, kernel)
  for (const chunk of chunks) measure.add(chunkOf(chunk))
  return measure
}

const instrumentOf = (...measured: Parameters<typeof measureOf>) => measureOf(...measured).instrument('X')

function gridOf(...measured: Parameters<typeof measureOf>) {
  const measure = measureOf(...measured)
  return checkGrid(measure.grid(measure.instrument('X')))
}

describe('the tick size', () => {
  test('is the common increment of all prices, whatever decimals each chunk was printed with', () => {
    const chunks: Trades[] = [
      { prices: [1050, 1125], priceDecimals: 2 }, // 0.75
      { prices: [125], priceDecimals: 1 }, // 12.5: 0.25
      { prices: [10_625], priceDecimals: 4 }, // 1.0625: 0.0625
      { prices: [3], priceDecimals: 0 },
    ]
    for (const [count, tickSize] of [
      [1, '0.75'],
      [2, '0.25'],
      [3, '0.0625'],
      [4, '0.0625'],
    ] as const) {
      expect(instrumentOf(chunks.slice(0, count)).tickSize).toBe(tickSize)
      expect(instrumentOf(chunks.slice(0, count).reverse()).tickSize).toBe(tickSize)
    }
  })

  test.each<[number[], number, string]>([
    [[9_157_000, 9_159_000, 9_160_000], 5, '0.01'], // five decimals printed, the tick is a cent
    [[100, 250], 0, '50'],
    [[100, 200], 0, '100'],
    [[1000, 3000], 2, '10'],
    [[7, 7, 7], 3, '0.007'],
    [[1, U32_MAX], 8, '0.00000001'],
  ])('of %j with %i decimals is %s', (prices, priceDecimals, tickSize) => {
    expect(instrumentOf([{ prices, priceDecimals }]).tickSize).toBe(tickSize)
  })

  test('is not moved by an empty chunk of more decimals', () => {
    expect(instrumentOf([{ prices: [50, 75] }, { prices: [], priceDecimals: 6 }]).tickSize).toBe('25')
  })

  test('is the caller’s when the caller gives it', () => {
    expect(instrumentOf([{ prices: [50, 75] }], { tickSize: '0.5' })).toEqual({
      symbol: 'X',
      tickSize: '0.5',
      lotSize: '1',
      contract: 'linear',
    })
    expect(instrumentOf([{ prices: [1] }], { contract: 'inverse' }).contract).toBe('inverse')
  })

  test('is refused when the prices are more than 2^32 of it, unless the caller gives a coarser one', () => {
    const fits = [{ prices: [1, U32_MAX], priceDecimals: 4 }]
    expect(instrumentOf(fits).tickSize).toBe('0.0001')
    const tooMany = [
      { prices: [1], priceDecimals: 4 },
      { prices: [U32_MAX + 1], priceDecimals: 4 },
    ]
    expect(refusal(() => instrumentOf(tooMany))).toMatchObject({
      code: 'bad-data',
      message:
        'the price 429496.7296 is more than 2^32 ticks of 0.0001, the only increment that all prices share',
      fix: 'Give a larger tick size; prices that are not a multiple of it are then rejected and counted.',
      settings: ['tickSize'],
    })
    expect(refusal(() => instrumentOf(tooMany, { tickSize: '0.0001' })).code).toBe('bad-data')
    expect(instrumentOf(tooMany, { tickSize: '0.01' }).tickSize).toBe('0.01')
  })
})

test('without a trade there is no instrument', () => {
  for (const chunks of [[], [{ prices: [] }]]) {
    const measure = measureOf(chunks)
    expect(measure.rows).toBe(0)
    expect(refusal(() => measure.instrument('X'))).toMatchObject({
      code: 'bad-data',
      message: 'there are no trades',
    })
  }
  expect(measureOf([{ prices: [1, 2] }, { prices: [3] }]).rows).toBe(3)
})

describe('the lot size', () => {
  const lotOf = (sizes: number[], sizeDecimals: number, settings: Partial<MeasureSettings> = {}) =>
    instrumentOf([{ prices: sizes.map(() => 1), sizes, sizeDecimals }], settings).lotSize

  test('is the common increment of all sizes where 32 bits hold them', () => {
    expect(lotOf([3000, 6000], 6)).toBe('0.003')
    expect(lotOf([500, 25_000], 0)).toBe('500')
    expect(lotOf([1, U32_MAX], 8)).toBe('0.00000001')
    expect(lotOf([3, 3 * U32_MAX], 0)).toBe('3')
  })

  test('is the finest decimal one that 32 bits hold where they do not', () => {
    expect(lotOf([1, U32_MAX + 1], 8)).toBe('0.0000001')
    expect(lotOf([1, 10_000_000_000], 8)).toBe('0.0000001') // 10^9 of them
    expect(lotOf([1, 43_000_000_000], 8)).toBe('0.000001') // 43 · 10^8 would be too many
    expect(lotOf([1, 42_000_000_000], 8)).toBe('0.0000001')
    expect(lotOf([3, 30_000_000_003], 0)).toBe('10')
    expect(lotOf([1, 5_000_000_000], 1)).toBe('1')
  })

  /** 40 and 40.00000001, as often as asked, spread over time bins: 4 · 10^9 lots of 10^-8 each. */
  function manyTrades(count: number, bins: number): Trades {
    const each = Array.from({ length: count })
    return {
      prices: each.map(() => 1),
      sizes: each.map((_, i) => 4_000_000_000 + (i % 2)),
      times: each.map((_, i) => TIME_WIDTH * (i % bins)),
      sizeDecimals: 8,
    }
  }

  test('is coarser where a slab’s smoothed volume would pass half of 2^53', () => {
    // 70 · 2 · 4^2 = 2240 times the volume of the largest slab: 500 · 4·10^9 · 2240 = 4.48·10^15 < 2^52 = 4.50·10^15.
    const lot = (count: number, bins: number) => instrumentOf([manyTrades(count, bins)]).lotSize
    expect(lot(500, 1)).toBe('0.00000001')
    expect(lot(504, 1)).toBe('0.0000001')
    // It is the largest slab that counts, not all of them.
    expect(lot(1000, 2)).toBe('0.00000001')
    expect(lot(1008, 2)).toBe('0.0000001')
  })

  test('adds up a slab over chunks', () => {
    const half = manyTrades(252, 1)
    expect(instrumentOf([half]).lotSize).toBe('0.00000001')
    expect(instrumentOf([half, half]).lotSize).toBe('0.0000001')
  })

  test('follows the kernel’s reach', () => {
    const reach = (price: number, size: number, time: number) =>
      instrumentOf([manyTrades(504, 1)], {}, tradeKernel({ price, size, time })).lotSize
    expect(reach(0, 0, 0)).toBe('0.00000001')
    expect(reach(3, 1, 2)).toBe('0.00000001') // 20 · 2 · 16
    expect(reach(4, 0, 2)).toBe('0.00000001') // 70 · 16
    expect(reach(4, 1, 1)).toBe('0.00000001') // 70 · 2 · 4
    expect(reach(4, 1, 2)).toBe('0.0000001') // 70 · 2 · 16
  })

  test('is the caller’s when the caller gives it', () => {
    expect(lotOf([1, 10_000_000_000], 8, { lotSize: '0.5' })).toBe('0.5')
  })
})

describe('the price width', () => {
  /** A time bin for every range of prices, some trades each. */
  function rangesOf(ranges: number[], priceDecimals = 0): Trades[] {
    return ranges.map((range, bin) => ({
      prices: range === 0 ? [1000, 1000] : [1000, 1000 + range, 1001],
      times: [bin * TIME_WIDTH, (bin + 1) * TIME_WIDTH - 1],
      priceDecimals,
    }))
  }
  const widthOf = (...measured: Parameters<typeof measureOf>) => gridOf(...measured).priceWidth

  test('is the range of a time bin in ticks, rounded to 1, 2 or 5 in a decade in proportion', () => {
    for (const [range, width] of [
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 5],
      [7, 5], // 7/5 is less than 10/7
      [8, 10],
      [14, 10],
      [15, 20],
      [31, 20],
      [32, 50],
      [70, 50],
      [71, 100],
      [100_000, 100_000],
      [3_000_000_000, 2_000_000_000],
      [4_294_966_000, 2_000_000_000], // the 5 of this decade has no place in 32 bits
    ]) {
      expect(widthOf(rangesOf([range]), { tickSize: '1' }), `range ${range}`).toBe(width)
    }
  })

  test('takes the median of the time bins in which the price moved, the upper of two', () => {
    const width = (ranges: number[]) => widthOf(rangesOf(ranges), { tickSize: '1' })
    expect(width([1, 10, 1000])).toBe(10)
    expect(width([1000, 1, 10])).toBe(10)
    expect(width([9, 200, 10, 1000, 100])).toBe(100) // as numbers, not as text
    expect(width([0, 0, 0, 0, 5, 0])).toBe(5)
    expect(width([2, 50])).toBe(50)
    expect(width([2, 20, 50, 100])).toBe(50)
  })

  test('is a tick where the price never moves', () => {
    expect(widthOf(rangesOf([0, 0]))).toBe(1)
  })

  test('counts in ticks of any size, over chunks with different decimals', () => {
    expect(widthOf(rangesOf([10]), { tickSize: '0.5' })).toBe(20)
    expect(widthOf(rangesOf([200], 2), { tickSize: '0.01' })).toBe(200)
    const chunks: Trades[] = [
      { prices: [10], times: [0] },
      { prices: [1100], times: [99], priceDecimals: 2 }, // 11.00 in the same bin: 100 ticks
      { prices: [9000], times: [100], priceDecimals: 2 }, // the next bin
    ]
    expect(widthOf(chunks, { tickSize: '0.01' })).toBe(100)
  })

  test('is the caller’s when the caller gives it, a whole number of ticks', () => {
    const width = (priceWidth: string, tickSize = '0.5') => widthOf(rangesOf([10]), { tickSize, priceWidth })
    expect(width('5')).toBe(10)
    expect(width('0.5')).toBe(1)
    expect(width('0.3', '0.1')).toBe(3) // in binary fractions it would not be a multiple
    expect(width('12', '0.0003')).toBe(40_000)
  })

  test.each([
    ['0.75', '0.5'],
    ['0.25', '0.5'],
    ['1', '0.3'],
  ])('%s is refused with ticks of %s', (priceWidth, tickSize) => {
    expect(refusal(() => widthOf(rangesOf([10]), { tickSize, priceWidth }))).toMatchObject({
      code: 'bad-setting',
      message: `price width ${priceWidth} is not a whole number of ticks of ${tickSize}`,
      fix: `Give a multiple of ${tickSize}.`,
    })
  })

  test('is refused when it is not a decimal number', () => {
    expect(refusal(() => widthOf(rangesOf([10]), { priceWidth: 'wide' })).message).toContain(
      'price width "wide"',
    )
  })
})

describe('the size axis', () => {
  const sizes = (sizes: number[], sizeDecimals = 0): Trades[] => [
    { prices: sizes.map(() => 1), sizes, sizeDecimals },
  ]

  test('has a bin for the largest size and none beyond', () => {
    expect(gridOf(sizes([1, 1]))).toMatchObject({ sizeResolution: 0, sizeBins: 1, timeWidth: TIME_WIDTH })
    expect(gridOf(sizes([1, 7])).sizeBins).toBe(3)
    expect(gridOf(sizes([1, 8])).sizeBins).toBe(4)
    expect(gridOf([...sizes([8]), ...sizes([1])]).sizeBins).toBe(4)
    expect(gridOf(sizes([5, 5000], 3)).sizeBins).toBe(10) // 1000 lots
  })

  test('follows the resolution asked for', () => {
    expect(gridOf(sizes([1, 7]), { sizeResolution: 2 })).toMatchObject({ sizeResolution: 2, sizeBins: 7 })
    expect(gridOf(sizes([1, 1000]), { sizeResolution: 2 }).sizeBins).toBe(35)
  })

  test('ends at 32 bits of lots, when the caller’s lot is too fine for the sizes', () => {
    expect(gridOf(sizes([100]), { lotSize: '0.00000001' }).sizeBins).toBe(32)
  })

  test('holds dust alone when the caller’s lot is larger than every size', () => {
    expect(gridOf(sizes([1]), { lotSize: '10' }).sizeBins).toBe(1)
  })
})
