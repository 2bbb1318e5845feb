/**
 * uPlot creates a number format in the browser's language when it loads. A headless Chrome under LANG=C
 * reports `en-US@posix`, which is not a valid language tag, so uPlot fails. Import this before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' })
}

export {}
