const MINUTE = 60e6

/** Widths of a time bin that read well, in µs: 1 minute to 1 day, ascending. */
export const TIME_WIDTHS: readonly number[] = [1, 2, 5, 10, 15, 30, 60, 240, 720, 1440].map(n => n * MINUTE)

/** A day in bins of 5 minutes, a quarter in bins of 1 hour. */
const MOST_BINS_BY_DEFAULT = 2300
const SHORTEST_BY_DEFAULT = 5 * MINUTE

/**
 * A width of the time bins for a picture of trades: the shortest of {@link TIME_WIDTHS} from 5 minutes on that gives at most
 * 2,300 bins, or a day.
 * @param span from the first trade to the last, µs
 * @returns µs
 */
export function suitingTimeWidth(span: number): number {
  const suits = (width: number) => width >= SHORTEST_BY_DEFAULT && span / width <= MOST_BINS_BY_DEFAULT
  return TIME_WIDTHS.find(suits) ?? TIME_WIDTHS[TIME_WIDTHS.length - 1]
}
