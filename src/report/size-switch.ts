import { type Html, html } from '../html/html.ts'
import { number, percent } from '../show/text.ts'
import type { ReportData } from './data.ts'

/** Length of the longest bar. */
const BAR = 100

/**
 * The trade-size profile, which also switches between size classes: one radio button per class with its share
 * of the trades and of the volume, largest class first.
 */
export function sizeSwitch({ report, sizes }: ReportData): Html {
  const trades = sum(sizes.trades)
  const volume = sum(sizes.volume)
  const used = sizes.trades.map((count, bin) => (count > 0 ? bin : -1)).filter(bin => bin >= 0)
  const [lowest, highest] = [used[0] ?? 0, used[used.length - 1] ?? -1]
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0)
  const longest = Math.max(
    ...sizes.trades.map(count => share(count, trades)),
    ...sizes.volume.map(lots => share(lots, volume)),
    Number.MIN_VALUE,
  )
  const rows: Html[] = []
  for (let bin = highest; bin >= lowest; bin--) {
    const ofTrades = share(sizes.trades[bin], trades)
    const ofVolume = share(sizes.volume[bin], volume)
    const from = number(Number(sizes.from[bin]), 3)
    const last = bin === sizes.from.length - 1
    const words = last ? `size ${from} or more` : `size ${from} to ${number(Number(sizes.from[bin + 1]), 3)}`
    const said = `${words}: ${percent(ofTrades)} of the trades, ${percent(ofVolume)} of the volume`
    rows.push(html`<label title="${said}"><input type="radio" name="size" value="${bin}" aria-label="${said}">
<span class="from">${from}</span>
<svg viewBox="0 0 ${BAR} 12" preserveAspectRatio="none" aria-hidden="true"><rect class="of-trades" y="1" height="4.5" width="${bar(ofTrades / longest)}"/><rect class="of-volume" y="6.5" height="4.5" width="${bar(ofVolume / longest)}"/></svg>
<span class="share">${percent(ofVolume)}</span></label>`)
  }
  return html`<fieldset class="sizes" id="sizes">
<legend>Trade size</legend>
<p class="sizes-head"><span class="from">from</span><span class="key"><i class="of-trades"></i>of trades</span><span class="key"><i class="of-volume"></i>of volume</span></p>
<label class="all"><input type="radio" name="size" value="all" checked><span>All sizes</span><span class="share">highest score of any size</span></label>
<div class="sizes-list">${rows}</div>
${report.grid.sizeBins > highest + 1 && highest >= 0 ? html`<p class="note">There were no larger trades.</p>` : null}
</fieldset>`
}

function bar(share: number): string {
  return (share * BAR).toFixed(2)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
