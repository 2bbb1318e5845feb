import type { TickAccount } from '../src/events/convert.ts'
import { TickConverter } from '../src/events/convert.ts'
import type { TickColumns } from '../src/events/ticks.ts'
import type { Instrument } from '../src/units/instrument.ts'
import type { TradeStore } from './trade-store.ts'

/** Most ticks of one piece: small enough that a page can draw between two. */
const PIECE_TICKS = 16_384

/** Walks once through stored trades as ticks of an instrument. */
export class TickCursor {
  private readonly converter: TickConverter
  private readonly chunks: AsyncGenerator<
    { readonly length: number } & Parameters<TickConverter['convert']>[0]
  >
  private ticks: TickColumns | null = null
  /** Next tick of `ticks`. */
  private next = 0
  private ended = false
  /** Trades of the chunks converted so far. */
  private converted = 0

  constructor(store: TradeStore, instrument: Instrument) {
    this.converter = new TickConverter(instrument)
    this.chunks = store.chunks()
  }

  /** What became of the trades; of those of the chunk at hand, some of whose ticks may not have been taken yet, too. */
  get account(): TickAccount {
    return this.converter.account
  }

  get atEnd(): boolean {
    return this.ended
  }

  /** Trades passed: the ticks taken, and all that became no tick in the chunks met so far. */
  get passed(): number {
    return this.converted - (this.ticks ? this.ticks.length - this.next : 0)
  }

  /** The ticks in arrival order up to the first that is later than a time, in pieces that are valid until the next one. */
  async *until(time: number): AsyncGenerator<TickColumns> {
    for (;;) {
      if (!this.ticks || this.next === this.ticks.length) {
        const { value, done } = await this.chunks.next()
        if (done) {
          this.ended = true
          return
        }
        this.ticks = this.converter.convert(value)
        this.converted += value.length
        this.next = 0
      }
      const { ticks, next } = this
      const end = Math.min(ticks.length, next + PIECE_TICKS)
      let to = next
      while (to < end && ticks.time[to] <= time) to++
      this.next = to
      if (to > next) yield part(ticks, next, to)
      if (to < end) return
    }
  }
}

function part({ time, price, size, side, flags }: TickColumns, from: number, to: number): TickColumns {
  return {
    length: to - from,
    time: time.subarray(from, to),
    price: price.subarray(from, to),
    size: size.subarray(from, to),
    side: side.subarray(from, to),
    ...(flags ? { flags: flags.subarray(from, to) } : {}),
  }
}
