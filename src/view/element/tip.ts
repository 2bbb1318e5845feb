import type { Hotspot } from '../../layers/trades/facts.ts'
import { decimal, flow, number, priceRange, sizeRange, timeRange } from '../../show/text.ts'
import type { CellFacts, ViewMeasure } from '../types.ts'
import { make } from './dom.ts'

/** Distance between the pointer and the box, CSS pixels. */
const DISTANCE = 14
/** Distance between the box and the edges of the picture, CSS pixels. */
const MARGIN = 4

export interface TipText {
  readonly title: string
  readonly lines: readonly (readonly [name: string, value: string])[]
}

/** @param rank 1 for the highest score; 0 if unknown */
export function hotspotTip(hotspot: Hotspot, rank: number): TipText {
  return {
    title: rank > 0 ? `Hotspot ${rank}` : 'Hotspot',
    lines: [
      ['score', decimal(hotspot.score, 2)],
      ['time (UTC)', timeRange(hotspot.time)],
      ['price', priceRange(hotspot.price)],
      ['size', sizeRange(hotspot.size)],
      ['trades', number(hotspot.trades, 3)],
      ['volume', number(hotspot.volume, 3)],
      ['bps/trade', number(hotspot.volatilityBps, 3)],
      ['flow', flow(hotspot.imbalance)],
    ],
  }
}

/** @returns null for a cell with neither a score nor trades */
export function cellTip(facts: CellFacts, measure: ViewMeasure): TipText | null {
  const { volume, netFlow } = facts
  if (facts.measure === null && !volume) return null
  return {
    title:
      facts.measure === null
        ? 'Not scored: too few trades'
        : `${NAMES[measure]} ${decimal(facts.measure, 2)}`,
    lines: [
      ['time (UTC)', timeRange(facts.time)],
      ['price', priceRange(facts.price)],
      ...(volume === null ? [] : [['volume', number(volume, 3)] as const]),
      ...(netFlow === null ? [] : [['net flow', `${netFlow > 0 ? '+' : ''}${number(netFlow, 3)}`] as const]),
    ],
  }
}

const NAMES: Readonly<Record<ViewMeasure, string>> = {
  score: 'Highest score',
  activity: 'Highest activity',
  volatility: 'Highest volatility',
  flow: 'Highest flow',
}

/** The box with facts beside the pointer. It stays within its parent. */
export class Tip {
  readonly element = make('div', { class: 'tip', 'aria-hidden': 'true', hidden: '' })

  /** @param x with y, the point of the parent to show the box beside, CSS pixels */
  show({ title, lines }: TipText, x: number, y: number): void {
    const { element } = this
    const facts = make(
      'dl',
      {},
      ...lines.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]),
    )
    element.replaceChildren(make('b', {}, title), facts)
    element.hidden = false
    this.place(x, y)
  }

  /** Follows the pointer. */
  place(x: number, y: number): void {
    const { element } = this
    const { clientWidth, clientHeight } = element.parentElement!
    const { offsetWidth: width, offsetHeight: height } = element
    const left = x + DISTANCE + width <= clientWidth ? x + DISTANCE : x - DISTANCE - width
    const top = y + DISTANCE + height <= clientHeight ? y + DISTANCE : y - DISTANCE - height
    element.style.left = `${within(left, clientWidth - width)}px`
    element.style.top = `${within(top, clientHeight - height)}px`
  }

  hide(): void {
    this.element.hidden = true
  }
}

function within(place: number, room: number): number {
  return Math.max(MARGIN, Math.min(place, room - MARGIN))
}
