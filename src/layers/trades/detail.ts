import type { DetailPage, KeptPage } from '../../engine/work.ts'

/** What a view shows of a page of trades besides its scores. Voxel (price x, size s) lies at s · 64 + x. */
export interface TradeDetail {
  /**
   * Part of the score from the number of trades, Q16: the three parts add up to it. 0 where there is no
   * score.
   */
  readonly activity: Int32Array
  /** Part of the score from price moves, as `activity`. */
  readonly volatility: Int32Array
  /** Part of the score from one-sided volume, as `activity`. */
  readonly flow: Int32Array
  /** Lots that traded in the voxel itself, without the kernel; exact, also where there is no score. */
  readonly volume: Float64Array
  /** Lots bought less lots sold by the aggressors, as `volume`. */
  readonly netFlow: Float64Array
}

/** A page of trades whose scores are kept, read back. */
export type KeptTrades = KeptPage<TradeDetail>

/** Names the planes of a page of details. */
export function tradeDetail({ parts, moments }: DetailPage): TradeDetail {
  const [activity, volatility, flow] = parts
  const [volume, netFlow] = moments
  return { activity, volatility, flow, volume, netFlow }
}
