import '../../../src/report/script/locale.ts'
import { setLeastPixelRatio } from '../../../src/report/script/pixel-ratio.ts' // before uPlot, as its comment says
import 'uplot/dist/uPlot.min.css'
import '../../../src/report/script/style.css'
import './style.css'
import { Tip } from '../../../src/report/script/tip.ts'
import type { LineChart } from '../line-chart.ts'
import { Plot } from './plot.ts'

/** Width of a chart on paper, CSS pixels: two stand side by side within 680. And pixels in each: about 300 dots an inch. */
const PAPER_WIDTH = 326
const PAPER_PIXELS = 3
const HEIGHT = 240

const charts = JSON.parse(document.getElementById('line-charts')?.textContent ?? '[]') as LineChart[]
const tip = new Tip(document.getElementById('tip') as HTMLElement)
const plots = [...document.querySelectorAll<HTMLElement>('.plot')].map(parent => ({
  parent,
  plot: new Plot(parent, charts[Number(parent.dataset.chart)], tip),
}))

/** Fits the charts to the page and takes the colours that hold now. */
function layout(): void {
  const printing = 'printing' in document.documentElement.dataset || matchMedia('print').matches
  setLeastPixelRatio(printing ? PAPER_PIXELS : 0)
  for (const { parent, plot } of plots) plot.resize(printing ? PAPER_WIDTH : parent.clientWidth, HEIGHT)
}

for (const query of ['print', '(prefers-color-scheme: dark)']) {
  matchMedia(query).addEventListener('change', layout)
}
// Firefox prints a copy of the page as it is after `beforeprint`, before the print media query holds.
addEventListener('beforeprint', () => {
  document.documentElement.dataset.printing = ''
  layout()
})
addEventListener('afterprint', () => {
  delete document.documentElement.dataset.printing
  layout()
})
addEventListener('scroll', () => tip.hide(), { passive: true })
new ResizeObserver(layout).observe(document.querySelector('main') as HTMLElement)
layout()
document.documentElement.dataset.ready = ''
