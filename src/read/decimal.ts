// The one place that turns decimal text into integers. It works on bytes, so that no field becomes a string,
// and never passes through a binary fraction, so that the integer is the printed one.

/** Where a parse leaves its result. One object serves every call, so that no field allocates. */
export interface Parsed {
  /** Of a decimal: its digits as an integer, 0 … 2^53 − 1. Of a time: µs since the Unix epoch. */
  value: number
  /** Of a decimal: how many of the digits follow the point, 0 … 22; trailing zeros of the fraction not counted. */
  decimals: number
}

/** What became of a field. */
export const Verdict = { ok: 0, notANumber: 1, negative: 2, tooManyDigits: 3 } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

/** Unit of a printed time; `iso` is a calendar date with a time of day. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso'

/** Powers of ten that a float64 holds exactly. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Most decimals a value may have: 10^22 is the last power of ten a float64 holds exactly. */
const MAX_DECIMALS = 22
/** So many digits are below 2^53 whatever they are. */
const SAFE_DIGITS = 15

const ZERO = 48
const POINT = 46
const PLUS = 43
const MINUS = 45
const LETTER_E = 101
const LOWER_CASE = 32

/**
 * Reads digits with at most one point (`472.15000`, `5.`) from `at` on, without looking for the field's end.
 * Digits behind the field's end would be read too: the caller checks where the reading stopped.
 * @returns index of the first byte behind the digits; −1 when the plain form does not fit (no leading digit, more
 *   than 15 digits): {@link parseDecimal} then decides.
 */
export function scanDecimal(bytes: Uint8Array, at: number, out: Parsed): number {
  const start = at
  let value = 0
  let digit = bytes[at] - ZERO
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit
    digit = bytes[++at] - ZERO
  }
  let digits = at - start
  if (digits === 0) return -1
  let decimals = 0
  if (bytes[at] === POINT) {
    const fraction = ++at
    digit = bytes[at] - ZERO
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      digit = bytes[++at] - ZERO
    }
    decimals = at - fraction
    digits += decimals
    if (digits > SAFE_DIGITS) return -1
    let last = at - 1
    while (last >= fraction && bytes[last] === ZERO) last--
    const zeros = at - 1 - last
    if (zeros > 0) {
      value /= POWERS_OF_TEN[zeros]
      decimals -= zeros
    }
  }
  if (digits > SAFE_DIGITS) return -1
  out.value = value
  out.decimals = decimals
  return at
}

/**
 * Reads `bytes[start … end)` as one unsigned decimal: `472.15000`, `+5`, `5.`, `.5`, `1e-7`, `1.2E+3`. No spaces, no
 * thousands separators, no hex, no NaN or infinity.
 * @returns `ok` with `out` filled; `negative` for a well-formed decimal with a minus; `tooManyDigits` when the
 *   digits pass 2^53 − 1 or there are more than 22 decimals; `notANumber` otherwise.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number, out: Parsed): Verdict {
  let at = start
  const negative = bytes[at] === MINUS && at < end
  if (at < end && (negative || bytes[at] === PLUS)) at++

  let value = 0
  let decimals = 0
  let seenDigit = false
  let overflow = false
  let zeros = 0 // of the fraction, not yet known to be followed by another digit
  let inFraction = false
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit >= 0 && digit <= 9) {
      seenDigit = true
      if (inFraction && digit === 0) {
        zeros++
        continue
      }
      const shift = inFraction ? zeros + 1 : 1
      value = value === 0 ? digit : value * (POWERS_OF_TEN[shift] ?? Number.POSITIVE_INFINITY) + digit
      if (value > Number.MAX_SAFE_INTEGER) overflow = true
      if (inFraction) {
        decimals += shift
        zeros = 0
      }
    } else if (bytes[at] === POINT && !inFraction) {
      inFraction = true
    } else {
      break
    }
  }
  if (!seenDigit) return Verdict.notANumber

  let exponent = 0
  if (at < end) {
    if ((bytes[at] | LOWER_CASE) !== LETTER_E) return Verdict.notANumber
    at++
    const minus = bytes[at] === MINUS
    if (at < end && (minus || bytes[at] === PLUS)) at++
    if (at >= end) return Verdict.notANumber
    for (; at < end; at++) {
      const digit = bytes[at] - ZERO
      if (!(digit >= 0 && digit <= 9)) return Verdict.notANumber
      exponent = Math.min(exponent * 10 + digit, 1e6)
    }
    if (minus) exponent = -exponent
  }
  if (negative) return Verdict.negative
  if (overflow) return Verdict.tooManyDigits

  decimals -= exponent
  if (value === 0) {
    decimals = 0
  } else if (decimals < 0) {
    if (decimals < -MAX_DECIMALS) return Verdict.tooManyDigits
    value *= POWERS_OF_TEN[-decimals]
    decimals = 0
    if (value > Number.MAX_SAFE_INTEGER) return Verdict.tooManyDigits
  } else {
    while (decimals > 0 && value % 10 === 0) {
      value /= 10
      decimals--
    }
    if (decimals > MAX_DECIMALS) return Verdict.tooManyDigits
  }
  out.value = value
  out.decimals = decimals
  return Verdict.ok
}

/** Power of ten that takes one unit to µs. */
export const MICROSECOND_POWER: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = {
  s: 6,
  ms: 3,
  us: 0,
  ns: -3,
}

/**
 * Reads plain digits with at most one point from `at` on as a count of units since the Unix epoch, in µs: what is
 * finer than a µs is cut off, i.e. towards the earlier. The caller checks where the reading stopped.
 * @param power power of ten that takes one unit to µs, one of {@link MICROSECOND_POWER}
 * @returns index of the first byte behind the digits; −1 when the plain form does not fit or the time passes 2^53 µs
 */
export function scanTime(bytes: Uint8Array, at: number, power: number, out: Parsed): number {
  const start = at
  let value = 0
  let digit = bytes[at] - ZERO
  if (power >= 0) {
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      digit = bytes[++at] - ZERO
    }
  } else {
    while (digit >= 0 && digit <= 9) digit = bytes[++at] - ZERO
    for (let i = start; i < at + power; i++) value = value * 10 + (bytes[i] - ZERO)
  }
  if (at === start) return -1
  let missing = power > 0 ? power : 0
  if (bytes[at] === POINT) {
    digit = bytes[++at] - ZERO
    while (digit >= 0 && digit <= 9) {
      if (missing > 0) {
        value = value * 10 + digit
        missing--
      }
      digit = bytes[++at] - ZERO
    }
  }
  value *= POWERS_OF_TEN[missing]
  if (value > Number.MAX_SAFE_INTEGER) return -1
  out.value = value
  return at
}

/**
 * Reads `bytes[start … end)` as a time in `unit`, into `out.value` as µs since the Unix epoch, 0 … 2^53 − 1. What is
 * finer than a µs is cut off (towards the earlier).
 *
 * `s`, `ms`, `us`, `ns`: any unsigned decimal. `iso`: `YYYY-MM-DD`, then `T` or a space, then `hh:mm` with optional
 * `:ss` and `.fraction`, then nothing (UTC), `Z`, `±hh:mm` or `±hhmm`; no leap second, no hour 24.
 * @returns whether it is one
 */
export function parseTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  unit: TimeUnit,
  out: Parsed,
): boolean {
  if (unit === 'iso') return parseIsoTime(bytes, start, end, out)
  const power = MICROSECOND_POWER[unit]
  // A copy that ends in no digit, so that the scan cannot read on behind the field.
  const field = new Uint8Array(end - start + 1)
  field.set(bytes.subarray(start, end))
  if (scanTime(field, 0, power, out) === end - start) return true
  if (parseDecimal(bytes, start, end, out) !== Verdict.ok) return false
  const shift = power - out.decimals
  // The quotient is never rounded up to an integer: value < 2^53 keeps it at least one rounding step away.
  out.value =
    shift >= 0
      ? out.value * 10 ** shift
      : Math.floor(out.value / POWERS_OF_TEN[Math.min(-shift, MAX_DECIMALS)])
  return out.value <= Number.MAX_SAFE_INTEGER
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const COLON = 58
const SPACE = 32

function parseIsoTime(bytes: Uint8Array, start: number, end: number, out: Parsed): boolean {
  // YYYY-MM-DDThh:mm is 16 bytes
  if (end - start < 16) return false
  const year = number2(bytes, start) * 100 + number2(bytes, start + 2)
  const month = number2(bytes, start + 5)
  const day = number2(bytes, start + 8)
  const hour = number2(bytes, start + 11)
  const minute = number2(bytes, start + 14)
  const between = bytes[start + 10] | LOWER_CASE // 'T', 't' or a space
  if (!(year >= 0 && month >= 1 && month <= 12 && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59))
    return false
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS || bytes[start + 13] !== COLON) return false
  if (between !== 116 && bytes[start + 10] !== SPACE) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = DAYS_IN_MONTH[month - 1] + (leap && month === 2 ? 1 : 0)
  if (!(day >= 1 && day <= days)) return false

  let at = start + 16
  let second = 0
  let micros = 0
  if (at < end && bytes[at] === COLON) {
    if (end - at < 3) return false
    second = number2(bytes, at + 1)
    if (!(second >= 0 && second <= 59)) return false
    at += 3
    if (at < end && bytes[at] === POINT) {
      const fraction = ++at
      let unit = 100_000
      for (; at < end; at++) {
        const digit = bytes[at] - ZERO
        if (!(digit >= 0 && digit <= 9)) break
        micros += digit * unit
        unit = Math.floor(unit / 10)
      }
      if (at === fraction) return false
    }
  }
  const offset = offsetMinutes(bytes, at, end)
  if (Number.isNaN(offset)) return false

  const yearsBefore = year - 1
  const dayNumber =
    year * 365 +
    Math.floor(yearsBefore / 4) -
    Math.floor(yearsBefore / 100) +
    Math.floor(yearsBefore / 400) +
    DAYS_BEFORE_MONTH[month - 1] +
    (leap && month > 2 ? 1 : 0) +
    day -
    1
  const DAYS_BEFORE_1970 = 719_527
  const minutes = (dayNumber - DAYS_BEFORE_1970) * 1440 + hour * 60 + minute - offset
  const value = (minutes * 60 + second) * 1e6 + micros
  if (value < 0 || value > Number.MAX_SAFE_INTEGER) return false
  out.value = value
  return true
}

/** Minutes east of UTC that `bytes[at … end)` names: nothing, `Z`, `±hh:mm`, `±hhmm`; NaN for anything else. */
function offsetMinutes(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0
  if (end - at === 1) return (bytes[at] | LOWER_CASE) === 122 ? 0 : Number.NaN
  const sign = bytes[at] === PLUS ? 1 : bytes[at] === MINUS ? -1 : Number.NaN
  const colon = end - at === 6 && bytes[at + 3] === COLON ? 1 : 0
  if (end - at !== 5 + colon) return Number.NaN
  const hours = number2(bytes, at + 1)
  const minutes = number2(bytes, at + 3 + colon)
  if (!(hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59)) return Number.NaN
  return sign * (hours * 60 + minutes)
}

/** The two digits at `at`; NaN when they are none. */
function number2(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - ZERO
  const ones = bytes[at + 1] - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
