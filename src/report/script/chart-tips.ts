import type uPlot from 'uplot'
import type { MapReport } from '../../job/report.ts'
import { flow, number, priceRange, sizeRange, timeRange } from '../../show/text.ts'
import { grouped } from '../../units/grouped.ts'
import type { ReportData } from '../data.ts'
import type { HeatMap } from './heat-map.ts'
import { isoMs } from './iso-ms.ts'
import type { ScoreMap } from './score-map.ts'
import type { TapeCell, TapeView, VolumeChart } from './tape-charts.ts'
import type { Tip } from './tip.ts'

type Line = readonly [name: string, value: string]

/** The content of the box beside the pointer, for hotspots and for places in the charts. */
export class ChartTips {
  constructor(
    private readonly tip: Tip,
    private readonly data: ReportData,
    private readonly map: ScoreMap,
    private readonly tape: TapeView,
  ) {}

  hide(): void {
    this.tip.hide()
  }

  /** @param mark the hotspot's mark; the box appears beside it */
  showHotspot(hotspot: MapReport['hotspots'][number], mark: HTMLElement): void {
    const { right, bottom } = mark.getBoundingClientRect()
    this.tip.show(right - 8, bottom - 8, `Hotspot ${hotspot.rank}`, [
      ['score', hotspot.score.toFixed(2)],
      ['time', `${timeRange(hotspot.time)} UTC`],
      ['price', priceRange(hotspot.price)],
      ['size', sizeRange(hotspot.size)],
      ['trades', number(hotspot.trades, 3)],
      ['volume', number(hotspot.volume, 3)],
      ['volatility', `${number(hotspot.volatilityBps, 3)} bps/trade`],
      ['flow', flow(hotspot.imbalance)],
    ])
  }

  /** For the place of the heat map under the pointer. */
  showCell(heat: HeatMap): void {
    const { chart, cells } = heat
    const { left = 0, top = 0 } = chart.cursor
    const { x, y } = chart.over.getBoundingClientRect()
    const { box, cell } = heat.tileAt(left, top)
    const price: Line = ['price', `${number(box.low, 8)} – ${number(box.high, 8)}`]
    if (cell < 0) {
      const [time, ...traded] = tapeLines(this.tape.at(chart.posToVal(left, 'x'), 0))
      this.tip.show(x + left, y + top, 'Not scored', time ? [time, price, ...traded] : [price])
      return
    }
    const { from, to, low, high } = this.map.box(cells, cell)
    this.tip.show(x + left, y + top, `Score ${(cells.score[cell] / 100).toFixed(2)}`, [
      ['time', timeText(from, to)],
      ['price', `${number(low, 8)} – ${number(high, 8)}`],
      ['size', this.sizeText(cells.size[cell])],
    ])
  }

  /** For the place of the price chart under the pointer. */
  showPrice(chart: uPlot): void {
    const { left = 0, top = 0 } = chart.cursor
    const time = chart.posToVal(left, 'x')
    const around = chart.posToVal(left + 3, 'x') - time
    const cell = this.tape.at(time, around)
    const { x, y } = chart.over.getBoundingClientRect()
    if (!cell) this.hide()
    else this.tip.show(x + left, y + top, `Price ${number(cell.last, 8)}`, tapeLines(cell))
  }

  /** For the volume bar under the pointer. */
  showVolume(volume: VolumeChart): void {
    const { chart } = volume
    const { left = 0, top = 0 } = chart.cursor
    const bar = volume.at(chart.posToVal(left, 'x'))
    const { x, y } = chart.over.getBoundingClientRect()
    if (!bar) this.hide()
    else {
      const lines: Line[] = [['time', timeText(bar.from, bar.to)]]
      this.tip.show(x + left, y + top, `Volume ${number(bar.volume)}`, lines)
    }
  }

  private sizeText(bin: number): string {
    const { from } = this.data.sizes
    return sizeRange({ from: from[bin], to: from[bin + 1] ?? null })
  }
}

function tapeLines(cell: TapeCell | null): Line[] {
  if (!cell) return []
  return [
    ['time', timeText(cell.from, cell.to)],
    ['traded at', `${number(cell.low, 8)} – ${number(cell.high, 8)}`],
    ['volume', number(cell.volume)],
    ['trades', grouped(cell.trades)],
  ]
}

/** @param from with `to`, in ms since 1970 */
function timeText(from: number, to: number): string {
  return `${timeRange({ from: isoMs(from), to: isoMs(to) })} UTC`
}
