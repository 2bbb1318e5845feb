import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { centrePrice } from '../../src/grid/axes.ts'
import { checkBounds } from '../../src/grid/bounds.ts'
import { logClass, logClassFrom } from '../../src/grid/log-classes.ts'
import { BOUNDS } from '../../src/layers/trades/bounds.ts'
import { checkGrid, type Grid, tradeKernel } from '../../src/layers/trades/grid.ts'
import { refusal } from '../support/refusal.ts'
import { runs } from '../support/runs.ts'

const U32_MAX = 2 ** 32 - 1

describe('size bins', () => {
  // Lowest size of every bin, by hand: one bin an octave; two: 1, 2, 3, then 4 6 | 8 12 | 16 24; four: 1 … 7, then
  // 8 10 12 14 | 16 20 24 28 | 32.
  const TABLES: Record<number, number[]> = {
    0: [0, 2, 4, 8, 16, 32, 64, 128],
    1: [0, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48],
    2: [0, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40],
  }

  test.each([0, 1, 2])('at resolution %i begin where the table says', resolution => {
    const table = TABLES[resolution]
    expect(table.map((_, bin) => logClassFrom(bin, resolution))).toEqual(table)
    for (let bin = 0; bin + 1 < table.length; bin++) {
      for (let size = table[bin]; size < table[bin + 1]; size++) {
        expect(logClass(size, resolution), `size ${size}`).toBe(bin)
      }
    }
  })

  test.each([
    [0, 31],
    [1, 62],
    [2, 122],
    [3, 238],
    [4, 462],
  ])('at resolution %i the largest size lies in bin %i', (resolution, bin) => {
    expect(logClass(U32_MAX, resolution)).toBe(bin)
    expect(logClass(logClassFrom(bin, resolution) - 1, resolution)).toBe(bin - 1)
  })

  test('hold dust and size 1 together, at every resolution', () => {
    for (const resolution of [0, 1, 2, 3, 4]) {
      expect([0, 1, 2].map(size => logClass(size, resolution))).toEqual([0, 0, 1])
      expect(logClassFrom(0, resolution)).toBe(0)
    }
  })

  const size = fc
    .tuple(fc.integer({ min: 0, max: U32_MAX }), fc.nat(31))
    .map(([lots, shift]) => Math.floor(lots / 2 ** shift))
  const resolutions = fc.integer({ min: 0, max: 4 })

  test('hold the sizes from their own lowest up to the next one’s', () => {
    fc.assert(
      fc.property(size, resolutions, (lots, resolution) => {
        const bin = logClass(lots, resolution)
        expect(logClassFrom(bin, resolution)).toBeLessThanOrEqual(lots)
        expect(logClassFrom(bin + 1, resolution)).toBeGreaterThan(lots)
      }),
      { numRuns: runs(3000) },
    )
  })

  test('never fall with the size, and skip none', () => {
    fc.assert(
      fc.property(size, resolutions, (lots, resolution) => {
        const step = logClass(Math.min(lots + 1, U32_MAX), resolution) - logClass(lots, resolution)
        expect(step === 0 || step === 1).toBe(true)
      }),
      { numRuns: runs(3000) },
    )
  })

  test('are 2^resolution an octave', () => {
    for (const resolution of [0, 1, 2, 3, 4]) {
      for (let octave = resolution; octave < 31; octave++) {
        const bins = logClass(2 ** (octave + 1), resolution) - logClass(2 ** octave, resolution)
        expect(bins, `resolution ${resolution}, octave ${octave}`).toBe(2 ** resolution)
      }
    }
  })
})

test.each([
  [0, 1, 1], // price 0 has no logarithm
  [7, 1, 7],
  [0, 2, 1],
  [3, 10, 35],
  [3, 5, 17],
  [2, U32_MAX, U32_MAX],
  [1, U32_MAX, U32_MAX],
])('the centre of price bin %i of width %i is %i', (bin, width, centre) => {
  expect(centrePrice(bin, width)).toBe(centre)
})

describe('kernel', () => {
  test('rows are binomial coefficients', () => {
    const { price, class: size, time } = tradeKernel({ price: 3, size: 2, time: 0 })
    expect(price).toEqual([1, 6, 15, 20, 15, 6, 1])
    expect(size).toEqual([1, 4, 6, 4, 1])
    expect(time).toEqual([1])
  })

  test('by default reaches 4 prices, 1 size, 2 times; centre 840, total 2^14', () => {
    expect(tradeKernel()).toEqual({
      radii: { price: 4, class: 1, time: 2 },
      price: [1, 8, 28, 56, 70, 56, 28, 8, 1],
      class: [1, 2, 1],
      time: [1, 4, 6, 4, 1],
      centre: 840,
      total: 2 ** 14,
    })
  })

  test('of any radii sums to its total, is symmetric, and its centre is the product of the rows’', () => {
    for (const radii of [
      { price: 8, size: 6, time: 0 },
      { price: 0, size: 6, time: 8 },
      { price: 0, size: 0, time: 0 },
      { price: 5, size: 1, time: 8 },
    ]) {
      const kernel = tradeKernel(radii)
      const rows = [kernel.price, kernel.class, kernel.time]
      const sums = rows.map(row => row.reduce((sum, weight) => sum + weight, 0))
      expect(sums[0] * sums[1] * sums[2]).toBe(kernel.total)
      for (const row of rows) expect([...row].reverse()).toEqual(row)
      expect(rows.map(row => row.length)).toEqual(
        [radii.price, radii.size, radii.time].map(radius => 2 * radius + 1),
      )
      expect(kernel.centre).toBe(rows.map(row => row[row.length >> 1]).reduce((a, b) => a * b))
      expect(8 * kernel.centre).toBeLessThan(2 ** 32)
    }
  })

  test('holds its own copy of the radii', () => {
    const radii = { price: 1, size: 1, time: 1 }
    const kernel = tradeKernel(radii)
    radii.price = 2
    expect(kernel.radii.price).toBe(1)
  })

  test.each([
    [{ price: 9, size: 0, time: 0 }, 'kernel radius price=9 is not a whole number of bins in 0 … 8'],
    [{ price: 1, size: -1, time: 0 }, 'kernel radius size=-1 is not a whole number of bins in 0 … 8'],
    [{ price: 1, size: 1, time: 1.5 }, 'kernel radius time=1.5 is not a whole number of bins in 0 … 8'],
    [
      { price: 1, size: 1, time: Number.NaN },
      'kernel radius time=NaN is not a whole number of bins in 0 … 8',
    ],
    [{ price: 8, size: 6, time: 1 }, 'kernel radii 8 + 6 + 1 add up to more than 14'],
  ])('of %o is refused', (radii, message) => {
    expect(refusal(() => tradeKernel(radii))).toMatchObject({ code: 'bad-setting', message })
  })
})

describe('bound', () => {
  interface SlabTotals {
    readonly volume: number
    readonly increments: number
  }
  const NONE = { volume: 0, increments: 0 }
  const kernel = tradeKernel() // the largest price and size weights: 70 · 2; times: 1 4 6 4 1
  const checkWith = (by: typeof kernel, slabs: readonly (SlabTotals | undefined)[]) =>
    checkBounds(
      by,
      BOUNDS,
      slabs.map(slab => slab && [slab.volume, slab.increments]),
      '2024-03-05T12:00',
    )
  const check = (...slabs: (SlabTotals | undefined)[]) => checkWith(kernel, slabs)

  // 2^53 / 140 = 64,337,137,533,864.23, and a slab alone weighs 6: 10,722,856,255,644.04.
  const MOST = 10_722_856_255_644

  test.each(['volume', 'increments'] as const)('of %s takes a slab up to 2^53 / (70 · 2 · 6)', field => {
    const alone = (total: number) =>
      check(undefined, undefined, { ...NONE, [field]: total }, undefined, undefined)
    alone(MOST)
    expect(refusal(() => alone(MOST + 1)).code).toBe('overflow')
  })

  test.each(['volume', 'increments'] as const)('of %s weighs each slab by its distance', field => {
    // 1·a + 4·b + 6·c + 4·d + 1·e may be 64,337,137,533,864 and no more.
    const five = (first: number) =>
      check(
        ...[first, 2e12, 3e12, 5e12, 7e12].map(total => ({ ...NONE, [field]: total })), // 4·2 + 6·3 + 4·5 + 7 = 53
      )
    five(11_337_137_533_864)
    expect(refusal(() => five(11_337_137_533_865)).code).toBe('overflow')
  })

  test('counts for a slab without ticks as nothing, at either end too', () => {
    const most = 64_337_137_533_864
    check({ volume: most, increments: most }, undefined, undefined, undefined, undefined)
    check(undefined, undefined, undefined, undefined, { volume: most, increments: most })
    const past = { volume: most + 1, increments: 0 }
    expect(refusal(() => check(undefined, undefined, undefined, undefined, past)).code).toBe('overflow')
  })

  test('is 2^53 itself where nothing is smoothed', () => {
    const none = tradeKernel({ price: 0, size: 0, time: 0 })
    checkWith(none, [{ volume: 2 ** 53 - 1, increments: 2 ** 53 - 1 }])
    for (const field of ['volume', 'increments']) {
      const call = () => checkWith(none, [{ ...NONE, [field]: 2 ** 53 } as SlabTotals])
      expect(refusal(call).code).toBe('overflow')
    }
  })

  test('is tight: a voxel that held the whole slab would reach it', () => {
    expect(BigInt(kernel.centre) * BigInt(MOST)).toBeLessThan(2n ** 53n)
    expect(BigInt(kernel.centre) * BigInt(MOST + 1)).toBeGreaterThanOrEqual(2n ** 53n)
  })

  test('refuses values that are not numbers', () => {
    expect(refusal(() => check(NONE, NONE, { volume: Number.NaN, increments: 0 }, NONE, NONE)).code).toBe(
      'overflow',
    )
    expect(refusal(() => check(NONE, NONE, { volume: 0, increments: Number.NaN }, NONE, NONE)).code).toBe(
      'overflow',
    )
  })

  test('that is passed names the slab, the sum and the settings to change', () => {
    const volume = refusal(() => check(NONE, NONE, { volume: 2e13, increments: 0 }, NONE, NONE))
    expect(volume.message).toContain('2024-03-05T12:00')
    expect(volume.message).toContain('20000000000000')
    expect(volume.settings).toEqual(['lotSize', 'radii', 'timeWidth'])
    const increments = refusal(() => check(NONE, NONE, { volume: 0, increments: 2e13 }, NONE, NONE))
    expect(increments.message).toContain('2024-03-05T12:00')
    expect(increments.message).toContain('1.200e+14') // 6 · 2e13
    expect(increments.settings).toEqual(['tickSize', 'radii', 'timeWidth'])
  })
})

describe('grid', () => {
  const YEAR = 366 * 24 * 3600e6
  const grid: Grid = { priceWidth: 20, timeWidth: 900e6, sizeResolution: 1, sizeBins: 20 }

  test.each<Partial<Grid>>([
    {},
    { priceWidth: 1 },
    { priceWidth: U32_MAX },
    { timeWidth: 1 },
    { timeWidth: YEAR },
    { sizeBins: 1 },
    { sizeResolution: 0, sizeBins: 32 },
    { sizeResolution: 1, sizeBins: 63 },
    { sizeResolution: 4, sizeBins: 463 },
  ])('with %o is taken as it is', change => {
    const changed = { ...grid, ...change }
    expect(checkGrid(changed)).toBe(changed)
  })

  test.each<[Partial<Grid>, string]>([
    [{ priceWidth: 0 }, 'price width 0 is not a whole number of ticks in 1 … 2^32 − 1'],
    [{ priceWidth: 2 ** 32 }, 'price width 4294967296 is not a whole number of ticks in 1 … 2^32 − 1'],
    [{ priceWidth: 1.5 }, 'price width 1.5 is not a whole number of ticks in 1 … 2^32 − 1'],
    [{ timeWidth: 0 }, 'time bin 0 µs is not a whole number of µs, at most a year'],
    [{ timeWidth: 0.5 }, 'time bin 0.5 µs is not a whole number of µs, at most a year'],
    [{ timeWidth: YEAR + 1 }, `time bin ${YEAR + 1} µs is not a whole number of µs, at most a year`],
    [{ timeWidth: Number.NaN }, 'time bin NaN µs is not a whole number of µs, at most a year'],
    [{ sizeResolution: -1 }, 'size resolution -1 is not in 0 … 4'],
    [{ sizeResolution: 5 }, 'size resolution 5 is not in 0 … 4'],
    [{ sizeResolution: 0.5 }, 'size resolution 0.5 is not in 0 … 4'],
    [{ sizeBins: 0 }, '0 size bins are not in 1 … 63'],
    [{ sizeBins: 64 }, '64 size bins are not in 1 … 63'],
    [{ sizeBins: 33, sizeResolution: 0 }, '33 size bins are not in 1 … 32'],
    [{ sizeBins: 464, sizeResolution: 4 }, '464 size bins are not in 1 … 463'],
  ])('with %o is refused', (change, message) => {
    expect(refusal(() => checkGrid({ ...grid, ...change }))).toMatchObject({ code: 'bad-setting', message })
  })
})
