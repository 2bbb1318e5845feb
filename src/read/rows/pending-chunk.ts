import { CHUNK_ROWS, type TradeChunk } from '../../events/trades.ts'
import { neededDecimals, POWERS_OF_TEN, rescaled } from '../../units/decimal.ts'

/** A chunk being filled. */
export class PendingChunk {
  length = 0
  time = new Float64Array(CHUNK_ROWS)
  price = new Float64Array(CHUNK_ROWS)
  size = new Float64Array(CHUNK_ROWS)
  side = new Int8Array(CHUNK_ROWS)
  flags = new Uint8Array(CHUNK_ROWS)
  priceDecimals = 0
  sizeDecimals = 0

  /**
   * Appends a trade, changing the decimals if needed. They start as in the previous chunk, and shrink only if
   * even an empty chunk could not hold the trade otherwise.
   * @returns false when the trade cannot share the chunk
   */
  append(
    time: number,
    price: number,
    priceDecimals: number,
    size: number,
    sizeDecimals: number,
    side: number,
    flags: number,
  ): boolean {
    const { length } = this
    const forPrice = commonDecimals(this.price, length, this.priceDecimals, price, priceDecimals)
    const forSize = commonDecimals(this.size, length, this.sizeDecimals, size, sizeDecimals)
    if (forPrice < 0 || forSize < 0) return false
    multiply(this.price, length, forPrice - this.priceDecimals)
    multiply(this.size, length, forSize - this.sizeDecimals)
    this.priceDecimals = forPrice
    this.sizeDecimals = forSize
    this.time[length] = time
    this.price[length] = rescaled(price, priceDecimals, forPrice)
    this.size[length] = rescaled(size, sizeDecimals, forSize)
    this.side[length] = side
    this.flags[length] = flags
    this.length++
    return true
  }

  /** Returns the trades and begins the next chunk. */
  take(): TradeChunk {
    const { length, priceDecimals, sizeDecimals } = this
    let { time, price, size, side, flags } = this
    if (length === CHUNK_ROWS) {
      this.time = new Float64Array(CHUNK_ROWS)
      this.price = new Float64Array(CHUNK_ROWS)
      this.size = new Float64Array(CHUNK_ROWS)
      this.side = new Int8Array(CHUNK_ROWS)
      this.flags = new Uint8Array(CHUNK_ROWS)
    } else {
      time = time.slice(0, length)
      price = price.slice(0, length)
      size = size.slice(0, length)
      side = side.slice(0, length)
      flags = flags.slice(0, length)
    }
    this.length = 0
    return { length, time, price, size, side, flags, priceDecimals, sizeDecimals }
  }
}

/**
 * Decimals that fit a value and the first `length` entries of `column`; −1 when none keep them below 2^53.
 */
function commonDecimals(
  column: Float64Array,
  length: number,
  current: number,
  value: number,
  printed: number,
): number {
  if (rescaled(value, printed, current) >= 0) return current
  const needed = neededDecimals(value, printed)
  if (length === 0) return needed
  if (needed <= current) return -1
  for (let i = 0; i < length; i++) if (rescaled(column[i], current, needed) < 0) return -1
  return needed
}

function multiply(column: Float64Array, length: number, byPower: number): void {
  if (byPower <= 0) return
  const factor = POWERS_OF_TEN[byPower]
  for (let i = 0; i < length; i++) column[i] *= factor
}
