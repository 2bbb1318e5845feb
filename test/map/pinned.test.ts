import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { TradeSource } from '../../src/events/trades.ts'
import { mapTrades } from '../../src/job/map-trades.ts'
import type { MapReport } from '../../src/job/report.ts'
import { openFile } from '../../src/node/files.ts'
import { openTrades } from '../../src/read/source.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'
import { needsData, realFile } from '../support/real-data.ts'

/** Real trades of several venues are kept beside a developer's checkout: their terms forbid us to ship them. */
const PINNED = new URL('./pinned/', import.meta.url).pathname

async function files(names: readonly string[], symbol?: string, timeZone?: string): Promise<TradeSource> {
  const opened = await Promise.all(names.map(name => openFile(realFile(name))))
  return openTrades(opened, { ...(symbol && { symbol }), ...(timeZone && { timeZone }) })
}

const DAYS = ['07', '08', '09', '10', '11']
const SERIES: readonly (readonly [name: string, open: () => Promise<TradeSource> | TradeSource])[] = [
  ['sample', () => sampleDay().source],
  ['AAVEUSD', () => files(['kraken_2021Q4_AAVE.zip'], 'AAVEUSD')],
  ['YFIUSD', () => files(['kraken_2021Q4_YFI.zip'], 'YFIUSD')],
  ['bybit-BTCUSD', () => files(['bybit_BTCUSD2019-10-01.csv.gz'])],
  [
    'gold-GC201312',
    () =>
      files(
        DAYS.slice(0, 3).map(day => `lean_comex_gc_201310${day}_trade.zip`),
        'GC201312',
      ),
  ],
  ['SPY', () => files(DAYS.map(day => `lean_spy_201310${day}_trade.zip`))],
]

/** Digests, then every hotspot with all its integers, then one hash over everything a report says of them. */
function pinnedText({ digest, hotspots, hotspotsFound }: MapReport): string {
  const facts = createHash('sha256').update(JSON.stringify(hotspots)).digest('hex')
  const rows = hotspots.map(({ score, voxel, moments }) =>
    [
      score * 65_536,
      voxel.time,
      voxel.price,
      voxel.size,
      moments.trades,
      moments.volume,
      moments.flow,
      moments.variation,
      moments.covariation,
    ].join(' '),
  )
  return [
    `moments ${digest.moments}`,
    `hotspots ${digest.hotspots}`,
    `facts ${facts}`,
    `found ${hotspotsFound}`,
    'score time price size trades volume flow variation covariation',
    ...rows,
    '',
  ].join('\n')
}

// What a map gives at the default settings does not move unless a change says so. VOXRISK_PINNED=write renews the files.
describe('pinned maps', () => {
  for (const [name, open] of SERIES) {
    test(name, name === 'sample' ? {} : needsData(), async () => {
      const report = await mapTrades(await open(), { backend: cpuBackend(), top: 1_000_000 })
      expect(report.hotspots).toHaveLength(report.hotspotsFound)
      const file = `${PINNED}${name}.txt`
      const text = pinnedText(report)
      if (process.env.VOXRISK_PINNED === 'write') await writeFile(file, text)
      expect(text).toBe(await readFile(file, 'utf8'))
    })
  }
})
