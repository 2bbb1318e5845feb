import { VoxriskError } from '../../errors.ts'
import type { TimeUnit } from '../../units/decimal.ts'
import { grouped } from '../../units/grouped.ts'

/** Longest line we read, in bytes without the line break; no feed comes close. */
export const MAX_LINE_BYTES = 65_536

/** Why a row is not a trade. The row loop works with the index. Counts are published in this order. */
export const REASONS = [
  '',
  'too-few-fields',
  'line-too-long',
  'bad-time',
  'bad-price',
  'zero-price',
  'negative-price',
  'bad-size',
  'zero-size',
  'negative-size',
  'too-many-digits',
  'bad-side',
  'bad-flag',
  'bad-action',
  'snapshot',
] as const
type Reason = (typeof REASONS)[number]
export const Fault = Object.fromEntries(REASONS.map((reason, index) => [reason, index])) as Record<
  Reason,
  number
>

/** The first rejected row. */
export interface Rejection {
  readonly reason: string
  /** Number of the row, from 1. */
  readonly row: number
  /** E.g. `price "abc" is not a number`. */
  readonly text: string
}

/** What the message about a rejected row needs. */
export interface RejectedRow {
  /** Number of the row, from 1. */
  readonly row: number
  /** Index into {@link REASONS}. */
  readonly fault: number
  /** Text of the faulty field. */
  readonly text: string
  /** Whether the faulty field should have been true or false. */
  readonly isTruth: boolean
  /** Fields up to the last needed one. */
  readonly fields: number
  readonly delimiter: number
  readonly timeUnit: TimeUnit
}

export function rejection({
  row,
  fault,
  text,
  isTruth,
  fields,
  delimiter,
  timeUnit,
}: RejectedRow): Rejection {
  const reason = REASONS[fault]
  const quoted = `"${text}"`
  const said: Record<Reason, string> = {
    '': '',
    'too-few-fields': `fewer than ${fields} fields separated by "${String.fromCharCode(delimiter)}"`,
    'line-too-long': `longer than ${grouped(MAX_LINE_BYTES)} bytes`,
    'bad-time': `time ${quoted} is not ${TIME_IN_WORDS[timeUnit]}`,
    'bad-price': `price ${quoted} is not a number`,
    'zero-price': 'price is 0',
    'negative-price': `price ${quoted} is negative`,
    'bad-size': `size ${quoted} is not a number`,
    'zero-size': 'size is 0',
    'negative-size': `size ${quoted} is negative`,
    'too-many-digits': `${quoted} has more digits than an exact integer holds`,
    'bad-side': isTruth
      ? `side: ${quoted} is neither true nor false`
      : `side ${quoted} is neither buy nor sell`,
    'bad-flag': `flag ${quoted} is neither 0 nor 1`,
    'bad-action': `action ${quoted} is not insert`,
    snapshot: 'it repeats a trade from before the subscription (action "partial")',
  }
  return { reason, row, text: said[reason] }
}

const TIME_IN_WORDS: Record<TimeUnit, string> = {
  s: 'a time in seconds since 1970',
  ms: 'a time in milliseconds since 1970',
  us: 'a time in microseconds since 1970',
  ns: 'a time in nanoseconds since 1970',
  iso: 'a date and time (YYYY-MM-DD hh:mm:ss)',
}

/**
 * The error when a row has another symbol than those before it and none was requested. @param row its number,
 * from 1
 */
export function secondSymbol(row: number, first: string, second: string): VoxriskError {
  return new VoxriskError(
    'several-symbols',
    `row ${grouped(row)}: symbol ${second} follows ${first}: the file holds trades of several symbols`,
    `Say which one to read, such as ${first} or ${second}.`,
    { settings: ['symbol'] },
  )
}
