import * as code from 'virtual:voxrisk-report-script'
import { type Html, html, scriptJson } from '../html/html.ts'
import { shell } from '../html/shell.ts'
import type { MapReport } from '../job/report.ts'
import { counted, flowWords, number, priceRange, sizeRange, timeRange } from '../show/text.ts'
import { grouped } from '../units/grouped.ts'
import type { ReportData } from './data.ts'
import { pack } from './pack.ts'
import { account, marks, reproduce, scoreInWords, settings, warnings } from './sections.ts'
import { sizeSwitch } from './size-switch.ts'
import { hotspotTable } from './table.ts'

/** Most hotspots in a document; each takes about 2 kB. The run's JSON has all of them. */
const MOST_HOTSPOTS = 500

/** A score of at least this is rare. */
const RARE = 3

/**
 * The report as one self-contained HTML document: no network, no other files. The table and the account of
 * rows are plain HTML. The charts are drawn by the document's script from data inside the document.
 */
export async function reportDocument(data: ReportData): Promise<string> {
  const { report, ...drawn } = data
  const shown: MapReport = { ...report, hotspots: report.hotspots.slice(0, MOST_HOTSPOTS) }
  const cut = { ...data, report: shown }
  const packed = await pack(drawn)
  const name = report.instrument.symbol || 'Unnamed instrument'
  return shell({
    title: `${name}, ${span(data)}: voxrisk report`,
    version: report.voxrisk.version,
    code,
    body: html`<main>
${header(cut, name)}
${warnings(report)}
${charts(cut)}
${hotspotTable(shown, report.hotspots.length)}
${scoreInWords(report)}
<div class="papers">
<div>${account(report)}${marks(report)}${reproduce(data)}</div>
<div>${settings(report)}</div>
</div>
<footer>voxrisk ${report.voxrisk.version}. This document loads nothing from a network; all its data is in this file.</footer>
</main>
<div id="tip" role="presentation" hidden></div>
<script type="application/json" id="voxrisk-report">${scriptJson(shown)}</script>
<script type="application/octet-stream" id="voxrisk-drawn" data-encoding="base64 of deflate-raw of JSON">${packed}</script>`,
  })
}

function span({ tape }: ReportData): string {
  return tape.from ? timeRange({ from: minute(tape.from), to: minute(tape.to) }) : 'no trades'
}

function minute(iso: string): string {
  return `${iso.slice(0, 16)}:00.000Z`
}

function header(data: ReportData, name: string): Html {
  const { report, sources, tape } = data
  const from = sourcesText(sources)
  return html`<header>
<p class="kind">Risk report</p>
<h1>${name}</h1>
<p class="source"><span>${span(data)} UTC</span> <span>${from}</span></p>
<p class="lead">${finding(report)}</p>
<dl class="figures">
<div><dt>Trades in the map</dt><dd>${grouped(report.rows.binned)}</dd></div>
<div><dt>Traded price</dt><dd>${tradedPrice(data)}</dd></div>
<div><dt>Volume</dt><dd>${number(tape.volume.reduce((sum, lots) => sum + lots, 0) * Number(report.instrument.lotSize))}</dd></div>
<div><dt>Hotspots found</dt><dd>${grouped(report.hotspotsFound)}</dd></div>
</dl>
</header>`
}

/** Most file names spelled out in the header. */
const MOST_NAMES = 3

function sourcesText(sources: readonly string[]): string {
  if (sources.length === 0) return 'built-in sample'
  if (sources.length <= MOST_NAMES) return sources.join(', ')
  return `${counted(sources.length, 'file')}, ${sources[0]} … ${sources.at(-1)}`
}

function tradedPrice({ report, tape }: ReportData): string {
  const tick = Number(report.instrument.tickSize)
  const decimals = report.instrument.tickSize.split('.')[1]?.length ?? 0
  const low = tape.low.reduce((least, price) => Math.min(least, price), Number.POSITIVE_INFINITY)
  const high = tape.high.reduce((most, price) => Math.max(most, price), Number.NEGATIVE_INFINITY)
  if (low > high) return 'none'
  const text = (price: number) => grouped(price * tick, decimals)
  return `${text(low)} – ${text(high)}`
}

/** What was found, in a sentence or two. */
function finding(report: MapReport): Html {
  const [strongest] = report.hotspots
  if (!strongest) {
    return report.hotspotsFound > 0
      ? html`${counted(report.hotspotsFound, 'hotspot')} found; none were requested.`
      : html`No hotspot was found: nowhere do enough trades stand out from their surroundings.`
  }
  const { time, price, size, score, volatilityBps, imbalance } = strongest
  return html`Risk was highest on <b>${timeRange(time)}</b> UTC at <b>${priceRange(price)}</b>, in trades
of size ${sizeRange(size)}: score <b>${score.toFixed(2)}</b>, ${number(volatilityBps, 3)} bps/trade, ${flowWords(imbalance)}.${
    score < RARE ? ' That is below 3: nothing on this map is rare.' : null
  }`
}

function charts(data: ReportData): Html {
  const { report } = data
  const shown = report.hotspots.length
  const late = report.rows.outside.late ?? 0
  return html`<section id="map" aria-labelledby="map-title">
<div class="section-head">
<h2 id="map-title">Where risk concentrates</h2>
<div class="tools">
<div class="legend" id="legend" aria-hidden="true"></div>
<div class="buttons" role="group" aria-label="Zoom">
<button type="button" id="zoom-in" aria-label="Zoom in">+</button>
<button type="button" id="zoom-out" aria-label="Zoom out">−</button>
<button type="button" id="zoom-reset">Whole map</button>
</div>
</div>
</div>
<noscript><p class="note">The charts need JavaScript, which is switched off. The table below is complete without it.</p></noscript>
<div class="map-grid">
<div class="charts">
<div class="chart" id="price-chart"></div>
<div class="chart" id="volume-chart"></div>
<div class="chart" id="heat-chart"></div>
</div>
${sizeSwitch(data)}
</div>
<p class="note" id="map-note"></p>
${late > 0 ? html`<p class="note">Price, volume and the trade-size profile include ${counted(late, 'late trade')} that the map leaves out.</p>` : null}
<p class="note keys">Drag over a chart to zoom in. With the map focused: arrows move, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> shows the whole map, <kbd>n</kbd> <kbd>p</kbd> step through the ${shown > 1 ? `${shown} marks` : 'marks'}.</p>
</section>`
}
