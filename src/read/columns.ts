import { VoxriskError } from '../errors.ts'
import type { TimeUnit } from '../units/decimal.ts'
import type { ColumnName, CsvColumns } from './format.ts'
import type { Columns } from './rows/layout.ts'

/** Header names that identify a column's role, in order of preference, in any case. */
const OBVIOUS_NAMES: Readonly<Record<keyof CsvColumns, readonly string[]>> = {
  time: ['time', 'timestamp', 'datetime', 'date'],
  price: ['price', 'px'],
  size: ['size', 'qty', 'quantity', 'volume', 'amount', 'sz'],
  side: ['side'],
  buyerIsMaker: ['isbuyermaker', 'is_buyer_maker', 'buyer_maker'],
  symbol: ['symbol', 'instrument', 'coin', 'ticker', 'pair'],
  id: ['trade_id', 'tradeid', 'id', 'agg_trade_id'],
  flag: [],
}
const ROLES = Object.keys(OBVIOUS_NAMES) as (keyof CsvColumns)[]
const NEEDED = ['time', 'price', 'size'] as const

/**
 * Header names found only in files of orders, quotes or bars. Such files hold no trades, whatever their other
 * columns are called.
 */
// biome-ignore format: a list
const ORDER_NAMES = [
  'action', 'event', 'order_id', 'order_type', 'is_snapshot', 'level', 'bid', 'ask', 'bid_price', 'ask_price',
  'open', 'high', 'low', 'close', 'market_cap',
]

/**
 * Finds the columns of trades by name alone (`time price size side symbol` and common variants).
 * @param header names of all columns
 * @returns undefined when a required column is missing, or when the names are those of orders, quotes or bars
 */
export function obviousColumns(header: readonly string[]): Columns | undefined {
  const names = header.map(name => name.toLowerCase())
  if (ORDER_NAMES.some(name => names.includes(name))) return undefined
  const columns: Partial<Record<keyof CsvColumns, number>> = {}
  for (const role of ROLES) {
    const name = OBVIOUS_NAMES[role].find(name => names.includes(name))
    if (name !== undefined) columns[role] = names.indexOf(name)
  }
  if (columns.side !== undefined) delete columns.buyerIsMaker // both give the side
  return hasNeeded(columns) ? columns : undefined
}

function hasNeeded(columns: Partial<Record<keyof CsvColumns, number>>): columns is Columns {
  return NEEDED.every(role => columns[role] !== undefined)
}

/**
 * Resolves the columns a caller names, by header (in any case) or by number from 1.
 * @param header names of all columns, or the first row of a text without a header
 * @param place where the header is, for messages
 * @returns the columns, and whether any was named by its header
 * @throws {VoxriskError} `bad-setting` when a column is missing, does not exist, or has two roles
 */
export function namedColumns(
  asked: CsvColumns,
  header: readonly string[],
  place = 'the first line',
): { columns: Columns; byName: boolean } {
  const columns: Partial<Record<keyof CsvColumns, number>> = {}
  let byName = false
  for (const role of ROLES) {
    const name: ColumnName | undefined = asked[role]
    if (name === undefined) continue
    const isNumber = typeof name === 'number' || /^\d+$/.test(name)
    const column = isNumber
      ? Number(name) - 1
      : header.findIndex(field => field.toLowerCase() === name.toLowerCase())
    if (!(Number.isInteger(column) && column >= 0 && column < header.length)) {
      throw badColumns(
        isNumber
          ? `${role} is column ${name}, but ${place} has ${header.length} columns`
          : `no column is called "${name}"; ${place} is ${listed(header)}`,
      )
    }
    const twin = Object.entries(columns).find(([, other]) => other === column)
    if (twin) throw badColumns(`${twin[0]} and ${role} are the same column`)
    if (!isNumber) byName = true
    columns[role] = column
  }
  if (columns.side !== undefined && columns.buyerIsMaker !== undefined)
    throw badColumns('the side and whether the buyer is the maker both give the side')
  if (hasNeeded(columns)) return { columns, byName }
  throw badColumns(`no column is given for the ${NEEDED.find(role => columns[role] === undefined)}`)
}

/**
 * The columns of a file with a schema: the ones the caller names, otherwise the obvious ones.
 * @throws {VoxriskError} `bad-setting` when there are no obvious ones, or as in {@link namedColumns}
 */
export function columnsByName(header: readonly string[], asked: CsvColumns | undefined): Columns {
  if (asked) return namedColumns(asked, header, 'the schema').columns
  const columns = obviousColumns(header)
  if (columns) return columns
  throw badColumns(`their names do not say which hold time, price and size of trades: ${listed(header)}`)
}

function listed(header: readonly string[]): string {
  const MOST = 200
  const list = header.join(', ')
  return list.length > MOST ? `${list.slice(0, MOST)}…` : list
}

function badColumns(problem: string): VoxriskError {
  return new VoxriskError(
    'bad-setting',
    `columns: ${problem}`,
    'Name the columns by header or by number from 1; time, price and size are needed.',
    { settings: ['columns'] },
  )
}

/** The error for a time whose unit cannot be determined. */
export function unknownUnit(code: 'bad-setting' | 'bad-data', message: string): VoxriskError {
  return new VoxriskError(code, message, 'Give the unit of the time: s, ms, us, ns or iso.', {
    settings: ['timeUnit'],
  })
}

/**
 * Guesses the unit of a count since 1970 from its magnitude: below 10^11 s, below 10^14 ms, below 10^17 µs,
 * otherwise ns.
 * @param shown the count as written in the file
 * @throws {VoxriskError} `bad-setting` below 10^8, which is not a time since 1970 in any unit; more likely a
 *   time of day
 */
export function unitByMagnitude(count: number, shown: string): TimeUnit {
  if (count < 1e8) {
    throw unknownUnit('bad-setting', `time ${shown} is not a date and is too small to be a time since 1970`)
  }
  return count < 1e11 ? 's' : count < 1e14 ? 'ms' : count < 1e17 ? 'us' : 'ns'
}
