import { describe, expect, test } from 'vitest'
import { NO_SCORE, type ScoredPage } from '../../src/engine/work.ts'
import type { VoxriskError } from '../../src/errors.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { calibrate } from '../../src/map/calibration.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { allBackends, testDevice } from '../support/backends.ts'
import { download } from '../support/download.ts'
import { openTestDevice } from '../support/open-device.ts'
import { columns, GRID, INSTRUMENT, madeUpCalibration, miniMarket, type Tick } from '../support/ticks.ts'

const holder = testDevice()
const TICK: Tick = { time: 5_000_000, price: 40_000, size: 4, side: 1 }
const calibration = madeUpCalibration()

async function refusal(promise: Promise<unknown>): Promise<VoxriskError> {
  try {
    await promise
  } catch (error) {
    return error as VoxriskError
  }
  throw new Error('nothing was refused')
}

describe.each(allBackends(holder))('settle() of a map on $name', ({ make }) => {
  test('every hotspot of the slabs that closed is there', async () => {
    const ticks = miniMarket(600, 2)
    const map = await RiskMap.create({ backend: make(), calibration })
    const found: Hotspot[] = []
    const listening = (async () => {
      for await (const hotspot of map.hotspots) found.push(hotspot)
    })()
    await map.ingest(columns(ticks))
    await map.settle()
    await new Promise(resolve => setTimeout(resolve)) // lets the listener take them
    const before = found.length
    await map.settle()
    await new Promise(resolve => setTimeout(resolve))
    expect(found.length).toBe(before)
    expect(before).toBeGreaterThan(5)
    await map.flush()
    await listening
    expect(await refusal(map.settle())).toMatchObject({ code: 'bad-state' })
    map.destroy()
  })
})

describe.each(allBackends(holder))('a map on $name refuses', ({ make }) => {
  test('columns with a bad tick, before any of them is binned, and goes on after it', async () => {
    const map = await RiskMap.create({ backend: make(), calibration })
    const bad = await refusal(map.ingest(columns([TICK, { ...TICK, price: 0 }])))
    expect(bad).toMatchObject({ code: 'bad-data', message: 'tick 1: price 0' })
    expect(map.account.binned).toBe(0)
    await map.ingest(columns([TICK]))
    await map.flush()
    expect(map.account.binned).toBe(1)
    map.destroy()
  })

  test('ticks after flush() and after destroy()', async () => {
    const map = await RiskMap.create({ backend: make(), calibration })
    await map.flush()
    expect(await refusal(map.ingest(columns([TICK])))).toMatchObject({
      code: 'bad-state',
      message: 'the map was flushed',
    })
    map.destroy()
    map.destroy()
    expect(await refusal(map.ingest(columns([TICK])))).toMatchObject({ message: 'the map was destroyed' })
  })

  test('volume that could pass 2^53 after smoothing, exactly at the bound', async () => {
    // Default kernel: largest price and size weights 70 · 2, time weight 6 on the slab itself: 840 · volume < 2^53.
    const most = Math.ceil(2 ** 53 / 840) - 1
    const full = Math.floor(most / 4_294_967_295)
    const ticks = Array.from({ length: full }, () => ({ ...TICK, size: 4_294_967_295 }))
    const fits = [...ticks, { ...TICK, size: most - full * 4_294_967_295 }]
    const map = await RiskMap.create({ backend: make(), calibration })
    await map.ingest(columns(fits))
    await map.flush()
    expect(map.totals.volume).toBe(BigInt(most))
    map.destroy()

    const over = await RiskMap.create({ backend: make(), calibration })
    await over.ingest(columns([...fits, { ...TICK, size: 1 }]))
    const error = await refusal(over.flush())
    expect(error).toMatchObject({ code: 'overflow' })
    expect(error.message).toContain('slab 1970-01-01T00:00:05.000Z: volume')
    expect(error.settings[0]).toBe('lotSize')
    // A failed map stays failed: its numbers are not to be had by asking again.
    expect(await refusal(over.ingest(columns([TICK])))).toBe(error)
    const listening = await refusal(
      (async () => {
        for await (const _ of over.hotspots);
      })(),
    )
    expect(listening).toBe(error)
    over.destroy()
  })

  test('increments that could pass 2^53 after smoothing', async () => {
    const map = await RiskMap.create({ backend: make(), calibration })
    const ticks = Array.from({ length: 40 }, (_, i) => ({
      ...TICK,
      price: 4_000_000_000 - (i % 2) * 30_000_000,
    }))
    await map.ingest(columns(ticks))
    expect(await refusal(map.flush())).toMatchObject({
      code: 'overflow',
      fix: 'Use a larger tick size, smaller kernel radii or shorter time bins.',
      settings: ['tickSize', 'radii', 'timeWidth'],
    })
    map.destroy()
  })

  test('a crash over more pages than the backend holds', async () => {
    const backend = make()
    const map = await RiskMap.create({
      backend: {
        ...backend,
        async open(shape) {
          const steps = await backend.open(shape)
          Object.defineProperty(steps, 'pageLimit', { value: 5 })
          return steps
        },
      },
      calibration,
    })
    const ticks = Array.from({ length: 6 }, (_, i) => ({ ...TICK, price: 40_000 + i * 256 }))
    const error = await refusal(map.ingest(columns(ticks)))
    expect(error).toMatchObject({ code: 'out-of-pages' })
    expect(error.message).toContain('5 pages')
    map.destroy()
  })

  test('columns of the wrong kind', async () => {
    const map = await RiskMap.create({ backend: make(), calibration })
    const loose = { ...columns([TICK]), size: [1.5] as unknown as Uint32Array }
    expect((await refusal(map.ingest(loose))).message).toBe('column size is not a Uint32Array')
    map.destroy()
  })

  test('nothing when closed slabs can make room: pages appear and disappear with the price', async () => {
    const backend = make()
    const limited = {
      ...backend,
      async open(shape: Parameters<typeof backend.open>[0]) {
        const steps = await backend.open(shape)
        Object.defineProperty(steps, 'pageLimit', { value: 12 })
        Object.defineProperty(steps, 'pagesPerRetire', { get: () => 1000, set: () => {} })
        return steps
      },
    }
    const ticks = Array.from({ length: 300 }, (_, i) => ({
      ...TICK,
      time: TICK.time + i * 500,
      price: 40_000 + Math.floor(i / 3) * 256,
    }))
    const map = await RiskMap.create({ backend: limited, calibration })
    await map.ingest(columns(ticks))
    await map.flush()
    expect(map.account.binned).toBe(300)
    map.destroy()
  })

  test('the same after the same hotspots, however the ticks before the overflow were cut', async () => {
    const ticks = [
      ...miniMarket(1500, 13).map(tick => ({ ...tick, time: tick.time - (tick.time % 1000) })),
      ...Array.from({ length: 3000 }, () => ({ ...TICK, time: 9_000_000, size: 4_294_967_295 })),
      { ...TICK, time: 9_900_000 },
    ]
    const outcomes = []
    for (const batch of [ticks.length, 100]) {
      const map = await RiskMap.create({ backend: make(), calibration })
      const hotspots: Hotspot[] = []
      const listening = refusal(
        (async () => {
          for await (const hotspot of map.hotspots) hotspots.push(hotspot)
        })(),
      )
      const error = await refusal(
        (async () => {
          for (let from = 0; from < ticks.length; from += batch) {
            await map.ingest(columns(ticks.slice(from, from + batch)))
          }
          await map.flush()
        })(),
      )
      await listening
      outcomes.push({ hotspots, digest: map.digest, error: error.message })
      map.destroy()
    }
    expect(outcomes[0].hotspots.length).toBeGreaterThan(3)
    expect(outcomes[1]).toEqual(outcomes[0])
  })

  test('a calibration when one of its steps fails', async () => {
    const backend = make()
    const broken = new Error('a step failed')
    const failing = {
      ...backend,
      async open(shape: Parameters<typeof backend.open>[0]) {
        const steps = await backend.open(shape)
        const survey = steps.survey.bind(steps)
        let calls = 0
        steps.survey = work => (++calls === 2 ? Promise.reject(broken) : survey(work))
        return steps
      },
    }
    const ticks = columns(miniMarket(3000, 17))
    async function* history() {
      yield ticks
    }
    const learning = calibrate(history, { backend: failing, instrument: INSTRUMENT, grid: GRID })
    expect(await refusal(learning)).toBe(broken)
  })

  test('settings out of range', async () => {
    for (const options of [{ lateness: -1 }, { lateness: 1.5 }, { keepSlabs: 10_001 }]) {
      expect(await refusal(RiskMap.create({ backend: make(), calibration, ...options }))).toMatchObject({
        code: 'bad-setting',
      })
    }
    const broken = { ...calibration, grid: { ...GRID, sizeBins: 9 } }
    expect((await refusal(RiskMap.create({ backend: make(), calibration: broken }))).message).toBe(
      'calibration: score.activity.mean has 8 entries for 9 size bins',
    )
  })
})

describe.each(allBackends(holder))('a live map on $name', ({ make }) => {
  test('gives a hotspot as soon as no tick can change it, and not before', async () => {
    const map = await RiskMap.create({ backend: make(), calibration, lateness: 1 })
    const seen: Hotspot[] = []
    let notice = () => {}
    const noticed = new Promise<void>(resolve => {
      notice = resolve
    })
    const listening = (async () => {
      for await (const hotspot of map.hotspots) {
        seen.push(hotspot)
        notice()
      }
    })()
    const crowd = Array.from({ length: 60 }, (_, i) => ({
      ...TICK,
      time: TICK.time + i,
      price: 40_000 + (i % 3),
    }))
    await map.ingest(columns(crowd))
    const at = (slab: number) => columns([{ ...TICK, time: slab * GRID.timeWidth, price: 90_000 }])
    // The crowd is in slab 5000. It is final when slab 5002, which its scores need, and 5001, which nobody touched,
    // are closed: at a tick in slab 5004, with lateness 1.
    await map.ingest(at(5003))
    await settled(map)
    expect(seen).toEqual([])
    await map.ingest(at(5004))
    await noticed
    expect(seen.map(hotspot => hotspot.voxel.time)).toEqual([5000])
    await map.flush()
    await listening
    map.destroy()
  })

  test('takes calls that do not wait for each other in their order', async () => {
    const ticks = miniMarket(900, 21)
    const [one, two] = [
      await RiskMap.create({ backend: make(), calibration }),
      await RiskMap.create({ backend: make(), calibration }),
    ]
    await one.ingest(columns(ticks))
    await one.flush()
    const calls = [0, 300, 600].map(from => two.ingest(columns(ticks.slice(from, from + 300))))
    await Promise.all([...calls, two.flush()])
    expect(two.digest).toEqual(one.digest)
    one.destroy()
    two.destroy()
  })

  test('reads back the voxels that have not retired', async () => {
    const map = await RiskMap.create({ backend: make(), calibration })
    await map.ingest(
      columns([
        TICK,
        { ...TICK, price: 40_002, size: 3, side: -1 },
        { ...TICK, price: 40_010, size: 1, side: 0 },
      ]),
    )
    const voxels = await map.moments()
    expect(voxels.sort((a, b) => a.price - b.price || a.size - b.size)).toEqual([
      { time: 5000, price: 10_000, size: 1, trades: 1, volume: 3, flow: -3, variation: 4, covariation: 0 },
      { time: 5000, price: 10_000, size: 2, trades: 1, volume: 4, flow: 4, variation: 0, covariation: 0 },
      { time: 5000, price: 10_002, size: 0, trades: 1, volume: 1, flow: 1, variation: 64, covariation: 16 },
    ])
    expect(map.totals).toEqual({ trades: 3n, volume: 8n, flow: 2n, variation: 68n, covariation: 16n })
    map.destroy()
  })
})

/** Waits until every hotspot so far has been delivered and the listeners have taken it. */
async function settled(map: RiskMap): Promise<void> {
  await map.settle()
  await new Promise(resolve => setTimeout(resolve))
}

describe.each(allBackends(holder))('destroy() on $name', ({ make }) => {
  test('ends a call that is under way, and nothing comes after it', async () => {
    let pages = 0
    const map = await RiskMap.create({ backend: make(), calibration, onPage: () => pages++ })
    const call = refusal(
      (async () => {
        for (let round = 0; round < 1000; round++) {
          const ticks = miniMarket(500, round).map(tick => ({ ...tick, time: tick.time + round * 1_000_000 }))
          await map.ingest(columns(ticks))
        }
      })(),
    )
    for await (const _ of map.hotspots) break
    map.destroy()
    const seen = pages
    expect(await call).toMatchObject({ code: 'bad-state', message: 'the map was destroyed' })
    expect(pages).toBe(seen)
    expect(map.scorePages).toBeNull()
  })

  test('a loop over hotspots that is left early can be taken up again, two at once cannot', async () => {
    const map = await RiskMap.create({ backend: make(), calibration })
    await map.ingest(columns(miniMarket(1500, 8)))
    await map.flush()
    const seen: number[] = []
    for await (const hotspot of map.hotspots) {
      seen.push(hotspot.score)
      const other = refusal(map.hotspots[Symbol.asyncIterator]().next())
      expect(await other).toMatchObject({ code: 'bad-state' })
      if (seen.length === 2) break
    }
    for await (const hotspot of map.hotspots) seen.push(hotspot.score)
    const again = await RiskMap.create({ backend: make(), calibration })
    await again.ingest(columns(miniMarket(1500, 8)))
    await again.flush()
    const all: number[] = []
    for await (const hotspot of again.hotspots) all.push(hotspot.score)
    expect(all.length).toBeGreaterThan(3)
    expect(seen).toEqual(all)
    map.destroy()
    again.destroy()
  })
})

describe('on a device', () => {
  test('a map is refused on a device that is lost already', async () => {
    const device = await openTestDevice()
    device.destroy()
    await device.lost
    expect(await refusal(RiskMap.create({ backend: webgpuBackend(device), calibration }))).toMatchObject({
      name: 'VoxriskError',
    })
  })

  test('the score pages of the last slabs are a buffer that holds the scores', async () => {
    const { device } = holder
    const pages: ScoredPage[] = []
    const map = await RiskMap.create({
      backend: webgpuBackend(device),
      calibration,
      keepSlabs: 1000,
      onPage: page => pages.push(page),
    })
    await map.ingest(columns(miniMarket(600, 2)))
    await map.flush()
    const { scores, pages: places } = map.scorePages!
    expect(places).toHaveLength(pages.length)
    const scoreWords = new Int32Array(await download(device, scores))
    let scored = 0
    for (const [i, page] of pages.entries()) {
      const { slab, page: index, slot } = places[i]
      expect([slab, index]).toEqual([page.slab, page.page])
      const voxels = 64 * GRID.sizeBins
      expect(scoreWords.subarray(slot * voxels, (slot + 1) * voxels)).toEqual(page.scores)
      scored += page.scores.filter(score => score !== NO_SCORE).length
    }
    expect(scored).toBeGreaterThan(0)
    map.destroy()
  })

  test("every kernel is timed on the device's clock when asked, and the integers stay as they are", async () => {
    const results = []
    for (const timestamps of [false, true]) {
      const backend = webgpuBackend(holder.device, { timestamps })
      const map = await RiskMap.create({ backend, calibration })
      await map.ingest(columns(miniMarket(600, 2)))
      await map.flush()
      results.push({ digest: map.digest, seconds: map.deviceSeconds })
      map.destroy()
    }
    const [plain, timed] = results
    expect(timed.digest).toEqual(plain.digest)
    expect(plain.seconds).toBeNull()
    expect(Object.keys(timed.seconds ?? {}).sort()).toEqual(['bin', 'peaks', 'release', 'score', 'smooth'])
    for (const seconds of Object.values(timed.seconds ?? {})) {
      expect(Number.isFinite(seconds)).toBe(true)
      expect(seconds).toBeGreaterThanOrEqual(0)
    }
  })

  test('timestamps of a device without them are refused', () => {
    const without = { features: new Set() } as unknown as GPUDevice
    expect(() => webgpuBackend(without, { timestamps: true })).toThrow('the device has no timestamps')
  })

  test('room for pages is a matter of the ticks alone, also without a time kernel', async () => {
    const { device } = holder
    const grid = { ...GRID, sizeBins: 8 }
    const flat = madeUpCalibration(grid, { price: 4, size: 1, time: 0 })
    const bytes = 64 * grid.sizeBins * 40
    // A device that can bind so many pages at a time; everything else is the real one.
    const limited = (pages: number) =>
      new Proxy(device, {
        get(target, name) {
          if (name === 'limits') return { maxStorageBufferBindingSize: pages * bytes, maxBufferSize: 2 ** 28 }
          const value = Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    const slab = (at: number, pages: number) =>
      Array.from({ length: pages * 20 }, (_, i) => ({
        ...TICK,
        time: at * 1000 + 5_000_000 + (i % 900),
        price: 40_000 + (i % pages) * 256,
      }))
    const ticks = [1, 1, 1, 19, 1, 1, 1, 1, 1].flatMap((pages, at) => slab(at, pages))
    const outcomes: string[] = []
    for (const pages of [19, 20, 21, 22, 23]) {
      const backend = webgpuBackend(limited(pages))
      const results = []
      for (const batch of [ticks.length, 12, 1]) {
        const map = await RiskMap.create({ backend, calibration: flat })
        try {
          for (let from = 0; from < ticks.length; from += batch) {
            await map.ingest(columns(ticks.slice(from, from + batch)))
          }
          await map.flush()
          results.push(map.digest.hotspots)
        } catch (error) {
          results.push(`${(error as VoxriskError).code}`)
        }
        map.destroy()
      }
      expect(new Set(results).size, `${pages} pages: ${results}`).toBe(1)
      outcomes.push(results[0])
    }
    expect(outcomes[0]).toBe('out-of-pages')
    expect(outcomes.at(-1)).toMatch(/^[0-9a-f]{64}$/)
  })

  test('an exception of the device is typed and leaves no buffer behind', async () => {
    const { device } = holder
    for (const label of ['voxrisk results', 'voxrisk priors', 'voxrisk scores', 'voxrisk events']) {
      const live = new Set<GPUBuffer>()
      const throwing = new Proxy(device, {
        get(target, name) {
          if (name === 'createBuffer') {
            return (descriptor: GPUBufferDescriptor) => {
              if (descriptor.label === label) throw new RangeError('no room')
              const buffer = target.createBuffer(descriptor)
              live.add(buffer)
              const destroy = buffer.destroy.bind(buffer)
              buffer.destroy = () => {
                live.delete(buffer)
                destroy()
              }
              return buffer
            }
          }
          const value = Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
      let map: RiskMap | undefined
      const error = await refusal(
        (async () => {
          map = await RiskMap.create({ backend: webgpuBackend(throwing), calibration })
          await map.ingest(columns(miniMarket(600, 2)))
          await map.flush()
        })(),
      )
      expect(error, label).toMatchObject({ name: 'VoxriskError', code: 'out-of-memory' })
      expect(error.message).toContain('no room')
      map?.destroy()
      expect([...live].map(buffer => buffer.label)).toEqual([])
    }
  })

  test('a device without memory, as its error scope says, whatever else goes wrong with the buffer', async () => {
    const { device } = holder
    const scopes: { filter: GPUErrorFilter; error: GPUError | null }[] = []
    const report = (filter: GPUErrorFilter) => {
      const scope = scopes.findLast(scope => scope.filter === filter)
      if (scope) scope.error ??= { message: `no room (${filter === 'validation' ? 'later' : 'first'})` }
    }
    const full = new Proxy(device, {
      get(target, name) {
        if (name === 'pushErrorScope') {
          return (filter: GPUErrorFilter) => {
            scopes.push({ filter, error: null })
          }
        }
        if (name === 'popErrorScope') return async () => scopes.pop()?.error ?? null
        if (name === 'createBuffer') {
          return (descriptor: GPUBufferDescriptor) => {
            if (descriptor.label === 'voxrisk scores') {
              report('validation') // a buffer without memory is an invalid one
              report('out-of-memory')
            }
            return target.createBuffer(descriptor)
          }
        }
        const value = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const error = await refusal(
      (async () => {
        const map = await RiskMap.create({ backend: webgpuBackend(full), calibration })
        await map.ingest(columns(miniMarket(600, 2)))
        await map.flush()
        map.destroy()
      })(),
    )
    expect(error).toMatchObject({
      name: 'VoxriskError',
      code: 'out-of-memory',
      message: 'the GPU has no memory left: no room (first)',
      settings: ['priceWidth', 'timeWidth', 'lateness', 'backend'],
    })
  })

  test('a borrowed device stays the caller’s: usable after the map and the backend are gone', async () => {
    const { device } = holder
    const backend = webgpuBackend(device)
    const map = await RiskMap.create({ backend, calibration })
    await map.ingest(columns([TICK]))
    map.destroy()
    backend.destroy()
    const buffer = device.createBuffer({ size: 4, usage: 0x1 | 0x8 })
    device.queue.writeBuffer(buffer, 0, Uint32Array.of(42))
    await buffer.mapAsync(1)
    expect(new Uint32Array(buffer.getMappedRange())[0]).toBe(42)
    buffer.destroy()
    expect(await refusal(RiskMap.create({ backend, calibration }))).toMatchObject({ code: 'bad-state' })
  })

  test('a lost device ends the map with a typed error, also for callers that wait for hotspots', async () => {
    const device = await openTestDevice()
    const map = await RiskMap.create({ backend: webgpuBackend(device), calibration })
    await map.ingest(columns(miniMarket(300, 4)))
    const listening = refusal(
      (async () => {
        for await (const _ of map.hotspots);
      })(),
    )
    device.destroy()
    const error = await refusal(
      (async () => {
        await map.ingest(columns(miniMarket(300, 5).map(tick => ({ ...tick, time: tick.time + 1_000_000 }))))
        await map.flush()
      })(),
    )
    expect(error).toMatchObject({ name: 'VoxriskError', code: 'device-lost' })
    expect((await listening).code).toBe('device-lost')
    map.destroy()
  })

  test('the first error of the device ends the map: a buffer that is destroyed under it', async () => {
    const { device } = holder
    const map = await RiskMap.create({ backend: webgpuBackend(device), calibration, keepSlabs: 10 })
    await map.ingest(columns(miniMarket(300, 4)))
    map.scorePages?.scores.destroy()
    const error = await refusal(map.flush())
    expect(error).toMatchObject({ name: 'VoxriskError', code: 'device-error' })
    map.destroy()
  })
})
