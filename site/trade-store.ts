import { VoxriskError } from '../src/errors.ts'
import type { ReadAccount, TradeChunk, TradeSource } from '../src/events/trades.ts'
import type { Spool } from '../src/read/spool.ts'
import { Breather } from './breathe.ts'

/** Columns of one trade: time, price and size as float64, side and flags as a byte each. */
const BYTES_A_TRADE = 26

/** 1.04 GB: tabs of 32-bit phones end near 2 GB, and the map and the browser want their part. */
const MOST_TRADES = 40_000_000

/**
 * The trades of a source in memory, {@link BYTES_A_TRADE} bytes each, to be mapped again and again: a source that can be read as often
 * as wanted, in tasks that leave the page its clicks.
 */
export class TradeStore implements TradeSource {
  readonly format: string
  readonly symbol: string
  readonly contract: TradeSource['contract']
  readonly account: ReadAccount
  /** µs since 1970; of the earliest and the latest trade. */
  readonly first: number
  readonly last: number

  private constructor(
    source: TradeSource,
    private readonly stored: readonly TradeChunk[],
    readonly trades: number,
  ) {
    this.format = source.format
    this.symbol = source.symbol
    this.contract = source.contract
    this.account = source.account
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const { time } of stored) {
      for (const at of time) {
        if (at < first) first = at
        if (at > last) last = at
      }
    }
    this.first = first
    this.last = last
  }

  /**
   * Reads a source to its end.
   * @param onTrades called after every chunk with the trades so far
   * @throws {VoxriskError} of reading; `out-of-memory` when there are more trades than `most`; the signal's reason
   */
  static async read(
    source: TradeSource,
    {
      onTrades,
      signal,
      most = MOST_TRADES,
    }: { onTrades?: (trades: number) => void; signal?: AbortSignal; most?: number } = {},
  ): Promise<TradeStore> {
    const breather = new Breather(signal)
    const stored: TradeChunk[] = []
    let trades = 0
    for await (const chunk of source.chunks()) {
      trades += chunk.length
      if (trades > most) throw tooMany(most)
      stored.push(trimmed(chunk))
      onTrades?.(trades)
      await breather.breathe()
    }
    return new TradeStore(source, stored, trades)
  }

  async *chunks(): AsyncGenerator<TradeChunk> {
    const breather = new Breather()
    for (const chunk of this.stored) {
      await breather.breathe()
      yield chunk
    }
  }

  /** The same trades where a job wants a place to put them aside: they are there already. */
  spool(): Spool {
    return {
      rows: this.trades,
      write: async () => {},
      chunks: () => this.chunks(),
      chunksReversed: () => {
        throw new Error('only files that run newest first are read backwards')
      },
      destroy: async () => {},
    }
  }
}

/** The used part of a chunk's columns; those of a reader may be longer, or be written again. */
function trimmed(chunk: TradeChunk): TradeChunk {
  const { length } = chunk
  return {
    ...chunk,
    time: chunk.time.slice(0, length),
    price: chunk.price.slice(0, length),
    size: chunk.size.slice(0, length),
    side: chunk.side.slice(0, length),
    flags: chunk.flags.slice(0, length),
  }
}

function tooMany(most: number): VoxriskError {
  const millions = `${most / 1e6} million`
  return new VoxriskError(
    'out-of-memory',
    `there are more than ${millions} trades, ${BYTES_A_TRADE} bytes each: too many to keep in memory`,
    'Map them in one job that keeps its trades on disk.',
    { settings: ['newSpool'] },
  )
}
