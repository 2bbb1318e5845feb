import { sliceTrades, type TradeChunk } from '../../events/trades.ts'

/** Most trades in a piece: few enough that a document can draw between pieces. */
const PIECE_TRADES = 16_384

/** Walks through stored trades once, in steps of any length. */
export class TradeCursor {
  private chunk: TradeChunk | null = null
  /** Next trade of `chunk`. */
  private next = 0

  constructor(private readonly chunks: AsyncIterator<TradeChunk>) {}

  /** The trades in arrival order, in pieces, up to but excluding the first that is later than `time` (µs). */
  async *until(time: number): AsyncGenerator<TradeChunk> {
    for (;;) {
      if (!this.chunk || this.next === this.chunk.length) {
        const { value, done } = await this.chunks.next()
        if (done) return
        this.chunk = value
        this.next = 0
      }
      const { chunk, next } = this
      const end = Math.min(chunk.length, next + PIECE_TRADES)
      let to = next
      while (to < end && chunk.time[to] <= time) to++
      this.next = to
      if (to > next) yield sliceTrades(chunk, next, to)
      if (to < end) return
    }
  }
}
