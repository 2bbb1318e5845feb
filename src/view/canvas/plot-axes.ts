import { axisNumber, priceSplits, priceStep } from '../../show/price-axis.ts'
import { TIME_STEPS, timeLabels, timeSplits } from '../../show/time-axis.ts'
import type { Frame } from '../frame/frame.ts'
import { LABEL_GAP, LINE, type Plot } from '../frame/plot.ts'
import { fontSize } from './font.ts'
import { footprintFits } from './footprint.ts'
import type { Context2D } from './slices.ts'

/** Least distance between price labels, ems. */
const PRICE_SPACE = { wide: 3, narrow: 2.3 }
/** Least gap between time labels, ems. */
const TIME_GAP = 1.4
const TICK = 5
/** Opacity of the grid lines, which are drawn over the cells. */
const GRID_ALPHA = 0.5

/** Draws the grid, labels and titles of a plot, sharp at any pixel ratio. Sets its own transform. */
export function drawPlotAxes(ctx: Context2D, frame: Frame, plot: Plot): void {
  const { inks, ratio } = frame
  ctx.save()
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.font = inks.font
  ctx.textBaseline = 'middle'
  drawPrices(ctx, frame, plot)
  drawTimes(ctx, frame, plot)
  ctx.restore()
}

function drawPrices(ctx: Context2D, frame: Frame, plot: Plot): void {
  const { inks } = frame
  const size = fontSize(inks.font)
  const { left, top, width, height } = plot
  const [low, high] = [plot.priceAt(top + height), plot.priceAt(top)]
  const space = PRICE_SPACE[plot.narrow ? 'narrow' : 'wide'] * size
  const step = priceStep((space / height) * (high - low))
  ctx.textAlign = 'right'
  for (const price of priceSplits(low, high, step)) {
    const y = plot.y(price)
    gridLine(ctx, frame, left, y, width, 0)
    ctx.fillStyle = inks.muted
    ctx.fillText(axisNumber(price, step), left - LABEL_GAP, y)
  }
  ctx.fillStyle = inks.text
  ctx.fillText('Price', left - LABEL_GAP, top - LINE * size)
}

function drawTimes(ctx: Context2D, frame: Frame, plot: Plot): void {
  const { inks } = frame
  const size = fontSize(inks.font)
  const { left, top, width, height } = plot
  const [from, to] = [plot.timeAt(left), plot.timeAt(left + width)]
  const { splits, labels } = timeTicks(from, to, width, text => ctx.measureText(text).width, TIME_GAP * size)
  const line = LINE * size
  const y = top + height + LABEL_GAP + line / 2
  for (const time of splits) {
    const x = plot.x(time)
    if (!footprintFits(plot)) gridLine(ctx, frame, x, top, 0, height) // a line would cross the figures
    gridLine(ctx, frame, x, top + height, 0, TICK, 1)
  }
  ctx.textAlign = 'center'
  ctx.fillStyle = inks.muted
  const ends = [0, 0] // right end of the previous label, by line
  for (const [i, time] of splits.entries()) {
    for (const [row, text] of labels[i].split('\n').entries()) {
      const half = ctx.measureText(text).width / 2
      // Keep the label on the canvas and clear of the title in the corner.
      const x = Math.max(Math.min(plot.x(time), frame.width - half - 2), left + half - 2)
      if (i > 0 && x - half < ends[row] + size / 2) continue
      ends[row] = x + half
      ctx.fillText(text, x, y + row * line)
    }
  }
  ctx.textAlign = 'right'
  ctx.fillStyle = inks.text
  ctx.fillText('UTC', left - LABEL_GAP, y)
}

/** The finest ticks whose labels fit. */
function timeTicks(
  from: number,
  to: number,
  width: number,
  widthOf: (text: string) => number,
  gap: number,
): { readonly splits: number[]; readonly labels: string[] } {
  for (const step of TIME_STEPS) {
    const distance = (step / (to - from)) * width
    if (distance < gap) continue
    const splits = timeSplits(from, to, step)
    const labels = timeLabels(splits, step)
    if (labels.every(label => widthOf(label.split('\n')[0]) + gap <= distance)) return { splits, labels }
  }
  return { splits: [], labels: [] }
}

/** A line on whole device pixels, one CSS pixel wide (at least one device pixel). */
function gridLine(
  ctx: Context2D,
  { inks, ratio }: Frame,
  x: number,
  y: number,
  width: number,
  height: number,
  alpha = GRID_ALPHA,
): void {
  const thickness = Math.max(1, Math.floor(ratio)) / ratio
  const snapped = (position: number) => Math.round(position * ratio) / ratio
  ctx.globalAlpha = alpha
  ctx.fillStyle = inks.grid
  ctx.fillRect(snapped(x), snapped(y), width || thickness, height || thickness)
  ctx.globalAlpha = 1
}
