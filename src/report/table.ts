import { type Html, html } from '../html/html.ts'
import type { MapReport } from '../job/report.ts'
import { flow, hotspotFacts, number, priceRange, sizeRange, timeRange } from '../show/text.ts'
import { grouped } from '../units/grouped.ts'

type Row = MapReport['hotspots'][number]

interface Column {
  readonly head: string
  /** What the document's script sorts by. */
  readonly value: (row: Row) => number
  readonly text: (row: Row) => string
  /** Explained under the table. */
  readonly meaning: string
  readonly left?: true
}

const COLUMNS: readonly Column[] = [
  {
    head: 'score',
    value: row => row.score,
    text: row => row.score.toFixed(2),
    meaning: 'how unusual; above 3 is rare',
  },
  {
    head: 'time (UTC)',
    value: row => Date.parse(row.time.from),
    text: row => timeRange(row.time),
    meaning: 'when',
    left: true,
  },
  {
    head: 'price',
    value: row => Number(row.price.from),
    text: row => priceRange(row.price),
    meaning: 'at which prices, the upper end not included',
  },
  {
    head: 'size',
    value: row => Number(row.size.from),
    text: row => sizeRange(row.size),
    meaning: 'in trades of which size; the last class is open upwards',
  },
  {
    head: 'trades',
    value: row => row.trades,
    text: row => number(row.trades, 3),
    meaning: 'trades there and around it, a neighbour counted by its kernel weight',
  },
  {
    head: 'volume',
    value: row => row.volume,
    text: row => number(row.volume, 3),
    meaning: 'their volume, in the feed’s size unit',
  },
  {
    head: 'bps/trade',
    value: row => row.volatilityBps,
    text: row => number(row.volatilityBps, 3),
    meaning:
      'volatility: standard deviation of a trade’s price change, free of bid-ask bounce, in 1/10,000 of the price',
  },
  {
    head: 'flow',
    value: row => row.imbalance,
    text: row => flow(row.imbalance),
    meaning: '+100 %: all bought by the aggressor, −100 %: all sold',
  },
]

/** The ranked hotspots as a table that reads and prints without the script, which only sorts it and links it to the map. */
export function hotspotTable(report: MapReport, listed: number): Html {
  const { hotspots, hotspotsFound } = report
  const count =
    hotspots.length === hotspotsFound
      ? `all ${grouped(hotspotsFound)}`
      : `${grouped(hotspots.length)} of ${grouped(hotspotsFound)}`
  const cut = listed > hotspots.length
  return html`<section id="hotspots" aria-labelledby="hotspots-title">
<div class="section-head"><h2 id="hotspots-title">Hotspots</h2>${hotspotsFound > 0 ? html`<p class="note">${count}, highest risk first</p>` : null}</div>
${
  hotspots.length === 0
    ? html`<p>${hotspotsFound > 0 ? 'None was asked for.' : 'None.'}</p>`
    : html`<div class="table-scroll" role="region" aria-labelledby="hotspots-title" tabindex="0">
<table id="hotspot-table">
<thead><tr><th scope="col" aria-sort="ascending"><button type="button">#</button></th>${COLUMNS.map(
        ({ head, left }) =>
          html`<th scope="col" aria-sort="none"${left ? html` class="left"` : null}><button type="button">${head}</button></th>`,
      )}</tr></thead>
<tbody>
${hotspots.map(tableRow)}
</tbody>
</table>
</div>
${cut ? html`<p class="note">The run listed ${grouped(listed)}; a page holds ${grouped(hotspots.length)}. All are in the output of --json.</p>` : null}
<dl class="columns">${COLUMNS.map(({ head, meaning }) => html`<div><dt>${head}</dt><dd>${meaning}</dd></div>`)}</dl>`
}
</section>`
}

function tableRow(row: Row): Html {
  return html`<tr data-rank="${row.rank}"><td data-value="${row.rank}"><button type="button" aria-label="Show hotspot ${row.rank} on the map: ${hotspotFacts(row)}">${row.rank}</button></td>${COLUMNS.map(
    ({ value, text, left }) =>
      html`<td data-value="${value(row)}"${left ? html` class="left"` : null}>${text(row)}</td>`,
  )}</tr>
`
}
