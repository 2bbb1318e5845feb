import type { Timing } from './result.ts'

/** A figure of fewer clock steps than this is not reported. */
export const LEAST_QUANTA = 10
/** Fewest repeats for a meaningful 99th percentile. */
const REPEATS_FOR_P99 = 100

/**
 * Summarises the seconds of repeats.
 * @param quantum smallest step of the clock, in seconds
 * @returns null when there are no repeats, or the median is below ten quanta
 */
export function timingOf(seconds: readonly number[], quantum: number): Timing | null {
  const sorted = [...seconds].sort((a, b) => a - b)
  const median = quantile(sorted, 0.5)
  if (sorted.length === 0 || median < LEAST_QUANTA * quantum || median <= 0) return null
  return {
    median,
    p95: nearestRank(sorted, 0.95),
    p99: sorted.length >= REPEATS_FOR_P99 ? nearestRank(sorted, 0.99) : null,
    min: sorted[0],
    max: sorted[sorted.length - 1],
    spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median,
  }
}

function nearestRank(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]
}

/** Interpolates linearly between the two nearest values. @param sorted ascending */
export function quantile(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1)
  const below = sorted[Math.floor(at)]
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at))
}
