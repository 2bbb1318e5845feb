import { delimited, type Format, isPlainDecimal, splitFields } from '../format.ts'
import { stem } from '../unpack.ts'

/**
 * Kraken's downloadable time and sales: no header, `unix seconds,price,volume`, volume in the base coin, no
 * side. Files are named after their pair (`AAVEUSD.csv`).
 */
export const kraken: Format = {
  name: 'kraken',
  symbolOf: path => /^[A-Z0-9][A-Z0-9.]{3,}$/.exec(stem(path))?.[0],
  read({ lines }) {
    const fields = splitFields(lines[0])
    const fits = fields.length === 3 && /^\d{10}(\.\d+)?$/.test(fields[0]) && fields.every(isPlainDecimal)
    if (!fits) return undefined
    return delimited({
      delimiter: 44,
      header: false,
      columns: { time: 0, price: 1, size: 2 },
      timeUnit: 's',
    })
  },
}
