import { VoxriskError } from '../../errors.ts'
import { type ReadAccount, TRADE_BYTES, type TradeChunk, type TradeSource } from '../../events/trades.ts'
import type { Spool } from '../../read/spool.ts'
import { grouped } from '../../units/grouped.ts'
import { Breather } from './breather.ts'
import { checkMost } from './check-most.ts'
import { untilAborted } from './until-aborted.ts'

/** 1.04 GB: tabs on 32-bit phones run out near 2 GB, and the map and the browser need their share. */
const MOST_TRADES = 40_000_000

/** Options for reading trades into memory. */
export interface TradeStoreOptions {
  /** Called after every chunk with the number of trades so far. */
  readonly onTrades?: (trades: number) => void
  /** Ends the reading at once, even while the source is silent. It then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Most trades to keep, 26 bytes of memory each; 0 … ∞, default 40 million. */
  readonly most?: number
}

/**
 * The trades of a source in memory, 26 bytes each: a source that can be read any number of times. It yields
 * the thread between chunks.
 */
export class TradeStore implements TradeSource {
  /** Format of the source. */
  readonly format: string
  /** Symbol of the source; empty if none is known. */
  readonly symbol: string
  /** What sizes count: base units (linear) or quote units (inverse); undefined if the source does not say. */
  readonly contract: TradeSource['contract']
  /** What became of the rows of the source. */
  readonly account: ReadAccount
  /** Time of the earliest trade, µs since 1970; ∞ if there are no trades. */
  readonly first: number
  /** Time of the latest trade, µs since 1970; −∞ if there are no trades. */
  readonly last: number

  private constructor(
    source: TradeSource,
    private readonly stored: readonly TradeChunk[],
    /** Number of trades. */
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
   * @throws {VoxriskError} from reading; `bad-setting` when `most` is not a count; `out-of-memory` when there
   *   are more trades than `most`
   * @throws the signal's reason
   */
  static async read(
    source: TradeSource,
    { onTrades, signal = new AbortController().signal, most = MOST_TRADES }: TradeStoreOptions = {},
  ): Promise<TradeStore> {
    checkMost(most, 'mostTrades')
    const breather = new Breather(signal)
    const stored: TradeChunk[] = []
    let trades = 0
    for await (const chunk of untilAborted(source.chunks(), signal)) {
      trades += chunk.length
      if (trades > most) throw tooMany(most)
      stored.push(copyOf(chunk))
      onTrades?.(trades)
      await breather.breathe()
    }
    return new TradeStore(source, stored, trades)
  }

  /**
   * The trades in feed order, as often as they are asked for. The columns belong to the store: do not change
   * them.
   */
  async *chunks(): AsyncGenerator<TradeChunk> {
    const breather = new Breather()
    for (const chunk of this.stored) {
      await breather.breathe()
      yield chunk
    }
  }

  /** The trades as a spool, for a job that needs one. It is already full, so writing to it does nothing. */
  spool(): Spool {
    return {
      rows: this.trades,
      write: async () => {},
      chunks: () => this.chunks(),
      chunksReversed: () => {
        throw new Error('stored trades cannot be read backwards')
      },
      destroy: async () => {},
    }
  }
}

/** A copy of the used part of a chunk's columns: a reader's own may be longer, and it may reuse them. */
function copyOf(chunk: TradeChunk): TradeChunk {
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
  return new VoxriskError(
    'out-of-memory',
    `there are more than ${grouped(most)} trades, ${TRADE_BYTES} bytes each: too many to keep in memory`,
    'Allow more trades in memory, open a shorter span, or map the trades in one pass, which keeps none.',
    { settings: ['mostTrades'] },
  )
}
