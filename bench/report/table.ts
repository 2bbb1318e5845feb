/** Tables in Markdown, and the cells common to every table of times. */

import type { Measurement } from '../suite/result.ts'
import { BELOW_THE_CLOCK, NONE, percent, timeText } from './text.ts'

/**
 * A Markdown table; '' if there are no rows.
 * @param columns the headings; one that ends in a colon is right-aligned
 */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [
    line(columns.map(head => head.replace(/:$/, ''))),
    `|${columns.map(head => (head.endsWith(':') ? '--:' : '---')).join('|')}|`,
    ...rows.map(line),
  ].join('\n')
}

export function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .replace(/<(?=[a-z/!?])/gi, '&lt;')
}

/** A heading, the text below it, and a table; '' without rows. */
export function section(title: string, under: string, rows: string): string {
  if (rows === '') return ''
  return [`### ${title}`, under, rows].filter(part => part !== '').join('\n\n')
}

export const TIME_COLUMNS: readonly string[] = ['median:', 'p95:', 'spread:']

/** Median, p95, spread: the cells common to every table of times. */
export function timeCells({ timing }: Measurement): string[] {
  if (timing === null) return [BELOW_THE_CLOCK, NONE, NONE]
  return [timeText(timing.median), timeText(timing.p95), percent(timing.spread)]
}
