/**
 * A number with its thousands grouped, `12,345`: a whole number, or one with the given number of decimals.
 */
export function grouped(value: number, decimals?: number): string {
  return decimals === undefined
    ? value.toLocaleString('en')
    : value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** Decimal text with its thousands grouped and its digits unchanged. */
export function groupedText(decimal: string): string {
  const [whole, fraction] = decimal.split('.')
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? text : `${text}.${fraction}`
}
