// How numbers, times and ranges are written for people, in terminals and browsers alike.

import type { Hotspot } from '../layers/trades/facts.ts'
import { grouped, groupedText } from '../units/grouped.ts'

/** Up to `digits` significant digits, thousands grouped. */
export function number(value: number, digits = 4): string {
  const text =
    Math.abs(value) >= 10 ** digits
      ? grouped(Math.round(value))
      : value.toLocaleString('en', { maximumSignificantDigits: digits })
  return text.replace('-', '−')
}

/** A number with a given number of decimals and a true minus sign. */
export function decimal(value: number, decimals: number): string {
  return value
    .toFixed(decimals)
    .replace(/^-(?=.*[1-9])/, '−')
    .replace('-', '')
}

/** A count with its noun: `1 trade`, `2,000 trades`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** A share of 0 … 1 in per cent; small non-zero shares are `< 0.1 %` instead of zero. */
export function percent(share: number): string {
  if (share === 0) return '0 %'
  if (share < 0.001) return '< 0.1 %'
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

/**
 * `2021-10-26 03:00 – 03:15`: with as many digits as the finer end needs, and the date only once if both ends
 * share it.
 */
export function timeRange({ from, to }: Hotspot['time']): string {
  const digits = Math.max(...[from, to].map(time => time.replace(/(:00)?(\.000)?Z$/, '').length), 16)
  const [start, end] = [from, to].map(time =>
    time.slice(0, -1).padEnd(26, '0').slice(0, digits).replace('T', ' '),
  )
  return start.slice(0, 10) === end.slice(0, 10) ? `${start} – ${end.slice(11)}` : `${start} – ${end}`
}

export function sizeRange({ from, to }: Hotspot['size']): string {
  return to === null ? `≥ ${number(Number(from))}` : `${number(Number(from))} – ${number(Number(to))}`
}

export function priceRange({ from, to }: Hotspot['price']): string {
  return `${groupedText(from)} – ${groupedText(to)}`
}

export function flow(imbalance: number): string {
  const percent = Math.round(Math.abs(imbalance) * 100)
  return percent === 0 ? '0 %' : `${imbalance > 0 ? '+' : '−'}${percent} %`
}

/** Flow in words. */
export function flowWords(imbalance: number): string {
  const percent = Math.round(Math.abs(imbalance) * 100)
  return percent === 0 ? 'bought and sold alike' : `${percent} % net ${imbalance > 0 ? 'bought' : 'sold'}`
}

/** Units of time in µs, longest first. */
export const DURATIONS: readonly (readonly [number, string])[] = [
  [86_400e6, 'd'],
  [3600e6, 'h'],
  [60e6, 'min'],
  [1e6, 's'],
  [1e3, 'ms'],
  [1, 'µs'],
]

/** A length of time in µs: `15 min`, `3 min 45 s`, or `14.06 s` if two whole units cannot express it. */
export function duration(micros: number): string {
  const first = DURATIONS.findIndex(([unit]) => micros >= unit)
  if (first < 0) return `${number(micros)} µs`
  const [unit, name] = DURATIONS[first]
  const whole = Math.floor(micros / unit)
  const rest = micros - whole * unit
  if (rest === 0) return `${whole} ${name}`
  const [smaller, smallerName] = DURATIONS[first + 1] ?? [1, 'µs']
  return unit >= 60e6 && rest % smaller === 0
    ? `${whole} ${name} ${rest / smaller} ${smallerName}`
    : `${number(micros / unit)} ${name}`
}

/** Facts of a hotspot in one line, in the form used in the table. */
export function hotspotFacts(row: Hotspot): string {
  return (
    `score ${row.score.toFixed(2)}, ${timeRange(row.time)} UTC, price ${priceRange(row.price)}, ` +
    `size ${sizeRange(row.size)}, ${number(row.trades, 3)} trades, volume ${number(row.volume, 3)}, ` +
    `${number(row.volatilityBps, 3)} bps a trade, flow ${flow(row.imbalance)}`
  )
}
