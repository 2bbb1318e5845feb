/** Counts by reason, e.g. `{ 'zero-size': 3 }`. */
export type Counts = Record<string, number>

/** Counts a reason once, or `times` times. */
export function count(counts: Counts, reason: string, times = 1): void {
  counts[reason] = (counts[reason] ?? 0) + times
}

/** Adds counts to others. Zeros leave no entry. */
export function addCounts(to: Counts, counts: Readonly<Counts>): void {
  for (const [reason, times] of Object.entries(counts)) {
    if (times > 0) count(to, reason, times)
  }
}

/** Sum over all reasons. */
export function totalOf(counts: Readonly<Counts>): number {
  return Object.values(counts).reduce((sum, times) => sum + times, 0)
}
