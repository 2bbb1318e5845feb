import { scoreColour, type Theme } from '../../show/colours.ts'
import type { ViewMeasure } from '../types.ts'
import { make, setText } from './dom.ts'

/** A voxel with at least this score is rare. */
const RARE = 3

/** Stops of the gradient. Between them the palette is almost linear. */
const STOPS = 33

/** A term's name stands for its part of the score. */
const TITLES: Readonly<Record<ViewMeasure, string>> = {
  score: 'Score',
  activity: 'Activity',
  volatility: 'Volatility',
  flow: 'Flow',
}

/** The colour scale with its numbers: 0, `3 rare` (for the score), and the top. */
export class Legend {
  readonly element: HTMLElement
  private readonly title = make('span', { class: 'legend-title' })
  private readonly strip = make('span', { class: 'legend-strip', 'aria-hidden': 'true' })
  private readonly numbers = make('span', { class: 'legend-numbers' })
  private shown = ''

  constructor() {
    this.element = make('div', { class: 'legend' }, this.title, this.strip, this.numbers)
  }

  show(measure: ViewMeasure, top: number, theme: Theme): void {
    const key = `${measure} ${top} ${theme}`
    if (key === this.shown) return
    this.shown = key
    setText(this.title, TITLES[measure])
    const stops = Array.from({ length: STOPS }, (_, stop) => {
      const [red, green, blue] = scoreColour((stop / (STOPS - 1)) * top, top, theme)
      return `rgb(${red} ${green} ${blue})`
    })
    this.strip.style.background = `linear-gradient(to right, ${stops.join(', ')})`
    const rare = make('span', { class: 'legend-rare' }, top > RARE + 1 ? '3 rare' : '3') // beside the top
    rare.style.left = `${(RARE / top) * 100}%`
    this.numbers.replaceChildren(
      make('span', {}, '0'),
      ...(measure === 'score' && top > RARE ? [rare] : []),
      make('span', {}, `≥ ${top}`),
    )
  }
}
