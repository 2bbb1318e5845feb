import {
  type Calibration,
  cpuBackend,
  type Instrument,
  sampleDay,
  type TickColumns,
  TickConverter,
} from 'voxrisk'
import { calibrate, type Grid, type KernelRadii, tradeKernel } from 'voxrisk/engine'
import { Measure } from 'voxrisk/read'
import type { Distribution } from './result.ts'

/** The input of a map. */
export interface Tape {
  readonly distribution: Distribution
  readonly ticks: TickColumns
  readonly calibration: Calibration
}

export interface TapeSpec {
  readonly distribution: Distribution
  readonly ticks: number
  /** Voxels of the box that `spread` ticks are evenly spread over. */
  readonly voxels?: number
  /** Time bins of a `realistic` day. */
  readonly bins?: number
  readonly radii: KernelRadii
}

/** Ticks used to learn the constants of the score; their values do not change the amount of work. */
const CALIBRATION_TICKS = 300_000
const MADE_UP: Instrument = { symbol: 'BENCH', tickSize: '0.01', lotSize: '0.001', contract: 'linear' }
/** 2024-03-05T00:00:00Z in µs. */
const START = 1_709_596_800e6
const MINUTE = 60_000_000
const DAY = 1440 * MINUTE
/** Ticks per price bin, and the price around which the synthetic tapes move. */
const WIDTH = 4
const PRICE = 100_000
/**
 * A generated day has only approximately the requested number of trades. Ask for more and cut off the rest.
 */
const MORE = 1.2
/**
 * The box of `spread`: price bins and size octaves in every time bin. A jump across it stays below the limit
 * for marks.
 */
const BOX_PRICES = 512
const BOX_SIZES = 20

/** Makes ticks and learns the calibration for them. The same specification gives the same tape everywhere. */
export async function makeTape(spec: TapeSpec): Promise<Tape> {
  const { ticks, instrument, grid } = spec.distribution === 'realistic' ? await realistic(spec) : madeUp(spec)
  const start = { ...ticks, length: Math.min(ticks.length, CALIBRATION_TICKS) }
  async function* history() {
    yield start
  }
  const calibration = await calibrate(history, {
    backend: cpuBackend(),
    instrument,
    grid,
    radii: spec.radii,
  })
  return { distribution: spec.distribution, ticks, calibration }
}

interface MadeTicks {
  readonly ticks: TickColumns
  readonly instrument: Instrument
  readonly grid: Grid
}

/** The requested number of ticks from the package's generated day, in price bins of 5. */
async function realistic({ ticks: count, bins = 1440 }: TapeSpec): Promise<MadeTicks> {
  const day = sampleDay({ trades: Math.max(10_000, Math.ceil(count * MORE)) })
  const settings = { contract: 'linear' as const, timeWidth: DAY / bins, priceWidth: '5' }
  const measure = new Measure(settings, tradeKernel())
  const chunks = []
  for await (const chunk of day.source.chunks()) {
    measure.add(chunk)
    chunks.push(chunk)
    if (measure.rows >= count) break
  }
  const instrument = measure.instrument(day.source.symbol)
  const converter = new TickConverter(instrument)
  const ticks = columnsOf(count)
  let at = 0
  for (const chunk of chunks) {
    const { length, time, price, size, side } = converter.convert(chunk)
    const used = Math.min(length, count - at)
    ticks.time.set(time.subarray(0, used), at)
    ticks.price.set(price.subarray(0, used), at)
    ticks.size.set(size.subarray(0, used), at)
    ticks.side.set(side.subarray(0, used), at)
    at += used
  }
  return { ticks: { ...ticks, length: at }, instrument, grid: measure.grid(instrument) }
}

function madeUp({ distribution, ticks: count, voxels = 1 }: TapeSpec): MadeTicks {
  const ticks = columnsOf(count)
  const isSpread = distribution === 'spread'
  const slabs = isSpread ? Math.max(1, Math.round(voxels / (BOX_PRICES * BOX_SIZES))) : 1
  for (let i = 0; i < count; i++) {
    ticks.time[i] = START + Math.floor((i / count) * slabs * MINUTE)
    ticks.price[i] = PRICE
    ticks.size[i] = 1000
    ticks.side[i] = i % 2 === 0 ? 1 : -1
    if (!isSpread) continue
    ticks.price[i] += scattered(2 * i) % (BOX_PRICES * WIDTH)
    ticks.size[i] = 2 ** (scattered(2 * i + 1) % BOX_SIZES)
  }
  const grid = { priceWidth: WIDTH, timeWidth: MINUTE, sizeResolution: 0, sizeBins: 24 }
  return { ticks, instrument: MADE_UP, grid }
}

/**
 * A pseudo-random 32-bit number, the same everywhere: the final step of MurmurHash3, by Austin Appleby
 * (public domain).
 */
function scattered(number: number): number {
  let bits = number + 1
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

function columnsOf(length: number) {
  return {
    length,
    time: new Float64Array(length),
    price: new Uint32Array(length),
    size: new Uint32Array(length),
    side: new Int8Array(length),
  }
}
