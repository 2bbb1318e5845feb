import { SHADES, scoreColour, type Theme } from '../../show/colours.ts'

/** Draws the colour scale with its numbers: 0, `3 rare`, and the top. */
export function drawLegend(parent: HTMLElement, top: number, theme: Theme): void {
  const strip = document.createElement('canvas')
  strip.width = SHADES
  strip.height = 1
  const context = strip.getContext('2d')
  for (let shade = 0; shade < SHADES; shade++) {
    const [red, green, blue] = scoreColour((shade / (SHADES - 1)) * top, top, theme)
    if (!context) break
    context.fillStyle = `rgb(${red} ${green} ${blue})`
    context.fillRect(shade, 0, 1, 1)
  }
  const title = document.createElement('span')
  title.className = 'legend-title'
  title.textContent = 'Score'
  const numbers = document.createElement('div')
  numbers.className = 'legend-numbers'
  for (const [score, text] of [
    [0, '0'],
    [3, '3 rare'],
    [top, `≥ ${top}`],
  ] as const) {
    const label = document.createElement('span')
    label.textContent = text
    label.style.left = `${(score / top) * 100}%`
    numbers.append(label)
  }
  const scale = document.createElement('div')
  scale.className = 'legend-scale'
  scale.append(strip, numbers)
  parent.replaceChildren(title, scale)
}
