import type { Theme } from '../../show/colours.ts'
import { COLOUR_NAMES, FONT_FAMILY, INKS } from '../frame/inks.ts'
import rules from './element.css?inline'

/**
 * The inks as custom properties: the document's values if set, otherwise the view's own, which the canvases
 * also use.
 */
function inkRules(): string {
  const colours = (theme: Theme) =>
    COLOUR_NAMES.map(name => `--ink-${name}: var(--voxrisk-${name}, ${INKS[theme][name]});`).join(' ')
  return (
    `.root { ${colours('light')} --ink-font: var(--voxrisk-font, ${FONT_FAMILY}); }\n` +
    `.root[data-theme='dark'] { ${colours('dark')} }`
  )
}

let sheets: readonly CSSStyleSheet[] | undefined

/**
 * The style sheets that all elements share. They are constructed, so the document's content security policy
 * cannot block them.
 */
export function elementStyles(): readonly CSSStyleSheet[] {
  sheets ??= [inkRules(), rules].map(text => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
  return sheets
}
