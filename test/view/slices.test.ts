import { describe, expect, test } from 'vitest'
import { PAGE_PRICES } from '../../src/grid/axes.ts'
import type { KeptTrades } from '../../src/layers/trades/detail.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { axisNumber, priceSplits, priceStep } from '../../src/show/price-axis.ts'
import {
  cellFacts,
  drawFootprint,
  footprintCells,
  footprintFits,
  highestCell,
} from '../../src/view/canvas/footprint.ts'
import { layoutMarkers, type Point, pickMarker, placeInPlot } from '../../src/view/canvas/markers.ts'
import { drawPlotAxes } from '../../src/view/canvas/plot-axes.ts'
import type { Context2D } from '../../src/view/canvas/slices.ts'
import { Plot } from '../../src/view/frame/plot.ts'
import { type PageSource, PageStore } from '../../src/view/page-store.ts'
import { blankPage, frameOver, handMadePages, LIGHT } from './hand-made-pages.ts'

/** Six pages: slabs 1000 … 1002, price bins 448 … 575. */
const blanks = () => [1000, 1001, 1002].flatMap(slab => [7, 8].map(page => blankPage(slab, page)))

const voxelAt = (price: number, size: number) => size * PAGE_PRICES + (price % PAGE_PRICES)

describe('plot', () => {
  test('its edges are whole device pixels, with room for labels', () => {
    for (const ratio of [1, 1.25, 1.5, 2, 3]) {
      const plot = new Plot(frameOver(blanks(), { width: 401, height: 260, ratio }))
      for (const edge of [plot.left, plot.top, plot.left + plot.width, plot.top + plot.height]) {
        expect(edge * ratio).toBeCloseTo(Math.round(edge * ratio), 9)
      }
      expect(plot.left).toBeGreaterThan(30)
      expect(plot.left + plot.width).toBeLessThan(401)
      expect(260 - plot.top - plot.height).toBeGreaterThan(2 * 12)
    }
    const [narrow, wide] = [390, 1200].map(width => new Plot(frameOver(blanks(), { width })))
    expect(narrow.left).toBeLessThan(wide.left)
  })

  test('places times and prices, and back', () => {
    const frame = frameOver(blanks(), { part: [0.1, 0.7, 0.25, 0.5] })
    const plot = new Plot(frame)
    const { geometry, window } = frame
    expect(plot.x(geometry.time(window.fromSlab))).toBeCloseTo(plot.left, 9)
    expect(plot.x(geometry.time(window.toSlab))).toBeCloseTo(plot.left + plot.width, 9)
    expect(plot.y(geometry.price(window.highBin))).toBeCloseTo(plot.top, 9)
    expect(plot.y(geometry.price(window.lowBin))).toBeCloseTo(plot.top + plot.height, 9)
    expect(plot.slabAt(plot.xOfSlab(1001.25))).toBeCloseTo(1001.25, 9)
    expect(plot.binAt(plot.yOfBin(500.75))).toBeCloseTo(500.75, 9)
    expect(plot.timeAt(plot.x(900_000_000_000))).toBeCloseTo(900_000_000_000, 3)
    expect(plot.priceAt(plot.y(251))).toBeCloseTo(251, 9)
    expect(plot.cellAt(plot.xOfSlab(1001.25), plot.yOfBin(500.75))).toEqual({ time: 1001, price: 500 })
    expect(plot.cellAt(plot.left - 1, plot.top + 1)).toBeNull()
  })

  test.each([1, 1.25, 2])('tiles cover every pixel of the plot once, at a ratio of %d', ratio => {
    const pages = handMadePages()
    for (const part of [
      [0, 1, 0, 1],
      [0.2213, 0.4571, 0.3303, 0.5507],
      [0.5, 0.51, 0.2, 0.22],
    ] as const) {
      const plot = new Plot(frameOver(pages, { ratio, part }))
      const { left, top, width, height } = plot.pixels
      const columns = plot.columns()
      expect(columns[0].from).toBe(left)
      expect(columns[columns.length - 1].to).toBe(left + width)
      for (const [i, column] of columns.entries()) {
        if (i === 0) continue
        expect(column.from).toBe(columns[i - 1].to)
        expect(column.first).toBe(columns[i - 1].end)
      }
      const rows = plot.rows()
      expect(rows[0].to).toBe(top + height)
      expect(rows[rows.length - 1].from).toBe(top)
      for (const [i, row] of rows.entries()) {
        if (i === 0) continue
        expect(row.to).toBe(rows[i - 1].from)
        expect(row.first).toBe(rows[i - 1].end)
      }
      for (const { from, to } of [...columns.slice(1, -1), ...rows.slice(1, -1)]) {
        expect(to - from).toBeGreaterThanOrEqual(2)
      }
    }
  })

  test('a tile is the cells drawn as one', () => {
    const plot = new Plot(frameOver(handMadePages()))
    expect(plot.tiles).toEqual({ times: 2, prices: 8 })
    expect(plot.tileAt(plot.xOfSlab(1_710_003.5), plot.yOfBin(2570.5))).toEqual({
      fromSlab: 1_710_002,
      toSlab: 1_710_004,
      lowBin: 2568,
      highBin: 2576,
    })
  })
})

describe('page store', () => {
  class Source implements PageSource {
    revision = 0
    keptPages: { slab: number; page: number }[] = []
    readonly reads: { fromSlab: number; toSlab: number }[] = []

    keep(...places: readonly (readonly [slab: number, page: number])[]): void {
      this.keptPages = places.map(([slab, page]) => ({ slab, page }))
      this.revision++
    }

    async readPages(which: { fromSlab: number; toSlab: number }): Promise<KeptTrades[]> {
      this.reads.push(which)
      return this.keptPages
        .filter(({ slab }) => slab >= which.fromSlab && slab < which.toSlab)
        .map(({ slab, page }) => blankPage(slab, page))
    }
  }

  test('reads only the slabs that are new, and drops those that are gone', async () => {
    const source = new Source()
    const store = new PageStore(source)
    source.keep([5, 1], [5, 2], [7, 1])
    expect(await store.update()).toBe(true)
    expect(source.reads).toEqual([{ fromSlab: 5, toSlab: 8 }])
    const [, , seventh] = store.pages
    expect(await store.update()).toBe(false)
    expect(source.reads.length).toBe(1)

    source.keep([7, 1], [8, 3], [9, 1])
    expect(await store.update()).toBe(true)
    expect(source.reads.slice(1)).toEqual([{ fromSlab: 8, toSlab: 10 }])
    expect(store.pages.map(({ slab, page }) => [slab, page])).toEqual([
      [7, 1],
      [8, 3],
      [9, 1],
    ])
    expect(store.pages[0]).toBe(seventh)

    source.keep([9, 1])
    expect(await store.update()).toBe(true)
    expect(source.reads.length).toBe(2)
    expect(store.pages.length).toBe(1)
  })

  test('calls at the same time read once', async () => {
    const source = new Source()
    const store = new PageStore(source)
    source.keep([1, 1])
    expect(await Promise.all([store.update(), store.update()])).toEqual([true, false])
    expect(source.reads.length).toBe(1)
  })
})

describe('footprint', () => {
  function traded(): KeptTrades[] {
    const pages = blanks()
    const { scores, detail } = pages[3] // slab 1001, price bins 512 …
    detail.volume.set([2 ** 52 + 1], voxelAt(512, 0))
    detail.netFlow.set([-(2 ** 52) - 1], voxelAt(512, 0))
    for (const [size, volume, netFlow, score] of [
      [0, 1000, 1000, -65_536],
      [2, 3000, -1500, 3 * 65_536],
    ]) {
      detail.volume[voxelAt(513, size)] = volume
      detail.netFlow[voxelAt(513, size)] = netFlow
      scores[voxelAt(513, size)] = score
      detail.flow[voxelAt(513, size)] = score / 2
    }
    return pages
  }

  test('sums over the sizes shown, in the feed’s unit', () => {
    const pages = traded()
    const large = { time: 1001, price: 512, volume: 4_503_599_627_370.497, measure: null }
    expect(footprintCells(pages, frameOver(pages))).toEqual([
      { ...large, netFlow: -large.volume },
      { time: 1001, price: 513, volume: 4, netFlow: -0.5, measure: 3 },
    ])
    expect(footprintCells(pages, frameOver(pages, { look: { size: 2, measure: 'flow' } }))).toEqual([
      { time: 1001, price: 513, volume: 3, netFlow: -1.5, measure: 1.5 },
    ])
    expect(footprintCells(pages, frameOver(pages, { part: [0, 1, 0, 0.4] }))).toEqual([])
    expect(footprintCells(pages, frameOver(pages, { part: [0.7, 1, 0, 1] }))).toEqual([])
    const bare = pages.map(page => ({ ...page, detail: null }))
    expect(footprintCells(bare, frameOver(bare))).toEqual([])
  })

  test('facts of a cell', () => {
    const pages = traded()
    const at = { time: 1001, price: 513 }
    const place = {
      time: { from: '1970-01-11T10:15:00.000Z', to: '1970-01-11T10:30:00.000Z' },
      price: { from: '256.5', to: '257' },
    }
    expect(cellFacts(pages, frameOver(pages), at)).toEqual({ ...place, measure: 3, volume: 4, netFlow: -0.5 })
    const smallest = frameOver(pages, { look: { size: 0 } })
    expect(cellFacts(pages, smallest, at)).toEqual({ ...place, measure: -1, volume: 1, netFlow: 1 })
    const bare = pages.map(page => ({ ...page, detail: null }))
    expect(cellFacts(bare, smallest, at)).toEqual({ ...place, measure: -1, volume: null, netFlow: null })
    const nothing = { measure: null, volume: null, netFlow: null }
    expect(cellFacts([], smallest, at)).toEqual({ ...place, ...nothing })
  })

  test('the highest cell of a tile', () => {
    const pages = traded()
    const frame = frameOver(pages)
    const tile = { fromSlab: 1000, toSlab: 1002, lowBin: 500, highBin: 516 }
    expect(highestCell(pages, frame, tile)).toEqual({ time: 1001, price: 513 })
    expect(highestCell(pages, frame, { ...tile, highBin: 513 })).toBeNull()
    expect(highestCell(pages, frame, { ...tile, toSlab: 1001 })).toBeNull()
  })

  test('a bar as long as the volume, cut into bought and sold, and figures', () => {
    const pages = blanks()
    for (const [price, volume, netFlow] of [
      [512, 1000, 500],
      [514, 4000, -2000],
    ]) {
      pages[3].detail.volume[voxelAt(price, 1)] = volume
      pages[3].detail.netFlow[voxelAt(price, 1)] = netFlow
    }
    const frame = frameOver(pages, { width: 400, height: 260, part: [0.3, 0.7, 0.5, 0.53] })
    const plot = new Plot(frame)
    expect(footprintFits(plot)).toBe(true)
    expect(footprintFits(new Plot(frameOver(pages)))).toBe(false)
    const context = new RecordingContext()
    drawFootprint(context.asContext, frame, plot, footprintCells(pages, frame))
    const cell = Math.round(plot.xOfSlab(1002)) - Math.round(plot.xOfSlab(1001))
    const widths = (ink: string) =>
      context.rectangles.filter(({ fill }) => fill === ink).map(({ width }) => width)
    expect(widths(LIGHT.bought)).toEqual([(cell / 4) * 0.75, cell * 0.25])
    expect(widths(LIGHT.sold)).toEqual([(cell / 4) * 0.25, cell * 0.75])
    expect(context.texts.map(({ text }) => text)).toEqual(['1 +50 %', '4 −50 %'])
  })
})

describe('plot axes', () => {
  test('labels prices and times, none over another and none off the canvas', () => {
    for (const [width, part] of [
      [1200, [0, 1, 0, 1]],
      [390, [0, 1, 0, 1]],
      [390, [0.1234, 0.1301, 0.5, 0.504]],
      [700, [0.31, 0.42, 0.1, 0.3]],
    ] as const) {
      const frame = frameOver(handMadePages(), { width, part })
      const plot = new Plot(frame)
      const context = new RecordingContext()
      drawPlotAxes(context.asContext, frame, plot)
      const boxes = context.texts.map(({ text, x, y, align }) => {
        const length = context.measureText(text).width
        const left = align === 'right' ? x - length : align === 'center' ? x - length / 2 : x
        return { text, left, right: left + length, top: y - 6, bottom: y + 6 }
      })
      expect(boxes.length).toBeGreaterThan(6)
      for (const [i, a] of boxes.entries()) {
        expect(a.left, a.text).toBeGreaterThanOrEqual(0)
        expect(a.right, a.text).toBeLessThanOrEqual(width)
        expect(a.bottom, a.text).toBeLessThanOrEqual(frame.height)
        for (const b of boxes.slice(i + 1)) {
          const meet = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
          expect(meet ? `${a.text} over ${b.text}` : '').toBe('')
        }
      }
      expect(boxes.map(({ text }) => text)).toEqual(expect.arrayContaining(['Price', 'UTC']))
    }
  })

  test('a label stands at its price', () => {
    const frame = frameOver(handMadePages())
    const plot = new Plot(frame)
    const context = new RecordingContext()
    drawPlotAxes(context.asContext, frame, plot)
    expect(context.texts.find(({ text }) => text === '1,350')?.y).toBeCloseTo(plot.y(1350), 9)
  })

  test('steps, ticks and decimals of prices', () => {
    expect([0.0031, 0.2, 0.21, 7, 1000].map(priceStep)).toEqual([0.005, 0.2, 0.5, 10, 1000])
    expect(priceSplits(9.9, 20, 5)).toEqual([10, 15, 20])
    expect(axisNumber(1234.5, 0.25)).toBe('1,234.5')
    expect(axisNumber(60_000, 0.01)).toBe('60,000.00')
    expect(axisNumber(2_500_000, 20_000)).toBe('2.5M')
  })
})

describe('markers', () => {
  const CANVAS = { width: 1200, height: 600 }
  const hotspot = (time: number, price: number, size = 0) =>
    ({ voxel: { time, price, size } }) as unknown as Hotspot
  const placed = (points: readonly Point[]) => {
    const hotspots = points.map((_, i) => hotspot(i, 0))
    return { hotspots, place: (one: Hotspot): Point | null => points[one.voxel.time] ?? null }
  }

  test('the first have numbers, where those find room; a place holds one marker', () => {
    const { hotspots, place } = placed([
      { x: 100, y: 100 },
      { x: 103, y: 100 }, // in the place of 1
      { x: 112, y: 96 }, // its number fits to neither side
      { x: 300, y: 100 },
      { x: 1190, y: 300 }, // its number to the left
    ])
    const drawn = layoutMarkers(place, hotspots, null, null, CANVAS)
    expect(drawn.map(({ rank, plate }) => [rank, plate !== null])).toEqual([
      [1, true],
      [3, false],
      [4, true],
      [5, true],
    ])
    expect(drawn[0].plate!.left).toBeGreaterThan(100)
    expect(drawn[3].plate!.left + drawn[3].plate!.width).toBeLessThan(1190)
  })

  test('the one selected and the one hovered come first', () => {
    const { hotspots, place } = placed([
      { x: 100, y: 100 },
      { x: 103, y: 100 },
      { x: 500, y: 100 },
    ])
    const drawn = layoutMarkers(place, hotspots, hotspots[1], hotspots[2], CANVAS)
    expect(drawn.map(({ rank }) => rank)).toEqual([2, 3])
  })

  test('there are not more of them than a canvas can bear', () => {
    const { hotspots, place } = placed(
      Array.from({ length: 900 }, (_, i) => ({ x: 20 + 38 * (i % 30), y: 20 + 19 * Math.floor(i / 30) })),
    )
    const wide = layoutMarkers(place, hotspots, null, null, CANVAS)
    expect([wide.length, wide.filter(({ plate }) => plate).length]).toEqual([120, 24])
    const narrow = layoutMarkers(place, hotspots, null, null, { width: 300, height: 200 })
    expect([narrow.length, narrow.filter(({ plate }) => plate).length]).toEqual([24, 5])
  })

  test('picks the nearest within reach, of equally near ones the highest', () => {
    const { hotspots, place } = placed([
      { x: 110, y: 100 },
      { x: 100, y: 100 },
      { x: 90, y: 100 },
    ])
    const drawn = layoutMarkers(place, hotspots, hotspots[2], null, CANVAS)
    const pick = (x: number, y: number) => pickMarker(drawn, x, y)?.rank ?? null
    expect(pick(101, 101)).toBe(2)
    expect(pick(105, 100)).toBe(1)
    expect(pick(95, 100)).toBe(2)
    expect(pick(110, 112)).toBe(1)
    expect(pick(110, 113)).toBeNull()
  })

  test('stand in their cell, only where it is in the plot and its size is shown', () => {
    const frame = frameOver(blanks(), { look: { size: 1 } })
    const plot = new Plot(frame)
    const place = placeInPlot(frame, plot)
    const middle = { x: plot.xOfSlab(1001.5), y: plot.yOfBin(500.5) }
    expect(place(hotspot(1001, 500, 1))).toEqual(middle)
    expect(place(hotspot(1001, 500, 2))).toBeNull()
    expect(place(hotspot(1003, 500, 1))).toBeNull()
  })
})

/** Records the drawing. Every character is 0.6 of 12 pixels wide. */
class RecordingContext {
  readonly rectangles: { fill: string; x: number; y: number; width: number; height: number }[] = []
  readonly texts: { text: string; x: number; y: number; align: string }[] = []
  fillStyle = ''
  textAlign = ''

  get asContext(): Context2D {
    return this as unknown as Context2D
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.rectangles.push({ fill: this.fillStyle, x, y, width, height })
  }

  fillText(text: string, x: number, y: number): void {
    this.texts.push({ text, x, y, align: this.textAlign })
  }

  measureText(text: string): { width: number } {
    return { width: 0.6 * 12 * text.length }
  }

  save(): void {}
  restore(): void {}
  setTransform(): void {}
  beginPath(): void {}
  rect(): void {}
  clip(): void {}
}
