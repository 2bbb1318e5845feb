/** Counts by reason, e.g. `{ 'zero-size': 3 }`. */
export type Counts = Record<string, number>

/** Counts one more of a reason, or several. */
export function count(counts: Counts, reason: string, times = 1): void {
  counts[reason] = (counts[reason] ?? 0) + times
}

/** Adds counts to others; zeros leave no entry. */
export function addCounts(to: Counts, counts: Readonly<Counts>): void {
  for (const [reason, times] of Object.entries(counts)) {
    if (times > 0) count(to, reason, times)
  }
}

/** All reasons together. */
export function totalOf(counts: Readonly<Counts>): number {
  return Object.values(counts).reduce((sum, times) => sum + times, 0)
}
