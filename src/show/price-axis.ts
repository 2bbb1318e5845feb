import { grouped } from '../units/grouped.ts'
import { number } from './text.ts'

/** The smallest of 1, 2, 5 · 10^k that is at least `least`. */
export function priceStep(least: number): number {
  const unit = 10 ** Math.floor(Math.log10(least))
  const times = [1, 2, 5].find(times => times * unit >= least * (1 - 1e-9))
  return (times ?? 10) * unit
}

/** Multiples of a step within low … high. */
export function priceSplits(low: number, high: number, step: number): number[] {
  const splits: number[] = []
  for (let i = Math.ceil(low / step); i * step <= high; i++) splits.push(i * step)
  return splits
}

/** A number on an axis, with as many decimals as its step needs. */
export function axisNumber(value: number, step: number): string {
  if (Math.abs(value) >= 1e6 && step >= 1e4) {
    return value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 2 })
  }
  const decimals = Math.min(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)), 12)
  return decimals > 8 ? number(value, 4) : grouped(value, decimals)
}
