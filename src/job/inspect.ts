import { VoxriskError } from '../errors.ts'
import type { TradeChunk, TradeSource } from '../events/trades.ts'
import type { DecimalRange, Inspection } from '../formats/inspection.ts'
import { tradeKernel } from '../layers/trades/grid.ts'
import { formatDecimal } from '../units/instrument.ts'
import { isoTime } from '../units/iso-time.ts'
import { DEFAULT_TIME_WIDTH } from './calibrate-trades.ts'
import { Measure } from './measure.ts'

export type { DecimalRange, Inspection } from '../formats/inspection.ts'

/**
 * Reads trades once and tells what they are, in bounded memory: what to look at before a map is made of them.
 * @param onProgress called now and then with the rows done
 * @throws {VoxriskError} of reading; `bad-data` without a trade
 */
export async function inspectTrades(
  source: TradeSource,
  onProgress?: (rows: number) => void,
): Promise<Inspection> {
  const trades = new TradeFacts()
  const measure = new Measure({ timeWidth: DEFAULT_TIME_WIDTH, contract: 'linear' }, tradeKernel())
  for await (const chunk of source.chunks()) {
    measure.add(chunk)
    trades.add(chunk)
    onProgress?.(measure.rows)
  }
  if (measure.rows === 0) {
    throw new VoxriskError('bad-data', 'there is no trade', 'Check the file and its symbol.', {
      settings: ['symbol'],
    })
  }
  const { read, outside, rejected, noted } = source.account
  return {
    format: source.format,
    symbol: source.symbol,
    rows: { read, kept: measure.rows, outside, rejected, noted },
    ...trades.facts(),
    ...suggest(measure, source.symbol),
  }
}

function suggest(measure: Measure, symbol: string): Pick<Inspection, 'suggested' | 'obstacle'> {
  try {
    const instrument = measure.instrument(symbol)
    const { tickSize, lotSize } = instrument
    const { timeWidth, priceWidth } = measure.grid(instrument)
    const typicalRange = measure.typicalRange()
    return { suggested: { tickSize, lotSize, timeWidth, typicalRange, priceWidth }, obstacle: null }
  } catch (error) {
    if (!(error instanceof VoxriskError)) throw error
    const { message, fix, settings } = error
    return { suggested: null, obstacle: { message, fix, settings } }
  }
}

/** An integer of 10^−decimals and, for comparisons, its value. */
interface Exact {
  readonly units: number
  readonly decimals: number
  readonly value: number
}

const text = ({ units, decimals }: Exact) => formatDecimal(units, decimals)

/** Extremes of one column. */
class Range {
  private low: Exact | null = null
  private high: Exact | null = null
  private decimals = 0

  add(column: Float64Array, length: number, decimals: number): void {
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (let i = 0; i < length; i++) {
      const units = column[i]
      if (units < low) low = units
      if (units > high) high = units
    }
    if (length === 0) return
    const [lowest, highest] = [low, high].map(units => exact(units, decimals))
    if (this.low === null || lowest.value < this.low.value) this.low = lowest
    if (this.high === null || highest.value > this.high.value) this.high = highest
    if (decimals > this.decimals) this.decimals = decimals
  }

  facts(): DecimalRange {
    return { low: text(this.low!), high: text(this.high!), decimals: this.decimals }
  }
}

function exact(units: number, decimals: number): Exact {
  return { units, decimals, value: units / 10 ** decimals }
}

/** What one pass over the trades finds out, apart from tick and lot. */
class TradeFacts {
  private readonly price = new Range()
  private readonly size = new Range()
  private readonly sides = { bought: 0, sold: 0, none: 0 }
  private trades = 0
  private from = Number.POSITIVE_INFINITY
  private to = Number.NEGATIVE_INFINITY
  private lastTime = Number.NaN
  private last: Exact | null = null
  private gap = { micros: 0, from: 0 }
  private jump: { time: number; from: Exact; to: Exact } | null = null
  /** |relative change| of `jump`. */
  private largest = 0

  add(chunk: TradeChunk): void {
    const { length, time, price, side, priceDecimals } = chunk
    this.price.add(price, length, priceDecimals)
    this.size.add(chunk.size, length, chunk.sizeDecimals)
    this.trades += length
    const scale = 10 ** priceDecimals
    let before = this.last === null ? Number.NaN : this.last.value
    for (let i = 0; i < length; i++) {
      const at = time[i]
      if (at < this.from) this.from = at
      if (at > this.to) this.to = at
      if (at - this.lastTime > this.gap.micros) this.gap = { micros: at - this.lastTime, from: this.lastTime }
      this.lastTime = at
      if (side[i] > 0) this.sides.bought++
      else if (side[i] < 0) this.sides.sold++
      else this.sides.none++
      const value = price[i] / scale
      if (Math.abs(value - before) > this.largest * before) {
        const from = i > 0 ? exact(price[i - 1], priceDecimals) : this.last!
        this.largest = Math.abs(value - before) / before
        this.jump = { time: at, from, to: exact(price[i], priceDecimals) }
      }
      before = value
    }
    if (length > 0) this.last = exact(price[length - 1], priceDecimals)
  }

  facts() {
    const { trades, from, to, sides, gap, jump } = this
    return {
      time: { from: isoTime(from), to: isoTime(to) },
      tradesPerSecond: to > from ? trades / ((to - from) / 1e6) : null,
      price: this.price.facts(),
      size: this.size.facts(),
      sides: { bought: sides.bought / trades, sold: sides.sold / trades, none: sides.none / trades },
      longestGap:
        gap.micros > 0
          ? { seconds: gap.micros / 1e6, from: isoTime(gap.from), to: isoTime(gap.from + gap.micros) }
          : null,
      largestJump: jump && {
        time: isoTime(jump.time),
        from: text(jump.from),
        to: text(jump.to),
        change: jump.to.value / jump.from.value - 1,
      },
    }
  }
}
