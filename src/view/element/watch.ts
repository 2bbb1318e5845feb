/**
 * Watches the size of a canvas, the screen's pixel ratio and the user's system settings until the signal
 * aborts.
 * @param onSize the canvas has a new size, in CSS or device pixels
 * @param onTheme the user's system asks for another theme, or for forced colours
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
    sizes.observe(canvas) // this browser does not know that box
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
