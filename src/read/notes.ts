import type { Counts, TradeChunk } from './trades.ts'

/** Passes trades on and counts what a reader should know of them: `same-time`, `back-in-time`, `identical`. */
export class Notes {
  private time = Number.NaN
  private price = Number.NaN
  private size = Number.NaN
  private side = 0
  private priceDecimals = 0
  private sizeDecimals = 0
  readonly counts: Counts = {}

  /** @param chunk the next trades, oldest first */
  see(chunk: TradeChunk): void {
    const { length, time, price, size, side } = chunk
    let lastTime = this.time
    let lastPrice = this.price * 10 ** (chunk.priceDecimals - this.priceDecimals)
    let lastSize = this.size * 10 ** (chunk.sizeDecimals - this.sizeDecimals)
    let lastSide = this.side
    let same = 0
    let back = 0
    let identical = 0
    for (let i = 0; i < length; i++) {
      const at = time[i]
      if (at === lastTime) {
        same++
        if (price[i] === lastPrice && size[i] === lastSize && side[i] === lastSide) identical++
      } else if (at < lastTime) {
        back++
      }
      lastTime = at
      lastPrice = price[i]
      lastSize = size[i]
      lastSide = side[i]
    }
    this.time = lastTime
    this.price = lastPrice
    this.size = lastSize
    this.side = lastSide
    this.priceDecimals = chunk.priceDecimals
    this.sizeDecimals = chunk.sizeDecimals
    add(this.counts, { 'same-time': same, 'back-in-time': back, identical })
  }
}

/** Adds counts to others; zeros leave no entry. */
export function add(to: Counts, counts: Readonly<Counts>): void {
  for (const [reason, times] of Object.entries(counts)) {
    if (times > 0) to[reason] = (to[reason] ?? 0) + times
  }
}
