import { InvalidArgumentError } from 'commander'
import type { KernelRadii } from '../layers/trades/grid.ts'
import type { ColumnName, CsvColumns } from '../read/format.ts'

const DURATION_UNITS: Record<string, number> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
}

/** A duration like `15m`, `500ms` or `1h` in µs. */
export function duration(text: string): number {
  const match = /^(\d+)(us|ms|s|m|h|d)$/.exec(text)
  if (!match || Number(match[1]) === 0)
    throw new InvalidArgumentError('Write a duration like 15m, 30s or 1h.')
  return Number(match[1]) * DURATION_UNITS[match[2]]
}

/** A whole number, 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.')
  return Number(text)
}

/** A positive decimal number, kept as text. */
export function decimal(text: string): string {
  if (!/^\d*\.?\d+$/.test(text) || !/[1-9]/.test(text)) {
    throw new InvalidArgumentError('Write a positive decimal number like 0.01.')
  }
  return text
}

function pairs(text: string, names: readonly string[], example: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of text.split(',')) {
    const [name, value, ...rest] = pair.split('=')
    if (!names.includes(name) || !value || rest.length > 0 || name in found) {
      throw new InvalidArgumentError(`Write it like ${example}.`)
    }
    found[name] = value
  }
  return found
}

const KERNEL_EXAMPLE = 'price=4,size=1,time=2'

/** Kernel radii like `price=4,size=1,time=2`. Axes left out keep their defaults. */
export function kernelRadii(text: string): Partial<KernelRadii> {
  const radii: Record<string, number> = {}
  for (const [name, value] of Object.entries(pairs(text, ['price', 'size', 'time'], KERNEL_EXAMPLE))) {
    if (!/^\d+$/.test(value)) throw new InvalidArgumentError(`Write it like ${KERNEL_EXAMPLE}.`)
    radii[name] = Number(value)
  }
  return radii
}

/** What a column can hold, named as in {@link CsvColumns}. The option spells `buyerIsMaker` with hyphens. */
const COLUMN_ROLES: readonly (keyof CsvColumns)[] = [
  'time',
  'price',
  'size',
  'side',
  'symbol',
  'buyerIsMaker',
  'id',
  'flag',
]
const NEEDED_ROLES: readonly (keyof CsvColumns)[] = ['time', 'price', 'size']
const COLUMNS_EXAMPLE = 'time=1,price=2,size=3,side=4; also possible: symbol, buyer-is-maker, id, flag'

/** Columns like `time=ts,price=3,…`, by header name or by number, counted from 1. */
export function csvColumns(text: string): CsvColumns {
  const written = (role: string) => role.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  const found = pairs(text, COLUMN_ROLES.map(written), COLUMNS_EXAMPLE)
  if (!NEEDED_ROLES.every(role => found[role])) {
    throw new InvalidArgumentError(`Give at least time, price and size, as in ${COLUMNS_EXAMPLE}.`)
  }
  const columns: Partial<Record<keyof CsvColumns, ColumnName>> = {}
  for (const role of COLUMN_ROLES) {
    const name = found[written(role)]
    if (name !== undefined) columns[role] = /^\d+$/.test(name) ? Number(name) : name
  }
  return columns as CsvColumns
}
