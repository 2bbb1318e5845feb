import { VoxriskError } from '../errors.ts'
import type { TradeChunk } from '../events/trades.ts'

/** Trades set aside to be read again, forwards or backwards, as often as needed. */
export interface Spool {
  /** Trades written so far. */
  readonly rows: number
  /** Appends a chunk. Call it one at a time, and leave the columns unchanged until the promise resolves. */
  write(chunk: TradeChunk): Promise<void>
  /** The trades in the order written. */
  chunks(): AsyncIterable<TradeChunk>
  /** The trades last to first. */
  chunksReversed(): AsyncIterable<TradeChunk>
  /**
   * Frees what the spool holds; a second call does nothing. Any other use afterwards is a `bad-state` error.
   */
  destroy(): Promise<void>
}

/**
 * A spool in memory: 26 bytes per trade. It keeps the chunks themselves, so they must not be changed
 * afterwards.
 */
export function memorySpool(): Spool {
  let stored: TradeChunk[] | undefined = []
  let rows = 0
  const open = () => stored ?? raiseDestroyed()
  return {
    get rows() {
      return rows
    },
    async write(chunk) {
      open().push(chunk)
      rows += chunk.length
    },
    async *chunks() {
      for (let i = 0; i < open().length; i++) yield open()[i]
    },
    async *chunksReversed() {
      for (let i = open().length - 1; i >= 0; i--) yield reverseChunk(open()[i])
    },
    async destroy() {
      stored = undefined
    },
  }
}

/** @throws {VoxriskError} `bad-state`, always */
export function raiseDestroyed(): never {
  throw new VoxriskError('bad-state', 'the spool has been destroyed', 'Make another one.')
}

/**
 * The same trades last to first, including those at the same instant: a feed that runs newest first reverses
 * them too.
 */
export function reverseChunk(chunk: TradeChunk): TradeChunk {
  const { length } = chunk
  return {
    ...chunk,
    time: chunk.time.slice(0, length).reverse(),
    price: chunk.price.slice(0, length).reverse(),
    size: chunk.size.slice(0, length).reverse(),
    side: chunk.side.slice(0, length).reverse(),
    flags: chunk.flags.slice(0, length).reverse(),
  }
}
