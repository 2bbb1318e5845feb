import { type Counts, count } from '../units/counts.ts'
import { type Decimal, type Instrument, parseDecimal } from '../units/instrument.ts'
import type { TickColumns } from './ticks.ts'
import { type TradeChunk, TradeFlag } from './trades.ts'

/** What the conversion of trades into ticks did, apart from the ticks. */
export interface TickAccount {
  /** Trades that cannot be ticks, by reason: `off-tick-grid`. */
  readonly rejected: Counts
  /** Trades that do not fit a `u32`, by reason: `price`, `size`. */
  readonly outside: Counts
  /** Positive sizes under half a lot, kept with size 0. */
  dust: number
  /** Ticks whose size was rounded to a whole lot, dust included. */
  rounded: number
  /** Σ (rounded − printed) sizes, in lots. */
  rounding: number
}

const U32_MAX = 2 ** 32 - 1

/** How to convert an integer of one decimal unit to an integer of a step: multiply, then divide. */
function scaleOf(decimals: number, step: Decimal): { multiply: number; divide: number } {
  const shift = step.decimals - decimals
  return shift >= 0
    ? { multiply: 10 ** shift, divide: step.units }
    : { multiply: 1, divide: step.units * 10 ** -shift }
}

/**
 * Converts trades of a feed into ticks of an instrument, exactly, and keeps an account of those it could not.
 */
export class TickConverter {
  /** What became of the trades so far; grows with every chunk. */
  readonly account: TickAccount = { rejected: {}, outside: {}, dust: 0, rounded: 0, rounding: 0 }
  private readonly tick: Decimal
  private readonly lot: Decimal
  /** The session break before a dropped trade, carried over to the next tick. */
  private breakPending = 0

  /** @throws {VoxriskError} `bad-setting` when tick or lot size is not a decimal number */
  constructor(
    /** Its tick and lot are the units of the ticks. */
    readonly instrument: Instrument,
  ) {
    this.tick = parseDecimal(instrument.tickSize, 'tick size')
    this.lot = parseDecimal(instrument.lotSize, 'lot size')
  }

  /** Remembers this state. The function returned goes back to it, as if nothing had been converted since. */
  savepoint(): () => void {
    const { breakPending } = this
    const account = structuredClone(this.account)
    return () => {
      this.breakPending = breakPending
      Object.assign(this.account, account)
    }
  }

  /**
   * Converts a chunk to ticks, in order. A price off the tick grid is rejected; a size is rounded half to
   * even to whole lots. Dropping a trade does not affect the next one: it keeps its marks.
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

/** `dividend / divisor` if it is whole, NaN if not, Infinity if the dividend is beyond the exact range. */
function divide(dividend: number, divisor: number): number {
  if (dividend >= 2 ** 53) return Number.POSITIVE_INFINITY
  const quotient = Math.floor(dividend / divisor)
  return quotient * divisor === dividend ? quotient : Number.NaN
}

/** `dividend / divisor` rounded half to even; Infinity if the dividend is beyond the exact range. */
function divideHalfEven(dividend: number, divisor: number): number {
  if (dividend >= 2 ** 53) return Number.POSITIVE_INFINITY
  const quotient = Math.floor(dividend / divisor)
  const rest = dividend - quotient * divisor
  if (rest * 2 < divisor || (rest * 2 === divisor && quotient % 2 === 0)) return quotient
  return quotient + 1
}
