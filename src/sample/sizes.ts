import type { Random } from './random.ts'

/**
 * How many of 4,096 orders have a size of 2^i … 2^(i+1) − 1 thousandths of a coin. A broad body of small
 * orders, then halving from octave to octave: a Pareto tail with exponent 1, as seen in order sizes on crypto
 * venues.
 */
// biome-ignore format: a table
const ORDERS_BY_OCTAVE = [
  200, 220, 310, 480, 500, 500, 460, 400, 350, 280, 180, 100, 56, 30, 16, 9, 5,
]

/** Orders, out of 256, whose size is a round number. */
const ROUND_OF_256 = 96

const octaves = octaveTable()

/** Draws the size of an order in thousandths of a coin; `octavesUp` 1 doubles it. */
export function orderSize(random: Random, octavesUp: number): number {
  const word = random.word()
  const base = 1 << (octaves[word >>> 20]! + octavesUp)
  const size = base + Math.floor((base * (word & 0xfffff)) / 0x100000)
  return random.word() >>> 24 < ROUND_OF_256 ? roundDown(size) : size
}

/** Keeps only the leading decimal digit. */
function roundDown(size: number): number {
  let decade = 1
  while (decade * 10 <= size) decade *= 10
  return size - (size % decade)
}

function octaveTable(): Uint8Array {
  const table = new Uint8Array(4096)
  let from = 0
  for (const [octave, orders] of ORDERS_BY_OCTAVE.entries()) {
    table.fill(octave, from, from + orders)
    from += orders
  }
  return table
}
