import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { threadedCpuBackend } from '../../src/cpu/threads/backend.ts'
import { SharedMemory } from '../../src/cpu/threads/memory.ts'
import type { Thread } from '../../src/cpu/threads/thread.ts'
import { PageJobs, ReleaseJobs } from '../../src/engine/packing.ts'
import type { Backend } from '../../src/engine/steps.ts'
import type { ScoredPage } from '../../src/engine/work.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { calibrate, mapShape } from '../../src/map/calibration.ts'
import { RiskMap, type RiskMapOptions } from '../../src/map/risk-map.ts'
import { openBackend } from '../../src/node/backends.ts'
import { startThread } from '../../src/node/threads.ts'
import { testThreads } from '../support/threads.ts'
import { columns, GRID, INSTRUMENT, madeUpCalibration, miniMarket, type Tick } from '../support/ticks.ts'

const spawn = testThreads()
const calibration = madeUpCalibration()
const backends: Backend[] = []

/** A backend that is destroyed when the test ends. */
function threaded(threads: number, start: () => Thread = () => spawn()): Backend {
  const backend = threadedCpuBackend({ threads, spawn: start })
  backends.push(backend)
  return backend
}

afterEach(() => {
  for (const backend of backends.splice(0)) backend.destroy()
  vi.unstubAllGlobals()
})

async function refusal(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('it was accepted')
}

async function mapped(backend: Backend, ticks: readonly Tick[], options: Partial<RiskMapOptions> = {}) {
  let pages = 0
  const hash = createHash('sha256')
  const onPage = ({ slab, page, smoothed, scores }: ScoredPage) => {
    pages++
    hash.update(`${slab} ${page}`).update(smoothed).update(scores)
  }
  const map = await RiskMap.create({ backend, calibration, onPage, ...options })
  try {
    await map.ingest(columns(ticks))
    const held = await map.moments()
    await map.flush()
    const hotspots: Hotspot[] = []
    for await (const hotspot of map.hotspots) hotspots.push(hotspot)
    const { digest, totals, account } = map
    return { pages, scored: hash.digest('hex'), held, hotspots, digest, totals, account }
  } finally {
    map.destroy()
  }
}

describe('on any number of threads', () => {
  const market = miniMarket(2500, 3)
  // As many pages held at a time as fill several chunks of every pool.
  const wide = Array.from({ length: 6000 }, (_, i) => ({
    time: 5_000_000 + Math.floor(i / 1200) * 1000,
    price: 40_000 + (i % 300) * 256 + (i % 7),
    size: 1 + (i % 90),
    side: i % 2 ? 1 : -1,
  }))

  test.each([1, 2, 3, 4, 5])('%i: everything is what the reference gives', async threads => {
    const backend = threaded(threads)
    expect(backend).toMatchObject({ name: 'cpu', adapter: expect.stringContaining(`${threads} thread`) })
    const expected = await mapped(cpuBackend(), market)
    expect(expected.hotspots.length).toBeGreaterThan(10)
    expect(expected.held.length).toBeGreaterThan(0)
    expect(await mapped(backend, market)).toEqual(expected)
    const options = { lateness: 10 }
    const large = await mapped(cpuBackend(), wide, options)
    expect(large.pages).toBeGreaterThan(500)
    expect(await mapped(backend, wide, options)).toEqual(large)
  })

  test('more threads than pages', async () => {
    const one = Array.from({ length: 90 }, (_, i) => ({
      time: 5_000_000 + i,
      price: 40_000 + (i % 3),
      size: 4,
      side: 1,
    }))
    const expected = await mapped(cpuBackend(), one)
    expect(expected.pages).toBe(1)
    expect(await mapped(threaded(5), one)).toEqual(expected)
  })

  test('a calibration is the same', async () => {
    async function* history() {
      yield columns(market)
    }
    const learn = (backend: Backend) => calibrate(history, { backend, instrument: INSTRUMENT, grid: GRID })
    expect(await learn(threaded(3))).toEqual(await learn(cpuBackend()))
  })

  test('two maps at a time, and others after them in the same memory', async () => {
    const backend = threaded(2)
    const other = miniMarket(2500, 4)
    const expected = [await mapped(cpuBackend(), market), await mapped(cpuBackend(), other)]
    for (let round = 0; round < 3; round++) {
      expect(await Promise.all([mapped(backend, market), mapped(backend, other)])).toEqual(expected)
    }
  })

  test('seconds are reported by step', async () => {
    const map = await RiskMap.create({ backend: threaded(2), calibration })
    await map.ingest(columns(market))
    await map.flush()
    const { seconds } = map
    expect(Object.keys(seconds)).toEqual(['locate', 'bin', 'smooth', 'score', 'peaks', 'release'])
    for (const value of Object.values(seconds)) expect(value).toBeGreaterThan(0)
    map.destroy()
  })
})

describe('an early end:', () => {
  const rounds = (map: RiskMap) =>
    refusal(async () => {
      for (let round = 0; round < 10_000; round++) {
        const ticks = miniMarket(300, round).map(tick => ({ ...tick, time: tick.time + round * 1_000_000 }))
        await map.ingest(columns(ticks))
      }
    })

  test('a backend destroyed under a map: its calls reject, and so do later ones', async () => {
    const backend = threaded(3)
    const map = await RiskMap.create({ backend, calibration })
    const working = rounds(map)
    for await (const _ of map.hotspots) break
    backend.destroy()
    backend.destroy()
    const gone = { code: 'bad-state', message: 'the backend was destroyed' }
    expect(await working).toMatchObject(gone)
    expect(await refusal(() => map.flush())).toMatchObject(gone)
    map.destroy()
    expect(await refusal(() => RiskMap.create({ backend, calibration }))).toMatchObject(gone)
  })

  test('steps destroyed while calls are being worked on: all of them reject, and the backend goes on', async () => {
    const backend = threaded(2)
    const map = await RiskMap.create({ backend, calibration })
    const steps = await backend.open({ ...mapShape(calibration), constants: null })
    const calls: Promise<unknown>[] = [
      steps.readRaw([]),
      steps.survey({ score: new PageJobs([]), peaks: new PageJobs([]), release: new ReleaseJobs([]) }),
      steps.termSums(),
    ]
    calls.push(steps.settle(0))
    steps.destroy()
    steps.destroy()
    calls.push(steps.settle(0), steps.readRaw([]))
    for (const error of await Promise.all(calls.map(call => refusal(() => call)))) {
      expect(error).toMatchObject({ code: 'bad-state', message: 'the map was destroyed' })
    }
    await map.ingest(columns(miniMarket(100, 1)))
    await map.flush()
    map.destroy()
  })

  /** The second of two threads does something else than count the `left`-th time it should count. */
  const failing = (left: number, what: string) => {
    let threads = 0
    const before = `
      const add = Atomics.add
      let left = ${left}
      Atomics.add = (...counted) => {
        if (--left < 0) { ${what} }
        return add(...counted)
      }`
    return threaded(2, () => (++threads === 2 ? spawn(before) : spawn()))
  }

  test.each([
    ['throws', "throw new RangeError('no room')", 'no room'],
    ['ends', 'process.exit(3)', 'it ended with exit code 3'],
  ])('a thread that %s in the midst of a map ends it with a typed error', async (_, what, why) => {
    const backend = failing(100, what)
    const map = await RiskMap.create({ backend, calibration })
    const listening = refusal(async () => {
      for await (const _ of map.hotspots);
    })
    const lost = { code: 'thread-lost', message: `thread 2 of 2 of the cpu backend failed: ${why}` }
    expect(await rounds(map)).toMatchObject(lost)
    expect(await listening).toMatchObject(lost)
    map.destroy()
    expect(await refusal(() => RiskMap.create({ backend, calibration }))).toMatchObject(lost)
  })

  test('a thread whose code cannot run', async () => {
    const backend = threaded(2, () => startThread(new URL('data:text/javascript,throw new Error("no code")')))
    expect(await refusal(() => RiskMap.create({ backend, calibration }))).toMatchObject({
      code: 'thread-lost',
      message: expect.stringContaining('no code'),
    })
  })
})

describe('refuses', () => {
  test('a thread that cannot be started, and ends those that were', () => {
    let ended = 0
    let threads = 0
    const start = () => {
      if (++threads === 3) throw new Error('too many')
      const thread = spawn()
      const terminate = () => {
        ended++
        thread.terminate()
      }
      return { ...thread, terminate }
    }
    expect(() => threaded(4, start)).toThrow('thread 3 of 4 cannot be started: too many')
    expect(ended).toBe(2)
  })

  test('a document that may not share memory, and says which headers it takes', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined)
    expect(() => threaded(2)).toThrow(
      expect.objectContaining({
        code: 'no-threads',
        fix: expect.stringMatching(/Cross-Origin-Opener-Policy.*Cross-Origin-Embedder-Policy/),
      }),
    )
  })

  test.each([0, -1, 1.5, 257, Number.NaN])('%d threads', async threads => {
    expect(() => threaded(threads)).toThrow(expect.objectContaining({ code: 'bad-setting' }))
    expect(await refusal(() => openBackend('cpu', { threads }))).toMatchObject({ code: 'bad-setting' })
  })
})

test('memory that the machine does not have', () => {
  vi.stubGlobal(
    'SharedArrayBuffer',
    class {
      constructor() {
        throw new RangeError('Array buffer allocation failed')
      }
    },
  )
  expect(() => new SharedMemory().take(64)).toThrow(
    expect.objectContaining({
      code: 'out-of-memory',
      message: 'there is no memory for 64 more bytes: Array buffer allocation failed',
      settings: ['priceWidth', 'timeWidth', 'lateness'],
    }),
  )
})

test('memory of any size is lent again, cleared', () => {
  const memory = new SharedMemory()
  const odd = memory.take(12)
  new Uint32Array(odd).fill(7)
  memory.give([odd])
  expect([...new Uint32Array(memory.take(12))]).toEqual([0, 0, 0])
})
