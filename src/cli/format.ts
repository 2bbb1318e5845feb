import { DURATIONS, number } from '../show/text.ts'
import type { Counts } from '../units/counts.ts'
import { grouped } from '../units/grouped.ts'

/** A number with its sign, a true minus, and `digits` decimals. */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return Number(text) === 0 ? text : `${sign(value)}${text}`
}

/** A share in per cent, with its sign and three significant digits. */
export function signedPercent(share: number): string {
  return `${sign(share)}${number(Math.abs(share) * 100, 3)} %`
}

function sign(value: number): string {
  return value > 0 ? '+' : value < 0 ? '−' : ''
}

/** An ISO time as `2021-10-17 15:42:51`, with ms or µs if it has any. */
export function timeText(iso: string): string {
  return iso.replace(/(\.000)?Z$/, '').replace('T', ' ')
}

/** Counts by reason; `0` if there are none. */
export function counts(reasons: Readonly<Counts>): string {
  const entries = Object.entries(reasons).filter(([, times]) => times > 0)
  if (entries.length === 0) return '0'
  return entries.map(([reason, times]) => `${grouped(times)} ${reason}`).join(', ')
}

/** The width of a time bin (µs) in the largest unit that gives a whole number. */
export function timeWidthText(micros: number): string {
  const [size, unit] = DURATIONS.find(([size]) => micros % size === 0) ?? [1, 'µs']
  return `${micros / size} ${unit}`
}

/** A span of time in the unit a person would use. */
export function spanText(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ]
  const [size, unit] = units.find(([size]) => seconds >= 2 * size) ?? [1, 'second']
  const count = number(seconds / size, 3)
  return `${count} ${unit}${count === '1' ? '' : 's'}`
}

/** Column where the values of {@link factLines} begin. */
const FACT_WIDTH = 12

/** Names and values, one pair per line. An empty name continues the line above. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string {
  return facts.map(([name, value]) => `${name.padEnd(FACT_WIDTH)}${value}`).join('\n')
}

/** JSON, formatted the same for every command and file. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** A command line, quoted for a POSIX shell. */
export function commandLine(words: readonly string[]): string {
  return words
    .map(word => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ')
}
