/**
 * uPlot makes a number format of the browser's language when it is loaded. A headless Chrome under LANG=C calls its
 * language `en-US@posix`, which is none, so the charts would fail there. To be imported before uPlot.
 */
if (!isLanguage(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US' })

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
