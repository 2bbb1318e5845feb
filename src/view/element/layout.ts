import { make } from './dom.ts'

const HELP =
  'Arrow keys move the picture; in the volume they rotate it. ' +
  'Plus and minus zoom, 0 or Home shows everything. ' +
  'N and P select the next and the previous hotspot; its facts appear below the picture. ' +
  'Escape clears the selection.'

const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['←', '→', '↑', '↓'], 'move'],
  [['+', '−'], 'zoom'],
  [['0'], 'show all'],
  [['N', 'P'], 'next / previous hotspot'],
  [['Esc'], 'clear'],
]

/** The permanent parts of the element. */
export interface Layout {
  /** Holds all the others and carries the theme. */
  readonly root: HTMLElement
  /** Used to read the computed colour of an ink. */
  readonly probe: HTMLElement
  /** Holds the picture and the note; the toolbar goes before them, the list after them. */
  readonly grid: HTMLElement
  readonly picture: HTMLElement
  /** The note about the picture as a whole. */
  readonly about: HTMLElement
  /** The facts of the selected hotspot. */
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

/** The canvas for the GPU, and the one on top of it that takes pointer and keys. */
export function makeCanvases(): { readonly canvas: HTMLCanvasElement; readonly overlay: HTMLCanvasElement } {
  const canvas = make('canvas', { 'aria-hidden': 'true' })
  // As an application, so that screen readers pass on the keys named in the help text.
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
    make('span', { class: 'keys' }, 'Keyboard:'),
    ...keys,
    make('span', { class: 'touch' }, 'Tap a marker for its facts.'),
  )
}
