import type { Setting, VoxriskError } from 'voxrisk'
import { element } from './elements.ts'

/** The id of each setting's control. The site has no control for the other settings. */
const FIELDS: Readonly<Partial<Record<Setting, string>>> = {
  timeWidth: 'time-bin',
  priceWidth: 'price-width',
  lateness: 'lateness',
}

/** What a visitor can do about an error: the fix, and the fields to change. */
export function fixText({ fix, settings }: VoxriskError): string {
  const said = [fix]
  const fields = settings.flatMap(setting => FIELDS[setting] ?? []).map(labelOf)
  if (fields.length > 0) said.push(`${fields.length > 1 ? 'Fields' : 'Field'}: ${fields.join(', ')}.`)
  if (settings.includes('backend')) said.push('Add ?backend=cpu to the address to compute on the CPU.')
  if (settings.length > 0 && said.length === 1) {
    said.push('This site cannot change that, but the command line can: npx voxrisk map FILE')
  }
  return said.join(' ')
}

/** The visible label of a field, without the choices that a label may also contain. */
function labelOf(id: string): string {
  const [label] = (element(id, HTMLElement) as HTMLInputElement | HTMLSelectElement).labels ?? []
  return `“${label?.firstChild?.textContent?.trim() ?? id}”`
}
