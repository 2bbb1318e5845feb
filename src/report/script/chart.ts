import type uPlot from 'uplot'
import { axisNumber } from '../../show/price-axis.ts'
import { TIME_STEPS, timeLabels, timeSplits } from '../../show/time-axis.ts'
import type { Viewport } from '../../show/viewport.ts'
import type { Inks } from './theme.ts'

/** What all charts share. */
export interface Stage {
  readonly view: Viewport
  readonly inks: () => Inks
  /** Width of the labels to the left of a chart, CSS pixels. */
  readonly axisWidth: number
}

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
const RIGHT = 22

/** The options that all charts have in common: one time axis in UTC, zoom by dragging, a shared cursor. */
export function chartOptions(
  stage: Stage,
  own: {
    readonly height: number
    readonly showTime: boolean
    readonly series: uPlot.Series[]
    readonly bands?: uPlot.Band[]
    readonly range: uPlot.Range.Function
    readonly drag: uPlot.Cursor.Drag
    readonly hooks: uPlot.Hooks.Arrays
    /** Least distance between price ticks, CSS pixels. */
    readonly space: number
  },
): uPlot.Options {
  const { view, inks } = stage
  const grid = { stroke: () => inks().grid, width: 1 }
  return {
    width: 600,
    height: own.height,
    padding: [6, RIGHT, own.showTime ? null : 6, null],
    legend: { show: false },
    scales: { x: { time: false, range: () => [view.box.from, view.box.to] }, y: { range: own.range } },
    axes: [
      {
        show: own.showTime,
        stroke: () => inks().muted,
        font: FONT,
        size: 44,
        gap: 6,
        lineGap: 1.3,
        space: 58,
        incrs: [...TIME_STEPS],
        splits: (_, __, from, to, step) => timeSplits(from, to, step),
        values: (_, splits, __, ___, step) => timeLabels(splits, step),
        grid,
        ticks: { stroke: () => inks().grid, width: 1, size: 5 },
      },
      {
        stroke: () => inks().muted,
        font: FONT,
        size: stage.axisWidth,
        gap: 8,
        space: own.space,
        values: (_, splits, __, ___, step) => splits.map(value => axisNumber(value, step)),
        grid,
        ticks: { show: false },
      },
    ],
    series: [{}, ...own.series],
    ...(own.bands ? { bands: own.bands } : {}),
    cursor: {
      points: { show: false },
      drag: { setScale: false, ...own.drag },
      // Share the cursor but not drags: otherwise each chart would zoom on its own, one after another.
      sync: { key: 'voxrisk', scales: ['x', null], filters: { pub: isMove } },
      bind: {
        dblclick: () => () => {
          view.reset()
          return null
        },
      },
    },
    hooks: own.hooks,
  }
}

const isMove = (event: string) => event === 'mousemove' || event === 'mouseleave'

/** Zooms to the selection of a drag and clears it. */
export function takeSelection(chart: uPlot, view: Viewport, withPrice: boolean): void {
  const { left, top, width, height } = chart.select
  if (width < 4 || (withPrice && height < 4)) return
  const { box } = view
  view.show({
    from: chart.posToVal(left, 'x'),
    to: chart.posToVal(left + width, 'x'),
    low: withPrice ? chart.posToVal(top + height, 'y') : box.low,
    high: withPrice ? chart.posToVal(top, 'y') : box.high,
  })
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}
