import type uPlot from 'uplot'
import type { MapReport } from '../../job/report.ts'
import { scaleTop } from '../../show/colours.ts'
import { Viewport } from '../../show/viewport.ts'
import type { ReportData } from '../data.ts'
import { captionMap, captionVolume, describeCharts } from './captions.ts'
import type { Stage } from './chart.ts'
import { ChartTips } from './chart-tips.ts'
import { chartPanel, elementOf } from './elements.ts'
import { HeatMap } from './heat-map.ts'
import { HotspotTable } from './hotspot-table.ts'
import { isoMs } from './iso-ms.ts'
import { drawLegend } from './legend.ts'
import { Marks } from './marks.ts'
import { setLeastPixelRatio } from './pixel-ratio.ts'
import { ScoreMap } from './score-map.ts'
import { priceChart, TapeView, VolumeChart } from './tape-charts.ts'
import { type Inks, readInks } from './theme.ts'
import { Tip } from './tip.ts'

type Hotspot = MapReport['hotspots'][number]

/** Time and price bins shown around a selected hotspot. */
const NEAR = { time: 64, price: 32 }
/**
 * Width of the charts on paper in CSS pixels (A4 and Letter minus margins), and device pixels per CSS pixel:
 * about 300 dpi.
 */
const PAPER_WIDTH = 680
const PAPER_PIXELS = 3
const HEIGHTS = {
  wide: { price: 150, volume: 72, heat: 460 },
  narrow: { price: 120, volume: 60, heat: 340 },
}

/** Connects the charts, the marks and the table. */
export class Charts {
  private readonly map: ScoreMap
  private readonly view: Viewport
  private readonly tape: TapeView
  private readonly top: number
  private readonly tips: ChartTips
  private readonly table: HotspotTable | null
  private readonly price: uPlot
  private readonly volume: VolumeChart
  private readonly heat: HeatMap
  private readonly marks: Marks
  private inks: Inks = readInks()
  private chosen: number | null = null
  private pointed: number | null = null

  constructor(private readonly data: ReportData) {
    this.map = new ScoreMap(data)
    const { map } = this
    this.view = new Viewport(map.whole(), [2 * map.timeWidthMs, 2 * map.priceWidth])
    this.tape = new TapeView(data)
    this.tips = new ChartTips(new Tip(elementOf('tip')), data, map, this.tape)
    this.top = scaleTop(map.cells('all').score)
    const stage: Stage = { view: this.view, inks: () => this.inks, axisWidth: this.axisWidth() }
    const { price, volume, heat } = this.heights()
    this.price = priceChart(
      chartPanel('price-chart'),
      this.tape,
      stage,
      chart => this.hoverTape(chart),
      price,
    )
    this.volume = new VolumeChart(
      chartPanel('volume-chart'),
      this.tape,
      stage,
      { hover: chart => this.hoverTape(chart), drawn: () => captionVolume(this.volume) },
      volume,
    )
    this.heat = new HeatMap(
      chartPanel('heat-chart'),
      map,
      this.top,
      stage,
      { hover: chart => this.hoverMap(chart), drawn: () => this.placeMarks() },
      heat,
    )
    this.marks = new Marks(
      data.report.hotspots,
      this.heat.chart,
      this.view,
      { time: map.timeWidthMs, price: map.priceWidth },
      { point: hotspot => this.pointAt(hotspot), choose: hotspot => this.choose(hotspot.rank) },
    )
    const table = document.getElementById('hotspot-table') as HTMLTableElement | null
    this.table = table
      ? new HotspotTable(table, {
          choose: rank => this.choose(rank),
          point: rank => {
            this.pointed = rank
            this.showMarked()
          },
        })
      : null
    const charts = { price: this.price, volume: this.volume.chart, heat: this.heat.chart }
    describeCharts(data, this.view.whole, charts)
    this.listen()
    this.layout()
  }

  private get printing(): boolean {
    return 'printing' in document.documentElement.dataset || matchMedia('print').matches
  }

  private heights() {
    return this.printing || innerWidth >= 720 ? HEIGHTS.wide : HEIGHTS.narrow
  }

  /** Space for the longest price or volume label. */
  private axisWidth(): number {
    const { whole } = this.view
    const decimals = Math.max(0, Math.ceil(-Math.log10((whole.high - whole.low) / 8)))
    const digits = Math.max(whole.high.toFixed(Math.min(decimals, 8)).length, 6)
    return Math.min(16 + digits * 7.5, 110)
  }

  private listen(): void {
    const { view } = this
    elementOf('zoom-in').addEventListener('click', () => view.zoom(0.5))
    elementOf('zoom-out').addEventListener('click', () => view.zoom(2))
    elementOf('zoom-reset').addEventListener('click', () => this.release())
    view.onChange(() => this.publish())
    elementOf('sizes').addEventListener('change', event =>
      this.showSize((event.target as HTMLInputElement).value),
    )
    elementOf('heat-chart').addEventListener('keydown', event => this.key(event))
    const over = this.heat.chart.over
    over.addEventListener(
      'wheel',
      event => {
        if (!event.ctrlKey && !event.metaKey) return // the wheel alone scrolls the document
        event.preventDefault()
        const { left, top } = over.getBoundingClientRect()
        const { chart } = this.heat
        const time = chart.posToVal(event.clientX - left, 'x')
        const price = chart.posToVal(event.clientY - top, 'y')
        view.zoom(event.deltaY > 0 ? 1.25 : 0.8, { time, price })
      },
      { passive: false },
    )
    for (const chart of [this.price, this.volume.chart, this.heat.chart]) {
      chart.over.addEventListener('mouseleave', () => this.tips.hide())
    }
    for (const query of ['print', '(prefers-color-scheme: dark)']) {
      matchMedia(query).addEventListener('change', () => this.layout())
    }
    // Firefox prints a copy of the document made after `beforeprint`, when the print media query does not
    // match yet.
    addEventListener('beforeprint', () => {
      document.documentElement.dataset.printing = ''
      this.layout()
    })
    addEventListener('afterprint', () => {
      delete document.documentElement.dataset.printing
      this.layout()
    })
    addEventListener('scroll', () => this.tips.hide(), { passive: true })
    new ResizeObserver(() => this.layout()).observe(elementOf('map'))
  }

  /** Fits the charts to the document and applies the current colours. */
  private layout(): void {
    this.inks = readInks()
    setLeastPixelRatio(this.printing ? PAPER_PIXELS : 0)
    const parent = elementOf('heat-chart').parentElement as HTMLElement
    const width = this.printing ? PAPER_WIDTH : parent.clientWidth
    const { price, volume, heat } = this.heights()
    this.price.setSize({ width, height: price })
    this.volume.chart.setSize({ width, height: volume })
    this.heat.chart.setSize({ width, height: heat })
    drawLegend(elementOf('legend'), this.top, this.inks.theme)
    this.price.redraw(true, true)
    this.volume.redraw()
    this.heat.redraw()
    this.publish()
  }

  /** Publishes what the heat map shows, so that a program can convert its pixels to times and prices. */
  private publish(): void {
    const { box } = this.view
    const { dataset } = elementOf('heat-chart')
    dataset.from = isoMs(box.from)
    dataset.to = isoMs(box.to)
    dataset.low = `${box.low}`
    dataset.high = `${box.high}`
    dataset.top = `${this.top}`
    dataset.theme = this.inks.theme
    ;(elementOf('zoom-reset') as HTMLButtonElement).disabled = this.view.isWhole
  }

  private placeMarks(): void {
    if (!this.marks) return // the first draw, during construction
    captionMap(this.data, this.map, this.heat)
    this.marks.place(this.heat.size, this.chosen)
  }

  private showSize(value: string): void {
    this.heat.size = value === 'all' ? 'all' : Number(value)
    this.heat.redraw()
  }

  /** Selects a hotspot on the map and in the table. Selecting it again clears the selection. */
  private choose(rank: number): void {
    const hotspot = this.data.report.hotspots.find(hotspot => hotspot.rank === rank)
    if (!hotspot) return
    if (this.chosen === rank) {
      this.release()
      return
    }
    this.chosen = rank
    if (this.heat.size !== 'all' && this.heat.size !== hotspot.voxel.size) this.showAllSizes()
    const { time, price } = this.marks.centre(hotspot)
    this.view.approach(time, price, NEAR.time * this.map.timeWidthMs, NEAR.price * this.map.priceWidth)
    this.showMarked()
    elementOf('heat-chart').scrollIntoView({ block: 'nearest' })
  }

  /** Shows the whole map with nothing selected. */
  private release(): void {
    this.chosen = null
    this.view.reset()
    this.showMarked()
  }

  private showAllSizes(): void {
    const all = document.querySelector<HTMLInputElement>('#sizes input[value=all]')
    if (all) all.checked = true
    this.showSize('all')
  }

  private showMarked(): void {
    this.table?.show(this.chosen, this.pointed)
    for (const mark of this.heat.chart.over.querySelectorAll('.mark.pointed'))
      mark.classList.remove('pointed')
    if (this.pointed !== null) this.marks.button(this.pointed)?.classList.add('pointed')
  }

  private pointAt(hotspot: Hotspot | null): void {
    this.pointed = hotspot?.rank ?? null
    this.showMarked()
    const mark = hotspot && this.marks.button(hotspot.rank)
    if (!hotspot) this.tips.hide()
    else if (mark) this.tips.showHotspot(hotspot, mark)
  }

  private hoverMap(chart: uPlot): void {
    const { left, top } = chart.cursor
    if (left === undefined || top === undefined || left < 0 || top < 0) {
      if (this.pointed === null) this.tips.hide()
      return
    }
    // A cursor synced from another chart has no price, and a mark under the pointer has its own tip.
    if (!chart.over.matches(':hover') || chart.over.querySelector('.mark:hover')) return
    this.tips.showCell(this.heat)
  }

  private hoverTape(chart: uPlot): void {
    const { left, top } = chart.cursor
    if (left === undefined || top === undefined || left < 0 || !chart.over.matches(':hover')) return
    if (chart === this.volume.chart) this.tips.showVolume(this.volume)
    else this.tips.showPrice(chart)
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { view } = this
    const actions: Record<string, () => void> = {
      ArrowLeft: () => view.pan(-0.2, 0),
      ArrowRight: () => view.pan(0.2, 0),
      ArrowUp: () => view.pan(0, 0.2),
      ArrowDown: () => view.pan(0, -0.2),
      '+': () => view.zoom(0.5),
      '=': () => view.zoom(0.5),
      '-': () => view.zoom(2),
      '0': () => this.release(),
      Escape: () => this.release(),
      n: () => this.walk(1),
      p: () => this.walk(-1),
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  private walk(steps: number): void {
    this.marks.walk(steps, hotspot => {
      if (this.heat.size !== 'all' && this.heat.size !== hotspot.voxel.size) this.showAllSizes()
      const { time, price } = this.marks.centre(hotspot)
      const { box } = this.view
      const inside = time >= box.from && time <= box.to && price >= box.low && price <= box.high
      if (!inside) this.view.approach(time, price, box.to - box.from, box.high - box.low)
      this.placeMarks()
    })
  }
}
