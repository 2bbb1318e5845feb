import type { Theme } from '../show/colours.ts'
import type { Inks } from './frame.ts'

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

/** Colours of lines and text where nobody gave others; text keeps a contrast of at least 4.5 : 1 on the background. */
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
    font: FONT,
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
    font: FONT,
  },
}
