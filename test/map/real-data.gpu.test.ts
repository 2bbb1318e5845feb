import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { type MapTradesOptions, mapTrades } from '../../src/job/map-trades.ts'
import type { MapReport } from '../../src/job/report.ts'
import { openFile } from '../../src/node/files.ts'
import { openTrades } from '../../src/read/source.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { testDevice } from '../support/backends.ts'
import { needsData, realFile } from '../support/real-data.ts'

/** Real trades of several venues are kept beside a developer's checkout: their terms forbid us to ship them. */

async function mapFile(
  name: string,
  symbol: string,
  options: Partial<MapTradesOptions> = {},
): Promise<MapReport> {
  const file = await openFile(realFile(name))
  const source = await openTrades([file], symbol ? { symbol } : {})
  return await mapTrades(source, { backend: cpuBackend(), ...options })
}

describe('real trades', needsData(), () => {
  const holder = testDevice()

  test('Bybit, a day: every integer equal on WebGPU, rows turned round, the account closed', async () => {
    const report = await mapFile('bybit_BTCUSD2019-10-01.csv.gz', '', {
      verifyOn: webgpuBackend(holder.device),
    })
    expect(report.rows).toMatchObject({ read: 93_598, binned: 93_598, outside: {}, rejected: {} })
    expect(report.instrument).toMatchObject({ symbol: 'BTCUSD', tickSize: '0.5', lotSize: '1' })
    expect(report.unmarked).toEqual({ first: 1, shareOfVariation: 0 }) // newest first would be all steps back in time
    expect(report.verified?.voxels).toBeGreaterThan(50_000)
  })

  test('BitMEX, twelve minutes in bins of ten seconds: equal on WebGPU, symbols and snapshots told apart', async () => {
    const report = await mapFile('bitmex_trades.csv.gz', 'XBTUSD', {
      timeWidth: 10_000_000,
      verifyOn: webgpuBackend(holder.device),
    })
    expect(report.rows).toMatchObject({
      read: 10_000,
      binned: 8463,
      outside: { 'other-symbol': 1535 },
      rejected: { snapshot: 2 },
    })
    expect(report.hotspotsFound).toBeGreaterThan(0)
    expect(report.warnings.join()).toContain('ten price increments carry')
  })

  test('Kraken, a thin pair with absurd prints: they make no increment', async () => {
    const report = await mapFile('kraken_2021Q4_AAVE.zip', 'AAVEAUD')
    expect(report.rows.binned).toBe(1455)
    expect(report.unmarked.jump).toBeGreaterThanOrEqual(2) // to 10.00 and back
    expect(report.unmarked.shareOfVariation).toBeGreaterThan(0.5)
  })

  test('Kraken AAVEUSD: the true tick, sizes rounded to what 32 bits hold, known stress on top', async () => {
    const report = await mapFile('kraken_2021Q4_AAVE.zip', 'AAVEUSD')
    expect(report.instrument).toMatchObject({ tickSize: '0.01', lotSize: '0.000001' })
    expect(report.rows.binned).toBe(209_067)
    expect(report.sizes.dust).toBeGreaterThan(0)
    expect(Math.abs(report.sizes.roundingSum)).toBeLessThan(0.01)
    const times = report.hotspots.slice(0, 10).map(hotspot => hotspot.time.from)
    expect(times).toContain('2021-10-17T15:30:00.000Z')
    expect(times.some(time => time.startsWith('2021-10-27T09'))).toBe(true)
  })

  test('found, not tuned: at least 28 of the 48 widest time bins of six series', async () => {
    const { stdout } = await promisify(execFile)('npx', [
      'tsx',
      '--tsconfig',
      'tsconfig.built.json',
      'bench/found.ts',
    ])
    const total = /\*\*of 48\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)\*\*/.exec(stdout)
    expect(Number(total?.[1])).toBeGreaterThanOrEqual(28)
    expect(Number(total?.[2])).toBe(42) // the baseline, counted by others before: the script counts right
  })
})
