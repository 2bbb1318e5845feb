import type { Theme } from '../../show/colours.ts'
import { COLOUR_NAMES, FONT_FAMILY, INKS } from '../frame/inks.ts'
import rules from './element.css?inline'

/** The inks as custom properties: those that the document sets, else the view's own, which the canvases use as well. */
function inkRules(): string {
  const colours = (theme: Theme) =>
    COLOUR_NAMES.map(name => `--ink-${name}: var(--voxrisk-${name}, ${INKS[theme][name]});`).join(' ')
  return (
    `.root { ${colours('light')} --ink-font: var(--voxrisk-font, ${FONT_FAMILY}); }\n` +
    `.root[data-theme='dark'] { ${colours('dark')} }`
  )
}

let sheets: readonly CSSStyleSheet[] | undefined

/** The style sheets that all elements share; constructed, so that they need no leave of the document's content policy. */
export function elementStyles(): readonly CSSStyleSheet[] {
  sheets ??= [inkRules(), rules].map(text => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
  return sheets
}
