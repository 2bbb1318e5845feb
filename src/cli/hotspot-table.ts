import type { Hotspot } from '../layers/trades/facts.ts'
import { number, sizeRange, timeRange } from '../show/text.ts'
import { signed } from './format.ts'
import type { Column } from './table.ts'

/** Where a hotspot lies, as columns of a table. */
export const PLACE_COLUMNS: readonly Column[] = [
  { head: 'time (UTC)', align: 'left' },
  { head: 'price', align: 'left' },
  { head: 'size', align: 'left' },
]

export function place({ time, price, size }: Hotspot): string[] {
  return [timeRange(time), `${price.from} – ${price.to}`, sizeRange(size)]
}

/** What happened there, as columns of a table. */
export const FACT_COLUMNS: readonly Column[] = [
  { head: 'trades', align: 'right' },
  { head: 'volume', align: 'right' },
  { head: 'bps/trade', align: 'right' },
  { head: 'flow', align: 'right' },
]

export function facts({ trades, volume, volatilityBps, imbalance }: Hotspot): string[] {
  return [number(trades, 3), number(volume, 3), number(volatilityBps, 3), `${signed(imbalance * 100, 0)} %`]
}
