import type { Theme } from '../../show/colours.ts'

/** Colours of the canvases, from the style sheet. */
export interface Inks {
  readonly theme: Theme
  readonly text: string
  readonly muted: string
  readonly grid: string
  readonly line: string
  readonly band: string
  readonly bar: string
}

/** The current colours: light or dark as the user's system asks, light on paper. */
export function readInks(): Inks {
  const style = getComputedStyle(document.documentElement)
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    theme: value('theme') === 'dark' ? 'dark' : 'light',
    text: value('ink'),
    muted: value('muted'),
    grid: value('grid'),
    line: value('line'),
    band: value('band'),
    bar: value('bar'),
  }
}
