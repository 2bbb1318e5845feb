import { VoxriskError } from '../errors.ts'
import { count } from '../read/counts.ts'
import { type Parsed, parseDecimal as parseBytes, Verdict } from '../read/decimal.ts'
import { type Counts, type TradeChunk, TradeFlag } from '../read/trades.ts'
import type { TickColumns } from './ticks.ts'

/** An exact decimal: `units` · 10^−decimals. */
export interface Decimal {
  readonly units: number
  readonly decimals: number
}

/** What is traded and in which steps. */
export interface Instrument {
  readonly symbol: string
  /** Minimum price increment, decimal text in quote currency, e.g. `0.01`. */
  readonly tickSize: string
  /** Minimum size increment, decimal text in the feed's size unit, e.g. `0.000001`. */
  readonly lotSize: string
  /** What a size of 1 is worth: base units (linear) or quote units (inverse). Facts only; it changes no sum. */
  readonly contract: 'linear' | 'inverse'
}

/** Decimals and digits of a step: with them its products with tick counts stay exact. */
const MAX_DIGITS = 15

/**
 * Reads decimal text such as `0.01` or `25`.
 * @throws {VoxriskError} `bad-setting` unless it is a positive number of at most 15 digits
 */
export function parseDecimal(text: string, name: string): Decimal {
  const bytes = new TextEncoder().encode(typeof text === 'string' ? text.trim() : '')
  const out: Parsed = { value: 0, decimals: 0 }
  const verdict = parseBytes(bytes, 0, bytes.length, out)
  const { value, decimals } = out
  if (verdict !== Verdict.ok || value === 0 || value >= 10 ** MAX_DIGITS || decimals > MAX_DIGITS) {
    throw new VoxriskError(
      'bad-setting',
      `${name} "${text}" is not a positive decimal number of at most ${MAX_DIGITS} digits`,
      `Write ${name} like 0.01.`,
    )
  }
  return { units: value, decimals }
}

/** The shortest decimal text of an integer of 10^-decimals. */
export function formatDecimal(units: number, decimals: number): string {
  const sign = units < 0 ? '-' : ''
  const digits = String(Math.abs(units)).padStart(decimals + 1, '0') // no exponent below 10^21
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${sign}${whole}${fraction ? `.${fraction}` : ''}`
}

/**
 * The instrument with its decimals in their shortest form, so that `0.50` and `0.5` are the same one everywhere.
 * @throws {VoxriskError} `bad-setting` that names what is wrong
 */
export function normalInstrument({ symbol, tickSize, lotSize, contract }: Instrument): Instrument {
  const shortest = (text: string, name: string) => {
    const { units, decimals } = parseDecimal(text, name)
    return formatDecimal(units, decimals)
  }
  if (typeof symbol !== 'string' || !['linear', 'inverse'].includes(contract)) {
    throw new VoxriskError(
      'bad-setting',
      `instrument: symbol ${JSON.stringify(symbol)} or contract ${JSON.stringify(contract)} is not one`,
      'Give a text as symbol, and linear or inverse as contract.',
    )
  }
  return {
    symbol,
    tickSize: shortest(tickSize, 'tick size'),
    lotSize: shortest(lotSize, 'lot size'),
    contract,
  }
}

/** What the conversion of trades into ticks did, beside the ticks. */
export interface TickAccount {
  /** Trades that are no tick, by reason: `off-tick-grid`. */
  readonly rejected: Counts
  /** Trades that no `u32` holds, by reason: `price`, `size`. */
  readonly outside: Counts
  /** Positive sizes under half a lot, kept with size 0. */
  dust: number
  /** Ticks whose size was rounded to a whole lot, dust included. */
  rounded: number
  /** Σ (rounded − printed) sizes, in lots. */
  rounding: number
}

const U32_MAX = 2 ** 32 - 1

/** How to turn an integer of one decimal unit into an integer of a step: multiply, then divide. */
function scaleOf(decimals: number, step: Decimal): { multiply: number; divide: number } {
  const shift = step.decimals - decimals
  return shift >= 0
    ? { multiply: 10 ** shift, divide: step.units }
    : { multiply: 1, divide: step.units * 10 ** -shift }
}

/** Turns trades of a feed into ticks of an instrument, exactly, and keeps the account of what could not be. */
export class TickConverter {
  readonly account: TickAccount = { rejected: {}, outside: {}, dust: 0, rounded: 0, rounding: 0 }
  private readonly tick: Decimal
  private readonly lot: Decimal
  /** The session break before a dropped trade, for the next tick. */
  private breakPending = 0

  /** @throws {VoxriskError} `bad-setting` when tick or lot size is no decimal number */
  constructor(readonly instrument: Instrument) {
    this.tick = parseDecimal(instrument.tickSize, 'tick size')
    this.lot = parseDecimal(instrument.lotSize, 'lot size')
  }

  /**
   * The ticks of a chunk, in order. A price off the tick grid is rejected; a size is rounded half to even to lots.
   * A trade that follows a dropped one keeps its marks: the dropped one touches nothing.
   */
  convert(chunk: TradeChunk): TickColumns {
    const { account } = this
    const priceScale = scaleOf(chunk.priceDecimals, this.tick)
    const sizeScale = scaleOf(chunk.sizeDecimals, this.lot)
    const time = new Float64Array(chunk.length)
    const price = new Uint32Array(chunk.length)
    const size = new Uint32Array(chunk.length)
    const side = new Int8Array(chunk.length)
    const flags = new Uint8Array(chunk.length)
    let length = 0
    for (let i = 0; i < chunk.length; i++) {
      this.breakPending |= chunk.flags[i] & TradeFlag.sessionBreak
      const ticks = divide(chunk.price[i] * priceScale.multiply, priceScale.divide)
      if (Number.isNaN(ticks)) {
        count(account.rejected, 'off-tick-grid')
        continue
      }
      if (ticks > U32_MAX) {
        count(account.outside, 'price')
        continue
      }
      const exact = chunk.size[i] * sizeScale.multiply
      const lots = divideHalfEven(exact, sizeScale.divide)
      if (!(lots <= U32_MAX)) {
        count(account.outside, 'size')
        continue
      }
      const excess = lots * sizeScale.divide - exact
      if (excess !== 0) {
        account.rounded++
        account.rounding += excess / sizeScale.divide
        if (lots === 0) account.dust++
      }
      time[length] = chunk.time[i]
      price[length] = ticks
      size[length] = lots
      side[length] = chunk.side[i]
      flags[length] = chunk.flags[i] | this.breakPending
      this.breakPending = 0
      length++
    }
    return { length, time, price, size, side, flags }
  }
}

/** `dividend / divisor` when it is whole, NaN when not, Infinity when the dividend is past the exact range. */
function divide(dividend: number, divisor: number): number {
  if (dividend >= 2 ** 53) return Number.POSITIVE_INFINITY
  const quotient = Math.floor(dividend / divisor)
  return quotient * divisor === dividend ? quotient : Number.NaN
}

/** `dividend / divisor` rounded half to even; Infinity when the dividend is past the exact range. */
function divideHalfEven(dividend: number, divisor: number): number {
  if (dividend >= 2 ** 53) return Number.POSITIVE_INFINITY
  const quotient = Math.floor(dividend / divisor)
  const rest = dividend - quotient * divisor
  if (rest * 2 < divisor || (rest * 2 === divisor && quotient % 2 === 0)) return quotient
  return quotient + 1
}
