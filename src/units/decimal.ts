// The only place that turns decimal text into integers. It works on bytes, so that no field becomes a string,
// and never goes through a binary fraction, so that the integer is exactly the printed number.

/** Where a parse leaves its result. One object serves all calls, so that no field allocates. */
export interface Parsed {
  /** For a decimal: its digits as an integer, 0 … 2^53 − 1. For a time: µs since the Unix epoch. */
  value: number
  /** For a decimal: how many of the digits follow the point, 0 … 22. */
  decimals: number
}

/** How parsing a field ended. */
export const Verdict = { ok: 0, notANumber: 1, negative: 2, tooManyDigits: 3 } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

/** Unit of a printed time; `iso` is a calendar date with a time of day. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso'

/** Powers of ten that a float64 holds exactly. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Most decimals a value may have: 10^22 is the last power of ten a float64 holds exactly. */
export const MAX_DECIMALS = 22

const ZERO = 48
const POINT = 46
const PLUS = 43
const MINUS = 45
const LETTER_E = 101
const LOWER_CASE = 32

// The fast scans read four bytes at once: a test and a branch per digit would take twice the time.

/** Bytes that must be readable after a text that is scanned. */
export const SCAN_SLACK = 7

const FOUR_ZEROS = 0x30303030
/** A point after xor with {@link FOUR_ZEROS}. */
const SCANNED_POINT = POINT ^ ZERO

/** The number formed by four digits: first the two pairs, then both. */
function fourDigits(four: number): number {
  return Math.imul((Math.imul(four, 10 * 256 + 1) >>> 8) & 0x00ff00ff, 100 * 65536 + 1) >>> 16
}

/**
 * Reads plain digits with at most one point (`472.15000`, `5.`), starting at `at`. Does not look for the end
 * of the field: the caller checks where reading stopped.
 * @param view text with {@link SCAN_SLACK} bytes after it
 * @param out trailing zeros count as decimals
 * @returns index of the first byte after the digits; −1 for anything but the plain form (no leading digit,
 *   digits past 2^53 − 1, more than 22 decimals), which {@link parseDecimal} must decide
 */
export function scanDecimal(view: DataView, at: number, out: Parsed): number {
  const start = at
  let value = 0
  let fraction = 0 // where it starts
  for (;;) {
    // Digits become 0 … 9, all other bytes more. The first byte is the lowest.
    const four = view.getInt32(at, true) ^ FOUR_ZEROS
    // The lowest bit set is the top bit of the first byte that is not a digit.
    const none = ((four + 0x76767676) | four) & 0x80808080
    if (none === 0) {
      value = value * 10_000 + fourDigits(four)
      at += 4
      continue
    }
    const count = (31 - Math.clz32(none & -none)) >> 3
    // The digits before it, shifted up so that zeros fill the word.
    if (count > 0) value = value * POWERS_OF_TEN[count] + fourDigits(four << (32 - 8 * count))
    at += count
    if (at === start) return -1
    if (fraction > 0 || ((four >>> (8 * count)) & 255) !== SCANNED_POINT) break
    fraction = ++at
  }
  const printed = fraction > 0 ? at - fraction : 0
  // Sums of exact integers below 2^53 are exact, and a sum that passes 2^53 stays above it.
  if (value > Number.MAX_SAFE_INTEGER || printed > MAX_DECIMALS) return -1
  out.value = value
  out.decimals = printed
  return at
}

/**
 * Converts value · 10^-decimals to an integer in units of 10^-to.
 * @param value 0 … 2^53 − 1
 * @param decimals 0 … 22, as is `to`
 * @returns −1 when it is not an integer below 2^53
 */
export function rescaled(value: number, decimals: number, to: number): number {
  if (decimals <= to) {
    const scaled = value * POWERS_OF_TEN[to - decimals]
    return scaled <= Number.MAX_SAFE_INTEGER ? scaled : -1
  }
  // Never rounds to an integer: with value < 2^53, a quotient that is not one stays a rounding step away.
  const scaled = value / POWERS_OF_TEN[decimals - to]
  return scaled === Math.floor(scaled) ? scaled : -1
}

/** How many decimals value · 10^-decimals needs without trailing zeros; value > 0. */
export function neededDecimals(value: number, decimals: number): number {
  while (decimals > 0 && value % 10 === 0) {
    value /= 10
    decimals--
  }
  return decimals
}

/**
 * Reads `bytes[start … end)` as one unsigned decimal: `472.15000`, `+5`, `5.`, `.5`, `1e-7`, `1.2E+3`. No
 * spaces, no thousands separators, no hex, no NaN or infinity.
 * @param implied implied decimals, on top of any digits after the point
 * @returns `ok` with `out` filled, without trailing zeros among the decimals; `negative` for a well-formed
 *   decimal with a minus; `tooManyDigits` when the digits pass 2^53 − 1 or there are more than 22 decimals;
 *   `notANumber` otherwise.
 */
export function parseDecimal(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Parsed,
  implied = 0,
): Verdict {
  let at = start
  const negative = bytes[at] === MINUS && at < end
  if (at < end && (negative || bytes[at] === PLUS)) at++

  let value = 0
  let decimals = 0
  let seenDigit = false
  let overflow = false
  let zeros = 0 // in the fraction, not yet followed by another digit
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

  decimals += implied - exponent
  if (value === 0) {
    decimals = 0
  } else if (decimals < 0) {
    if (decimals < -MAX_DECIMALS) return Verdict.tooManyDigits
    value *= POWERS_OF_TEN[-decimals]
    decimals = 0
    if (value > Number.MAX_SAFE_INTEGER) return Verdict.tooManyDigits
  } else {
    const needed = neededDecimals(value, decimals)
    if (needed > MAX_DECIMALS) return Verdict.tooManyDigits
    value /= POWERS_OF_TEN[decimals - needed]
    decimals = needed
  }
  out.value = value
  out.decimals = decimals
  return Verdict.ok
}

/** The power of ten that converts a unit to µs. */
export const MICROSECOND_POWER: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = {
  s: 6,
  ms: 3,
  us: 0,
  ns: -3,
}

/**
 * Converts a count of units since the Unix epoch, as read by {@link scanDecimal}, to µs. Anything finer than
 * a µs is cut off, i.e. rounded down.
 * @param power power of ten that converts a unit to µs, one of {@link MICROSECOND_POWER}
 * @returns above 2^53 − 1 when the time passes it
 */
export function microseconds(value: number, decimals: number, power: number): number {
  const shift = power - decimals
  // Never rounds up to an integer: with value < 2^53 the quotient stays at least one rounding step away.
  return shift >= 0 ? value * POWERS_OF_TEN[shift] : Math.floor(value / POWERS_OF_TEN[-shift])
}

/**
 * {@link scanDecimal} for a time in ns, which is above 2^53: from 2001 to 2286 it has 19 digits, and the
 * first 16 are the µs. Stores those with −3 decimals.
 */
export function scanNanoseconds(view: DataView, at: number, out: Parsed): number {
  let value = 0
  for (const micros = at + 16; at < micros; at += 4) {
    const four = view.getInt32(at, true) ^ FOUR_ZEROS
    if ((((four + 0x76767676) | four) & 0x80808080) !== 0) return -1
    value = value * 10_000 + fourDigits(four)
  }
  const rest = view.getInt32(at, true) ^ FOUR_ZEROS
  const none = ((rest + 0x76767676) | rest) & 0x80808080
  if (none === 0 || (31 - Math.clz32(none & -none)) >> 3 !== 3 || value > Number.MAX_SAFE_INTEGER) return -1
  out.value = value
  out.decimals = -3
  return at + 3
}

/**
 * Reads `bytes[start … end)` as a time in `unit`, into `out.value` as µs since the Unix epoch, 0 … 2^53 − 1.
 * Anything finer than a µs is cut off (rounded down).
 *
 * `s`, `ms`, `us`, `ns`: any unsigned decimal. `iso`: `YYYY-MM-DD`, then `T`, `D` or a space, then `hh:mm`
 * with optional `:ss` and `.fraction`, then nothing (UTC), `Z`, `±hh:mm` or `±hhmm`; no leap second, no hour
 * 24.
 * @returns whether it is a valid time
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
  if (parsePlainTime(bytes, start, end, power, out)) return true
  if (parseDecimal(bytes, start, end, out) !== Verdict.ok) return false
  out.value = microseconds(out.value, Math.min(out.decimals, MAX_DECIMALS + power), power)
  return out.value <= Number.MAX_SAFE_INTEGER
}

/** Reads digits with at most one point as a time, with any number of digits finer than a µs. */
function parsePlainTime(bytes: Uint8Array, start: number, end: number, power: number, out: Parsed): boolean {
  let at = start
  while (at < end && isDigit(bytes[at])) at++
  const whole = at
  if (whole === start) return false
  if (at < end && bytes[at] === POINT) at++
  const fraction = at
  while (at < end && isDigit(bytes[at])) at++
  if (at < end) return false
  let micros = 0
  for (let i = start; i < whole + Math.min(power, 0); i++) micros = micros * 10 + (bytes[i] - ZERO)
  for (let i = fraction; i < fraction + power; i++) micros = micros * 10 + (i < end ? bytes[i] - ZERO : 0)
  if (micros > Number.MAX_SAFE_INTEGER) return false
  out.value = micros
  return true
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const COLON = 58
const SPACE = 32
const LETTER_T = 116
const LETTER_D = 100

function parseIsoTime(bytes: Uint8Array, start: number, end: number, out: Parsed): boolean {
  // YYYY-MM-DDThh:mm is 16 bytes
  if (end - start < 16) return false
  const year = number2(bytes, start) * 100 + number2(bytes, start + 2)
  const month = number2(bytes, start + 5)
  const day = number2(bytes, start + 8)
  const hour = number2(bytes, start + 11)
  const minute = number2(bytes, start + 14)
  const between = bytes[start + 10] | LOWER_CASE
  if (!(year >= 0 && month >= 1 && month <= 12 && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59))
    return false
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS || bytes[start + 13] !== COLON) return false
  if (between !== LETTER_T && between !== LETTER_D && bytes[start + 10] !== SPACE) return false
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

/** Minutes east of UTC given by `bytes[at … end)`: nothing, `Z`, `±hh:mm`, `±hhmm`; NaN for anything else. */
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

/** The two digits at `at`; NaN if they are not digits. */
function number2(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - ZERO
  const ones = bytes[at + 1] - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
