import type { TradeStore } from 'voxrisk/read'

/** Price and volume over time in columns of equal duration, for the strip below the picture. */
export interface Strip {
  /** Middle of each column, ms since 1970. */
  readonly time: number[]
  /** Last price in quote currency; null for a column without trades. */
  readonly price: (number | null)[]
  /** In the feed's size unit. */
  readonly volume: number[]
}

/** @param columns at least 1 */
export async function stripOf(store: TradeStore, columns: number): Promise<Strip> {
  const { first, last } = store
  const width = Math.max((last - first) / columns, 1)
  const strip: Strip = {
    time: Array.from({ length: columns }, (_, column) => (first + (column + 0.5) * width) / 1000),
    price: new Array(columns).fill(null),
    volume: new Array(columns).fill(0),
  }
  for await (const { length, time, price, size, priceDecimals, sizeDecimals } of store.chunks()) {
    const priceUnit = 10 ** -priceDecimals
    const sizeUnit = 10 ** -sizeDecimals
    for (let i = 0; i < length; i++) {
      const column = Math.min(Math.floor((time[i] - first) / width), columns - 1)
      strip.price[column] = price[i] * priceUnit
      strip.volume[column] += size[i] * sizeUnit
    }
  }
  return strip
}
