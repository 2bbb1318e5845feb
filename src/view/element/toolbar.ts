import type { Theme } from '../../show/colours.ts'
import { sizeRange } from '../../show/text.ts'
import { VIEW_MEASURES, type ViewMeasure, type ViewMode, type ViewSize } from '../types.ts'
import { make, setText } from './dom.ts'
import { Legend } from './legend.ts'

/** What the controls show. */
export interface ToolbarState {
  readonly mode: ViewMode
  /** Whether the volume can be chosen. */
  readonly canShowVolume: boolean
  /** Whether measures other than the score can be chosen. */
  readonly canShowMeasures: boolean
  readonly measure: ViewMeasure
  readonly size: ViewSize
  /** Smallest size of each size bin, as decimal text. */
  readonly sizes: readonly string[]
  readonly threshold: number
  /** The measure at the upper end of the palette. */
  readonly top: number
  readonly theme: Theme
}

/** What the controls can ask for. */
export interface ToolbarActions {
  readonly mode: (mode: ViewMode) => void
  readonly measure: (measure: ViewMeasure) => void
  readonly size: (size: ViewSize) => void
  readonly threshold: (threshold: number) => void
  /** By one step. */
  readonly zoom: (towards: 'in' | 'out') => void
  readonly reset: () => void
}

const MODES: readonly (readonly [ViewMode, string])[] = [
  ['volume', 'Volume'],
  ['slices', 'Slices'],
]

const MEASURES: Readonly<Record<ViewMeasure, string>> = {
  score: 'Score',
  activity: 'Activity',
  volatility: 'Volatility',
  flow: 'Flow',
}

const THRESHOLD_STEP = 0.1

/**
 * The controls of the picture and its colour scale. They are native elements, so keys and assistive
 * technology work.
 */
export class Toolbar {
  readonly element: HTMLElement
  private readonly modes = MODES.map(([value]) => make('input', { type: 'radio', name: 'mode', value }))
  private readonly measure = make('select', {}, ...VIEW_MEASURES.map(name => option(name, MEASURES[name])))
  private readonly size = make('select')
  private readonly threshold = make('input', { type: 'range', min: '0', step: `${THRESHOLD_STEP}` })
  private readonly thresholdValue = make('output')
  private readonly thresholdField: HTMLElement
  private readonly legend = new Legend()
  private sizes: readonly string[] | null = null

  constructor(actions: ToolbarActions) {
    const { modes, measure, size, threshold } = this
    this.thresholdField = make(
      'label',
      { class: 'field threshold' },
      'Threshold',
      threshold,
      this.thresholdValue,
    )
    const button = (name: string, text: string, act: () => void) => {
      const made = make('button', { type: 'button', ...(name === text ? {} : { 'aria-label': name }) }, text)
      made.addEventListener('click', act)
      return made
    }
    this.element = make(
      'div',
      { part: 'toolbar', class: 'toolbar', role: 'group', 'aria-label': 'View controls' },
      make(
        'div',
        { class: 'modes', role: 'radiogroup', 'aria-label': 'View as' },
        ...modes.map((input, i) => make('label', {}, input, MODES[i][1])),
      ),
      make(
        'div',
        { class: 'buttons' },
        button('Zoom in', '+', () => actions.zoom('in')),
        button('Zoom out', '−', () => actions.zoom('out')),
        button('Reset', 'Reset', actions.reset),
      ),
      make('label', { class: 'field' }, 'Measure', measure),
      make('label', { class: 'field' }, 'Size', size),
      this.thresholdField,
      this.legend.element,
    )
    for (const input of modes) input.addEventListener('change', () => actions.mode(input.value as ViewMode))
    measure.addEventListener('change', () => actions.measure(measure.value as ViewMeasure))
    size.addEventListener('change', () => actions.size(size.value === 'all' ? 'all' : Number(size.value)))
    threshold.addEventListener('input', () => actions.threshold(threshold.valueAsNumber))
  }

  show(state: ToolbarState): void {
    const { modes, measure, size, threshold, thresholdField, thresholdValue } = this
    for (const input of modes) {
      input.checked = input.value === state.mode
      input.disabled = input.value === 'volume' && !state.canShowVolume
    }
    measure.value = state.measure
    measure.disabled = !state.canShowMeasures
    this.offerSizes(state.sizes)
    size.value = `${state.size}`
    thresholdField.hidden = state.mode !== 'volume'
    threshold.max = `${Math.max(state.top, state.threshold)}`
    threshold.valueAsNumber = state.threshold
    setText(thresholdValue, state.threshold.toFixed(1))
    this.legend.show(state.measure, state.top, state.theme)
  }

  private offerSizes(sizes: readonly string[]): void {
    if (sizes === this.sizes) return
    this.sizes = sizes
    this.size.replaceChildren(
      option('all', 'all sizes'),
      ...sizes.map((from, bin) => option(`${bin}`, sizeRange({ from, to: sizes[bin + 1] ?? null }))),
    )
  }
}

function option(value: string, text: string): HTMLOptionElement {
  return make('option', { value }, text)
}
