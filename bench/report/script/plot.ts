import uPlot from 'uplot'
import type { Tip } from '../../../src/report/script/tip.ts'
import type { Line, LineChart } from '../line-chart.ts'
import { bytesTick, plainTick, ticksOfLog } from './log-axis.ts'

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
const AXIS_WIDTH = 52

/** Room beyond the outermost points, as a factor. */
const ROOM = 1.25

/** Dashes of lines, CSS pixels: Chrome's, and a software adapter's. */
const CHROME_DASH = [7, 4]
const SOFTWARE_DASH = [2, 3]

/** The value of a style variable now, in light, dark or print. */
function ink(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** One line chart: drawn, with a box of figures under the pointer and under the arrow keys. */
export class Plot {
  private readonly chart: uPlot
  private readonly columns: readonly number[]
  private at = -1

  constructor(
    private readonly parent: HTMLElement,
    private readonly data: LineChart,
    private readonly tip: Tip,
  ) {
    this.columns = [...new Set(data.lines.flatMap(({ points }) => points.map(([x]) => x)))].sort(
      (a, b) => a - b,
    )
    this.chart = new uPlot(this.options(), this.aligned(), parent)
    this.describe()
    this.listen()
  }

  resize(width: number, height: number): void {
    this.chart.setSize({ width, height })
    this.chart.redraw(true, true)
  }

  /** A column of x values and one a line, with holes where a line has no point. */
  private aligned(): uPlot.AlignedData {
    return [
      [...this.columns],
      ...this.data.lines.map(({ points }) => {
        const at = new Map(points)
        return this.columns.map(x => at.get(x) ?? null)
      }),
    ]
  }

  private options(): uPlot.Options {
    const { xBytes, lines } = this.data
    const all = lines.flatMap(({ points }) => points.map(([, y]) => y))
    const span = (values: readonly number[]): [number, number] => [
      Math.min(...values) / ROOM,
      Math.max(...values) * ROOM,
    ]
    const [x, y] = [span(this.columns), span(all)]
    const axis = (space: number, bytes: boolean): uPlot.Axis => ({
      stroke: () => ink('muted'),
      font: FONT,
      splits: (chart, index, from, to) =>
        ticksOfLog(
          from,
          to,
          bytes,
          (index === 0 ? chart.bbox.width : chart.bbox.height) / uPlot.pxRatio / space,
        ),
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map(bytes ? bytesTick : plainTick),
      grid: { stroke: () => ink('grid'), width: 1 },
      ticks: { show: false },
    })
    return {
      width: 400,
      height: 240,
      padding: [8, 18, null, null],
      legend: { show: false },
      scales: {
        x: { time: false, distr: 3, range: () => x },
        y: { distr: 3, range: () => y },
      },
      axes: [
        { ...axis(58, xBytes), size: 26, gap: 4 },
        { ...axis(34, false), size: AXIS_WIDTH, gap: 6 },
      ],
      series: [{}, ...lines.map(line => this.series(line))],
      cursor: { drag: { x: false, y: false, setScale: false }, y: false },
      hooks: { setCursor: [() => this.follow()] },
    }
  }

  private series({ name, tone, chrome, software }: Line): uPlot.Series {
    const dash = software ? SOFTWARE_DASH : chrome ? CHROME_DASH : null
    return {
      label: name,
      stroke: () => ink(tone),
      width: 2,
      ...(dash ? { dash } : {}),
      spanGaps: true,
      points: { show: true, size: 7, width: 1.5, fill: () => (chrome ? ink('panel') : ink(tone)) },
    }
  }

  private describe(): void {
    const { title, xLabel, yLabel, lines } = this.data
    const { parent, chart } = this
    parent.tabIndex = 0
    parent.setAttribute('role', 'group')
    parent.setAttribute('aria-label', `${title}. Left and right arrow keys read the points.`)
    const { canvas } = chart.ctx
    canvas.setAttribute('role', 'img')
    canvas.setAttribute(
      'aria-label',
      `Line chart of ${yLabel} over ${xLabel}: ${lines.map(({ name }) => name).join('; ')}. The figures are in the table below.`,
    )
  }

  private listen(): void {
    const { parent, chart } = this
    chart.over.addEventListener('mouseleave', () => this.tip.hide())
    parent.addEventListener('blur', () => this.leave())
    parent.addEventListener('keydown', event => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
      if (event.key === 'Escape') this.leave()
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      const last = this.columns.length - 1
      this.at = this.at < 0 ? (step > 0 ? 0 : last) : Math.min(Math.max(this.at + step, 0), last)
      const left = chart.valToPos(this.columns[this.at], 'x')
      chart.setCursor({ left, top: chart.over.clientHeight / 2 }, false)
      this.show(this.at)
    })
  }

  private leave(): void {
    this.at = -1
    this.chart.setCursor({ left: -10, top: -10 }, false)
    this.tip.hide()
  }

  private follow(): void {
    const { idx } = this.chart.cursor
    if (typeof idx === 'number' && this.chart.over.matches(':hover')) this.show(idx)
  }

  /** The figures of one x. */
  private show(column: number): void {
    const { lines, xUnit, xBytes, yLabel } = this.data
    const x = this.columns[column]
    const { left, top } = this.chart.over.getBoundingClientRect()
    const rows = lines.flatMap(({ name, points }) => {
      const point = points.find(([at]) => at === x)
      return point
        ? [[name, `${point[1].toLocaleString('en', { maximumSignificantDigits: 3 })}`] as const]
        : []
    })
    this.tip.show(
      left + this.chart.valToPos(x, 'x'),
      top + this.chart.over.clientHeight / 3,
      `${xBytes ? bytesTick(x) : x.toLocaleString('en')} ${xUnit}: ${yLabel}`,
      rows,
    )
  }
}
