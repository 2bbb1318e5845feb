/**
 * Times a whole job on the CPU backend, without reading: from generated ticks in memory to ranked hotspots.
 *
 *         npm run speed [-- TICKS]     default 4,000,000
 */
import { cpuBackend, RiskMap, sampleDay, type TickColumns, TickConverter } from 'voxrisk'
import { calibrate, tradeKernel } from 'voxrisk/engine'
import { Measure } from 'voxrisk/read'
import { count } from './report/text.ts'

const TICKS = Number(process.argv[2] ?? 4_000_000)
/** Chosen so that 4 million ticks touch about a million voxels. */
const TIME_WIDTH = 120_000_000
const PRICE_WIDTH = 0.5

const settings = { contract: 'linear' as const, timeWidth: TIME_WIDTH, priceWidth: String(PRICE_WIDTH) }
const day = sampleDay({ trades: TICKS })
const measure = new Measure(settings, tradeKernel())
const chunks = []
for await (const chunk of day.source.chunks()) {
  measure.add(chunk)
  chunks.push(chunk)
}
const instrument = measure.instrument(day.source.symbol)
const grid = measure.grid(instrument)
const converter = new TickConverter(instrument)
const ticks: TickColumns[] = chunks.map(chunk => converter.convert(chunk))

const seconds = (from: number) => `${((performance.now() - from) / 1000).toFixed(2)} s`
const backend = cpuBackend()
async function* history() {
  yield* ticks
}

const calibrating = performance.now()
const calibration = await calibrate(history, { backend, instrument, grid })
const calibrated = seconds(calibrating)

const mapping = performance.now()
const map = await RiskMap.create({ backend, calibration })
let hotspots = 0
const counted = (async () => {
  for await (const _ of map.hotspots) hotspots++
})()
for (const columns of ticks) await map.ingest(columns)
await map.flush()
await counted
const mapped = seconds(mapping)

// Touched voxels, counted independently of the engine.
const touched = new Set<string>()
for (const { length, time, price, size } of ticks) {
  for (let i = 0; i < length; i++) {
    const octave = 31 - Math.clz32(Math.max(size[i], 1))
    touched.add(`${Math.floor(time[i] / TIME_WIDTH)} ${Math.floor(price[i] / grid.priceWidth)} ${octave}`)
  }
}
console.log(`${count(map.account.binned)} ticks, ${count(touched.size)} touched voxels`)
console.log(`calibrate ${calibrated}, map ${mapped}, ${count(hotspots)} hotspots`)
console.log(
  Object.entries(map.seconds)
    .map(([step, value]) => `${step} ${value.toFixed(2)} s`)
    .join(', '),
)
