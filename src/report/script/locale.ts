/**
 * uPlot creates a number format in the browser's language when it loads. A headless Chrome under LANG=C
 * reports `en-US@posix`, which is not a valid language tag, so the charts would fail. Import this before
 * uPlot.
 */
if (!isLanguage(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US' })

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
