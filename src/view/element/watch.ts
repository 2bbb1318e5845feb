/**
 * Follows the size of a canvas, the pixels of the screen, and what the reader's system asks for, until the signal comes.
 * @param onSize the canvas has another size, in CSS or in device pixels
 * @param onTheme the reader's system asks for another theme, or for forced colours
 */
export function watchDisplay(
  canvas: HTMLCanvasElement,
  onSize: () => void,
  onTheme: () => void,
  signal: AbortSignal,
): void {
  const sizes = new ResizeObserver(onSize)
  try {
    sizes.observe(canvas, { box: 'device-pixel-content-box' })
  } catch {
    sizes.observe(canvas) // a browser that does not know that box
  }
  signal.addEventListener('abort', () => sizes.disconnect(), { once: true })
  const watchRatio = () => {
    const ratio = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    const changed = () => {
      onSize()
      watchRatio()
    }
    ratio.addEventListener('change', changed, { once: true, signal })
  }
  watchRatio()
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', onTheme, { signal })
  }
}
