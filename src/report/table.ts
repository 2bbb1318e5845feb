import { type Html, html } from '../html/html.ts'
import type { MapReport } from '../job/report.ts'
import { flow, hotspotFacts, number, priceRange, sizeRange, timeRange } from '../show/text.ts'
import { grouped } from '../units/grouped.ts'

type Row = MapReport['hotspots'][number]

interface Column {
  readonly head: string
  /** The value the document's script sorts by. */
  readonly value: (row: Row) => number
  readonly text: (row: Row) => string
  /** The explanation below the table. */
  readonly meaning: string
  readonly left?: true
}

const COLUMNS: readonly Column[] = [
  {
    head: 'score',
    value: row => row.score,
    text: row => row.score.toFixed(2),
    meaning: 'how unusual it is; above 3 is rare',
  },
  {
    head: 'time (UTC)',
    value: row => Date.parse(row.time.from),
    text: row => timeRange(row.time),
    meaning: 'time range',
    left: true,
  },
  {
    head: 'price',
    value: row => Number(row.price.from),
    text: row => priceRange(row.price),
    meaning: 'price range, upper end excluded',
  },
  {
    head: 'size',
    value: row => Number(row.size.from),
    text: row => sizeRange(row.size),
    meaning: 'size of the trades; the last class has no upper end',
  },
  {
    head: 'trades',
    value: row => row.trades,
    text: row => number(row.trades, 3),
    meaning: 'trades in and around the voxel, neighbours counted by kernel weight',
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
      'volatility: standard deviation of the price change per trade, without bid-ask bounce, in 1/10,000 of the price',
  },
  {
    head: 'flow',
    value: row => row.imbalance,
    text: row => flow(row.imbalance),
    meaning: '+100 %: all bought by the aggressor, −100 %: all sold',
  },
]

/**
 * The ranked hotspots as a table. It is readable and printable without the script, which only sorts it and
 * links it to the map.
 */
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
    ? html`<p>${hotspotsFound > 0 ? 'None were requested.' : 'None.'}</p>`
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
${cut ? html`<p class="note">The run listed ${grouped(listed)}; this document holds ${grouped(hotspots.length)}. The JSON report has all of them.</p>` : null}
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
