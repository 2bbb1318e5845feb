import { POWERS_OF_TEN } from './decimal.ts'
import { CHUNK_ROWS, type TradeChunk } from './trades.ts'

/**
 * Gathers trades into chunks whose prices, and sizes, share a decimal unit. Decimals start from those of the chunk
 * before; they shrink only where an empty chunk could not hold the trade otherwise.
 */
export class PendingChunk {
  #columns = newColumns()
  #length = 0
  #priceDecimals = 0
  #sizeDecimals = 0

  /** Trades since the last {@link take}, at most {@link CHUNK_ROWS}. */
  get length(): number {
    return this.#length
  }

  /**
   * Appends a trade; there must be room.
   * @param price integer of 10^-priceDecimals, 1 … 2^53 − 1; trailing zeros do no harm
   * @param size integer of 10^-sizeDecimals, alike
   * @returns false when no decimals below 2^53 hold the trade beside the others: it then fits the next chunk
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
    const priceGap = this.#priceDecimals - priceDecimals
    const sizeGap = this.#sizeDecimals - sizeDecimals
    const scaledPrice = priceGap > 0 ? price * POWERS_OF_TEN[priceGap] : price
    const scaledSize = sizeGap > 0 ? size * POWERS_OF_TEN[sizeGap] : size
    if (
      priceGap < 0 ||
      sizeGap < 0 ||
      scaledPrice > Number.MAX_SAFE_INTEGER ||
      scaledSize > Number.MAX_SAFE_INTEGER
    ) {
      while (priceDecimals > 0 && price % 10 === 0) {
        price /= 10
        priceDecimals--
      }
      while (sizeDecimals > 0 && size % 10 === 0) {
        size /= 10
        sizeDecimals--
      }
      if (!this.#adoptDecimals(price, priceDecimals, size, sizeDecimals)) return false
      return this.append(time, price, priceDecimals, size, sizeDecimals, side, flags)
    }
    const columns = this.#columns
    const i = this.#length++
    columns.time[i] = time
    columns.price[i] = scaledPrice
    columns.size[i] = scaledSize
    columns.side[i] = side
    columns.flags[i] = flags
    return true
  }

  /** Gives the trades away and begins a new chunk. */
  take(): TradeChunk {
    const length = this.#length
    let { time, price, size, side, flags } = this.#columns
    if (length === CHUNK_ROWS) {
      this.#columns = newColumns()
    } else {
      time = time.slice(0, length)
      price = price.slice(0, length)
      size = size.slice(0, length)
      side = side.slice(0, length)
      flags = flags.slice(0, length)
    }
    this.#length = 0
    const [priceDecimals, sizeDecimals] = [this.#priceDecimals, this.#sizeDecimals]
    return { length, time, price, size, side, flags, priceDecimals, sizeDecimals }
  }

  #adoptDecimals(price: number, priceDecimals: number, size: number, sizeDecimals: number): boolean {
    const length = this.#length
    const { price: prices, size: sizes } = this.#columns
    const forPrice = commonDecimals(prices, length, this.#priceDecimals, price, priceDecimals)
    const forSize = commonDecimals(sizes, length, this.#sizeDecimals, size, sizeDecimals)
    if (forPrice < 0 || forSize < 0) return false
    rescale(prices, length, forPrice - this.#priceDecimals)
    rescale(sizes, length, forSize - this.#sizeDecimals)
    this.#priceDecimals = forPrice
    this.#sizeDecimals = forSize
    return true
  }
}

/** Decimals in which a value fits beside `length` used entries of `column`; −1 when there are none below 2^53. */
function commonDecimals(
  column: Float64Array,
  length: number,
  current: number,
  value: number,
  decimals: number,
): number {
  if (decimals <= current && value * POWERS_OF_TEN[current - decimals] <= Number.MAX_SAFE_INTEGER)
    return current
  if (length === 0) return decimals
  if (decimals <= current) return -1
  const factor = POWERS_OF_TEN[decimals - current]
  for (let i = 0; i < length; i++) if (column[i] * factor > Number.MAX_SAFE_INTEGER) return -1
  return decimals
}

function rescale(column: Float64Array, length: number, byDecimals: number): void {
  if (byDecimals <= 0) return
  const factor = POWERS_OF_TEN[byDecimals]
  for (let i = 0; i < length; i++) column[i] *= factor
}

function newColumns() {
  return {
    time: new Float64Array(CHUNK_ROWS),
    price: new Float64Array(CHUNK_ROWS),
    size: new Float64Array(CHUNK_ROWS),
    side: new Int8Array(CHUNK_ROWS),
    flags: new Uint8Array(CHUNK_ROWS),
  }
}
