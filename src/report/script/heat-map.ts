import uPlot from 'uplot'
import { scoreColour, type Theme } from '../../show/colours.ts'
import type { Box } from '../../show/viewport.ts'
import { chartOptions, type Stage, takeSelection } from './chart.ts'
import type { Cells, ScoreMap, Tiles } from './score-map.ts'

const NOTHING = -(2 ** 31)
/**
 * Smallest width and height of a tile, CSS pixels. Smaller cells are joined into tiles; a tile shows its
 * highest cell.
 */
const TILE = 3

/** The heat map: colours for scores over time × price. Each cell is a rectangle of whole device pixels. */
export class HeatMap {
  readonly chart: uPlot
  size: number | 'all' = 'all'
  /** Cells joined into one tile when last drawn. */
  tiles: Tiles = { times: 1, prices: 1 }
  private readonly picture = document.createElement('canvas')

  constructor(
    parent: HTMLElement,
    private readonly map: ScoreMap,
    private readonly top: number,
    private readonly stage: Stage,
    hooks: { readonly hover: (chart: uPlot) => void; readonly drawn: () => void },
    height: number,
  ) {
    const { view } = stage
    const { whole } = view
    this.chart = new uPlot(
      chartOptions(stage, {
        height,
        showTime: true,
        space: 36,
        // The cells are drawn by our own code; the series only sets the range.
        series: [{ paths: () => null, points: { show: false } }],
        range: () => [view.box.low, view.box.high],
        drag: { x: true, y: true },
        hooks: {
          drawSeries: [chart => this.draw(chart)],
          draw: [hooks.drawn],
          setSelect: [chart => takeSelection(chart, view, true)],
          setCursor: [hooks.hover],
        },
      }),
      [
        [whole.from, whole.to],
        [whole.low, whole.high],
      ],
      parent,
    )
    view.onChange(() => this.redraw())
  }

  get cells(): Cells {
    return this.map.cells(this.size)
  }

  redraw(): void {
    const { box } = this.stage.view
    this.chart.batch(() => {
      this.chart.setScale('x', { min: box.from, max: box.to })
      this.chart.setScale('y', { min: box.low, max: box.high })
      this.chart.redraw(true, true)
    })
  }

  /** The tile at a place of the plot (CSS pixels), and its highest cell; −1 if nothing is scored. */
  tileAt(left: number, top: number): { readonly box: Box; readonly cell: number } {
    const { chart, map, cells } = this
    const box = map.tileAt(chart.posToVal(left, 'x'), chart.posToVal(top, 'y'), this.tiles)
    return { box, cell: map.highest(cells, box) }
  }

  private draw({ ctx, bbox }: uPlot): void {
    const { map } = this
    const { box } = this.stage.view
    const [left, top] = [Math.round(bbox.left), Math.round(bbox.top)]
    const [width, height] = [Math.round(bbox.width), Math.round(bbox.height)]
    if (width < 1 || height < 1) return
    const least = TILE * uPlot.pxRatio
    this.tiles = {
      times: joined((map.cellWidthMs / (box.to - box.from)) * width, least),
      prices: joined((map.cellHeight / (box.high - box.low)) * height, least),
    }
    const scores = this.rasterise(box, width, height)
    const image = new ImageData(width, height)
    const pixels = new Uint32Array(image.data.buffer)
    const palette = new Palette(this.top, this.stage.inks().theme)
    for (let i = 0; i < pixels.length; i++) if (scores[i] !== NOTHING) pixels[i] = palette.pixel(scores[i])
    this.picture.width = width
    this.picture.height = height
    this.picture.getContext('2d')?.putImageData(image, 0, 0)
    ctx.drawImage(this.picture, left, top)
  }

  /** The highest score at each pixel. No cell is skipped, even if it is smaller than a pixel. */
  private rasterise(box: Box, width: number, height: number): Int32Array {
    const { map, cells, tiles } = this
    const scores = new Int32Array(width * height).fill(NOTHING)
    const perMs = width / (box.to - box.from)
    const perPrice = height / (box.high - box.low)
    for (let i = 0; i < cells.time.length; i++) {
      const { from, to, low, high } = map.tileOf(cells, i, tiles)
      if (to <= box.from || from >= box.to || high <= box.low || low >= box.high) continue
      const [x0, x1] = pixels((from - box.from) * perMs, (to - box.from) * perMs, width)
      const [y0, y1] = pixels((box.high - high) * perPrice, (box.high - low) * perPrice, height)
      const score = cells.score[i]
      for (let y = y0; y < y1; y++) {
        for (let at = y * width + x0, end = y * width + x1; at < end; at++) {
          if (score > scores[at]) scores[at] = score
        }
      }
    }
    return scores
  }
}

/** How many cells of a given size in pixels make up the least size, as a power of two. */
function joined(size: number, least: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(least / size)))
}

/** The whole pixels of a span: at least one, within 0 … limit. */
function pixels(from: number, to: number, limit: number): [number, number] {
  const first = Math.min(Math.max(Math.round(from), 0), limit - 1)
  return [first, Math.max(Math.min(Math.round(to), limit), first + 1)]
}

/** Maps scores (in hundredths) to pixels. */
class Palette {
  private readonly shades: Uint32Array
  private readonly faint: number

  constructor(top: number, theme: Theme) {
    this.shades = Uint32Array.from({ length: top * 100 + 1 }, (_, score) =>
      packed(scoreColour(score / 100, top, theme)),
    )
    this.faint = packed(scoreColour(-1, top, theme))
  }

  pixel(score: number): number {
    return score < 0 ? this.faint : this.shades[Math.min(score, this.shades.length - 1)]
  }
}

/** An opaque pixel, in the byte order that image data has on every machine in use. */
function packed([red, green, blue]: readonly [number, number, number]): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}
