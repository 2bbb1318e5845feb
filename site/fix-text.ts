import type { Setting, VoxriskError } from 'voxrisk'
import { element } from './elements.ts'

/** The field of a setting, by the id of its control. The other settings have none here. */
const FIELDS: Readonly<Partial<Record<Setting, string>>> = {
  timeWidth: 'time-bin',
  priceWidth: 'price-width',
  lateness: 'lateness',
}

/** What a reader of the page can do about an error: what it says, and the fields to do it with. */
export function fixText({ fix, settings }: VoxriskError): string {
  const said = [fix]
  const fields = settings.flatMap(setting => FIELDS[setting] ?? []).map(labelOf)
  if (fields.length > 0) said.push(`${fields.length > 1 ? 'Fields' : 'Field'}: ${fields.join(', ')}.`)
  if (settings.includes('backend')) said.push('Add ?backend=cpu to the address to compute on the CPU.')
  if (settings.length > 0 && said.length === 1) {
    said.push('This page cannot do that; the command line can: npx voxrisk map FILE')
  }
  return said.join(' ')
}

/** The label that a reader sees at a field, without the list of choices that a label may also hold. */
function labelOf(id: string): string {
  const [label] = (element(id, HTMLElement) as HTMLInputElement | HTMLSelectElement).labels ?? []
  return `“${label?.firstChild?.textContent?.trim() ?? id}”`
}
