import { make } from './dom.ts'

const HELP =
  'Arrow keys move the picture, in the volume they turn it. Plus and minus zoom, 0 or Home shows everything. ' +
  'N and P go to the next and the previous hotspot, whose facts are told below the picture; Escape clears the choice.'

const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['←', '→', '↑', '↓'], 'move'],
  [['+', '−'], 'zoom'],
  [['0'], 'all'],
  [['N', 'P'], 'next, previous hotspot'],
  [['Esc'], 'clear'],
]

/** The parts of the element that are always there. */
export interface Layout {
  /** Holds all of them, with the theme. */
  readonly root: HTMLElement
  /** Its colour tells what an ink resolves to. */
  readonly probe: HTMLElement
  /** Holds the picture and the note; takes the toolbar before them and the list behind them. */
  readonly grid: HTMLElement
  readonly picture: HTMLElement
  /** What there is to say about the picture as a whole. */
  readonly about: HTMLElement
  /** Those of the hotspot chosen. */
  readonly facts: HTMLElement
}

export function makeLayout(): Layout {
  const picture = make('div', { part: 'picture', class: 'picture' })
  const about = make('p', { class: 'about', 'aria-live': 'polite' })
  const facts = make('p', { class: 'facts', 'aria-live': 'polite' })
  const below = make('div', { class: 'below' }, facts, keysHint())
  const note = make('div', { part: 'note', class: 'note' }, about, below)
  const grid = make('div', { class: 'layout' }, picture, note)
  const probe = make('span', { class: 'probe', 'aria-hidden': 'true' })
  const root = make('div', { class: 'root' }, probe, make('p', { id: 'help', class: 'help' }, HELP), grid)
  return { root, probe, grid, picture, about, facts }
}

/** The canvas for the GPU and the one above it, which takes pointer and keys. */
export function makeCanvases(): { readonly canvas: HTMLCanvasElement; readonly overlay: HTMLCanvasElement } {
  const canvas = make('canvas', { 'aria-hidden': 'true' })
  // An application, so that screen readers leave it the keys that the help text names.
  const overlay = make('canvas', {
    class: 'overlay',
    tabindex: '0',
    role: 'application',
    'aria-roledescription': 'risk map',
    'aria-describedby': 'help',
  })
  return { canvas, overlay }
}

function keysHint(): HTMLElement {
  const keys = KEYS.map(([names, meaning]) =>
    make('span', { class: 'keys' }, ...names.flatMap(name => [make('kbd', {}, name), ' ']), meaning),
  )
  return make(
    'p',
    { class: 'hint', 'aria-hidden': 'true' },
    make('span', { class: 'keys' }, 'Keys in the picture:'),
    ...keys,
    make('span', { class: 'touch' }, 'Tap a marker for its facts.'),
  )
}
