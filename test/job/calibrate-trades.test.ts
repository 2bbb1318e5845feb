import { expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { TradeSource } from '../../src/events/trades.ts'
import type { MapReport } from '../../src/formats/report.ts'
import { calibrateTrades } from '../../src/job/calibrate-trades.ts'
import { mapTrades } from '../../src/job/map-trades.ts'
import type { Stage } from '../../src/job/stages.ts'
import { memorySpool, type Spool } from '../../src/read/spool.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'

const backend = cpuBackend()
const SMALL = { trades: 10_000 }

/** A sample day in chunks of 500 trades, and how many of them were taken. */
function counted(): { source: TradeSource; taken: () => number } {
  const { source } = sampleDay(SMALL)
  let taken = 0
  async function* chunks() {
    for await (const chunk of source.chunks()) {
      for (let from = 0; from < chunk.length; from += 500) {
        taken++
        const cut = <Column extends { subarray(from: number, to: number): Column }>(column: Column) =>
          column.subarray(from, from + 500)
        const length = Math.min(500, chunk.length - from)
        const { time, price, size, side, flags } = chunk
        yield {
          ...chunk,
          length,
          time: cut(time),
          price: cut(price),
          size: cut(size),
          side: cut(side),
          flags: cut(flags),
        }
      }
    }
  }
  return {
    source: { format: source.format, symbol: source.symbol, account: source.account, chunks },
    taken: () => taken,
  }
}

test('learns what mapTrades learns on its way, with the same settings', async () => {
  const settings = { timeWidth: 300e6, lotSize: '0.01', radii: { price: 2, size: 1, time: 1 }, lateness: 0 }
  const { calibration } = await mapTrades(sampleDay(SMALL).source, { backend, ...settings })
  expect(await calibrateTrades(sampleDay(SMALL).source, { backend, ...settings })).toEqual(calibration)
})

test('cuts octaves of size into as many bins as the resolution says', async () => {
  const gridAt = async (options: { readonly sizeResolution?: number }) =>
    (await calibrateTrades(sampleDay(SMALL).source, { backend, ...options })).grid
  const whole = await gridAt({})
  const halves = await gridAt({ sizeResolution: 1 })
  expect(whole.sizeResolution).toBe(0)
  expect(halves).toEqual({ ...whole, sizeResolution: 1, sizeBins: halves.sizeBins })
  expect(halves.sizeBins).toBeGreaterThan(whole.sizeBins + 1)
})

test('reads once, calibrates twice over the spool, and destroys it', async () => {
  const stages: Stage[] = []
  const spools: Spool[] = []
  const newSpool = () => {
    const spool = memorySpool()
    spools.push(spool)
    return spool
  }
  const onProgress = (stage: Stage) => stages.push(stage)
  await calibrateTrades(counted().source, { backend, newSpool, onProgress })
  expect([...new Set(stages)]).toEqual(['read', 'calibrate'])
  expect(spools).toHaveLength(1)
  await expect(spools[0].write({} as never)).rejects.toThrow('the spool has been destroyed')
})

test('a setting out of range is refused before the reading', async () => {
  const { source, taken } = counted()
  await expect(calibrateTrades(source, { backend, lateness: -1 })).rejects.toMatchObject({
    code: 'bad-setting',
  })
  expect(taken()).toBe(0)
})

test('an observer that throws ends the reading soon', async () => {
  const calibration = await calibrateTrades(sampleDay(SMALL).source, { backend, timeWidth: 60e6 })
  const { source, taken } = counted()
  const leave = new Error('seen enough')
  const observe = () => ({
    hotspot: () => {
      throw leave
    },
  })
  await expect(mapTrades(source, { backend, calibration, observe })).rejects.toBe(leave)
  expect(taken()).toBeLessThanOrEqual(5) // of 20: the first hotspot is final after a handful of minutes
})

test('the reading waits for a slow observer', async () => {
  const calibration = await calibrateTrades(sampleDay(SMALL).source, { backend, timeWidth: 60e6 })
  const { source, taken } = counted()
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  let shown = 0
  let mapped = Promise.resolve<MapReport | null>(null)
  const before = await new Promise<number>((resolve, reject) => {
    const observe = () => ({
      hotspot: () => {
        shown++
        resolve(taken())
        return held
      },
    })
    mapped = mapTrades(source, { backend, calibration, observe })
    mapped.catch(reject)
  })
  // Everything is in memory, so a reading that did not wait would end within these turns of the event loop.
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
  expect(shown).toBe(1)
  expect(taken()).toBe(before)
  expect(before).toBeLessThanOrEqual(5)
  release()
  const report = await mapped
  expect(shown).toBe(report!.hotspotsFound)
  expect(taken()).toBeGreaterThan(15)
})
