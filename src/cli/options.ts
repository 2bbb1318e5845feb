import { InvalidArgumentError } from 'commander'
import type { KernelRadii } from '../grid/kernel.ts'
import type { CsvColumns } from '../read/format.ts'

const DURATION_UNITS: Record<string, number> = {
  us: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
}

/** `15m`, `500ms`, `1h` as µs. */
export function duration(text: string): number {
  const match = /^(\d+)(us|ms|s|m|h|d)$/.exec(text)
  if (!match || Number(match[1]) === 0)
    throw new InvalidArgumentError('Write a duration like 15m, 30s or 1h.')
  return Number(match[1]) * DURATION_UNITS[match[2]]
}

/** A whole number from 0 on. */
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

/** `price=4,size=1,time=2` as radii; axes left out keep their default. */
export function kernelRadii(text: string): Partial<KernelRadii> {
  const radii: Record<string, number> = {}
  for (const [name, value] of Object.entries(pairs(text, ['price', 'size', 'time'], KERNEL_EXAMPLE))) {
    if (!/^\d+$/.test(value)) throw new InvalidArgumentError(`Write it like ${KERNEL_EXAMPLE}.`)
    radii[name] = Number(value)
  }
  return radii
}

/** `time=ts,price=3,…`: columns by header name, or by number from 1. */
export function csvColumns(text: string): CsvColumns {
  const example = 'time=1,price=2,size=3,side=4'
  const found = pairs(text, ['time', 'price', 'size', 'side', 'symbol'], example)
  if (!found.time || !found.price || !found.size) {
    throw new InvalidArgumentError(`time, price and size are needed, as in ${example}.`)
  }
  const columns = Object.entries(found).map(([name, value]) => [
    name,
    /^\d+$/.test(value) ? Number(value) : value,
  ])
  return Object.fromEntries(columns) as CsvColumns
}
