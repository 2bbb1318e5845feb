import type { Hotspot } from '../layers/trades/facts.ts'

/**
 * What is drawn of a voxel: the score, or the part of one of its terms. The three parts add up to the score.
 */
export type ViewMeasure = 'score' | 'activity' | 'volatility' | 'flow'

/** In the order of `Scene.measure` in shaders/draw/scene.wgsl. */
export const VIEW_MEASURES: readonly ViewMeasure[] = ['score', 'activity', 'volatility', 'flow']

/** The whole map in three dimensions, or time × price with all sizes joined or one size at a time. */
export type ViewMode = 'volume' | 'slices'

export const VIEW_MODES: readonly ViewMode[] = ['volume', 'slices']

/** The part of the map on show. */
export interface ViewRange {
  /** Start, ms since 1970, UTC. */
  readonly from: number
  /** End, ms since 1970, UTC. */
  readonly to: number
  /** Lowest price, quote currency. */
  readonly low: number
  /** Highest price, quote currency. */
  readonly high: number
}

/** The size bin on show, or all of them. With `all`, each cell of the slices shows its highest size bin. */
export type ViewSize = number | 'all'

/** What is under a point of the picture. */
export interface ViewPick {
  /** The hotspot whose marker is there. */
  readonly hotspot: Hotspot | null
  /** The cell of time × price there, as absolute bin numbers; null outside the plot and in the volume. */
  readonly cell: { readonly time: number; readonly price: number } | null
}

/** What a cell of the slices holds. */
export interface CellFacts {
  /** Time span of the cell, ISO 8601, UTC; `from` included, `to` excluded. */
  readonly time: { readonly from: string; readonly to: string }
  /** Price span of the cell, decimal text in quote currency; `from` included, `to` excluded. */
  readonly price: { readonly from: string; readonly to: string }
  /** The highest measure over the sizes shown; null if nothing is scored. */
  readonly measure: number | null
  /**
   * Volume traded in the cell at the sizes shown, in the feed's size unit; null for a map created without
   * `details`.
   */
  readonly volume: number | null
  /**
   * Bought minus sold by the aggressor, in the feed's size unit; null for a map created without `details`.
   */
  readonly netFlow: number | null
}
