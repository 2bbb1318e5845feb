import './locale.ts'
import { setLeastPixelRatio } from './pixel-ratio.ts' // before uPlot, as its comment says
import 'uplot/dist/uPlot.min.css'
import './style.css'
import type uPlot from 'uplot'
import type { MapReport } from '../../job/report.ts'
import { scaleTop } from '../../show/colours.ts'
import { counted, duration, flow, number, priceRange, sizeRange, timeRange } from '../../show/text.ts'
import { Viewport } from '../../show/viewport.ts'
import { grouped } from '../../units/grouped.ts'
import { isoTime } from '../../units/iso-time.ts'
import type { ReportData } from '../data.ts'
import { unpack } from '../pack.ts'
import type { Stage } from './chart.ts'
import { HeatMap } from './heat-map.ts'
import { HotspotTable } from './hotspot-table.ts'
import { drawLegend } from './legend.ts'
import { Marks } from './marks.ts'
import { ScoreMap } from './score-map.ts'
import { priceChart, type TapeCell, TapeView, VolumeChart } from './tape-charts.ts'
import { type Inks, readInks } from './theme.ts'
import { Tip } from './tip.ts'

type Hotspot = MapReport['hotspots'][number]

/** Time and price bins around a hotspot that is chosen. */
const NEAR = { time: 64, price: 32 }
/** Width of the charts on paper, CSS pixels: A4 and Letter less their margins. And pixels in each: about 300 dots an inch. */
const PAPER_WIDTH = 680
const PAPER_PIXELS = 3
const HEIGHTS = {
  wide: { price: 150, volume: 72, heat: 460 },
  narrow: { price: 120, volume: 60, heat: 340 },
}

function element<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found as E
}

async function readData(): Promise<ReportData> {
  const report = JSON.parse(element('voxrisk-report').textContent ?? '') as MapReport
  const drawn = (await unpack((element('voxrisk-drawn').textContent ?? '').trim())) as ReportData
  return { ...drawn, report }
}

/** Puts the charts, the marks and the table together. */
class Page {
  private readonly map: ScoreMap
  private readonly view: Viewport
  private readonly tape: TapeView
  private readonly top: number
  private readonly tip = new Tip(element('tip'))
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
    this.top = scaleTop(map.cells('all').score)
    const stage: Stage = { view: this.view, inks: () => this.inks, axisWidth: this.axisWidth() }
    const hover = (chart: uPlot) => this.hoverTape(chart)
    const { price, volume, heat } = this.heights()
    this.price = priceChart(this.panel('price-chart'), this.tape, stage, hover, price)
    this.volume = new VolumeChart(
      this.panel('volume-chart'),
      this.tape,
      stage,
      { hover, drawn: () => this.captionVolume() },
      volume,
    )
    this.heat = new HeatMap(
      this.panel('heat-chart'),
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
    this.describe()
    this.listen()
    this.layout()
  }

  private panel(id: string): HTMLElement {
    const title = document.createElement('p')
    title.className = 'axis-title'
    const parent = element(id)
    parent.append(title)
    return parent
  }

  private title(id: string, text: string): void {
    const title = element(id).querySelector('.axis-title')
    if (title && title.textContent !== text) title.textContent = text
  }

  private get printing(): boolean {
    return 'printing' in document.documentElement.dataset || matchMedia('print').matches
  }

  private heights() {
    return this.printing || innerWidth >= 720 ? HEIGHTS.wide : HEIGHTS.narrow
  }

  /** Room for the longest price or volume label. */
  private axisWidth(): number {
    const { whole } = this.view
    const decimals = Math.max(0, Math.ceil(-Math.log10((whole.high - whole.low) / 8)))
    const digits = Math.max(whole.high.toFixed(Math.min(decimals, 8)).length, 6)
    return Math.min(16 + digits * 7.5, 110)
  }

  /** Names for eyes and screen readers. */
  private describe(): void {
    const { report, tape } = this.data
    const chart = element('heat-chart')
    chart.tabIndex = 0
    chart.setAttribute('role', 'group')
    chart.setAttribute(
      'aria-label',
      'Heat map of the score over time and price. Arrow keys move, plus and minus zoom, 0 shows all, n and p walk through the hotspots.',
    )
    const { whole } = this.view
    const span = timeRange({ from: isoMs(whole.from), to: isoMs(whole.to) })
    const images: [uPlot, string][] = [
      [this.price, `Line chart of the price, ${span} UTC. ${counted(tape.time.length, 'point')}.`],
      [this.volume.chart, `Bar chart of the volume traded, ${span} UTC.`],
      [
        this.heat.chart,
        `Heat map of the score, ${span} UTC, prices ${number(whole.low, 6)} to ${number(whole.high, 6)}. The ${report.hotspots.length} marked hotspots are in the table below.`,
      ],
    ]
    for (const [{ ctx }, text] of images) {
      ctx.canvas.setAttribute('role', 'img')
      ctx.canvas.setAttribute('aria-label', text)
    }
    this.title('price-chart', 'Price: last, and lowest to highest')
    const below = document.createElement('p')
    below.className = 'axis-title time'
    below.textContent = 'Time (UTC)'
    chart.append(below)
  }

  private listen(): void {
    const { view } = this
    element('zoom-in').addEventListener('click', () => view.zoom(0.5))
    element('zoom-out').addEventListener('click', () => view.zoom(2))
    element('zoom-reset').addEventListener('click', () => this.release())
    view.onChange(() => this.publish())
    element('sizes').addEventListener('change', event =>
      this.showSize((event.target as HTMLInputElement).value),
    )
    element('heat-chart').addEventListener('keydown', event => this.key(event))
    const over = this.heat.chart.over
    over.addEventListener(
      'wheel',
      event => {
        if (!event.ctrlKey && !event.metaKey) return // the wheel alone scrolls the page
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
      chart.over.addEventListener('mouseleave', () => this.tip.hide())
    }
    for (const query of ['print', '(prefers-color-scheme: dark)']) {
      matchMedia(query).addEventListener('change', () => this.layout())
    }
    // Firefox prints a copy of the page as it is after `beforeprint`, before the print media query holds.
    addEventListener('beforeprint', () => {
      document.documentElement.dataset.printing = ''
      this.layout()
    })
    addEventListener('afterprint', () => {
      delete document.documentElement.dataset.printing
      this.layout()
    })
    addEventListener('scroll', () => this.tip.hide(), { passive: true })
    new ResizeObserver(() => this.layout()).observe(element('map'))
  }

  /** Fits the charts to the page and takes the colours that hold now. */
  private layout(): void {
    this.inks = readInks()
    setLeastPixelRatio(this.printing ? PAPER_PIXELS : 0)
    const parent = element('heat-chart').parentElement as HTMLElement
    const width = this.printing ? PAPER_WIDTH : parent.clientWidth
    const { price, volume, heat } = this.heights()
    this.price.setSize({ width, height: price })
    this.volume.chart.setSize({ width, height: volume })
    this.heat.chart.setSize({ width, height: heat })
    drawLegend(element('legend'), this.top, this.inks.theme)
    this.price.redraw(true, true)
    this.volume.redraw()
    this.heat.redraw()
    this.publish()
  }

  /** States what the heat map shows, so that a program can turn its pixels into times and prices. */
  private publish(): void {
    const { box } = this.view
    const { dataset } = element('heat-chart')
    dataset.from = isoMs(box.from)
    dataset.to = isoMs(box.to)
    dataset.low = `${box.low}`
    dataset.high = `${box.high}`
    dataset.top = `${this.top}`
    dataset.theme = this.inks.theme
    ;(element('zoom-reset') as HTMLButtonElement).disabled = this.view.isWhole
  }

  private captionVolume(): void {
    this.title('volume-chart', `Volume per ${duration(this.volume.barWidthMs * 1000)}`)
  }

  /** Says what a coloured cell stands for at this zoom. */
  private captionMap(): void {
    const { map, heat } = this
    const { picture } = this.data
    const width = duration(heat.tiles.times * map.cellWidthMs * 1000)
    const height = number(heat.tiles.prices * map.cellHeight, 6)
    const bins = [
      `${heat.tiles.times * picture.timeBins} time bins`,
      `${heat.tiles.prices * picture.priceBins} price bins`,
    ].filter(text => !text.startsWith('1 '))
    this.title('heat-chart', `Price; colour: highest score per ${width} × ${height}`)
    const cell =
      bins.length === 0
        ? 'A coloured cell is one time bin × one price bin'
        : `At this zoom a coloured cell shows the highest score of ${bins.join(' × ')}`
    element('map-note').textContent =
      picture.time.length === 0
        ? 'No voxel has enough trades for a score.'
        : `${cell}. Below 0 it is faint. Where there is no colour nothing was traded, or too little for a score. ` +
          'A ring numbered 3 +1 is hotspot 3 and one more in its place; small rings have their numbers in a closer view.'
  }

  private placeMarks(): void {
    if (!this.marks) return // the first drawing, while the page is being put together
    this.captionMap()
    this.marks.place(this.heat.size, this.chosen)
  }

  private showSize(value: string): void {
    this.heat.size = value === 'all' ? 'all' : Number(value)
    this.heat.redraw()
  }

  /** Chooses a hotspot: shows it on the map and in the table. Choosing it again lets go. */
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
    element('heat-chart').scrollIntoView({ block: 'nearest' })
  }

  /** Shows the whole map, nothing chosen. */
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
    if (!hotspot) {
      this.tip.hide()
      return
    }
    const button = this.marks.button(hotspot.rank)
    if (!button) return
    const { right, bottom } = button.getBoundingClientRect()
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

  private hoverMap(chart: uPlot): void {
    const { left, top } = chart.cursor
    if (left === undefined || top === undefined || left < 0 || top < 0) {
      if (this.pointed === null) this.tip.hide()
      return
    }
    // A cursor that another chart shares has no price; a mark under the pointer speaks for itself.
    if (!chart.over.matches(':hover') || chart.over.querySelector('.mark:hover')) return
    const { heat, map } = this
    const { x, y } = chart.over.getBoundingClientRect()
    const { box, cell } = heat.tileAt(left, top)
    const price = `${number(box.low, 8)} – ${number(box.high, 8)}`
    const tape = tapeLines(this.tape.at(chart.posToVal(left, 'x'), 0))
    if (cell < 0) {
      this.tip.show(x + left, y + top, 'Not scored', [
        ...tape.slice(0, 1),
        ['price', price],
        ...tape.slice(1),
      ])
      return
    }
    const { cells } = heat
    const { from, to, low, high } = map.box(cells, cell)
    this.tip.show(x + left, y + top, `Score ${(cells.score[cell] / 100).toFixed(2)}`, [
      ['time', `${timeRange({ from: isoMs(from), to: isoMs(to) })} UTC`],
      ['price', `${number(low, 8)} – ${number(high, 8)}`],
      ['size', this.sizeText(cells.size[cell])],
    ])
  }

  private sizeText(bin: number): string {
    const { from } = this.data.sizes
    return sizeRange({ from: from[bin], to: from[bin + 1] ?? null })
  }

  private hoverTape(chart: uPlot): void {
    const { left, top } = chart.cursor
    if (left === undefined || top === undefined || left < 0 || !chart.over.matches(':hover')) return
    const time = chart.posToVal(left, 'x')
    const around = chart.posToVal(left + 3, 'x') - time
    const { x, y } = chart.over.getBoundingClientRect()
    if (chart === this.volume.chart) {
      const bar = this.volume.at(time)
      if (!bar) this.tip.hide()
      else {
        const when = `${timeRange({ from: isoMs(bar.from), to: isoMs(bar.to) })} UTC`
        this.tip.show(x + left, y + top, `Volume ${number(bar.volume)}`, [['time', when]])
      }
      return
    }
    const cell = this.tape.at(time, around)
    if (!cell) this.tip.hide()
    else this.tip.show(x + left, y + top, `Price ${number(cell.last, 8)}`, tapeLines(cell))
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

function tapeLines(cell: TapeCell | null): [string, string][] {
  if (!cell) return []
  return [
    ['time', `${timeRange({ from: isoMs(cell.from), to: isoMs(cell.to) })} UTC`],
    ['traded at', `${number(cell.low, 8)} – ${number(cell.high, 8)}`],
    ['volume', number(cell.volume)],
    ['trades', grouped(cell.trades)],
  ]
}

readData()
  .then(data => {
    new Page(data)
    document.documentElement.dataset.ready = ''
  })
  .catch(error => {
    element('map-note').textContent =
      `The charts cannot be drawn here: ${error.message}. The table is complete without them.`
    throw error
  })

/** A time in ms, as the charts count it, as ISO 8601. */
function isoMs(ms: number): string {
  return isoTime(Math.round(ms * 1000))
}
