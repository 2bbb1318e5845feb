import uPlot from 'uplot'
import type { ReportData } from '../data.ts'
import { chartOptions, type Stage, takeSelection } from './chart.ts'
import { lowerBound } from './score-map.ts'

/**
 * The price line breaks at a gap without trades that is longer than this share of the whole time and longer
 * than a time bin.
 */
const LONGEST_GAP = 1 / 50
/** Least width of a volume bar, CSS pixels. Cells are added up until bars are this wide. */
const BAR_WIDTH = 4

/** A cell of the tape in human units. */
export interface TapeCell {
  /** In ms. */
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
  readonly last: number
  readonly volume: number
  readonly trades: number
}

/** The tape in human units. */
export class TapeView {
  /** ms per cell. */
  readonly cellWidthMs: number
  /** Start of every cell, ms. */
  private readonly from: Float64Array
  private readonly longestGapMs: number

  constructor(private readonly data: ReportData) {
    const { tape, report } = data
    this.cellWidthMs = (tape.timeBins * report.grid.timeWidth) / 1000
    this.from = Float64Array.from(tape.time, time => (tape.firstTime + time) * this.cellWidthMs)
    const span = this.from.length > 0 ? this.from[this.from.length - 1] - this.from[0] : 0
    this.longestGapMs = Math.max(span * LONGEST_GAP, report.grid.timeWidth / 1000)
  }

  cell(i: number): TapeCell {
    const { tape, report } = this.data
    const tick = Number(report.instrument.tickSize)
    return {
      from: this.from[i],
      to: this.from[i] + this.cellWidthMs,
      low: tape.low[i] * tick,
      high: tape.high[i] * tick,
      last: tape.last[i] * tick,
      volume: tape.volume[i] * Number(report.instrument.lotSize),
      trades: tape.trades[i],
    }
  }

  /** The cell at a time, or the nearest within `around` ms. */
  at(time: number, around: number): TapeCell | null {
    const next = lowerBound(this.from, time)
    const near = [next - 1, next].filter(i => i >= 0 && i < this.from.length)
    const distance = (i: number) => Math.max(this.from[i] - time, time - this.from[i] - this.cellWidthMs, 0)
    const best = near.sort((a, b) => distance(a) - distance(b))[0]
    return best === undefined || distance(best) > around ? null : this.cell(best)
  }

  /** Low, high and last price at the middle of each cell, with a hole in every long gap. */
  prices(): uPlot.AlignedData {
    const columns: [number[], (number | null)[], (number | null)[], (number | null)[]] = [[], [], [], []]
    for (let i = 0; i < this.from.length; i++) {
      const { from, to, low, high, last } = this.cell(i)
      if (i > 0 && from - this.from[i - 1] - this.cellWidthMs > this.longestGapMs) {
        columns[0].push((from + this.from[i - 1] + this.cellWidthMs) / 2)
        for (const column of columns.slice(1)) column.push(null as never)
      }
      columns[0].push((from + to) / 2)
      columns[1].push(low)
      columns[2].push(high)
      columns[3].push(last)
    }
    return columns
  }

  /** Volume in bars of `widthMs` that overlap a span, as [start, volume]. */
  bars(from: number, to: number, widthMs: number): [number, number][] {
    const bars: [number, number][] = []
    const first = Math.floor(from / widthMs) * widthMs
    for (let i = lowerBound(this.from, first); i < this.from.length && this.from[i] < to; i++) {
      const { from: at, volume } = this.cell(i)
      const start = Math.floor((at + this.cellWidthMs / 2) / widthMs) * widthMs
      const last = bars[bars.length - 1]
      if (last && last[0] === start) last[1] += volume
      else bars.push([start, volume])
    }
    return bars
  }
}

/** Price over time: the last price as a line, lowest to highest as a band. */
export function priceChart(
  parent: HTMLElement,
  tape: TapeView,
  stage: Stage,
  hover: (chart: uPlot) => void,
  height: number,
): uPlot {
  const { view, inks } = stage
  // Draw the edges of the band too: a cell may be much narrower than a pixel.
  const edge = { stroke: () => inks().band, width: 1, points: { show: false } }
  const chart = new uPlot(
    chartOptions(stage, {
      height,
      showTime: false,
      space: 28,
      series: [edge, edge, { stroke: () => inks().line, width: 1.25, points: { show: false } }],
      bands: [{ series: [2, 1], fill: () => inks().band }],
      range: (_, low, high) => padded(low, high),
      drag: { x: true, y: false },
      hooks: { setSelect: [chart => takeSelection(chart, view, false)], setCursor: [hover] },
    }),
    tape.prices(),
    parent,
  )
  view.onChange(() => chart.setScale('x', { min: view.box.from, max: view.box.to }))
  return chart
}

function padded(low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1]
  const room = (high - low) * 0.06 || Math.abs(high) * 0.001 || 1
  return [low - room, high + room]
}

/** Volume over time, in bars at least a few pixels wide. */
export class VolumeChart {
  readonly chart: uPlot
  private bars: [number, number][] = []
  barWidthMs: number

  constructor(
    parent: HTMLElement,
    private readonly tape: TapeView,
    private readonly stage: Stage,
    hooks: { readonly hover: (chart: uPlot) => void; readonly drawn: () => void },
    height: number,
  ) {
    const { view } = stage
    this.barWidthMs = tape.cellWidthMs
    const { whole } = view
    this.chart = new uPlot(
      chartOptions(stage, {
        height,
        showTime: false,
        space: 24,
        series: [{ paths: () => null, points: { show: false } }],
        range: (_, low, high) => [low, high],
        drag: { x: true, y: false },
        hooks: {
          drawSeries: [chart => this.draw(chart)],
          draw: [hooks.drawn],
          setSelect: [chart => takeSelection(chart, view, false)],
          setCursor: [hooks.hover],
        },
      }),
      [
        [whole.from, whole.to],
        [0, 1],
      ],
      parent,
    )
    view.onChange(() => this.redraw())
  }

  redraw(): void {
    const { box } = this.stage.view
    this.fit()
    const most = Math.max(...this.bars.map(([, volume]) => volume), 0)
    this.chart.batch(() => {
      this.chart.setScale('x', { min: box.from, max: box.to })
      this.chart.setScale('y', { min: 0, max: most * 1.06 || 1 })
    })
  }

  /** The bar at a time. */
  at(time: number): { readonly from: number; readonly to: number; readonly volume: number } | null {
    const bar = this.bars.find(([start]) => time >= start && time < start + this.barWidthMs)
    return bar ? { from: bar[0], to: bar[0] + this.barWidthMs, volume: bar[1] } : null
  }

  /** Computes bars of a width that suits the zoom. */
  private fit(): void {
    const { box } = this.stage.view
    const width = this.chart.bbox.width / uPlot.pxRatio
    const least = ((box.to - box.from) / width) * BAR_WIDTH
    this.barWidthMs = this.tape.cellWidthMs
    while (this.barWidthMs < least) this.barWidthMs *= 2
    this.bars = this.tape.bars(box.from, box.to, this.barWidthMs)
  }

  private draw(chart: uPlot): void {
    const { ctx, bbox } = chart
    const gap = Math.round(uPlot.pxRatio)
    const bottom = Math.round(bbox.top + bbox.height)
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    ctx.fillStyle = this.stage.inks().bar
    for (const [start, volume] of this.bars) {
      const left = Math.round(chart.valToPos(start, 'x', true))
      const right = Math.round(chart.valToPos(start + this.barWidthMs, 'x', true))
      const top = Math.min(Math.round(chart.valToPos(volume, 'y', true)), bottom - 1)
      ctx.fillRect(left, top, Math.max(right - left - gap, 1), bottom - top)
    }
    ctx.restore()
  }
}
