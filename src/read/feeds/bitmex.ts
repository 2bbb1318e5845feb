import { delimited, type Format, isPlainDecimal, type Reading, splitFields } from '../format.ts'
import { bybitColumns } from './bybit.ts'

/**
 * BitMEX, in two forms.
 *
 * The venue's daily dumps: a header, `timestamp` as `2019-10-01D00:00:02.325907000`, `side` of the taker,
 * several symbols per file.
 *
 * Trades recorded from its websocket: no header; `symbol, date and time to the second, milliseconds, price,
 * size in contracts, action, side`; texts are quoted and padded with NUL bytes. Rows whose action is
 * `partial` repeat a trade from before the subscription.
 */
export const bitmex: Format = {
  name: 'bitmex',
  isInverse: symbol => /^XBT(USD|[A-Z]\d\d)$/i.test(symbol),
  read({ lines }) {
    return dump(lines) ?? recording(lines[0])
  },
}

function dump(lines: readonly string[]): Reading | undefined {
  const columns = bybitColumns(lines[0])
  if (columns === undefined || lines.length < 2) return undefined
  if (!/^\d{4}-\d\d-\d\d[DT ]/.test(splitFields(lines[1])[columns.time] ?? '')) return undefined
  return delimited({ delimiter: 44, header: true, columns, timeUnit: 'iso' })
}

function recording(line: string): Reading | undefined {
  const fields = splitFields(line)
  const fits =
    fields.length === 7 &&
    /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/.test(fields[1]) &&
    /^\d{1,3}$/.test(fields[2]) &&
    isPlainDecimal(fields[3]) &&
    isPlainDecimal(fields[4]) &&
    /^(partial|insert)$/.test(fields[5])
  if (!fits) return undefined
  return delimited({
    delimiter: 44,
    header: false,
    columns: { symbol: 0, time: 1, milliseconds: 2, price: 3, size: 4, action: 5, side: 6 },
    timeUnit: 'iso',
  })
}
