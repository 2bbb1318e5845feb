import type { TradeChunk } from '../events/trades.ts'
import type { Counts } from '../units/counts.ts'
import { addCounts } from '../units/counts.ts'

/** Counts oddities in the trades it sees: `same-time`, `back-in-time`, `identical`. */
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
    if (length === 0) return
    const lastPrice = this.price * 10 ** (chunk.priceDecimals - this.priceDecimals)
    const lastSize = this.size * 10 ** (chunk.sizeDecimals - this.sizeDecimals)
    let same = time[0] === this.time ? 1 : 0
    let back = time[0] < this.time ? 1 : 0
    let identical = same && price[0] === lastPrice && size[0] === lastSize && side[0] === this.side ? 1 : 0
    let before = time[0]
    for (let i = 1; i < length; i++) {
      const at = time[i]
      if (at === before) {
        same++
        if (price[i] === price[i - 1] && size[i] === size[i - 1] && side[i] === side[i - 1]) identical++
      } else if (at < before) {
        back++
      }
      before = at
    }
    this.time = before
    this.price = price[length - 1]
    this.size = size[length - 1]
    this.side = side[length - 1]
    this.priceDecimals = chunk.priceDecimals
    this.sizeDecimals = chunk.sizeDecimals
    addCounts(this.counts, { 'same-time': same, 'back-in-time': back, identical })
  }
}
