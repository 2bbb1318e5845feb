import { expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { sliceTicks, type TickColumns } from '../../src/events/ticks.ts'
import { calibrateTrades } from '../../src/job/calibrate-trades.ts'
import { mapTrades } from '../../src/job/map-trades.ts'
import { tickBatches } from '../../src/job/ticks-of.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'

const sample = () => sampleDay({ trades: 20_000 }).source
const INSTRUMENT = { symbol: '', tickSize: '0.5', lotSize: '1', contract: 'linear' } as const

const TICKS: TickColumns = {
  length: 3,
  time: Float64Array.of(1, 2, 3, 9), // longer than the columns use
  price: Uint32Array.of(10, 20, 30, 90),
  size: Uint32Array.of(4, 5, 6, 90),
  side: Int8Array.of(1, -1, 0, 9),
}

test('a slice shares the memory of its columns and ends where they end', () => {
  const slice = sliceTicks(TICKS, 1, 2)
  expect(slice).toEqual({
    length: 1,
    time: Float64Array.of(2),
    price: Uint32Array.of(20),
    size: Uint32Array.of(5),
    side: Int8Array.of(-1),
  })
  expect(slice.time.buffer).toBe(TICKS.time.buffer)
  expect([...sliceTicks(TICKS, 1).time]).toEqual([2, 3])
  expect([...sliceTicks(TICKS, 2, 100).size]).toEqual([6])
  expect(sliceTicks(TICKS, 3).length).toBe(0)
  expect(sliceTicks({ ...TICKS, flags: Uint8Array.of(0, 1, 2, 3) }, 1).flags).toEqual(Uint8Array.of(1, 2))
})

test('batches of any size give the map of the whole', async () => {
  const backend = cpuBackend()
  const calibration = await calibrateTrades(sample(), { backend })
  const { digest } = await mapTrades(sample(), { backend, calibration })
  for (const options of [{ size: 700 }, {}]) {
    const map = await RiskMap.create({ backend, calibration })
    for await (const ticks of tickBatches(sample(), map.instrument, options)) {
      expect(ticks.length).toBeLessThanOrEqual(options.size ?? 65_536)
      await map.ingest(ticks)
    }
    await map.flush()
    expect(map.digest).toEqual(digest)
    map.destroy()
  }
})

test('a batch needs a size, and trades that fit no tick are reported', async () => {
  const all = async (size: number, instrument: typeof INSTRUMENT | { tickSize: string }) => {
    for await (const _ of tickBatches(sample(), { ...INSTRUMENT, ...instrument }, { size }));
  }
  for (const size of [0, 1.5, Number.NaN]) {
    await expect(all(size, INSTRUMENT)).rejects.toThrow(
      expect.objectContaining({ code: 'bad-setting', settings: ['size'] }),
    )
  }
  await expect(all(500, { tickSize: '1000000' })).rejects.toThrow(
    expect.objectContaining({ code: 'bad-data' }),
  )
})
