import { type Format, isPlainDecimal, splitFields } from './format.ts'

/**
 * Kraken's downloadable time and sales: no header, `unix seconds,price,volume`, volume in the base coin, no side. A
 * zip holds one member a pair, named after it (`AAVEUSD.csv`).
 */
export const kraken: Format = {
  name: 'kraken',
  symbolNamesMember: true,
  layout(lines) {
    const fields = splitFields(lines[0], ',')
    const fits = fields.length === 3 && /^\d{10}(\.\d+)?$/.test(fields[0]) && fields.every(isPlainDecimal)
    if (!fits) return undefined
    return { delimiter: 44, header: false, columns: { time: 0, price: 1, size: 2 }, timeUnit: 's' }
  },
}
