const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MONTH = 30.4375 * DAY
const YEAR = 12 * MONTH

/** Steps of a time axis in ms; months and years stand for as many as they are long on average. */
export const TIME_STEPS: number[] = [
  ...[0.001, 0.01, 0.1].flatMap(unit => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map(times => times * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(times => times * MINUTE),
  ...[1, 2, 3, 6, 12].map(times => times * HOUR),
  ...[1, 2, 7, 14].map(times => times * DAY),
  ...[1, 2, 3, 6].map(times => times * MONTH),
  ...[1, 2, 5, 10, 20, 50, 100].map(times => times * YEAR),
]

/** Places of the ticks in UTC. The library's own time axis counts in the reader's time zone. */
export function timeSplits(from: number, to: number, step: number): number[] {
  const splits: number[] = []
  if (step < MONTH) {
    for (let i = Math.ceil(from / step); i * step <= to; i++) splits.push(i * step)
    return splits
  }
  const months = Math.round(step / MONTH)
  const first = new Date(from)
  const start = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / months) * months
  for (let month = start; ; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12)
    if (at > to) return splits
    if (at >= from) splits.push(at)
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Labels of the ticks: the unit of the step, and under it the date or year where it begins or changes. */
export function timeLabels(splits: readonly number[], step: number): string[] {
  let before = ''
  return splits.map(at => {
    const date = new Date(at)
    const [year, month, day] = [date.getUTCFullYear(), MONTHS[date.getUTCMonth()], date.getUTCDate()]
    const iso = date.toISOString()
    let label: string
    let above: string
    if (step < DAY) {
      const micros = String(Math.round((at - Math.floor(at)) * 1000)).padStart(3, '0')
      label =
        step >= MINUTE
          ? iso.slice(11, 16)
          : step >= SECOND
            ? iso.slice(11, 19)
            : step >= 1
              ? iso.slice(11, 23)
              : `${iso.slice(17, 23)}${micros}`
      above = `${day} ${month} ${year}`
    } else {
      label = step < MONTH ? `${day} ${month}` : step < YEAR ? month : `${year}`
      above = step < YEAR ? `${year}` : ''
    }
    const text = above !== before && above ? `${label}\n${above}` : label
    before = above
    return text
  })
}
