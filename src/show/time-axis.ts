const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MONTH = 30.4375 * DAY
const YEAR = 12 * MONTH

/** Steps of a time axis, ms, ascending. Months and years have their average length. */
export const TIME_STEPS: readonly number[] = [
  ...[0.001, 0.01, 0.1].flatMap(unit => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map(times => times * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(times => times * MINUTE),
  ...[1, 2, 3, 6, 12].map(times => times * HOUR),
  ...[1, 2, 7, 14].map(times => times * DAY),
  ...[1, 2, 3, 6].map(times => times * MONTH),
  ...[1, 2, 5, 10, 20, 50, 100].map(times => times * YEAR),
]

/**
 * Positions of the ticks in UTC, without the end itself, where a label would not fit. uPlot's own time axis
 * uses the reader's time zone.
 * @param from ms since 1970
 * @param to ms since 1970
 * @param step ms, one of {@link TIME_STEPS}
 * @returns ms since 1970, ascending
 */
export function timeSplits(from: number, to: number, step: number): number[] {
  const splits: number[] = []
  if (step < MONTH) {
    for (let i = Math.ceil(from / step); i * step < to; i++) splits.push(i * step)
    return splits
  }
  const months = Math.round(step / MONTH)
  const first = new Date(from)
  const start = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / months) * months
  for (let month = start; ; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12)
    if (at >= to) return splits
    if (at >= from) splits.push(at)
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Labels of the ticks in UTC, one each. A second line gives the date and the year where they begin or change.
 * @param splits ms since 1970, ascending, as of {@link timeSplits}
 * @param step ms between them
 */
export function timeLabels(splits: readonly number[], step: number): string[] {
  let known = { day: '', year: '' }
  return splits.map(at => {
    const date = new Date(at)
    const year = `${date.getUTCFullYear()}`
    const month = MONTHS[date.getUTCMonth()]
    const day = `${date.getUTCDate()} ${month}`
    const label = step < DAY ? timeOfDay(at, date, step) : step < MONTH ? day : step < YEAR ? month : year
    const under = [
      step < DAY && `${day} ${year}` !== known.day ? day : '',
      step < YEAR && year !== known.year ? year : '',
    ].filter(text => text)
    known = { day: `${day} ${year}`, year }
    return under.length > 0 ? `${label}\n${under.join(' ')}` : label
  })
}

function timeOfDay(at: number, date: Date, step: number): string {
  const iso = date.toISOString()
  if (step >= MINUTE) return iso.slice(11, 16)
  if (step >= SECOND) return iso.slice(11, 19)
  if (step >= 1) return iso.slice(11, 23)
  const micros = Math.round((at - Math.floor(at)) * 1000)
  return `${iso.slice(17, 23)}${String(micros).padStart(3, '0')}`
}
