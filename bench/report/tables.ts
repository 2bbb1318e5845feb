import { type Html, html } from '../../src/html/html.ts'
import { type Entrant, swatch } from './entrants.ts'

export interface Bar {
  /** The lengths of the bar's parts, from short to long: one, or several percentiles. */
  readonly lengths: readonly number[]
}

export interface BarRow {
  readonly entrant: Entrant
  /** In place of the entrant's name. */
  readonly name?: string
  /** null where there is no figure. */
  readonly bar: Bar | null
  readonly cells: readonly string[]
}

export interface BarGroup {
  readonly title: string
  readonly rows: readonly BarRow[]
  /** Value of a full bar; without it, the longest of the group. */
  readonly full?: number
}

/** A table with a bar in every row: chart and figures in one, readable without a script. Bars are to scale within their group. */
export function barTable(id: string, heads: readonly string[], groups: readonly BarGroup[]): Html {
  return html`<div class="table-scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table class="figures-table bars">
<thead><tr><th scope="col" class="left">contestant</th><td></td>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
${groups.filter(({ rows }) => rows.length > 0).map(group => barGroup(group, heads.length + 2))}
</table>
</div>`
}

function barGroup({ title, rows, full = longest(rows) }: BarGroup, columns: number): Html {
  return html`<tbody>
<tr class="group"><th colspan="${columns}" scope="rowgroup"><span>${title}</span></th></tr>
${rows.map(
  ({ entrant, name, bar, cells }) =>
    html`<tr${entrant.software ? html` class="software-row"` : null}>${rowHead(entrant, name ?? entrant.name)}<td class="bar">${bar && drawn(entrant, bar, full)}</td>${cells.map(cell => html`<td>${cell}</td>`)}</tr>
`,
)}</tbody>`
}

function rowHead(entrant: Entrant | null, name: string): Html {
  return html`<th scope="row"><span class="named">${entrant && swatch(entrant)}<span>${name}</span></span></th>`
}

export function longest(rows: readonly BarRow[]): number {
  return Math.max(...rows.flatMap(({ bar }) => bar?.lengths ?? []), Number.MIN_VALUE)
}

/** Opacity of the parts of a bar, the shortest first. */
const OPACITIES = ['1', '0.5', '0.22']

/** So that there is something to see of every bar, per cent. */
const LEAST_WIDTH = 0.4

function drawn({ tone, chrome, software }: Entrant, { lengths }: Bar, full: number): Html {
  const parts = lengths.map(
    (length, i) =>
      html`<rect width="${Math.max((length / full) * 100, LEAST_WIDTH).toFixed(2)}%" height="16" rx="2" opacity="${OPACITIES[i]}"/>`,
  )
  return html`<svg class="${tone}${chrome ? ' chrome' : ''}${software ? ' software' : ''}" width="100%" height="16" aria-hidden="true">${parts.reverse()}</svg>`
}

export interface PlainRow {
  /** null for a row of no contestant. */
  readonly entrant: Entrant | null
  readonly cells: readonly string[]
}

/** A table with more rows scrolls by itself. */
const MOST_ROWS = 20

/**
 * A table of figures.
 * @param left columns that hold words
 */
export function figuresTable(
  id: string,
  heads: readonly string[],
  rows: readonly PlainRow[],
  left: readonly number[],
): Html {
  const side = (column: number) => (left.includes(column) ? html` class="left"` : null)
  const tall = rows.length > MOST_ROWS ? ' tall' : ''
  return html`<div class="table-scroll${tall}" role="region" aria-labelledby="${id}" tabindex="0">
<table class="figures-table">
<thead><tr>${heads.map((head, i) => html`<th scope="col"${side(i)}>${head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({ entrant, cells }) =>
    html`<tr${entrant?.software ? html` class="software-row"` : null}>${cells.map((cell, i) =>
      i === 0 ? rowHead(entrant, cell) : html`<td${side(i)}>${cell}</td>`,
    )}</tr>
`,
)}</tbody>
</table>
</div>`
}
