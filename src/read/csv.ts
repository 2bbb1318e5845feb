import { VoxriskError } from '../errors.ts'
import type { TimeUnit } from './decimal.ts'
import {
  type ColumnName,
  type CsvColumns,
  delimited,
  type Format,
  isPlainDecimal,
  splitFields,
} from './format.ts'
import type { Columns } from './layout.ts'

/** Header names that say what a column holds, in order of preference, in any case. */
const OBVIOUS_NAMES: Readonly<Record<keyof CsvColumns, readonly string[]>> = {
  time: ['time', 'timestamp', 'datetime', 'date'],
  price: ['price', 'px'],
  size: ['size', 'qty', 'quantity', 'volume', 'amount', 'sz'],
  side: ['side'],
  symbol: ['symbol', 'instrument', 'coin', 'ticker', 'pair'],
}

/** Header names that only a file of orders, quotes or bars has: no trades, whatever its other columns are called. */
// biome-ignore format: a list
const ORDER_NAMES = [
  'action', 'event', 'order_id', 'order_type', 'is_snapshot', 'level', 'bid', 'ask', 'bid_price', 'ask_price',
  'open', 'high', 'low', 'close', 'market_cap',
]

const COLUMNS_FIX =
  'Name the columns, by header or by number from 1: --format csv --columns time=1,price=2,size=3,side=4.'

/**
 * Any delimited text (`,` `;` or tab) with one trade a line. The caller names the columns, or a header with obvious
 * names does (`time price size side symbol` and common variants). The unit of a numeric time is the caller's, or is
 * told by the magnitude of the first one: below 10^11 seconds, 10^14 ms, 10^17 µs, else ns.
 */
export const csv: Format = {
  name: 'csv',
  read({ lines }, options) {
    const delimiter = pickDelimiter(lines[0])
    const first = splitFields(lines[0], delimiter)
    const named = options.columns ? namedColumns(options.columns, first) : obviousColumns(first)
    if (named === undefined) return undefined
    const { columns, byName } = named
    // A row with a time is data, however bad its price: a header swallows no trade.
    const header = byName || (!/^\d/.test(first[columns.time]) && !isPlainDecimal(first[columns.price]))
    const timeUnit = options.timeUnit ?? guessTimeUnit(lines.slice(header ? 1 : 0), delimiter, columns.time)
    return delimited({ delimiter: delimiter.charCodeAt(0), header, columns, timeUnit })
  },
}

function pickDelimiter(line: string): string {
  const count = (delimiter: string) => splitFields(line, delimiter).length
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best))
}

function obviousColumns(header: readonly string[]): { columns: Columns; byName: true } | undefined {
  const names = header.map(name => name.toLowerCase())
  if (ORDER_NAMES.some(name => names.includes(name))) return undefined
  const column = (role: keyof CsvColumns) => {
    const name = OBVIOUS_NAMES[role].find(name => names.includes(name))
    return name === undefined ? -1 : names.indexOf(name)
  }
  const [time, price, size, side, symbol] = [
    column('time'),
    column('price'),
    column('size'),
    column('side'),
    column('symbol'),
  ]
  if (time < 0 || price < 0 || size < 0) return undefined
  const columns = { time, price, size, ...(side < 0 ? {} : { side }), ...(symbol < 0 ? {} : { symbol }) }
  return { columns, byName: true }
}

function namedColumns(asked: CsvColumns, first: readonly string[]): { columns: Columns; byName: boolean } {
  const columns: Partial<Record<keyof CsvColumns, number>> = {}
  let byName = false
  for (const role of ['time', 'price', 'size', 'side', 'symbol'] as const) {
    const name: ColumnName | undefined = asked[role]
    if (name === undefined) {
      if (role === 'side' || role === 'symbol') continue
      throw new VoxriskError('bad-setting', `columns: no column is named for the ${role}`, COLUMNS_FIX)
    }
    const isNumber = typeof name === 'number' || /^\d+$/.test(name)
    const column = isNumber
      ? Number(name) - 1
      : first.findIndex(field => field.toLowerCase() === name.toLowerCase())
    if (!(Number.isInteger(column) && column >= 0 && column < first.length)) {
      const problem = isNumber
        ? `${role} is column ${name}, but the first line has ${first.length} columns`
        : `no column is called "${name}"; the first line is ${first.join(', ').slice(0, 200)}`
      throw new VoxriskError('bad-setting', `columns: ${problem}`, COLUMNS_FIX)
    }
    const twin = Object.entries(columns).find(([, other]) => other === column)
    if (twin) {
      throw new VoxriskError(
        'bad-setting',
        `columns: ${twin[0]} and ${role} are the same column`,
        COLUMNS_FIX,
      )
    }
    if (!isNumber) byName = true
    columns[role] = column
  }
  return { columns: columns as Columns, byName }
}

function guessTimeUnit(rows: readonly string[], delimiter: string, column: number): TimeUnit {
  const UNIT_FIX = 'Say the unit of the time: --time-unit s, ms, us, ns or iso.'
  for (const row of rows) {
    const time = splitFields(row, delimiter)[column] ?? ''
    if (/^\d{4}-\d\d-\d\d/.test(time)) return 'iso'
    if (!isPlainDecimal(time)) continue
    const count = Number(time)
    // Counts below 10^8 are no time since 1970 in any unit: of day, more likely.
    if (count < 1e8) {
      throw new VoxriskError(
        'bad-setting',
        `time ${time} is no date and too small to be a time since 1970`,
        UNIT_FIX,
      )
    }
    return count < 1e11 ? 's' : count < 1e14 ? 'ms' : count < 1e17 ? 'us' : 'ns'
  }
  if (rows.length === 0) return 's'
  const shown = (splitFields(rows[0], delimiter)[column] ?? '').slice(0, 40)
  throw new VoxriskError('bad-data', `row 1: time "${shown}" is neither a date nor a number`, UNIT_FIX)
}
