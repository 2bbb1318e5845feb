/** Mantissas that may be labelled within a decade, most of them first. */
const MANTISSAS = [[1, 2, 5], [1, 3], [1]]

/**
 * Labelled places of a logarithmic axis: powers of two for bytes, else 1, 2, 5 of each decade, or fewer.
 * @param most how many labels have room
 */
export function ticksOfLog(from: number, to: number, bytes: boolean, most: number): number[] {
  if (bytes) {
    const first = Math.ceil(Math.log2(from))
    const last = Math.floor(Math.log2(to))
    const step = Math.max(1, Math.ceil((last - first + 1) / most))
    return powers(first, last, step, 2)
  }
  const first = Math.floor(Math.log10(from))
  const last = Math.ceil(Math.log10(to))
  for (const mantissas of MANTISSAS) {
    const ticks = powers(first, last, 1, 10)
      .flatMap(decade => mantissas.map(mantissa => mantissa * decade))
      .filter(tick => tick >= from && tick <= to)
    if (ticks.length <= most && ticks.length > 0) return ticks
  }
  return powers(first, last, Math.ceil((last - first) / most), 10).filter(tick => tick >= from && tick <= to)
}

function powers(first: number, last: number, step: number, base: number): number[] {
  const ticks: number[] = []
  for (let exponent = first; exponent <= last; exponent += step) ticks.push(base ** exponent)
  return ticks
}

/** `0.02`, `500`, `20K`, `1M`. */
export function plainTick(value: number): string {
  return value >= 1000
    ? value.toLocaleString('en', { notation: 'compact' })
    : value.toLocaleString('en', { maximumSignificantDigits: 2 })
}

export function bytesTick(value: number): string {
  if (value >= 2 ** 20) return `${value / 2 ** 20} MiB`
  return value >= 2 ** 10 ? `${value / 2 ** 10} KiB` : `${value} B`
}
