import { type Html, html } from '../../src/report/html.ts'
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
}

/**
 * A table with a bar in every row: chart and figures in one, readable without a script. Bars are to scale within their group.
 * @param longest value of a full bar where the groups share a scale
 */
export function barTable(
  id: string,
  heads: readonly string[],
  groups: readonly BarGroup[],
  longest?: number,
): Html {
  const filled = groups.filter(({ rows }) => rows.length > 0)
  return html`<div class="table-scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table class="figures-table bars">
<thead><tr><th scope="col" class="left">contestant</th><td></td>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
${filled.map(({ title, rows }) => {
  const full = longest ?? Math.max(...rows.flatMap(({ bar }) => bar?.lengths ?? []), Number.MIN_VALUE)
  return html`<tbody>
<tr class="group"><th colspan="${heads.length + 2}" scope="rowgroup"><span>${title}</span></th></tr>
${rows.map(
  ({ entrant, name, bar, cells }) =>
    html`<tr${entrant.software ? html` class="software-row"` : null}><th scope="row">${swatch(entrant)}<span>${name ?? entrant.name}</span></th><td class="bar">${bar && drawn(entrant, bar, full)}</td>${cells.map(cell => html`<td>${cell}</td>`)}</tr>
`,
)}</tbody>`
})}
</table>
</div>`
}

/** Shade of the parts of a bar, the shortest first. */
const SHADES = ['1', '0.5', '0.22']

function drawn({ tone, chrome, software }: Entrant, { lengths }: Bar, full: number): Html {
  const parts = lengths.map((length, i) => ({
    width: Math.max((length / full) * 100, 0.4),
    shade: SHADES[i],
  }))
  return html`<svg class="${tone}${chrome ? ' chrome' : ''}${software ? ' software' : ''}" width="100%" height="16" aria-hidden="true">${parts
    .reverse()
    .map(
      ({ width, shade }) =>
        html`<rect width="${width.toFixed(2)}%" height="16" rx="2"${shade === '1' ? null : html` opacity="${shade}"`}/>`,
    )}</svg>`
}

export interface PlainRow {
  /** Null for a row of no contestant. */
  readonly entrant: Entrant | null
  readonly cells: readonly string[]
}

/** A table of figures; the columns named in `left` hold words. */
export function figuresTable(
  id: string,
  heads: readonly string[],
  rows: readonly PlainRow[],
  left: readonly number[],
): Html {
  const side = (column: number) => (left.includes(column) ? html` class="left"` : null)
  return html`<div class="table-scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table class="figures-table">
<thead><tr>${heads.map((head, i) => html`<th scope="col"${side(i)}>${head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({ entrant, cells }) =>
    html`<tr${entrant?.software ? html` class="software-row"` : null}>${cells.map((cell, i) =>
      i === 0
        ? html`<th scope="row">${entrant && swatch(entrant)}<span>${cell}</span></th>`
        : html`<td${side(i)}>${cell}</td>`,
    )}</tr>
`,
)}</tbody>
</table>
</div>`
}
