import type { Theme } from '../../show/colours.ts'
import type { Inks } from './frame.ts'

/** CSS font families of labels and controls. */
export const FONT_FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

const FONT_SIZE = '12px'

/** Default colours of lines and text. Text has a contrast of at least 4.5 : 1 on the background. */
export const INKS: Readonly<Record<Theme, Inks>> = {
  light: {
    background: '#ffffff',
    text: '#171a21',
    muted: '#5b6472',
    grid: '#e7eaef',
    marker: '#171a21',
    accent: '#1f5fbf',
    bought: '#0f7a8a',
    sold: '#b4540a',
    font: `${FONT_SIZE} ${FONT_FAMILY}`,
  },
  dark: {
    background: '#161a20',
    text: '#e6e9ee',
    muted: '#98a2b0',
    grid: '#252b34',
    marker: '#ffffff',
    accent: '#7db0ff',
    bought: '#4fc3d4',
    sold: '#f2a35e',
    font: `${FONT_SIZE} ${FONT_FAMILY}`,
  },
}

/** The inks that are colours. Each has a custom property `--voxrisk-NAME`. */
export const COLOUR_NAMES = [
  'background',
  'text',
  'muted',
  'grid',
  'marker',
  'accent',
  'bought',
  'sold',
] as const satisfies readonly (keyof Inks)[]

/**
 * The inks in effect at an element, as the browser resolves them, so `var()` and `color-mix()` are computed.
 * @param probe an element inside the root of the view's style sheet; its own colour is overwritten
 */
export function readInks(probe: HTMLElement): Inks {
  const style = getComputedStyle(probe)
  const colours = COLOUR_NAMES.map(name => {
    probe.style.color = `var(--ink-${name})`
    return [name, style.color] as const
  })
  return {
    ...(Object.fromEntries(colours) as Record<(typeof COLOUR_NAMES)[number], string>),
    font: `${FONT_SIZE} ${style.fontFamily}`,
  }
}
