import { delimited, type Format, isPlainDecimal, splitFields } from '../format.ts'
import type { Columns } from '../rows/layout.ts'
import { stem } from '../unpack.ts'

/** What each field looks like in a row without a header. */
const SHAPES = {
  id: (field: string) => /^\d+$/.test(field),
  number: isPlainDecimal,
  /** ms; µs on the spot market since 2025. */
  time: (field: string) => /^(\d{13}|\d{16})$/.test(field),
  flag: (field: string) => /^(true|false)$/i.test(field),
}

type Shape = keyof typeof SHAPES

/** The files of data.binance.vision: the fields of a row for spot and futures, `trades` and `aggTrades`. */
const TABLES: readonly { readonly shapes: readonly Shape[]; readonly columns: Columns }[] = [
  {
    shapes: ['id', 'number', 'number', 'number', 'time', 'flag'],
    columns: { id: 0, price: 1, size: 2, time: 4, buyerIsMaker: 5 },
  },
  {
    shapes: ['id', 'number', 'number', 'id', 'id', 'time', 'flag'],
    columns: { id: 0, price: 1, size: 2, time: 5, buyerIsMaker: 6 },
  },
]
/** Spot rows end in one extra flag: whether the trade was the best price match. */
const fits = (fields: readonly string[], shapes: readonly Shape[]) =>
  (fields.length === shapes.length || (fields.length === shapes.length + 1 && SHAPES.flag(fields.at(-1)!))) &&
  shapes.every((shape, i) => SHAPES[shape](fields[i]))

/** COIN-M symbols: `BTCUSD_PERP`, `BTCUSD_240927`. */
export function isCoinMargined(symbol: string): boolean {
  return /USD_/i.test(symbol)
}

const HEADERS = [
  /^id,price,qty,(quote_qty|quoteqty|base_qty),time,is_?buyer_?maker/i,
  /^agg_?trade_?id,price,(quantity|qty),first_trade_id,last_trade_id,(transact_time|time|timestamp),is_?buyer_?maker/i,
]

/**
 * Binance's public data: `trades` and `aggTrades` of the spot and futures markets, with or without a header.
 * Sizes are in the base coin, or in contracts for COIN-M futures. Files are named after their symbol
 * (`BTCUSDT-trades-2024-08-08.csv`).
 */
export const binance: Format = {
  name: 'binance',
  isInverse: isCoinMargined,
  symbolOf: path => /^([A-Z0-9_]+)-(?:trades|aggTrades)-\d{4}-\d\d/.exec(stem(path))?.[1],
  read({ lines }) {
    const names = splitFields(lines[0]).join(',')
    const header = HEADERS.some(pattern => pattern.test(names))
    const row = header ? lines[1] : lines[0]
    if (row === undefined) return undefined
    const fields = splitFields(row)
    const table = TABLES.find(({ shapes }) => fits(fields, shapes))
    if (table === undefined) return undefined
    const timeUnit = fields[table.columns.time].length === 16 ? 'us' : 'ms'
    return delimited({ delimiter: 44, header, columns: table.columns, timeUnit })
  },
}
