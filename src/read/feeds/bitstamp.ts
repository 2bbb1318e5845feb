import { delimited, type Format, splitFields } from '../format.ts'

const NAMES = ['trade_id', 'exchange_timestamp', 'price', 'amount', 'buy_order_id', 'sell_order_id', 'side']

/**
 * Trades recorded from Bitstamp: a header, `exchange_timestamp` in ms beside the recorder's `timestamp`,
 * `amount` in the base coin, `side` of the taker. All pairs of the venue share one sequence of trade ids, so
 * gaps are normal.
 */
export const bitstamp: Format = {
  name: 'bitstamp',
  read({ lines }) {
    const header = splitFields(lines[0])
    if (!NAMES.every(name => header.includes(name))) return undefined
    const column = (name: string) => header.indexOf(name)
    return delimited({
      delimiter: 44,
      header: true,
      columns: {
        id: column('trade_id'),
        time: column('exchange_timestamp'),
        price: column('price'),
        size: column('amount'),
        side: column('side'),
      },
      timeUnit: 'ms',
    })
  },
}
