import type { Hotspot } from '../layers/trades/facts.ts'
import { number, sizeRange, timeRange } from '../show/text.ts'
import { signed } from './format.ts'
import type { Column } from './table.ts'

/** Table columns for where a hotspot is. */
export const PLACE_COLUMNS: readonly Column[] = [
  { head: 'time (UTC)', align: 'left' },
  { head: 'price', align: 'left' },
  { head: 'size', align: 'left' },
]

export function place({ time, price, size }: Hotspot): string[] {
  return [timeRange(time), `${price.from} – ${price.to}`, sizeRange(size)]
}

/** Table columns for what happened there. */
export const FACT_COLUMNS: readonly Column[] = [
  { head: 'trades', align: 'right' },
  { head: 'volume', align: 'right' },
  { head: 'bps/trade', align: 'right' },
  { head: 'flow', align: 'right' },
]

export function facts({ trades, volume, volatilityBps, imbalance }: Hotspot): string[] {
  return [number(trades, 3), number(volume, 3), number(volatilityBps, 3), `${signed(imbalance * 100, 0)} %`]
}
