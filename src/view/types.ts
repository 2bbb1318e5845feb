import type { Hotspot } from '../layers/trades/facts.ts'

/** What is drawn of a voxel: the score, or one term's part of it (the three parts add up to the score). */
export type ViewMeasure = 'score' | 'activity' | 'volatility' | 'flow'

/** In the order of `Scene.measure` in shaders/draw/scene.wgsl. */
export const VIEW_MEASURES: readonly ViewMeasure[] = ['score', 'activity', 'volatility', 'flow']

/** The whole map in three dimensions, or time × price with the sizes joined or one at a time. */
export type ViewMode = 'volume' | 'slices'

export const VIEW_MODES: readonly ViewMode[] = ['volume', 'slices']

/** The part of the map that is shown. */
export interface ViewRange {
  /** Milliseconds since 1970, UTC. */
  readonly from: number
  readonly to: number
  /** Quote currency. */
  readonly low: number
  readonly high: number
}

/** Size bin shown, or all of them: in the slices each cell is then the highest of its sizes. */
export type ViewSize = number | 'all'

/** What lies under a point of the picture. */
export interface ViewPick {
  /** The hotspot whose marker is there. */
  readonly hotspot: Hotspot | null
  /** Slices: the cell of time × price there, as absolute bin numbers; null beside the plot and in the volume. */
  readonly cell: { readonly time: number; readonly price: number } | null
}

/** What a cell of the slices holds. */
export interface CellFacts {
  readonly time: { readonly from: string; readonly to: string }
  readonly price: { readonly from: string; readonly to: string }
  /** The highest measure of the sizes shown, null where none is scored. */
  readonly measure: number | null
  /** Traded in the cell at the sizes shown, the feed's size unit; null on a map made without `details`. */
  readonly volume: number | null
  /** Bought less sold by the aggressor, the feed's size unit; null on a map made without `details`. */
  readonly netFlow: number | null
}
