/**
 * How well do the ranked hotspots name the times of stress? Takes the 8 widest 15-minute price ranges (high /
 * low − 1) of a series, and counts how many are among the first 20 distinct time bins of its hotspots at the
 * default settings. For comparison, an honest baseline: the 20 time bins with the largest realised variance.
 * Naming the time is easy; the map adds price, size and flow.
 *
 *         npm run found                      the six series of the project's contract
 *         npm run found -- FILE SYMBOL ...   other series
 *
 * Exit status 1 when the six series give fewer than 28 of 48.
 */
import { cpuBackend, mapTrades, openTrades } from 'voxrisk'
import { openFile } from 'voxrisk/node'

const DATA = new URL('../../shared/data/', import.meta.url).pathname
const TIME_WIDTH = 900_000_000
const WIDEST = 8
const NAMED = 20
const LEAST = 28

const CONTRACT = ['AAVEUSD', 'AAVEEUR', 'YFIUSD', 'AXSUSD', 'AXSEUR', '1INCHUSD'].map(
  symbol => [`${DATA}kraken_2021Q4_${symbol.slice(0, -3)}.zip`, symbol] as const,
)

interface Bin {
  readonly bin: number
  low: number
  high: number
  variance: number
}

/** Price range and realised variance of every time bin, computed directly from the trades. */
async function measureBins(path: string, symbol: string): Promise<Bin[]> {
  const bins = new Map<number, Bin>()
  const file = await openFile(path)
  const source = await openTrades([file], { symbol })
  let previous = 0
  for await (const chunk of source.chunks()) {
    for (let i = 0; i < chunk.length; i++) {
      const price = chunk.price[i] / 10 ** chunk.priceDecimals
      const bin = Math.floor(chunk.time[i] / TIME_WIDTH)
      const entry = bins.get(bin) ?? { bin, low: price, high: price, variance: 0 }
      entry.low = Math.min(entry.low, price)
      entry.high = Math.max(entry.high, price)
      if (previous > 0) entry.variance += Math.log(price / previous) ** 2
      bins.set(bin, entry)
      previous = price
    }
  }
  return [...bins.values()]
}

function firstBy(bins: readonly Bin[], key: (bin: Bin) => number, count: number): number[] {
  return [...bins]
    .sort((a, b) => key(b) - key(a) || a.bin - b.bin)
    .slice(0, count)
    .map(entry => entry.bin)
}

async function hotspotBins(path: string, symbol: string): Promise<number[]> {
  const file = await openFile(path)
  const source = await openTrades([file], { symbol })
  const report = await mapTrades(source, { backend: cpuBackend(), timeWidth: TIME_WIDTH, top: 10_000 })
  return [...new Set(report.hotspots.map(hotspot => hotspot.voxel.time))].slice(0, NAMED)
}

const given = process.argv.slice(2)
const series: (readonly [string, string])[] = given.length > 0 ? [] : [...CONTRACT]
for (let i = 0; i < given.length; i += 2) series.push([given[i], given[i + 1] ?? ''])

let byMap = 0
let byVariance = 0
console.log(
  `| series | of the trades' widest ${WIDEST} time bins, found in the map's first ${NAMED} | by realised variance |`,
)
console.log('|---|---|---|')
for (const [path, symbol] of series) {
  const bins = await measureBins(path, symbol)
  const widest = firstBy(bins, ({ low, high }) => high / low - 1, WIDEST)
  const hits = (named: readonly number[]) => widest.filter(bin => named.includes(bin)).length
  const map = hits(await hotspotBins(path, symbol))
  const variance = hits(firstBy(bins, bin => bin.variance, NAMED))
  console.log(`| ${symbol} | ${map} | ${variance} |`)
  byMap += map
  byVariance += variance
}
console.log(`| **of ${WIDEST * series.length}** | **${byMap}** | **${byVariance}** |`)
if (given.length === 0 && byMap < LEAST) {
  console.error(`fewer than the ${LEAST} that the project promises`)
  process.exitCode = 1
}
