import type uPlot from 'uplot'
import type { MapReport } from '../../job/report.ts'
import { hotspotFacts } from '../../show/text.ts'
import type { Viewport } from '../../show/viewport.ts'

type Hotspot = MapReport['hotspots'][number]

/** A mark closer than this to a higher one is hidden under it and counted by it, CSS pixels. */
const SAME_PLACE = 6
/** Most marks with a number at a time. The others, and those without room for a number, are small rings. */
const NUMBERED = 40
/** Half the width of a ring and the offsets of its number, as in the style sheet. */
const RING = 8
const NUMBER = { left: 4, height: 17, padding: 9, digit: 6.6 }

interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A mark that is not hidden under another one. */
interface Leader {
  readonly button: HTMLButtonElement
  readonly rank: number
  readonly left: number
  readonly top: number
  under: number
}

/** The events of a mark. */
interface MarkEvents {
  /** A mark is hovered or focused; null when that ends. */
  readonly point: (hotspot: Hotspot | null) => void
  readonly choose: (hotspot: Hotspot) => void
}

/**
 * The numbered marks of the hotspots on the heat map. They are buttons, and one of them at a time is a Tab
 * stop.
 */
export class Marks {
  private readonly buttons: HTMLButtonElement[]
  private current = 0

  constructor(
    private readonly hotspots: readonly Hotspot[],
    private readonly chart: uPlot,
    private readonly view: Viewport,
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
      // A press on a mark must not start a selection in the chart below.
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

  /** The centre of a hotspot's voxel, in ms and price. */
  centre({ voxel }: Hotspot): { readonly time: number; readonly price: number } {
    return { time: (voxel.time + 0.5) * this.bins.time, price: (voxel.price + 0.5) * this.bins.price }
  }

  /** Moves every mark to its voxel. Marks of size classes not shown are hidden. */
  place(size: number | 'all', chosen: number | null): void {
    const { box } = this.view
    const leaders: Leader[] = []
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
      const leader = leaders.find(other => Math.hypot(other.left - left, other.top - top) < SAME_PLACE)
      if (leader) leader.under++
      else leaders.push({ button, rank, left, top, under: 0 })
      const label = button.firstElementChild as Element
      label.textContent = `${rank}`
      button.className = leader ? 'mark dot under' : 'mark'
      button.classList.toggle('chosen', rank === chosen)
      button.style.left = `${left}px`
      button.style.top = `${top}px`
    }
    this.placeNumbers(leaders)
    if (this.buttons[this.current]?.hidden) {
      const first = this.buttons.findIndex(button => !button.hidden)
      if (first >= 0) this.makeCurrent(first)
    }
  }

  /** Gives numbers to the highest marks, as long as they fit side by side. */
  private placeNumbers(leaders: readonly Leader[]): void {
    const width = this.chart.over.clientWidth
    const taken: { readonly ring: Rectangle; readonly number: Rectangle }[] = []
    for (const { button, rank, left, top, under } of leaders) {
      const text = under > 0 ? `${rank} +${under}` : `${rank}`
      const length = NUMBER.padding + NUMBER.digit * text.length
      const ring = { left: left - RING, right: left + RING, top: top - RING, bottom: top + RING }
      const numberAt = (start: number): Rectangle => ({
        left: start,
        right: start + length,
        top: top - NUMBER.height,
        bottom: top,
      })
      const sides = [numberAt(left + NUMBER.left), numberAt(left - NUMBER.left - length)]
      const side = sides.findIndex(
        number =>
          number.right < width + RING &&
          taken.every(
            other => !meet(number, other.number) && !meet(number, other.ring) && !meet(ring, other.number),
          ),
      )
      const numbered = side >= 0 && taken.length < NUMBERED
      if (numbered) taken.push({ ring, number: sides[side] })
      button.classList.toggle('dot', !numbered)
      button.classList.toggle('turned', side === 1)
      ;(button.firstElementChild as Element).textContent = text
    }
  }

  /** Focuses the mark `steps` ranks further, bringing it into view first. */
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

function meet(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
