import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TradeChunk } from '../../src/events/trades.ts'
import { Notes } from '../../src/read/notes.ts'

type Trade = readonly [time: number, price: number, size: number, side: number]

/** Trades as a chunk whose prices and sizes are printed with `decimals` more digits than they need. */
function chunkOf(trades: readonly Trade[], decimals = 0): TradeChunk {
  const column = (index: 0 | 1 | 2, scale = 1) => Float64Array.from(trades, trade => trade[index] * scale)
  return {
    length: trades.length,
    time: column(0),
    price: column(1, 10 ** decimals),
    size: column(2, 10 ** decimals),
    side: Int8Array.from(trades, trade => trade[3]),
    flags: new Uint8Array(trades.length),
    priceDecimals: decimals,
    sizeDecimals: decimals,
  }
}

test('ties, steps back and identical neighbours', () => {
  const notes = new Notes()
  notes.see(
    chunkOf([
      [5, 10, 1, 1],
      [5, 10, 1, 1], // identical
      [5, 10, 1, -1], // same time, another side
      [4, 10, 1, -1], // back
      [9, 10, 1, -1],
      [9, 11, 1, -1],
    ]),
  )
  expect(notes.counts).toEqual({ 'same-time': 3, 'back-in-time': 1, identical: 1 })
})

test('nothing odd leaves no entry', () => {
  const notes = new Notes()
  notes.see(chunkOf([[1, 1, 1, 0]]))
  notes.see(chunkOf([[2, 1, 1, 0]]))
  notes.see(chunkOf([]))
  expect(notes.counts).toEqual({})
})

test('however the trades are cut into chunks, of whatever decimals', () => {
  const trade = fc.tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: 2 }),
    fc.constantFrom(-1, 0, 1),
  )
  const chunks = fc.array(fc.tuple(fc.array(trade, { maxLength: 6 }), fc.nat({ max: 3 })), { maxLength: 8 })
  fc.assert(
    fc.property(chunks, parts => {
      const all = parts.flatMap(([trades]) => trades)
      const count = (fits: (a: Trade, b: Trade) => boolean) =>
        all.filter((b, i) => i > 0 && fits(all[i - 1], b)).length
      const notes = new Notes()
      for (const [trades, decimals] of parts) notes.see(chunkOf(trades, decimals))
      const expected = {
        'same-time': count((a, b) => a[0] === b[0]),
        'back-in-time': count((a, b) => b[0] < a[0]),
        identical: count((a, b) => a.every((value, i) => value === b[i])),
      }
      expect({ 'same-time': 0, 'back-in-time': 0, identical: 0, ...notes.counts }).toEqual(expected)
    }),
  )
})
