import { afterEach, expect, test } from 'vitest'
import type { MapRun } from '../../site/map-run.ts'
import { Session, suitingTimeWidth } from '../../site/session.ts'
import { stripOf } from '../../site/strip.ts'
import { TradeStore } from '../../site/trade-store.ts'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { TradeSource } from '../../src/events/trades.ts'
import { mapTrades } from '../../src/job/map-trades.ts'
import { hotspotsToCsv } from '../../src/job/tables.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'

const HOUR = 3600e6
const TRADES = 20_000
const sample = () => sampleDay({ trades: TRADES }).source
const SETTINGS = { timeWidth: HOUR / 4, priceWidth: null, lateness: 1 }

let opened: Session | undefined
afterEach(() => opened?.destroy())

function sessionOn() {
  const runs: MapRun[] = []
  const stages: string[] = []
  opened = new Session(cpuBackend(), {
    onProgress: progress => progress && stages.at(-1) !== progress.stage && stages.push(progress.stage),
    onRun: run => run && runs.push(run),
    onHotspot: () => {},
  })
  return { session: opened, runs, stages }
}

const reference = () => mapTrades(sample(), { backend: cpuBackend(), timeWidth: HOUR / 4, top: 10_000 })

test('a source becomes the map that the command line makes', async () => {
  const { session, runs, stages } = sessionOn()
  await session.open(sample, SETTINGS)
  const expected = await reference()
  const report = runs[0].report()
  expect(expected.hotspots.length).toBeGreaterThan(10)
  expect(hotspotsToCsv(report)).toBe(hotspotsToCsv(expected))
  expect({ ...report, timings: null }).toEqual({ ...expected, timings: null })
  expect(runs[0].rows).toEqual({
    read: expected.rows.read,
    binned: expected.rows.binned,
    outside: 0,
    rejected: 0,
  })
  expect(stages).toEqual(['read', 'measure', 'calibrate', 'map'])
})

test('to and fro in time gives the same map in the end', async () => {
  const { session, runs } = sessionOn()
  await session.open(sample, SETTINGS)
  const [whole] = runs
  const noon = whole.store.first + 12 * HOUR
  await session.seek(noon)
  const half = session.run!
  expect(half).not.toBe(whole)
  expect(half.hotspots.length).toBeGreaterThan(0)
  expect(half.hotspots.length).toBeLessThan(whole.hotspots.length)
  const { rows, warnings } = half.report()
  expect(rows.read).toBe(rows.binned)
  expect(rows.read).toBeLessThan(whole.report().rows.read)
  expect(warnings[0]).toContain('up to 2024-03-05T12:00')
  // Small steps, as a replay takes them.
  for (let time = noon; time <= half.store.last; time += HOUR / 7) await session.seek(time)
  await session.seek(half.store.last)
  expect(session.run).toBe(half)
  expect(half.report().digest).toEqual((await reference()).digest)
})

test('another grid learns anew and stays where the replay is', async () => {
  const { session } = sessionOn()
  await session.open(sample, SETTINGS)
  const { store } = session.run!
  await session.seek(store.first + 6 * HOUR)
  await session.change({ timeWidth: HOUR, priceWidth: '50', lateness: 2 })
  expect(session.run!.position).toBe(store.first + 6 * HOUR)
  expect(session.run!.store).toBe(store)
  expect(session.run!.calibration.grid).toMatchObject({ timeWidth: HOUR, priceWidth: 100 })
  expect(session.settings.lateness).toBe(2)
})

test('what fails or is called off leaves the map that is shown', async () => {
  const { session, runs } = sessionOn()
  await session.open(sample, SETTINGS)
  const broken: TradeSource = {
    ...sample(),
    async *chunks() {
      yield* sample().chunks()
      throw new Error('breaks off')
    },
  }
  await expect(session.open(() => broken)).rejects.toThrow('breaks off')
  await expect(session.change({ ...SETTINGS, priceWidth: '0.3' })).rejects.toThrow('price width 0.3')
  const calledOff = session.open(sample, { timeWidth: HOUR })
  session.cancel()
  await expect(calledOff).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  const overtaken = session.open(sample, { timeWidth: HOUR })
  const last = session.change({ ...SETTINGS, timeWidth: HOUR / 2 })
  await expect(overtaken).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  await last
  expect(runs.map(run => run.calibration.grid.timeWidth)).toEqual([HOUR / 4, HOUR / 2])
  expect(session.settings.timeWidth).toBe(HOUR / 2)
})

test('a source of too many trades is refused, and says what to do', async () => {
  await expect(TradeStore.read(sample(), { most: 15_000 })).rejects.toThrow(
    expect.objectContaining({ code: 'out-of-memory', settings: ['newSpool'] }),
  )
})

test('the strip holds every trade once', async () => {
  const store = await TradeStore.read(sample())
  const strip = await stripOf(store, 100)
  let volume = 0
  let last = 0
  for await (const chunk of store.chunks()) {
    for (let i = 0; i < chunk.length; i++) volume += chunk.size[i]
    last = chunk.price[chunk.length - 1]
  }
  expect(strip.volume.reduce((sum, part) => sum + part, 0)).toBeCloseTo(volume / 1000, 6)
  expect(strip.price.at(-1)).toBeCloseTo(last / 10, 9)
  expect(strip.time).toHaveLength(100)
})

test('the time bin suits the span', () => {
  expect(suitingTimeWidth(24 * HOUR)).toBe(HOUR / 12)
  expect(suitingTimeWidth(92 * 24 * HOUR)).toBe(HOUR)
  expect(suitingTimeWidth(20 * 366 * 24 * HOUR)).toBe(24 * HOUR)
})

test('a map is shown with every hotspot it has found, and a step called off leaves it where it stands', async () => {
  const found: number[] = []
  const session = new Session(cpuBackend(), {
    onProgress: () => {},
    onRun: run => run && found.push(run.found),
    onHotspot: () => {},
  })
  opened = session
  await session.open(sample, SETTINGS)
  const { first, last } = session.run!.store
  await session.seek(first + 12 * HOUR)
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(found[1]).toBe(session.run!.found)

  const half = session.run!
  const { read } = half.rows
  const abort = new AbortController()
  const calledOff = half.advance(last, abort.signal, () => abort.abort())
  await expect(calledOff).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  expect(half.rows.read).toBeGreaterThan(read)
  expect(half.position).toBeGreaterThan(first + 12 * HOUR)
  await session.seek(first + 12 * HOUR)
  expect(session.run).not.toBe(half)
  expect(session.run!.rows.read).toBe(read)
})
