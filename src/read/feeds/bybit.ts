import { delimited, type Format, isPlainDecimal, splitFields } from '../format.ts'

/** Only Bybit and BitMEX have all of these columns. */
const NAMES = ['timestamp', 'symbol', 'side', 'size', 'price', 'tickDirection', 'trdMatchID']

/** The columns of a file whose header is that of Bybit and BitMEX; undefined for any other. */
export function bybitColumns(line: string) {
  const header = splitFields(line)
  if (!NAMES.every(name => header.includes(name))) return undefined
  const column = (name: string) => header.indexOf(name)
  return {
    time: column('timestamp'),
    price: column('price'),
    size: column('size'),
    side: column('side'),
    symbol: column('symbol'),
  }
}

/**
 * Bybit's public trading history of its contracts: a header, `timestamp` in seconds with up to six decimals,
 * `side` of the taker, `size` in contracts. Older files run newest first.
 */
export const bybit: Format = {
  name: 'bybit',
  isInverse: symbol => /USD([A-Z]\d\d)?$/i.test(symbol), // not USDT
  read({ lines }) {
    const columns = bybitColumns(lines[0])
    if (columns === undefined) return undefined
    // BitMEX's dumps have the same header but a different time format.
    if (lines.length > 1 && !isPlainDecimal(splitFields(lines[1])[columns.time] ?? '')) return undefined
    return delimited({ delimiter: 44, header: true, columns, timeUnit: 's' })
  },
}
