const MINUTE = 60e6

/** Time bin widths that are easy to read, µs: 1 minute to 1 day, ascending. */
export const TIME_WIDTHS: readonly number[] = [1, 2, 5, 10, 15, 30, 60, 240, 720, 1440].map(n => n * MINUTE)

/** Enough for a day in bins of 5 minutes or a quarter in bins of 1 hour. */
const MOST_BINS_BY_DEFAULT = 2300
const SHORTEST_BY_DEFAULT = 5 * MINUTE

/**
 * A time bin width that suits a picture of trades: the shortest of {@link TIME_WIDTHS}, at least 5 minutes,
 * that gives at most 2,300 bins; 1 day if none does.
 * @param span from the first trade to the last, µs
 * @returns µs
 */
export function suitingTimeWidth(span: number): number {
  const suits = (width: number) => width >= SHORTEST_BY_DEFAULT && span / width <= MOST_BINS_BY_DEFAULT
  return TIME_WIDTHS.find(suits) ?? TIME_WIDTHS[TIME_WIDTHS.length - 1]
}
