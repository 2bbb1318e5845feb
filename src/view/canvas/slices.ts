import { NO_SCORE } from '../../engine/work.ts'
import { PAGE_PRICES } from '../../grid/axes.ts'
import type { KeptTrades } from '../../layers/trades/detail.ts'
import { SHADES, scoreColour, type Theme } from '../../show/colours.ts'
import { ceilingOf } from '../frame/ceiling.ts'
import type { Frame } from '../frame/frame.ts'
import type { Plot, Span } from '../frame/plot.ts'

/** Any 2-D canvas. */
export type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/**
 * Draws time × price on a 2-D canvas from pages on the host: pixel for pixel the picture of `SlicesPainter`.
 */
export class CanvasSlices {
  private readonly canvas = new OffscreenCanvas(1, 1)
  /** Ceilings of the pages for the measure and sizes shown. */
  private ceilings = new WeakMap<KeptTrades, Int32Array>()
  private shown = ''

  /** Draws over the canvas. Pixels without a score stay as they are. */
  draw(ctx: Context2D, pages: readonly KeptTrades[], frame: Frame, plot: Plot): void {
    const columns = plot.columns()
    const rows = plot.rows()
    if (columns.length === 0 || rows.length === 0) return
    const measures = this.highest(pages, frame, plot, columns, rows)
    const image = rasterised(measures, columns, rows, frame, plot)
    this.canvas.width = image.width
    this.canvas.height = image.height
    this.canvas.getContext('2d')?.putImageData(image, 0, 0)
    ctx.save()
    ctx.resetTransform()
    ctx.drawImage(this.canvas, plot.pixels.left, plot.pixels.top)
    ctx.restore()
  }

  /** The highest measure of each tile, indexed [row][column]. */
  private highest(
    pages: readonly KeptTrades[],
    { look, extent }: Frame,
    { tiles }: Plot,
    columns: readonly Span[],
    rows: readonly Span[],
  ): Int32Array {
    const shown = `${look.measure} ${look.size}`
    if (shown !== this.shown) this.ceilings = new WeakMap()
    this.shown = shown
    const measures = new Int32Array(columns.length * rows.length).fill(NO_SCORE)
    const firstColumn = Math.floor(columns[0].first / tiles.times)
    const firstRow = Math.floor(rows[0].first / tiles.prices)
    const endSlab = columns[columns.length - 1].end
    const endBin = rows[rows.length - 1].end
    for (const page of pages) {
      const bin = page.page * PAGE_PRICES
      if (page.slab < columns[0].first || page.slab >= endSlab || page.page < extent.firstPage) continue
      if (bin + PAGE_PRICES <= rows[0].first || bin >= endBin) continue
      let ceiling = this.ceilings.get(page)
      if (!ceiling) {
        ceiling = ceilingOf(page, look)
        this.ceilings.set(page, ceiling)
      }
      const column = Math.floor(page.slab / tiles.times) - firstColumn
      const from = Math.max(rows[0].first - bin, 0)
      const to = Math.min(endBin - bin, PAGE_PRICES)
      for (let price = from; price < to; price++) {
        const row = Math.floor((bin + price) / tiles.prices) - firstRow
        const tile = row * columns.length + column
        if (ceiling[price] > measures[tile]) measures[tile] = ceiling[price]
      }
    }
    return measures
  }
}

/** The picture of the plot. */
function rasterised(
  measures: Int32Array,
  columns: readonly Span[],
  rows: readonly Span[],
  { look }: Frame,
  { pixels: { left, top, width, height } }: Plot,
): ImageData {
  const image = new ImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  const palette = new Palette(look.top, look.theme)
  for (const [row, { from, to }] of rows.entries()) {
    if (from === to) continue
    const line = (from - top) * width
    for (const [column, span] of columns.entries()) {
      const measure = measures[row * columns.length + column]
      if (measure === NO_SCORE) continue
      pixels.fill(palette.pixel(measure), line + span.from - left, line + span.to - left)
    }
    for (let y = from + 1; y < to; y++) pixels.copyWithin((y - top) * width, line, line + width)
  }
  return image
}

/** Maps measures (Q16) to pixels. */
class Palette {
  private readonly shades: Uint32Array
  private readonly faint: number

  constructor(
    private readonly top: number,
    theme: Theme,
  ) {
    this.shades = Uint32Array.from({ length: SHADES }, (_, shade) =>
      packed(scoreColour(shade / (SHADES - 1), 1, theme)),
    )
    this.faint = packed(scoreColour(-1, 1, theme))
  }

  pixel(measure: number): number {
    if (measure < 0) return this.faint
    return this.shades[Math.min(Math.round((measure / 65_536 / this.top) * (SHADES - 1)), SHADES - 1)]
  }
}

/** An opaque pixel, in the byte order that image data has on every machine in use. */
function packed([red, green, blue]: readonly [number, number, number]): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}
