import fc from 'fast-check'
import type { TickColumns } from '../../src/events/ticks.ts'
import type { TradeChunk } from '../../src/events/trades.ts'
import { logClass } from '../../src/grid/log-classes.ts'
import type { Grid } from '../../src/layers/trades/grid.ts'
import type { Calibration } from '../../src/map/calibration.ts'
import type { Instrument } from '../../src/units/instrument.ts'

/** One tick as a test writes it. */
export interface Tick {
  readonly time: number
  readonly price: number
  readonly size: number
  readonly side: number
  readonly flags?: number
}

export function columns(ticks: readonly Tick[]): TickColumns {
  return {
    length: ticks.length,
    time: Float64Array.from(ticks, tick => tick.time),
    price: Uint32Array.from(ticks, tick => tick.price),
    size: Uint32Array.from(ticks, tick => tick.size),
    side: Int8Array.from(ticks, tick => tick.side),
    flags: Uint8Array.from(ticks, tick => tick.flags ?? 0),
  }
}

export const INSTRUMENT: Instrument = {
  symbol: 'TEST',
  tickSize: '0.01',
  lotSize: '0.001',
  contract: 'linear',
}

/** Bins of 1 ms and 4 ticks, so that small numbers reach many slabs and pages. */
export const GRID: Grid = { priceWidth: 4, timeWidth: 1000, sizeResolution: 0, sizeBins: 8 }

/** A calibration whose constants differ in every size bin. */
export function madeUpCalibration(grid: Grid = GRID, kernel = { price: 4, size: 1, time: 2 }): Calibration {
  const perBin = (start: number, step: number) =>
    Array.from({ length: grid.sizeBins }, (_, bin) => start + step * bin)
  return {
    format: 'voxrisk calibration 2',
    layer: 'trades',
    instrument: INSTRUMENT,
    grid,
    kernel,
    relativeVariance: 1e-6,
    score: {
      activity: { mean: perBin(700_000, 60_000), coefficient: perBin(900, 50) },
      volatility: { mean: perBin(-650_000, 900), coefficient: perBin(5000, -100) },
      flow: { mean: perBin(6000, 500), coefficient: perBin(6000, 100) },
    },
    reference: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:01.000Z', ticks: 1, voxels: 1 },
  }
}

/** Small deterministic random numbers for tests that need many ticks, 0 ≤ x < 1 (Numerical Recipes' generator). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A market in miniature: clusters of trades, a drifting price, some steps back in time, gaps and crashes. */
export function miniMarket(count: number, seed: number): Tick[] {
  const random = seeded(seed)
  const ticks: Tick[] = []
  let time = 5_000_000
  let price = 40_000
  for (let i = 0; i < count; i++) {
    const kind = random()
    if (kind < 0.01) time += Math.floor(random() * 12_000)
    else time += Math.floor(random() * 25)
    if (random() < 0.01) price += Math.floor((random() - 0.5) * 12_000)
    else if (random() < 0.5) price += Math.floor((random() - 0.5) * 10)
    price = Math.max(price, 1)
    const size = Math.floor(2 ** (random() * 8))
    const delay = kind > 0.95 ? Math.floor(random() * 2500) : 0
    ticks.push({ time: time - delay, price, size, side: random() < 0.3 ? 0 : random() < 0.5 ? 1 : -1 })
  }
  return ticks
}

/** Ticks in no order at all: crowded or far apart in price, size and time, with late ones and crashes. */
export const anyTicks: fc.Arbitrary<Tick[]> = fc
  .record({ span: fc.constantFrom(1500, 6000, 30_000), prices: fc.constantFrom(8, 60, 400) })
  .chain(({ span, prices }) =>
    fc.array(
      fc.record({
        time: fc.integer({ min: 5_000_000, max: 5_000_000 + span }),
        price: fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 40_000 - prices, max: 40_000 + prices }) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 60_000 }) },
        ),
        size: fc.oneof(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 100_000 })),
        side: fc.constantFrom(-1, 0, 1),
        flags: fc.oneof(
          { weight: 9, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.constantFrom(1, 2) },
        ),
      }),
      { maxLength: 300, size: 'max' },
    ),
  )

/** Cuts ticks into batches at the given places. */
export function split(ticks: readonly Tick[], cuts: readonly number[]): Tick[][] {
  const places = [...new Set(cuts.map(cut => cut % (ticks.length + 1)))].sort((a, b) => a - b)
  const edges = [0, ...places, ticks.length]
  return edges.slice(1).map((edge, i) => ticks.slice(edges[i], edge))
}

/** Size bin as the grid limits it. */
export function gridSizeBin(size: number, grid: Grid): number {
  return Math.min(logClass(size, grid.sizeResolution), grid.sizeBins - 1)
}

/** The ticks as a feed that prints two decimals of price and three of size. */
export function chunkOf(ticks: readonly Tick[]): TradeChunk {
  return {
    length: ticks.length,
    time: Float64Array.from(ticks, tick => tick.time),
    price: Float64Array.from(ticks, tick => tick.price),
    size: Float64Array.from(ticks, tick => tick.size),
    side: Int8Array.from(ticks, tick => tick.side),
    flags: Uint8Array.from(ticks, tick => tick.flags ?? 0),
    priceDecimals: 2,
    sizeDecimals: 3,
  }
}
