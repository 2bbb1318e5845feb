import { type Format, isPlainDecimal, splitFields } from './format.ts'

/**
 * Trades as recorded from BitMEX's websocket: no header, `symbol, date and time to the second, milliseconds, price,
 * size in contracts, action, side`, texts quoted and padded with NUL bytes, several symbols in one file. Rows whose
 * action is `partial` repeat a trade from before the subscription.
 */
export const bitmex: Format = {
  name: 'bitmex',
  layout(lines) {
    const fields = splitFields(lines[0], ',')
    const fits =
      fields.length === 7 &&
      /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/.test(fields[1]) &&
      /^\d{1,3}$/.test(fields[2]) &&
      isPlainDecimal(fields[3]) &&
      isPlainDecimal(fields[4]) &&
      /^(partial|insert)$/.test(fields[5])
    if (!fits) return undefined
    return {
      delimiter: 44,
      header: false,
      columns: { symbol: 0, time: 1, milliseconds: 2, price: 3, size: 4, action: 5, side: 6 },
      timeUnit: 'iso',
    }
  },
}
