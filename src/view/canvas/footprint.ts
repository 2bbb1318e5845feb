import { NO_SCORE } from '../../engine/work.ts'
import { PAGE_PRICES } from '../../grid/axes.ts'
import type { KeptTrades } from '../../layers/trades/detail.ts'
import { scoreColour } from '../../show/colours.ts'
import { flow, number } from '../../show/text.ts'
import { formatDecimal, parseDecimal } from '../../units/instrument.ts'
import { isoTime } from '../../units/iso-time.ts'
import { ceilingOf, sizeRange } from '../frame/ceiling.ts'
import type { Frame } from '../frame/frame.ts'
import type { BinWindow } from '../frame/geometry.ts'
import type { Plot } from '../frame/plot.ts'
import type { CellFacts, ViewPick } from '../types.ts'
import { fontLike, fontSize } from './font.ts'
import type { Context2D } from './slices.ts'

/** Smallest cell that gets a footprint, CSS pixels. */
const LEAST_CELL = { width: 56, height: 15 }
/** Height of the bar as a share of the cell's height, with limits in CSS pixels. */
const BAR = { share: 0.2, least: 3, most: 10 }
const PADDING = 3
/** Font sizes of footprints in CSS pixels; `ofHeight` is a share of the cell's height. */
const TEXT = { least: 9.5, most: 13, ofHeight: 0.5 }
/**
 * Luminance above which black text reads better than white: at this value both have the same WCAG contrast.
 */
const BRIGHT = 0.18

type CellPlace = NonNullable<ViewPick['cell']>

/** What traded in one cell of time × price, over the sizes shown. */
export interface FootprintCell extends CellPlace {
  /** In the feed's size unit. */
  readonly volume: number
  /** Bought minus sold by the aggressor, in the feed's size unit. */
  readonly netFlow: number
  /** The highest measure over the sizes shown; null if nothing is scored. */
  readonly measure: number | null
}

/** Whether the cells of a plot have room for footprints. */
export function footprintFits(plot: Plot): boolean {
  return plot.cell.width >= LEAST_CELL.width && plot.cell.height >= LEAST_CELL.height
}

/** The cells of the frame's window with trades at the sizes shown. Pages without details give none. */
export function footprintCells(pages: readonly KeptTrades[], frame: Frame): FootprintCell[] {
  const { window, look, geometry } = frame
  const lot = Number(geometry.instrument.lotSize)
  const cells: FootprintCell[] = []
  for (const page of pages) {
    if (!reaches(page, window) || !page.detail) continue
    const ceiling = ceilingOf(page, look)
    const first = page.page * PAGE_PRICES
    for (let price = 0; price < PAGE_PRICES; price++) {
      if (first + price + 1 <= window.lowBin || first + price >= window.highBin) continue
      const volume = overSizes(page.detail.volume, price, look.size)
      if (volume === 0) continue
      cells.push({
        time: page.slab,
        price: first + price,
        volume: volume * lot,
        netFlow: overSizes(page.detail.netFlow, price, look.size) * lot,
        measure: asMeasure(ceiling[price]),
      })
    }
  }
  return cells
}

/** What a cell holds. The figures are null if its page is not among `pages`. */
export function cellFacts(pages: readonly KeptTrades[], frame: Frame, { time, price }: CellPlace): CellFacts {
  const { look, geometry } = frame
  const { instrument, grid } = geometry
  const at = Math.floor(price / PAGE_PRICES)
  const within = price - at * PAGE_PRICES
  const page = pages.find(page => page.slab === time && page.page === at)
  const tick = parseDecimal(instrument.tickSize, 'tick size')
  const lot = Number(instrument.lotSize)
  const priceText = (bin: number) => formatDecimal(bin * grid.priceWidth * tick.units, tick.decimals)
  const sum = (lots: Float64Array | undefined) => (lots ? overSizes(lots, within, look.size) * lot : null)
  return {
    time: { from: isoTime(time * grid.timeWidth), to: isoTime((time + 1) * grid.timeWidth) },
    price: { from: priceText(price), to: priceText(price + 1) },
    measure: page ? asMeasure(ceilingOf(page, look)[within]) : null,
    volume: sum(page?.detail?.volume),
    netFlow: sum(page?.detail?.netFlow),
  }
}

/** The cell that gives a tile (`Plot.tileAt`) its colour; null if nothing is scored. */
export function highestCell(pages: readonly KeptTrades[], frame: Frame, tile: BinWindow): CellPlace | null {
  let best: CellPlace | null = null
  let most = NO_SCORE
  for (const page of pages) {
    if (!reaches(page, tile)) continue
    const first = page.page * PAGE_PRICES
    const ceiling = ceilingOf(page, frame.look)
    for (let price = Math.max(tile.lowBin - first, 0); price < PAGE_PRICES; price++) {
      if (first + price >= tile.highBin) break
      if (ceiling[price] <= most) continue
      most = ceiling[price]
      best = { time: page.slab, price: first + price }
    }
  }
  return best
}

/**
 * Draws a volume bar and its figures into every cell. The cell with the largest volume gets a bar of full
 * width; each bar is split into bought and sold. Sets its own transform.
 */
export function drawFootprint(
  ctx: Context2D,
  frame: Frame,
  plot: Plot,
  cells: readonly FootprintCell[],
): void {
  const { inks, ratio, look } = frame
  const largest = cells.reduce((most, { volume }) => Math.max(most, volume), 0)
  const height = plot.cell.height
  const size = Math.min(Math.max(TEXT.ofHeight * height, TEXT.least), TEXT.most)
  const bar = Math.min(Math.max(BAR.share * height, BAR.least), BAR.most)
  ctx.save()
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.beginPath()
  ctx.rect(plot.left, plot.top, plot.width, plot.height)
  ctx.clip()
  ctx.font = fontLike(inks.font, Math.min(size, fontSize(inks.font)), 500)
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  const snapped = (length: number) => Math.round(length * ratio) / ratio
  for (const cell of cells) {
    const left = snapped(plot.xOfSlab(cell.time))
    const right = snapped(plot.xOfSlab(cell.time + 1))
    const top = snapped(plot.yOfBin(cell.price + 1))
    const bottom = snapped(plot.yOfBin(cell.price))
    const barTop = snapped(bottom - bar)
    const width = right - left
    const length = (cell.volume / largest) * width
    const bought = ((cell.volume + cell.netFlow) / 2 / cell.volume) * length
    // The bar gets the plain background: some inks would be hard to see on the cell's own colour.
    ctx.fillStyle = inks.background
    ctx.fillRect(left, barTop, width, bottom - barTop)
    ctx.fillRect(right - 1 / ratio, top, 1 / ratio, bottom - top) // separates neighbours of the same colour
    ctx.fillStyle = inks.bought
    ctx.fillRect(left, barTop, bought, bottom - barTop)
    ctx.fillStyle = inks.sold
    ctx.fillRect(left + bought, barTop, length - bought, bottom - barTop)

    const text = number(cell.volume, 3)
    const share = flow(cell.netFlow / cell.volume)
    ctx.fillStyle =
      cell.measure === null ? inks.text : textOn(scoreColour(cell.measure, look.top, look.theme))
    const middle = snapped((top + barTop) / 2)
    const from = Math.max(left, plot.left) + PADDING
    const room = Math.min(right, plot.left + plot.width) - PADDING - from
    const line = [`${text} ${share}`, text].find(line => ctx.measureText(line).width <= room)
    if (line) ctx.fillText(line, from, middle)
  }
  ctx.restore()
}

function reaches({ slab, page }: KeptTrades, { fromSlab, toSlab, lowBin, highBin }: BinWindow): boolean {
  if (slab + 1 <= fromSlab || slab >= toSlab) return false
  return (page + 1) * PAGE_PRICES > lowBin && page * PAGE_PRICES < highBin
}

/** Lots at one price of a page, summed over the sizes shown. Whole numbers, so the sum is exact. */
function overSizes(lots: Float64Array, price: number, size: Frame['look']['size']): number {
  const [from, to] = sizeRange(lots.length / PAGE_PRICES, size)
  let sum = 0
  for (let bin = from; bin < to; bin++) sum += lots[bin * PAGE_PRICES + price]
  return sum
}

function asMeasure(measure: number): number | null {
  return measure === NO_SCORE ? null : measure / 65_536
}

/** Black or white, whichever reads better on a colour. */
function textOn(colour: readonly [number, number, number]): string {
  const [red, green, blue] = colour.map(channel => (channel / 255) ** 2.2)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > BRIGHT ? '#000' : '#fff'
}
