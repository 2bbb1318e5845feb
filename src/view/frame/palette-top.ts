import type { Hotspot } from '../../layers/trades/facts.ts'
import type { ViewMeasure } from '../types.ts'

/**
 * The upper end of the palette for each part of the score, in standard deviations times its weight in the
 * score.
 */
const PART_TOPS: Readonly<Record<Exclude<ViewMeasure, 'score'>, number>> = {
  activity: 4,
  volatility: 4,
  flow: 1.5,
}
/** A calm map should not look hot. */
const LEAST_TOP = 4
/** This many hotspots may exceed the palette, so that one outlier does not dim the others. */
const OUTLIERS = 4

/** The measure at the upper end of the palette. */
export function paletteTop(measure: ViewMeasure, ranked: readonly Hotspot[]): number {
  if (measure !== 'score') return PART_TOPS[measure]
  const reference = ranked[Math.min(OUTLIERS, ranked.length - 1)]
  return Math.max(LEAST_TOP, Math.ceil(reference?.score ?? 0))
}

/** By default, voxels with a measure below these are left out of the volume. */
export const DEFAULT_THRESHOLDS: Readonly<Record<ViewMeasure, number>> = {
  score: 1,
  activity: 1,
  volatility: 1,
  flow: 0.4,
}
