import { VoxriskError } from '../errors.ts'
import type { Instrument } from '../formats/calibration.ts'
import { type Parsed, parseDecimal as parseBytes, Verdict } from './decimal.ts'

/** An exact decimal: `units` · 10^−decimals. */
export interface Decimal {
  /** A whole number, 1 … 10^15 − 1. */
  readonly units: number
  /** Digits after the point, 0 … 15. */
  readonly decimals: number
}

export type { Instrument } from '../formats/calibration.ts'

/** Most decimals and digits of a step. Within these, its products with tick counts stay exact. */
const MAX_DIGITS = 15

/** The settings given as decimal text, with their names in messages. */
const DECIMAL_SETTINGS = {
  'tick size': 'tickSize',
  'lot size': 'lotSize',
  'price width': 'priceWidth',
} as const

/**
 * Reads decimal text such as `0.01` or `25`.
 * @throws {VoxriskError} `bad-setting` unless it is a positive number of at most 15 digits
 */
export function parseDecimal(text: string, name: keyof typeof DECIMAL_SETTINGS): Decimal {
  const bytes = new TextEncoder().encode(typeof text === 'string' ? text.trim() : '')
  const out: Parsed = { value: 0, decimals: 0 }
  const verdict = parseBytes(bytes, 0, bytes.length, out)
  const { value, decimals } = out
  if (verdict !== Verdict.ok || value === 0 || value >= 10 ** MAX_DIGITS || decimals > MAX_DIGITS) {
    throw new VoxriskError(
      'bad-setting',
      `${name} "${text}" is not a positive decimal number of at most ${MAX_DIGITS} digits`,
      'Write a number like 0.01.',
      { settings: [DECIMAL_SETTINGS[name]] },
    )
  }
  return { units: value, decimals }
}

/** The shortest decimal text of an integer of 10^-decimals. */
export function formatDecimal(units: number, decimals: number): string {
  const sign = units < 0 ? '-' : ''
  const digits = String(Math.abs(units)).padStart(decimals + 1, '0') // no exponent below 10^21
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${sign}${whole}${fraction ? `.${fraction}` : ''}`
}

/**
 * The instrument with its decimals in their shortest form, so that `0.50` and `0.5` are the same everywhere.
 * @throws {VoxriskError} `bad-setting` saying what is wrong
 */
export function normalInstrument({ symbol, tickSize, lotSize, contract }: Instrument): Instrument {
  const shortest = (text: string, name: keyof typeof DECIMAL_SETTINGS) => {
    const { units, decimals } = parseDecimal(text, name)
    return formatDecimal(units, decimals)
  }
  if (typeof symbol !== 'string' || !['linear', 'inverse'].includes(contract)) {
    throw new VoxriskError(
      'bad-setting',
      `instrument: symbol ${JSON.stringify(symbol)} or contract ${JSON.stringify(contract)} is not one`,
      'Give a text as symbol, and linear or inverse as contract.',
      { settings: ['symbol', 'contract'] },
    )
  }
  return {
    symbol,
    tickSize: shortest(tickSize, 'tick size'),
    lotSize: shortest(lotSize, 'lot size'),
    contract,
  }
}
