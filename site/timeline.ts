import uPlot from 'uplot'
import { number, TIME_STEPS, timeLabels, timeSplits } from 'voxrisk/report'
import type { Strip } from './strip.ts'
import { colours } from './theme.ts'

const INKS = ['muted', 'grid', 'line', 'bar'] as const
const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
const HEIGHT = 128
/** Space to the left of the plot: enough for a price of seven digits. */
const AXIS = 56
const RIGHT = 14
/** The tallest volume bar takes this share of the height. */
const VOLUME_SHARE = 0.4

/** Steps of the slider. */
const SLIDER_STEPS = 2000

export interface TimelineParts {
  readonly chart: HTMLElement
  /** Placed over the plot. Its thumb is the playhead; keys and touch work as usual. */
  readonly slider: HTMLInputElement
  /** Covers the part not played yet. */
  readonly rest: HTMLElement
}

/** The price and volume of the whole source and the position of the replay, which the visitor can move. */
export class Timeline {
  private plot: uPlot | null = null
  private strip: Strip | null = null
  private inks = colours(INKS)
  private span = { from: 0, to: 1 }

  /** @param onSeek called with µs since 1970 at every move by the visitor */
  constructor(
    private readonly parts: TimelineParts,
    onSeek: (time: number) => void,
  ) {
    const { slider, chart } = parts
    slider.max = `${SLIDER_STEPS}`
    slider.addEventListener('input', () => {
      const { from, to } = this.span
      onSeek(from + Math.round((Number(slider.value) / SLIDER_STEPS) * (to - from)))
    })
    new ResizeObserver(() => {
      this.plot?.setSize({ width: chart.clientWidth, height: HEIGHT })
    }).observe(chart)
  }

  /** @param from,to µs since 1970 */
  load(strip: Strip, from: number, to: number): void {
    this.strip = strip
    this.span = { from, to }
    this.plot?.destroy()
    this.plot = new uPlot(this.options(), this.data(strip), this.parts.chart)
  }

  /** @param text the time for screen readers */
  show(time: number, text: string): void {
    const { slider, rest } = this.parts
    const share = (time - this.span.from) / Math.max(this.span.to - this.span.from, 1)
    slider.value = `${Math.round(share * SLIDER_STEPS)}`
    slider.setAttribute('aria-valuetext', text)
    rest.style.setProperty('--played', `${Math.min(Math.max(share, 0), 1)}`)
  }

  /** Applies the document's current colours. */
  restyle(): void {
    this.inks = colours(INKS)
    this.plot?.redraw() // rebuild the paths too: bars keep the colour they were built with
  }

  private data(strip: Strip): uPlot.AlignedData {
    return [strip.time, strip.price, strip.volume]
  }

  private options(): uPlot.Options {
    const { from, to } = this.span
    const volumes = this.strip?.volume ?? []
    const most = volumes.reduce((most, volume) => Math.max(most, volume), 0)
    const { bars } = uPlot.paths
    const grid = { stroke: () => this.inks.grid, width: 1 }
    return {
      width: Math.max(this.parts.chart.clientWidth, 100),
      height: HEIGHT,
      padding: [6, RIGHT, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [from / 1000, to / 1000] },
        price: { range: (_, low, high) => padded(low, high) },
        volume: { range: () => [0, most / VOLUME_SHARE || 1] },
      },
      axes: [
        {
          stroke: () => this.inks.muted,
          font: FONT,
          size: 38,
          gap: 4,
          lineGap: 1.2,
          space: 58,
          incrs: [...TIME_STEPS],
          splits: (_, __, low, high, step) => timeSplits(low, high, step),
          values: (_, splits, __, ___, step) => timeLabels(splits, step),
          grid,
          ticks: { stroke: () => this.inks.grid, width: 1, size: 4 },
        },
        {
          scale: 'price',
          stroke: () => this.inks.muted,
          font: FONT,
          size: AXIS,
          gap: 6,
          space: 24,
          values: (_, splits) => splits.map(value => number(value, 6)),
          grid,
          ticks: { show: false },
        },
      ],
      series: [
        {},
        {
          scale: 'price',
          stroke: () => this.inks.line,
          width: 1.25,
          points: { show: false },
          spanGaps: true,
        },
        {
          scale: 'volume',
          fill: () => this.inks.bar,
          width: 0,
          points: { show: false },
          ...(bars ? { paths: bars({ size: [1, 100], gap: 0 }) } : {}),
        },
      ],
    }
  }
}

function padded(low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1]
  const room = high - low || Math.abs(high) * 0.001 || 1
  return [low - room * 0.5, high + room * 0.08] // leaves room for the volume bars below
}
