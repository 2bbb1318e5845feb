import { type TradeChunk, TradeFlag } from '../../events/trades.ts'
import { count } from '../../units/counts.ts'
import { type Format, type Rows, splitFields } from '../format.ts'
import { RowReader } from '../rows/delimited.ts'

const NAMES = ['time', 'coin', 'side', 'px', 'sz', 'crossed']

/**
 * Hyperliquid's published trades: a header, `time` to the second, `side` (Bid or Ask) of the row's own order,
 * `crossed` true when that order was the taker. Each row is one user's part in a trade, so a trade can have
 * two rows; the second is left out.
 */
export const hyperliquid: Format = {
  name: 'hyperliquid',
  read({ lines }) {
    const header = splitFields(lines[0])
    if (!NAMES.every(name => header.includes(name))) return undefined
    const column = (name: string) => header.indexOf(name)
    const layout = {
      delimiter: 44,
      header: true,
      columns: {
        time: column('time'),
        price: column('px'),
        size: column('sz'),
        side: column('side'),
        aggressor: column('crossed'),
        symbol: column('coin'),
      },
      timeUnit: 'iso',
      sides: { buy: 'bid', sell: 'ask' },
    } as const
    return {
      newRows: symbol => new OneRowATrade(new RowReader(layout, symbol)),
      newCensus: census => new RowReader(layout, '', census),
    }
  },
}

/**
 * Leaves out the second row of a trade. Two rows with the same time, price, size and aggressor side, one from
 * the aggressor and one from the resting order, are one trade; the later row is dropped. Two rows of the same
 * kind are never matched, so equal trades are kept.
 */
class OneRowATrade implements Rows {
  private time = Number.NaN
  /**
   * Rows at the current time still waiting for their other half: aggressor rows count up, resting rows count
   * down.
   */
  private readonly waiting = new Map<string, number>()

  constructor(private readonly rows: RowReader) {}

  get account() {
    return this.rows.account
  }

  get symbol() {
    return this.rows.symbol
  }

  get firstRejection() {
    return this.rows.firstRejection
  }

  *push(bytes: Uint8Array): Generator<TradeChunk> {
    for (const chunk of this.rows.push(bytes)) yield this.firstRows(chunk)
  }

  *end(): Generator<TradeChunk> {
    for (const chunk of this.rows.end()) yield this.firstRows(chunk)
  }

  private firstRows(chunk: TradeChunk): TradeChunk {
    const { time, price, size, side, flags } = chunk
    let length = 0
    for (let i = 0; i < chunk.length; i++) {
      if (this.isSecondRow(chunk, i)) continue
      time[length] = time[i]
      price[length] = price[i]
      size[length] = size[i]
      side[length] = side[i]
      flags[length] = flags[i] & ~TradeFlag.restingRow
      length++
    }
    const dropped = chunk.length - length
    if (dropped > 0) count(this.rows.account.outside, 'same-trade', dropped)
    return { ...chunk, length }
  }

  private isSecondRow(chunk: TradeChunk, i: number): boolean {
    if (chunk.time[i] !== this.time) {
      this.time = chunk.time[i]
      this.waiting.clear()
    }
    // Equal decimals give equal quotients, whatever the chunk's decimals.
    const price = chunk.price[i] / 10 ** chunk.priceDecimals
    const size = chunk.size[i] / 10 ** chunk.sizeDecimals
    const trade = `${price} ${size} ${chunk.side[i]}`
    const kind = chunk.flags[i] & TradeFlag.restingRow ? -1 : 1
    const waiting = this.waiting.get(trade) ?? 0
    this.waiting.set(trade, waiting + kind)
    return waiting * kind < 0
  }
}
