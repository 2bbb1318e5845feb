/**
 * Paper has more dots than the screen it is printed from, and uPlot has no setting for that: it reads
 * `devicePixelRatio` and waits for a change on a media query that it keeps to itself. This module puts a lower limit
 * under the one and keeps hold of the other. To be imported before uPlot.
 */
let least = 0
let watched: MediaQueryList | undefined

const inherited = Object.getOwnPropertyDescriptor(window, 'devicePixelRatio')?.get
const fixed = devicePixelRatio
Object.defineProperty(window, 'devicePixelRatio', {
  configurable: true,
  get: () => Math.max(inherited ? inherited.call(window) : fixed, least),
})

const { matchMedia } = window
window.matchMedia = query => {
  const list = matchMedia.call(window, query)
  if (query.includes('min-resolution')) watched = list
  return list
}

/** Draws with at least so many pixels per CSS pixel from now on; 0 for as many as the screen has. */
export function setLeastPixelRatio(ratio: number): void {
  if (ratio === least) return
  least = ratio
  watched?.dispatchEvent(new Event('change'))
}
