/**
 * uPlot makes a number format of the browser's language when it is loaded. A headless Chrome under LANG=C calls its language
 * `en-US@posix`, which is none, and uPlot fails. To be imported before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' })
}

export {}
