/**
 * Paper has a higher resolution than the screen, but uPlot has no setting for that: it reads
 * `devicePixelRatio` and waits for changes of a private media query. This module sets a lower limit for the
 * ratio and keeps a reference to the query. Import it before uPlot.
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

/**
 * From now on, draws with at least this many device pixels per CSS pixel; 0 means as many as the screen has.
 */
export function setLeastPixelRatio(ratio: number): void {
  if (ratio === least) return
  least = ratio
  watched?.dispatchEvent(new Event('change'))
}
