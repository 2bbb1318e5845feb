import { type Html, html } from '../html/html.ts'
import type { MapReport } from '../job/report.ts'
import { counted, duration, number, percent, timeRange } from '../show/text.ts'
import { totalOf } from '../units/counts.ts'
import { grouped } from '../units/grouped.ts'
import type { ReportData } from './data.ts'

/** What readers should know before they trust the report. */
export function warnings(report: MapReport): Html | null {
  if (report.warnings.length === 0) return null
  return html`<section class="warnings" aria-label="Warnings">
<h2>Read this first</h2>
<ul>${report.warnings.map(warning => html`<li>${sentence(warning)}</li>`)}</ul>
</section>`
}

/** A few lines on what the score is, and what it is not. */
export function scoreInWords({ calibration, instrument }: MapReport): Html {
  const { from, to, ticks, voxels } = calibration.reference
  const learnt = calibration.instrument.symbol || instrument.symbol
  return html`<section id="score">
<h2>What the score is</h2>
<p>Activity + volatility + half of flow, each in standard deviations of the calibration’s voxels of that trade size.
0 is ordinary, above 3 is rare. A voxel is one cell of price × trade size × time; a hotspot is a voxel whose score beats all
26 around it. It is a place to look at, not a forecast.</p>
<p>The calibration was learnt from ${counted(ticks, 'trade')}${learnt ? ` of ${learnt}` : ''} in ${counted(voxels, 'voxel')},
${timeRange({ from, to })} UTC. Scores are only comparable under the same calibration.</p>
</section>`
}

/** Every row that was read, and what happened to it. */
export function account({ rows, sizes }: MapReport): Html {
  const line = (count: number, name: string, detail: Html | null = null) =>
    html`<tr><th scope="row">${name}${detail}</th><td>${grouped(count)}</td></tr>`
  const reasons = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(
        ([reason, count]) =>
          html`<tr class="reason"><th scope="row">${words(reason)}</th><td>${grouped(count)}</td></tr>`,
      )
  return html`<section id="account">
<h2>Account of rows</h2>
<table class="ledger">
<tbody>
${line(rows.binned, 'in the map')}
${line(totalOf(rows.outside), 'outside')}${reasons(rows.outside)}
${line(totalOf(rows.rejected), 'rejected')}${reasons(rows.rejected)}
</tbody>
<tfoot>${line(rows.read, 'rows read')}</tfoot>
</table>
${
  totalOf(rows.noted) > 0
    ? html`<h3>Kept, but worth knowing</h3><table class="ledger"><tbody>${reasons(rows.noted)}</tbody></table>`
    : null
}
<p class="note">${counted(sizes.rounded, 'size')} rounded to whole lots (sum of the roundings ${number(sizes.roundingSum, 3)}),
${grouped(sizes.dust)} of them dust: under half a lot, kept with volume 0.</p>
</section>`
}

/** Ticks without a price increment. */
export function marks({ unmarked }: MapReport): Html {
  const { shareOfVariation, ...reasons } = unmarked
  const present = Object.entries(reasons).filter(([, count]) => count > 0)
  return html`<section id="marks">
<h2>Marks</h2>
<p>A mark is the price change since the previous trade. Trades without one count towards activity and flow, but not volatility.</p>
${
  present.length > 0
    ? html`<table class="ledger"><tbody>${present.map(
        ([reason, count]) =>
          html`<tr><th scope="row">without a mark: ${words(reason)}</th><td>${grouped(count)}</td></tr>`,
      )}</tbody></table>`
    : html`<p>Every trade has a mark.</p>`
}
<p class="note">Trades without a mark would carry ${percent(shareOfVariation)} of the squared price variation.</p>
</section>`
}

/** Everything that shaped the map. */
export function settings(report: MapReport): Html {
  const { instrument, grid, kernel, backend, verified, timings } = report
  const tick = Number(instrument.tickSize)
  const width = grid.priceWidth * tick
  const perOctave = 2 ** grid.sizeResolution
  const lines: [string, string][] = [
    ['Instrument', instrument.symbol || 'not named'],
    ['Tick size', instrument.tickSize],
    ['Lot size', instrument.lotSize],
    ['Contract', instrument.contract],
    ['Price bin', `${number(width, 6)} (${counted(grid.priceWidth, 'tick')})`],
    ['Time bin', duration(grid.timeWidth)],
    ['Size bins', `${grid.sizeBins}, ${perOctave} per octave`],
    [
      'Kernel',
      `price ±${kernel.radii.price}, size ±${kernel.radii.size}, time ±${kernel.radii.time} bins; centre weight ${number(kernel.centre)} of ${number(kernel.total)}`,
    ],
    ['Lateness', counted(report.lateness, 'time bin')],
    ['Backend', `${backend.name}: ${backend.adapter}`],
    ...(timings.total > 0 ? [['Time taken', `${number(timings.total, 3)} s`] as [string, string]] : []),
    ...(verified
      ? [
          [
            'Verified',
            `${counted(verified.voxels, 'voxel')}, all hotspots and digests equal on ${verified.against.name}: ${verified.against.adapter}`,
          ] as [string, string],
        ]
      : []),
  ]
  return html`<section id="settings">
<h2>Settings</h2>
<dl class="settings">${lines.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>`
}

/** How to reproduce the report, and how to check that it is the same. */
export function reproduce({ report, command, sources }: ReportData): Html {
  return html`<section id="reproduce">
<h2>Reproduce</h2>
<pre class="command" tabindex="0" aria-label="Command">${command}</pre>
<p class="note">${
    sources.length > 0
      ? 'With the same files, version and settings, this command'
      : 'With the same version, this command'
  } gives the same digests on any machine, CPU or GPU:</p>
<dl class="digests"><div><dt>Moments</dt><dd><code>${report.digest.moments}</code></dd></div><div><dt>Hotspots</dt><dd><code>${report.digest.hotspots}</code></dd></div></dl>
<p class="note">The run’s JSON is in this file, in the element <code>#voxrisk-report</code>.</p>
</section>`
}

/** `off-tick-grid` as words. */
function words(reason: string): string {
  return reason
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/-/g, ' ')
    .toLowerCase()
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
