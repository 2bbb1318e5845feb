import type uPlot from 'uplot'
import { counted, duration, number, timeRange } from '../../show/text.ts'
import type { Box } from '../../show/viewport.ts'
import type { ReportData } from '../data.ts'
import { elementOf, setTitle } from './elements.ts'
import type { HeatMap } from './heat-map.ts'
import { isoMs } from './iso-ms.ts'
import type { ScoreMap } from './score-map.ts'
import type { VolumeChart } from './tape-charts.ts'

/** Titles the charts, and describes them for screen readers. */
export function describeCharts(
  { report, tape }: ReportData,
  whole: Box,
  charts: { readonly price: uPlot; readonly volume: uPlot; readonly heat: uPlot },
): void {
  const chart = elementOf('heat-chart')
  chart.tabIndex = 0
  chart.setAttribute('role', 'group')
  chart.setAttribute(
    'aria-label',
    'Heat map of the score over time and price. Arrow keys move, plus and minus zoom, 0 shows the whole map, n and p step through the hotspots.',
  )
  const span = timeRange({ from: isoMs(whole.from), to: isoMs(whole.to) })
  const images: [uPlot, string][] = [
    [charts.price, `Line chart of the price, ${span} UTC. ${counted(tape.time.length, 'point')}.`],
    [charts.volume, `Bar chart of the volume traded, ${span} UTC.`],
    [
      charts.heat,
      `Heat map of the score, ${span} UTC, prices ${number(whole.low, 6)} to ${number(whole.high, 6)}. The ${report.hotspots.length} marked hotspots are in the table below.`,
    ],
  ]
  for (const [{ ctx }, text] of images) {
    ctx.canvas.setAttribute('role', 'img')
    ctx.canvas.setAttribute('aria-label', text)
  }
  setTitle('price-chart', 'Price: last (line), lowest to highest (band)')
  const below = document.createElement('p')
  below.className = 'axis-title time'
  below.textContent = 'Time (UTC)'
  chart.append(below)
}

/** Says how much time a volume bar covers at this zoom. */
export function captionVolume({ barWidthMs }: VolumeChart): void {
  setTitle('volume-chart', `Volume per ${duration(barWidthMs * 1000)}`)
}

/** Says what a coloured cell covers at this zoom. */
export function captionMap({ picture }: ReportData, map: ScoreMap, { tiles }: HeatMap): void {
  const width = duration(tiles.times * map.cellWidthMs * 1000)
  const height = number(tiles.prices * map.cellHeight, 6)
  const bins = [
    `${tiles.times * picture.timeBins} time bins`,
    `${tiles.prices * picture.priceBins} price bins`,
  ].filter(text => !text.startsWith('1 '))
  setTitle('heat-chart', `Price; colour: highest score per ${width} × ${height}`)
  const cell =
    bins.length === 0
      ? 'A coloured cell is one time bin × one price bin'
      : `At this zoom a coloured cell shows the highest score of ${bins.join(' × ')}`
  elementOf('map-note').textContent =
    picture.time.length === 0
      ? 'No voxel has enough trades for a score.'
      : `${cell}. Scores below 0 are faint. No colour means no trades, or too few for a score. ` +
        'A ring marked 3 +1 is hotspot 3 and one more at the same place. Zoom in to see the numbers of small rings.'
}
