import type uPlot from 'uplot'
import type { MapReport } from '../../job/report.ts'
import { hotspotFacts } from '../text.ts'
import type { View } from './view.ts'

type Hotspot = MapReport['hotspots'][number]

/** Room of a numbered mark, CSS pixels; a mark that would lie within that of a higher one loses its number. */
const ROOM = { width: 36, height: 18 }
/** A mark closer than this to a higher one lies under it and is counted by it. */
const SAME_PLACE = 6

/** What happens to a mark. */
interface MarkEvents {
  /** A mark is looked at, by pointer or keyboard; null when no longer. */
  readonly point: (hotspot: Hotspot | null) => void
  readonly choose: (hotspot: Hotspot) => void
}

/** The numbered marks of the hotspots over the heat map: buttons, of which one at a time takes the tab key. */
export class Marks {
  private readonly buttons: HTMLButtonElement[]
  private current = 0

  constructor(
    private readonly hotspots: readonly Hotspot[],
    private readonly chart: uPlot,
    private readonly view: View,
    private readonly bins: { readonly time: number; readonly price: number },
    events: MarkEvents,
  ) {
    this.buttons = hotspots.map((hotspot, i) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'mark'
      button.dataset.rank = `${hotspot.rank}`
      const number = document.createElement('span')
      number.textContent = `${hotspot.rank}`
      button.append(number)
      button.tabIndex = i === 0 ? 0 : -1
      button.setAttribute('aria-label', `Hotspot ${hotspot.rank}: ${hotspotFacts(hotspot)}`)
      button.addEventListener('pointerenter', () => events.point(hotspot))
      button.addEventListener('pointerleave', () => events.point(null))
      button.addEventListener('focus', () => {
        this.makeCurrent(i)
        events.point(hotspot)
      })
      button.addEventListener('blur', () => events.point(null))
      button.addEventListener('click', () => events.choose(hotspot))
      // A press on a mark begins no selection of the chart below.
      for (const name of ['mousedown', 'dblclick'])
        button.addEventListener(name, event => event.stopPropagation())
      return button
    })
    // Highest risk on top.
    chart.over.append(...[...this.buttons].reverse())
  }

  button(rank: number): HTMLButtonElement | undefined {
    return this.buttons[this.hotspots.findIndex(hotspot => hotspot.rank === rank)]
  }

  /** Middle of a hotspot's voxel: ms and price. */
  centre({ voxel }: Hotspot): { readonly time: number; readonly price: number } {
    return { time: (voxel.time + 0.5) * this.bins.time, price: (voxel.price + 0.5) * this.bins.price }
  }

  /** Moves every mark to its voxel; those of other size classes than the one shown are left out. */
  place(size: number | 'all', chosen: number | null): void {
    const { box } = this.view
    const placed: { left: number; top: number; label: Element; rank: number; under: number }[] = []
    const order = this.hotspots.map((_, i) => i)
    order.sort((a, b) => Number(this.hotspots[b].rank === chosen) - Number(this.hotspots[a].rank === chosen))
    for (const i of order) {
      const hotspot = this.hotspots[i]
      const { rank } = hotspot
      const button = this.buttons[i]
      const { time, price } = this.centre(hotspot)
      const inside = time >= box.from && time <= box.to && price >= box.low && price <= box.high
      button.hidden = !inside || (size !== 'all' && hotspot.voxel.size !== size)
      if (button.hidden) continue
      const left = this.chart.valToPos(time, 'x')
      const top = this.chart.valToPos(price, 'y')
      const near = placed.find(
        mark => Math.abs(mark.left - left) < ROOM.width && Math.abs(mark.top - top) < ROOM.height,
      )
      const above = near && Math.hypot(near.left - left, near.top - top) < SAME_PLACE ? near : undefined
      const label = button.firstElementChild as Element
      label.textContent = `${rank}`
      if (above) above.under++
      else if (!near) placed.push({ left, top, label, rank, under: 0 })
      button.classList.toggle('under', above !== undefined)
      button.classList.toggle('dot', near !== undefined)
      button.classList.toggle('chosen', rank === chosen)
      button.style.left = `${left}px`
      button.style.top = `${top}px`
    }
    for (const { label, rank, under } of placed) {
      label.textContent = under > 0 ? `${rank} +${under}` : `${rank}`
    }
    if (this.buttons[this.current]?.hidden) {
      const first = this.buttons.findIndex(button => !button.hidden)
      if (first >= 0) this.makeCurrent(first)
    }
  }

  /** Focuses the mark `steps` ranks on, brought into view first. */
  walk(steps: number, bring: (hotspot: Hotspot) => void): void {
    const count = this.buttons.length
    if (count === 0) return
    const onMark = document.activeElement === this.buttons[this.current]
    const next = onMark ? (this.current + steps + count) % count : steps > 0 ? 0 : count - 1
    if (this.buttons[next].hidden) bring(this.hotspots[next])
    this.makeCurrent(next)
    this.buttons[next].focus({ preventScroll: true })
  }

  private makeCurrent(index: number): void {
    this.buttons[this.current].tabIndex = -1
    this.current = index
    this.buttons[index].tabIndex = 0
  }
}
