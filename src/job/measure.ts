import { VoxriskError } from '../errors.ts'
import { type TradeChunk, TradeFlag } from '../events/trades.ts'
import { checkTimeWidth } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { logClass } from '../grid/log-classes.ts'
import { checkSizeResolution, type Grid } from '../layers/trades/grid.ts'
import { formatDecimal, type Instrument, normalInstrument, parseDecimal } from '../units/instrument.ts'

/** What the caller has fixed in advance; the rest is found from the trades. */
export interface MeasureSettings {
  /** What sizes count: base units (linear) or quote units (inverse). */
  readonly contract: Instrument['contract']
  /** Width of a time bin, µs. */
  readonly timeWidth: number
  /** Smallest price increment, decimal text in quote currency; by default found from the prices. */
  readonly tickSize?: string
  /** Size unit, decimal text in the feed's size unit; by default found from the sizes. */
  readonly lotSize?: string
  /** Width of a price bin, decimal text in quote currency; a whole number of ticks. */
  readonly priceWidth?: string
  /** Size bins per octave, as a power of two: 0 … 4 for 1 … 16 bins. Default 0. */
  readonly sizeResolution?: number
}

const U32 = 2 ** 32
/** Most digits of a tick or lot. */
const MOST_DIGITS = 15
/** Most time bins whose extent is remembered: enough for a median, in bounded memory. */
const MOST_EXTENTS = 2 ** 18

/** Price range and volume of one time bin. Plain numbers will do: they only choose defaults. */
interface BinExtent {
  low: number
  high: number
  volume: number
}

/**
 * Finds tick size, lot size, price width and size axis in a first pass over the trades. Tick and lot are the
 * greatest common divisors of all prices and sizes, so every price is on the grid however many decimals it
 * was printed with.
 */
export class Measure {
  /** Trades added so far. */
  rows = 0
  private price = new CommonStep()
  private size = new CommonStep()
  private readonly extents = new Map<number, BinExtent>()
  private largestVolume = 0

  /** @throws {VoxriskError} `bad-setting` for the time bins or the size bins */
  constructor(
    private readonly settings: MeasureSettings,
    private readonly kernel: Kernel,
  ) {
    checkTimeWidth(settings.timeWidth)
    checkSizeResolution(settings.sizeResolution ?? 0)
  }

  /** Takes note of the trades of a chunk, in feed order. The chunk stays the caller's. */
  add(chunk: TradeChunk): void {
    const { timeWidth } = this.settings
    this.rows += chunk.length
    this.price.add(chunk.price, chunk.length, chunk.priceDecimals)
    this.size.add(chunk.size, chunk.length, chunk.sizeDecimals)
    const priceUnit = 10 ** -chunk.priceDecimals
    const sizeUnit = 10 ** -chunk.sizeDecimals
    let extent: BinExtent | undefined
    let bin = Number.NaN
    for (let i = 0; i < chunk.length; i++) {
      const at = Math.floor(chunk.time[i] / timeWidth)
      if (at !== bin || !extent) {
        bin = at
        extent = this.extents.get(bin)
        if (!extent) {
          extent = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, volume: 0 }
          if (this.extents.size < MOST_EXTENTS) this.extents.set(bin, extent)
        }
      }
      const price = chunk.price[i] * priceUnit
      // Flagged prints are off the market and say nothing about its range.
      if ((chunk.flags[i] & TradeFlag.flagged) === 0) {
        if (price < extent.low) extent.low = price
        if (price > extent.high) extent.high = price
      }
      extent.volume += chunk.size[i] * sizeUnit
      if (extent.volume > this.largestVolume) this.largestVolume = extent.volume
    }
  }

  /** @throws {VoxriskError} `bad-data` when there are no trades, or prices in ticks need more than 32 bits */
  instrument(symbol: string): Instrument {
    if (this.rows === 0)
      throw new VoxriskError('bad-data', 'there are no trades', 'Check the file and its symbol.', {
        settings: ['symbol'],
      })
    const { contract, tickSize, lotSize } = this.settings
    const tick = tickSize ?? this.price.text()
    if (tickSize === undefined && !this.price.isShort()) {
      throw new VoxriskError(
        'bad-data',
        `the only increment that all prices share is ${tick}, too fine to be a tick size`,
        'Give the true tick size; prices that are not a multiple of it are then rejected and counted.',
        { settings: ['tickSize'] },
      )
    }
    const { units, decimals } = parseDecimal(tick, 'tick size')
    if (this.price.largest() / (units * 10 ** -decimals) >= U32) {
      throw new VoxriskError(
        'bad-data',
        `the price ${this.price.largest()} is more than 2^32 ticks of ${tick}${tickSize ? '' : ', the only increment that all prices share'}`,
        'Give a larger tick size; prices that are not a multiple of it are then rejected and counted.',
        { settings: ['tickSize'] },
      )
    }
    return normalInstrument({ symbol, tickSize: tick, lotSize: lotSize ?? this.lotSize(), contract })
  }

  /**
   * The grid for an instrument. A price bin is as wide as the price typically moves in a time bin (the median
   * of high − low), rounded to 1, 2 or 5 times a power of ten. Voxels are then about as long in price as in
   * time.
   * @throws {VoxriskError} `bad-setting` when the price width given is not a whole number of ticks below 2^32
   */
  grid(instrument: Instrument): Grid {
    const resolution = this.settings.sizeResolution ?? 0
    const largest = Math.min(Math.round(this.size.largest() / Number(instrument.lotSize)), U32 - 1)
    return {
      priceWidth: this.priceWidth(instrument),
      timeWidth: this.settings.timeWidth,
      sizeResolution: resolution,
      sizeBins: logClass(largest, resolution) + 1,
    }
  }

  private priceWidth({ tickSize }: Instrument): number {
    const { priceWidth } = this.settings
    if (priceWidth === undefined) return roundWidth(this.typicalRange() / Number(tickSize))
    const ticks = wholeSteps(priceWidth, tickSize)
    if (ticks >= 1 && ticks < U32) return ticks
    throw ticks >= U32
      ? new VoxriskError(
          'bad-setting',
          `price width ${priceWidth} is 2^32 ticks or more`,
          'Use narrower bins.',
          { settings: ['priceWidth'] },
        )
      : new VoxriskError(
          'bad-setting',
          `price width ${priceWidth} is not a whole number of ticks of ${tickSize}`,
          `Give a multiple of ${tickSize}.`,
          { settings: ['priceWidth'] },
        )
  }

  /** Median of high − low over the time bins in which the price moved, quote currency; 0 if it never did. */
  typicalRange(): number {
    const ranges = [...this.extents.values()].map(({ low, high }) => high - low).filter(range => range > 0)
    ranges.sort((a, b) => a - b)
    return ranges[ranges.length >> 1] ?? 0
  }

  /** The common size increment, or else the finest power of ten that fits 32 bits and the bound of a slab. */
  private lotSize(): string {
    const { price, class: sizes, radii } = this.kernel
    const weight = price[radii.price] * sizes[radii.class] * 4 ** radii.time
    const volume = this.largestVolume
    // Half the bound: totals are rounded here, and every slab in the kernel's reach counts as the largest.
    const fits = (lot: number) => this.size.largest() / lot < U32 && (weight * volume) / lot < 2 ** 52
    const common = this.size.text()
    if (this.size.isShort() && fits(Number(common))) return common
    let exponent = -this.size.fewestDecimals()
    while (!fits(10 ** exponent)) exponent++
    return exponent < 0 ? formatDecimal(1, -exponent) : `${10 ** exponent}`
  }
}

/** Greatest common divisor and maximum of a column of decimals. */
class CommonStep {
  private units = 0n
  private decimals = 0
  private most = 0

  add(column: Float64Array, length: number, decimals: number): void {
    let divisor = 0
    let largest = 0
    for (let i = 0; i < length; i++) {
      const value = column[i]
      if (value > largest) largest = value
      if (divisor === 0 || value % divisor !== 0) divisor = greatestCommonDivisor(value, divisor)
    }
    this.most = Math.max(this.most, largest / 10 ** decimals)
    const common = Math.max(decimals, this.decimals)
    const before = this.units * 10n ** BigInt(common - this.decimals)
    this.units = greatestCommonDivisorBig(BigInt(divisor) * 10n ** BigInt(common - decimals), before)
    this.decimals = common
  }

  text(): string {
    const digits = this.units.toString().padStart(this.decimals + 1, '0')
    const point = digits.length - this.decimals
    return `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0*$/, '')
  }

  /** Whether 15 digits hold the step, as they do every real one. Noise of binary fractions makes it finer. */
  isShort(): boolean {
    return this.units < 10n ** BigInt(MOST_DIGITS) && this.fraction().length <= MOST_DIGITS
  }

  /** Decimals of the step without trailing zeros, at most 15. */
  fewestDecimals(): number {
    return Math.min(this.fraction().length, MOST_DIGITS)
  }

  private fraction(): string {
    return this.text().split('.')[1] ?? ''
  }

  largest(): number {
    return this.most
  }
}

/** How many steps make up a value; NaN if it is not a whole number of them. */
function wholeSteps(value: string, step: string): number {
  const a = parseDecimal(value, 'price width')
  const b = parseDecimal(step, 'tick size')
  const common = Math.max(a.decimals, b.decimals)
  const [units, unit] = [a, b].map(({ units, decimals }) => BigInt(units) * 10n ** BigInt(common - decimals))
  return units % unit === 0n ? Number(units / unit) : Number.NaN
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

function greatestCommonDivisorBig(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}

/** The nearest of 1, 2, 5, 10, 20, 50 … by ratio; at least 1. */
function roundWidth(width: number): number {
  let best = 1
  for (let decade = 1; decade < U32; decade *= 10) {
    for (const step of [1, 2, 5]) {
      const candidate = step * decade
      const ratio = (value: number) => Math.max(value / width, width / value)
      if (candidate < U32 && ratio(candidate) < ratio(best)) best = candidate
    }
  }
  return best
}
