import {
  MICROSECOND_POWER,
  type Parsed,
  POWERS_OF_TEN,
  parseDecimal,
  parseTime,
  type TimeUnit,
  Verdict,
} from '../../units/decimal.ts'
import { NO_WORD, parseSide, parseTruth } from '../rows/words.ts'

/** Texts of a column: after {@link locate}, value `row` is `bytes[start … end)`. */
export interface Texts {
  bytes: Uint8Array
  start: number
  end: number
  /** @returns false when the value is missing */
  locate(row: number): boolean
}

/** One column of a run of rows, as stored in the file. `at` returns undefined or null for a missing value. */
export type StoredColumn =
  /** Integers in units of 10^-decimals. */
  | {
      readonly kind: 'integer'
      readonly at: (row: number) => number | bigint | null | undefined
      readonly decimals: number
    }
  /** Binary fractions, float32 if `single`. Each stands for the shortest decimal that rounds to it. */
  | {
      readonly kind: 'float'
      readonly at: (row: number) => number | null | undefined
      readonly single: boolean
    }
  | { readonly kind: 'boolean'; readonly at: (row: number) => boolean | null | undefined }
  | { readonly kind: 'text'; readonly texts: Texts }
  /** Instants since the Unix epoch. */
  | {
      readonly kind: 'timestamp'
      readonly at: (row: number) => number | bigint | null | undefined
      readonly unit: Exclude<TimeUnit, 'iso'>
    }

/**
 * Reads a row's decimal into `out`, which is filled only for `ok`. Trailing zeros of the fraction may count
 * as decimals.
 */
export type DecimalCell = (row: number, out: Parsed) => Verdict

export function decimalCell(column: StoredColumn): DecimalCell {
  switch (column.kind) {
    case 'integer':
      return integerCell(column.at, column.decimals)
    case 'float':
      return floatCell(column.at, column.single)
    case 'text':
      return textCell(column.texts)
    default:
      throw new Error(`no decimals in a ${column.kind} column`)
  }
}

/**
 * Scale 18 leaves little room below 2^53, so trailing zeros common to the column's values are stripped.
 * Dividing by a power of ten never rounds up to an integer: for a value below 2^53 the quotient stays at
 * least one rounding step away from one.
 */
function integerCell(at: (row: number) => number | bigint | null | undefined, scale: number): DecimalCell {
  let zeros = Math.min(scale, POWERS_OF_TEN.length - 1)
  let power = 10n ** BigInt(zeros)
  return (row, out) => {
    const stored = at(row)
    if (stored === null || stored === undefined) return Verdict.notANumber
    if (stored < 0) return Verdict.negative
    let value = Number(stored)
    let decimals = scale
    if (value > Number.MAX_SAFE_INTEGER) {
      let digits = BigInt(stored)
      if (digits % power === 0n) {
        digits /= power
        decimals -= zeros
      }
      while (digits > Number.MAX_SAFE_INTEGER && decimals > 0 && digits % 10n === 0n) {
        digits /= 10n
        decimals--
      }
      if (digits > Number.MAX_SAFE_INTEGER) return Verdict.tooManyDigits
      value = Number(digits)
    }
    let strip = zeros - (scale - decimals)
    if (strip > 0) {
      let quotient = value / POWERS_OF_TEN[strip]
      if (quotient !== Math.floor(quotient)) {
        while (quotient !== Math.floor(quotient)) quotient = value / POWERS_OF_TEN[--strip]
        zeros = strip + (scale - decimals)
        power = 10n ** BigInt(zeros)
      }
      value = quotient
      decimals -= strip
    }
    for (; decimals >= POWERS_OF_TEN.length && value % 10 === 0; decimals--) value /= 10
    if (decimals >= POWERS_OF_TEN.length) return Verdict.tooManyDigits
    out.value = value
    out.decimals = decimals
    return Verdict.ok
  }
}

/**
 * For n < 2^52, neighbouring multiples of 10^-d are further apart than the float64 numbers around n·10^-d (at
 * most n·10^-d·2^-52). So at most one multiple rounds to a given float64, and a value that divides back is
 * the shortest decimal. The limit is half of that because n is itself rounded. The same holds for float32
 * with 2^23.
 */
const UNIQUE_DOUBLE = 2 ** 51
const UNIQUE_SINGLE = 2 ** 22

function floatCell(at: (row: number) => number | null | undefined, single: boolean): DecimalCell {
  const unique = single ? UNIQUE_SINGLE : UNIQUE_DOUBLE
  let decimals = 0 // of the last value that was read as text
  return (row, out) => {
    const stored = at(row)
    if (stored === null || stored === undefined) return Verdict.notANumber
    const digits = Math.round(stored * POWERS_OF_TEN[decimals])
    const back = digits / POWERS_OF_TEN[decimals]
    if (digits >= 0 && digits < unique && (single ? Math.fround(back) : back) === stored) {
      out.value = digits
      out.decimals = decimals
      return Verdict.ok
    }
    if (!Number.isFinite(stored)) return Verdict.notANumber
    const text = asciiBytes(shortestText(stored, single))
    const verdict = parseDecimal(text, 0, text.length, out)
    if (verdict === Verdict.ok) decimals = out.decimals
    return verdict
  }
}

function shortestText(value: number, single: boolean): string {
  if (!single) return String(value)
  for (let digits = 6; ; digits++) {
    // Six digits always survive a float32; trailing zeros do no harm.
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return text
  }
}

const encoder = new TextEncoder()
function asciiBytes(text: string): Uint8Array {
  return encoder.encode(text)
}

function textCell(texts: Texts): DecimalCell {
  return (row, out) => {
    if (!texts.locate(row)) return Verdict.notANumber
    return parseDecimal(texts.bytes, texts.start, texts.end, out)
  }
}

/** @returns µs since the Unix epoch, an integer in 0 … 2^53 − 1; −1 when the row has no such time */
export type TimeCell = (row: number) => number

/** @param unit of a column that is not a timestamp */
export function timeCell(column: StoredColumn, unit: TimeUnit): TimeCell {
  const parsed: Parsed = { value: 0, decimals: 0 }
  switch (column.kind) {
    case 'timestamp':
      return countCell(column.at, column.unit)
    case 'text':
      return row => {
        const { texts } = column
        if (!texts.locate(row)) return -1
        return parseTime(texts.bytes, texts.start, texts.end, unit, parsed) ? parsed.value : -1
      }
    case 'integer':
    case 'float': {
      if (unit === 'iso') return () => -1
      if (column.kind === 'integer' && column.decimals === 0) return countCell(column.at, unit)
      const cell = decimalCell(column)
      const power = MICROSECOND_POWER[unit]
      return row => {
        const verdict = cell(row, parsed)
        if (verdict === Verdict.tooManyDigits && column.kind === 'float') {
          const text = asciiBytes(String(column.at(row))) // nanoseconds
          return parseTime(text, 0, text.length, unit, parsed) ? parsed.value : -1
        }
        if (verdict !== Verdict.ok) return -1
        const shift = power - parsed.decimals
        const divisor = POWERS_OF_TEN[Math.min(-shift, POWERS_OF_TEN.length - 1)]
        const time = shift >= 0 ? parsed.value * 10 ** shift : Math.floor(parsed.value / divisor)
        return time <= Number.MAX_SAFE_INTEGER ? time : -1
      }
    }
    default:
      throw new Error(`no times in a ${column.kind} column`)
  }
}

function countCell(
  at: (row: number) => number | bigint | null | undefined,
  unit: Exclude<TimeUnit, 'iso'>,
): TimeCell {
  const power = MICROSECOND_POWER[unit]
  const factor = POWERS_OF_TEN[Math.abs(power)]
  const bigFactor = BigInt(factor)
  return row => {
    const count = at(row)
    if (count === null || count === undefined || count < 0) return -1
    const time =
      power >= 0
        ? Number(count) * factor
        : typeof count === 'bigint'
          ? Number(count / bigFactor)
          : Math.floor(count / factor)
    return time <= Number.MAX_SAFE_INTEGER ? time : -1
  }
}

/** @returns aggressor side: +1, −1, 0 if missing, or {@link NO_WORD} */
export type SideCell = (row: number) => number

export function sideCell(column: StoredColumn): SideCell {
  if (column.kind === 'text') {
    const { texts } = column
    return row => (texts.locate(row) ? parseSide(texts.bytes, texts.start, texts.end) : 0)
  }
  if (column.kind !== 'integer' || column.decimals > 0) throw new Error(`no sides in a ${column.kind} column`)
  return row => {
    const side = column.at(row)
    if (side === null || side === undefined) return 0
    return side === 1 || side === 1n ? 1 : side === -1 || side === -1n ? -1 : NO_WORD
  }
}

/** Sides from a "buyer is maker" column: true means that the aggressor sold. */
export function makerCell(column: StoredColumn): SideCell {
  const truth = truthCell(column)
  return row => {
    const buyerIsMaker = truth(row) ?? NO_WORD
    return buyerIsMaker === NO_WORD ? NO_WORD : buyerIsMaker === 1 ? -1 : 1
  }
}

/**
 * @returns 1 where the venue flags the row, 0 where it does not or the value is missing, or {@link NO_WORD}
 */
export function flagCell(column: StoredColumn): (row: number) => number {
  const truth = truthCell(column)
  return row => truth(row) ?? 0
}

/** @returns 1, 0, or {@link NO_WORD}; null where the value is missing */
function truthCell(column: StoredColumn): (row: number) => number | null {
  switch (column.kind) {
    case 'boolean':
      return row => {
        const value = column.at(row) ?? null
        return value === null ? null : Number(value)
      }
    case 'integer':
      return row => {
        const value = column.at(row) ?? null
        if (value === null) return null
        return value === 1 || value === 1n ? 1 : value === 0 || value === 0n ? 0 : NO_WORD
      }
    case 'text': {
      const { texts } = column
      return row => {
        if (!texts.locate(row) || texts.start === texts.end) return null
        return parseTruth(texts.bytes, texts.start, texts.end)
      }
    }
    default:
      throw new Error(`no truths in a ${column.kind} column`)
  }
}

/** @returns a whole number, 0 … 2^53 − 1; NaN when the row has no such id */
export type IdCell = (row: number) => number

export function idCell(column: StoredColumn): IdCell {
  const cell = decimalCell(column)
  const parsed: Parsed = { value: 0, decimals: 0 }
  return row => (cell(row, parsed) === Verdict.ok && parsed.decimals === 0 ? parsed.value : Number.NaN)
}

/** A row's value as shown in messages: texts in quotes. */
export function shownCell(column: StoredColumn, row: number): string {
  if (column.kind !== 'text') return String(column.at(row) ?? null)
  const { texts } = column
  if (!texts.locate(row)) return 'null'
  const MOST = 40
  const shown = texts.bytes.subarray(texts.start, Math.min(texts.end, texts.start + MOST))
  return `"${new TextDecoder().decode(shown)}"`
}

/** Texts held in separate arrays, as in a Parquet page or a dictionary. Missing ones are null. */
export function textsOf(values: (row: number) => Uint8Array | null | undefined): Texts {
  return {
    bytes: NONE,
    start: 0,
    end: 0,
    locate(row) {
      const value = values(row)
      if (value === null || value === undefined) return false
      this.bytes = value
      this.start = 0
      this.end = value.length
      trim(this)
      return true
    },
  }
}

const NONE = new Uint8Array(0)

/** Drops spaces, tabs and NUL bytes around a text. */
export function trim(texts: Texts): void {
  const { bytes } = texts
  while (texts.start < texts.end && isPadding(bytes[texts.start])) texts.start++
  while (texts.end > texts.start && isPadding(bytes[texts.end - 1])) texts.end--
}

function isPadding(byte: number): boolean {
  return byte === 32 || byte === 0 || byte === 9
}
