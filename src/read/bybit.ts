import { type Format, splitFields } from './format.ts'

/** Columns that together no other feed has. */
const NAMES = ['timestamp', 'symbol', 'side', 'size', 'price', 'tickDirection', 'trdMatchID']

/**
 * Bybit's public trading history of its contracts: a header, `timestamp` in seconds with up to six decimals, `side` of
 * the taker, `size` in contracts. Older files run newest first.
 */
export const bybit: Format = {
  name: 'bybit',
  layout(lines) {
    const header = splitFields(lines[0], ',')
    if (!NAMES.every(name => header.includes(name))) return undefined
    const column = (name: string) => header.indexOf(name)
    return {
      delimiter: 44,
      header: true,
      columns: {
        time: column('timestamp'),
        price: column('price'),
        size: column('size'),
        side: column('side'),
        symbol: column('symbol'),
      },
      timeUnit: 's',
    }
  },
}
