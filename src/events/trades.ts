import type { Counts } from '../units/counts.ts'

/** Bits of {@link TradeChunk.flags}. */
export const TradeFlag = {
  /**
   * The venue marks the print as suspicious, busted or off-market: no increment leads to or from its price.
   */
  flagged: 1,
  /** The first trade after a session break: its price has no increment. */
  sessionBreak: 2,
  /**
   * The row's side was the resting order's and has been reversed; the aggressor may have a row of its own.
   */
  restingRow: 4,
} as const

/**
 * Trades in feed order as the feed printed them, before the instrument is known. Numbers are integers of a
 * decimal unit, so nothing has gone through a binary fraction. Each column has `length` used entries (the
 * arrays may be longer).
 */
export interface TradeChunk {
  /** Number of trades, 0 or more. */
  readonly length: number
  /** µs since the Unix epoch, an integer in 0 … 2^53. */
  readonly time: Float64Array
  /** Price as an integer of 10^-priceDecimals, 1 … 2^53 − 1. */
  readonly price: Float64Array
  /** Size as an integer of 10^-sizeDecimals, 1 … 2^53 − 1. */
  readonly size: Float64Array
  /** Aggressor side: +1 bought, −1 sold, 0 not given by the feed. */
  readonly side: Int8Array
  /** Bits of {@link TradeFlag}. */
  readonly flags: Uint8Array
  /** Decimals of every price of the chunk, 0 or more. */
  readonly priceDecimals: number
  /** Decimals of every size of the chunk, 0 or more. */
  readonly sizeDecimals: number
}

/** What happened to every row that was read. */
export interface ReadAccount {
  /** Rows read, not counting the header. */
  read: number
  /** Rows that are not valid trades, by reason. */
  rejected: Counts
  /** Valid trades that were not requested (another symbol), by reason. */
  outside: Counts
  /**
   * Peculiarities of the trades that were kept: `same-time` as the trade before, `back-in-time`, `identical`
   * to the trade before (time, price, size, side), `flagged` by the venue, `id-gaps` and the `missing-ids` in
   * them.
   */
  noted: Counts
}

/** Trades of one instrument from one or more files; can be read once. */
export interface TradeSource {
  /** Format recognised or requested. */
  readonly format: string
  /** Symbol the trades belong to; empty when neither feed nor caller names one. */
  readonly symbol: string
  /** What the feed's sizes count, if its format says so: base units (linear) or quote units (inverse). */
  readonly contract?: 'linear' | 'inverse' | undefined
  /**
   * The trades in feed order. Chunks are small enough to hold several in memory (at most {@link CHUNK_ROWS}
   * rows).
   * @throws {VoxriskError} `bad-data` when the file breaks off or does not have the format it claims.
   */
  chunks(): AsyncIterable<TradeChunk>
  /** Grows while `chunks()` is consumed; complete when it ends. */
  readonly account: ReadAccount
}

/** Most rows of one {@link TradeChunk}. */
export const CHUNK_ROWS = 65_536

/**
 * Bytes per trade in the columns of a {@link TradeChunk}: time, price and size as float64, side and flags as
 * one byte each.
 */
export const TRADE_BYTES = 26

/**
 * A range of a chunk that shares its memory.
 * @param from 0 … `to`
 * @param to the trade after the last; clamped to the end
 */
export function sliceTrades(chunk: TradeChunk, from: number, to: number): TradeChunk {
  const end = Math.min(to, chunk.length)
  return {
    ...chunk,
    length: end - from,
    time: chunk.time.subarray(from, end),
    price: chunk.price.subarray(from, end),
    size: chunk.size.subarray(from, end),
    side: chunk.side.subarray(from, end),
    flags: chunk.flags.subarray(from, end),
  }
}
