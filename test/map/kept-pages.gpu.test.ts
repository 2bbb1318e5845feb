import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Backend } from '../../src/engine/steps.ts'
import { NO_SCORE } from '../../src/engine/work.ts'
import type { VoxriskError } from '../../src/errors.ts'
import type { KeptTrades } from '../../src/layers/trades/detail.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { RiskMap, type RiskMapOptions } from '../../src/map/risk-map.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { allBackends, testDevice } from '../support/backends.ts'
import { download } from '../support/download.ts'
import { type OracleResult, oracle } from '../support/oracle.ts'
import { runs } from '../support/runs.ts'
import { anyTicks, columns, GRID, madeUpCalibration, miniMarket, split, type Tick } from '../support/ticks.ts'
import { expectSamePages } from './same-pages.ts'

const holder = testDevice()
const calibration = madeUpCalibration()
const VOXELS = 64 * GRID.sizeBins
const keepAll = { keepSlabs: 10_000, details: true }

async function refusal(promise: Promise<unknown>): Promise<VoxriskError> {
  try {
    await promise
  } catch (error) {
    return error as VoxriskError
  }
  throw new Error('nothing was refused')
}

/** Maps batches to their end; `use` sees the map before it is destroyed. */
async function mapped<T>(
  backend: Backend,
  batches: readonly (readonly Tick[])[],
  options: Partial<RiskMapOptions>,
  use: (map: RiskMap) => T | Promise<T>,
): Promise<T> {
  const map = await RiskMap.create({ backend, calibration, ...options })
  try {
    for (const batch of batches) await map.ingest(columns(batch))
    await map.flush()
    return await use(map)
  } finally {
    map.destroy()
  }
}

/** A backend with other limits than its own. */
function limited(backend: Backend, limits: Record<string, number>): Backend {
  return {
    ...backend,
    async open(shape) {
      const steps = await backend.open(shape)
      for (const [name, value] of Object.entries(limits)) {
        Object.defineProperty(steps, name, { get: () => value, set: () => {} })
      }
      return steps
    },
  }
}

/** Holds every voxel of kept pages against the oracle; returns how many have a score. */
function compareKept(pages: readonly KeptTrades[], expected: OracleResult): number {
  let scored = 0
  for (const { slab, page, scores, detail } of pages) {
    if (!detail) throw new Error('the page has no details')
    const { activity, volatility, flow, volume, netFlow } = detail
    for (let voxel = 0; voxel < VOXELS; voxel++) {
      const name = `${[slab, page * 64 + (voxel % 64), Math.floor(voxel / 64)]}`
      const found = [activity[voxel], volatility[voxel], flow[voxel], volume[voxel], netFlow[voxel]]
      const [, lots = 0n, net = 0n] = expected.raw.get(name) ?? []
      const exact = [...(expected.parts.get(name) ?? [0, 0, 0]), Number(lots), Number(net)]
      if (found.some((value, i) => value !== exact[i])) expect(found, name).toEqual(exact)
      const score = scores[voxel]
      if (score !== (expected.scores.get(name) ?? NO_SCORE))
        expect(score, name).toBe(expected.scores.get(name))
      if (score === NO_SCORE) continue
      scored++
      if (score !== found[0] + found[1] + found[2]) expect(found[0] + found[1] + found[2], name).toBe(score)
    }
  }
  return scored
}

describe.each(allBackends(holder))('details on $name', ({ make }) => {
  test('of a lively market equal the definition, and the digest stays as it is', async () => {
    const ticks = miniMarket(3000, 7)
    const expected = oracle(ticks, calibration, 1)
    const plain = await mapped(make(), [ticks], {}, map => map.digest)
    await mapped(make(), [ticks], keepAll, async map => {
      const pages = await map.readPages()
      expect(compareKept(pages, expected)).toBe(expected.scores.size)
      expect(expected.scores.size).toBeGreaterThan(100)
      // Volume and net flow are there where no score is, too, and both signs of each part are met.
      const unscored = pages.some(({ scores, detail }) =>
        scores.some((score, voxel) => score === NO_SCORE && detail!.volume[voxel] > 0),
      )
      expect(unscored).toBe(true)
      for (const sign of [-1, 1]) {
        expect(pages.some(({ detail }) => detail!.netFlow.some(lots => Math.sign(lots) === sign))).toBe(true)
        expect([...expected.parts.values()].some(parts => parts.some(part => Math.sign(part) === sign))).toBe(
          true,
        )
      }
      expect(map.digest).toEqual(plain)
    })
  })

  test('of volumes beyond 32 bits are exact in both words', async () => {
    const ticks = Array.from({ length: 40 }, (_, i) => ({
      time: 5_000_000 + i,
      price: 40_000,
      size: 4_294_967_295 - i,
      side: i % 4 ? -1 : 1,
    }))
    const expected = oracle(ticks, calibration, 1)
    expect([...expected.raw.values()].some(([, , flow]) => flow < -(2n ** 33n))).toBe(true)
    await mapped(make(), [ticks], keepAll, async map => {
      expect(compareKept(await map.readPages(), expected)).toBe(expected.scores.size)
    })
  })

  test('are not kept unless asked for, and take no time', async () => {
    await mapped(make(), [miniMarket(600, 2)], { keepSlabs: 10 }, async map => {
      const pages = await map.readPages()
      expect(pages.length).toBeGreaterThan(0)
      for (const { detail } of pages) expect(detail).toBeNull()
      expect(map.scorePages?.details ?? null).toBeNull()
      expect(map.seconds).not.toHaveProperty('detail')
    })
  })

  test('without kept slabs are refused', async () => {
    for (const options of [{ details: true }, { details: true, keepSlabs: 0 }]) {
      const error = await refusal(RiskMap.create({ backend: make(), calibration, ...options }))
      expect(error).toMatchObject({ code: 'bad-setting' })
      expect(error.settings).toEqual(['keepSlabs'])
    }
  })
})

const placeOf = ({ slab, page }: { readonly slab: number; readonly page: number }) => ({ slab, page })

test('kept pages are the same on all backends, however the ticks are cut', async () => {
  const backends = allBackends(holder).map(({ make }) => make())
  let scored = 0
  await fc.assert(
    fc.asyncProperty(
      anyTicks,
      fc.array(fc.nat(400), { maxLength: 6 }),
      fc.constantFrom(1, 3, 10_000),
      async (ticks, cuts, keepSlabs) => {
        const options = { keepSlabs, details: true }
        const whole = await mapped(backends[0], [ticks], options, map => map.readPages())
        for (const backend of backends) {
          expectSamePages(await mapped(backend, split(ticks, cuts), options, map => map.readPages()), whole)
        }
        if (ticks.length > 0) scored += compareKept(whole, oracle(ticks, calibration, 1))
      },
    ),
    { numRuns: runs(20) },
  )
  expect(scored).toBeGreaterThan(0)
})

describe.each(allBackends(holder))('kept pages on $name', ({ make }) => {
  const ticks = miniMarket(2500, 11)

  test('are read by ranges of slabs and by page', async () => {
    await mapped(make(), [ticks], keepAll, async map => {
      const all = await map.readPages()
      const { keptPages } = map
      expect(all.map(placeOf)).toEqual(keptPages.map(placeOf))
      for (const [i, { detail, page }] of all.entries()) {
        const touched = [...detail!.volume.keys()].filter(voxel => detail!.volume[voxel] > 0)
        const bins = touched.map(voxel => page * 64 + (voxel % 64))
        expect(keptPages[i]).toMatchObject({ low: Math.min(...bins), high: Math.max(...bins) })
      }
      expect(all.length).toBeGreaterThan(10)
      const sorted = [...keptPages].sort((a, b) => a.slab - b.slab || a.page - b.page)
      expect(keptPages).toEqual(sorted)
      const slabs = [...new Set(keptPages.map(({ slab }) => slab))]
      const [fromSlab, toSlab] = [slabs[2], slabs[5]]
      expectSamePages(
        await map.readPages({ fromSlab }),
        all.filter(({ slab }) => slab >= fromSlab),
      )
      expectSamePages(
        await map.readPages({ toSlab }),
        all.filter(({ slab }) => slab < toSlab),
      )
      const some = await map.readPages({ fromSlab, toSlab })
      expect([...new Set(some.map(({ slab }) => slab))]).toEqual(slabs.slice(2, 5))
      const { page } = keptPages[0]
      const column = await map.readPages({ page })
      expectSamePages(
        column,
        all.filter(other => other.page === page),
      )
      expect(column.length).toBeLessThan(all.length)
      expect(await map.readPages({ fromSlab: toSlab, toSlab: fromSlab })).toEqual([])
    })
  })

  test('are read while the map works, also before it has settled, and are the final ones', async () => {
    const whole = await mapped(make(), [ticks], keepAll, map => map.readPages())
    const map = await RiskMap.create({ backend: make(), calibration, ...keepAll })
    const reads: Promise<readonly KeptTrades[]>[] = []
    map.observe({
      onScores: () => {
        const last = map.keptPages.at(-1)
        if (last) reads.push(map.readPages({ fromSlab: last.slab }))
      },
    })
    for (const batch of split(ticks, [500, 1000, 1500, 2000])) await map.ingest(columns(batch))
    await map.flush()
    expect(reads.length).toBeGreaterThan(3)
    for (const pages of await Promise.all(reads)) {
      expect(pages.length).toBeGreaterThan(0)
      for (const page of pages) {
        const same = whole.filter(other => other.slab === page.slab && other.page === page.page)
        expectSamePages([page], same)
      }
    }
    map.destroy()
    expect(map.keptPages).toEqual([])
    expect(await refusal(map.readPages())).toMatchObject({ code: 'bad-state' })
  })

  test('are those of the last slabs', async () => {
    const all = await mapped(make(), [ticks], keepAll, map => map.readPages())
    const last = await mapped(make(), [ticks], { keepSlabs: 3, details: true }, map => map.readPages())
    const slabs = [...new Set(all.map(({ slab }) => slab))].slice(-3)
    expectSamePages(
      last,
      all.filter(({ slab }) => slabs.includes(slab)),
    )
  })

  test.each([25, 30, 40])(
    'beyond %i that fit, the oldest slabs go early and nothing else changes',
    async most => {
      const whole = await mapped(make(), [ticks], keepAll, async map => ({
        digest: map.digest,
        pages: await map.readPages(),
      }))
      expect(whole.pages.length).toBeGreaterThan(2 * most)
      for (const pagesPerRetire of [1, 5, 1000]) {
        const backend = limited(make(), { keptPageLimit: most, pagesPerRetire })
        const map = await RiskMap.create({ backend, calibration, ...keepAll })
        let largest = 0
        map.observe({
          onScores: () => {
            largest = Math.max(largest, map.keptPages.length)
          },
        })
        for (const batch of split(ticks, [300, 1100])) await map.ingest(columns(batch))
        await map.flush()
        expect(map.digest).toEqual(whole.digest)
        expect(largest).toBeGreaterThan(most / 3)
        expect(largest).toBeLessThanOrEqual(most)
        const pages = await map.readPages()
        expectSamePages(pages, whole.pages.slice(-pages.length)) // the newest ones
        map.destroy()
      }
    },
  )
})

describe.each(allBackends(holder))('an observer on $name', ({ make }) => {
  const ticks = miniMarket(1500, 8)

  test('is told of scores, of every hotspot in order and of the end, like the consumer', async () => {
    const map = await RiskMap.create({ backend: make(), calibration, keepSlabs: 5 })
    const events: string[] = []
    const observed: Hotspot[] = []
    const revisions: number[] = []
    const watch = () =>
      map.observe({
        onScores: () => revisions.push(map.revision),
        onHotspots: hotspots => observed.push(...hotspots),
        onEnd: error => events.push(`end ${error}`),
      })
    const stop = watch()
    const left = map.observe({ onScores: () => events.push('scores'), onEnd: () => events.push('left') })
    left()
    expect(map.revision).toBe(0)
    for (const batch of split(ticks, [500, 900])) await map.ingest(columns(batch))
    await map.flush()
    const taken: Hotspot[] = []
    for await (const hotspot of map.hotspots) taken.push(hotspot)
    expect(taken.length).toBeGreaterThan(5)
    expect(observed).toEqual(taken)
    expect(events).toEqual(['end null'])
    expect(revisions.length).toBeGreaterThan(1)
    expect(revisions).toEqual(revisions.map((_, i) => i + 1))
    const { revision } = map
    expect(revisions.at(-1)).toBe(revision)

    const late: (Error | null)[] = []
    map.observe({ onEnd: error => late.push(error) })
    map.observe({ onEnd: () => late.push(new Error('it was stopped')) })()
    expect(late).toEqual([])
    await Promise.resolve()
    expect(late).toEqual([null])

    map.destroy() // releases the pages; the end was reported before
    expect(map.revision).toBe(revision + 1)
    expect(revisions.at(-1)).toBe(revision + 1)
    expect(map.keptPages).toEqual([])
    expect(events).toEqual(['end null'])
    stop()
  })

  test('learns why a map failed, and that one was destroyed', async () => {
    const ends: (Error | null)[] = []
    const onEnd = (error: Error | null) => ends.push(error)
    const failing = await RiskMap.create({ backend: limited(make(), { pageLimit: 5 }), calibration })
    failing.observe({ onEnd })
    const wide = Array.from({ length: 6 }, (_, i) => ({ ...ticks[0], price: 40_000 + i * 256 }))
    const error = await refusal(failing.ingest(columns(wide)))
    expect(error).toMatchObject({ code: 'out-of-pages' })
    expect(ends).toEqual([error])
    failing.destroy()
    const left = await RiskMap.create({ backend: make(), calibration })
    left.observe({ onEnd })
    left.destroy()
    expect(ends).toEqual([error, null])
  })
})

describe('score pages on a device', () => {
  test('details lie in the slots of their scores', async () => {
    const { device } = holder
    await mapped(webgpuBackend(device), [miniMarket(600, 2)], keepAll, async map => {
      const { details, pages } = map.scorePages!
      const words = new Int32Array(await download(device, details!))
      const kept = await map.readPages()
      expect(pages.map(placeOf)).toEqual(map.keptPages.map(placeOf))
      for (const [i, { slot }] of pages.entries()) {
        const plane = (k: number) => words.subarray((slot * 7 + k) * VOXELS, (slot * 7 + k + 1) * VOXELS)
        const { activity, volatility, flow, volume, netFlow } = kept[i].detail!
        expect(plane(0)).toEqual(activity)
        expect(plane(1)).toEqual(volatility)
        expect(plane(2)).toEqual(flow)
        expect(plane(3)).toEqual(Int32Array.from(volume))
        expect(plane(4)).toEqual(new Int32Array(VOXELS))
        expect(plane(5)).toEqual(Int32Array.from(netFlow))
        expect(plane(6)).toEqual(Int32Array.from(netFlow, lots => (lots < 0 ? -1 : 0)))
      }
      expect(kept.some(({ detail }) => detail!.netFlow.some(lots => lots < 0))).toBe(true)
    })
  })

  test('lending the pages writes nothing, and lends the same object until they change', async () => {
    const { device } = holder
    let written = 0
    const labels = new Set<string>()
    const counting = new Proxy(device, {
      get(target, name) {
        if (name === 'createBuffer') {
          return (descriptor: GPUBufferDescriptor) => {
            labels.add(descriptor.label!)
            return target.createBuffer(descriptor)
          }
        }
        if (name === 'queue') {
          return new Proxy(target.queue, {
            get(queue, method) {
              if (method === 'writeBuffer') written++
              const value = Reflect.get(queue, method, queue)
              return typeof value === 'function' ? value.bind(queue) : value
            },
          })
        }
        const value = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await mapped(webgpuBackend(counting), [miniMarket(600, 2)], { keepSlabs: 20 }, map => {
      written = 0
      const first = map.scorePages
      expect(first).not.toBeNull()
      expect(map.scorePages).toBe(first)
      expect(written).toBe(0)
    })
    expect(labels).toContain('voxrisk scores')
    expect(labels).not.toContain('voxrisk details')
  })

  test('more slabs to keep than the device can bind do not end the map', async () => {
    const { device } = holder
    const ticks = miniMarket(2500, 11)
    const bytes = 30 * VOXELS * 7 * 4 // room for 30 pages of details, everything else is the real device
    const small = new Proxy(device, {
      get(target, name) {
        if (name === 'limits') return { maxStorageBufferBindingSize: bytes, maxBufferSize: 2 ** 28 }
        const value = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const whole = await mapped(webgpuBackend(device), [ticks], keepAll, async map => ({
      digest: map.digest,
      pages: await map.readPages(),
    }))
    await mapped(webgpuBackend(small), split(ticks, [300, 1100]), keepAll, async map => {
      expect(map.digest).toEqual(whole.digest)
      expect(map.scorePages!.details!.size).toBeLessThanOrEqual(bytes)
      const pages = await map.readPages()
      expect(pages.length).toBeGreaterThan(10)
      expectSamePages(pages, whole.pages.slice(-pages.length))
    })
  })

  test('the step is timed by its name when asked for', async () => {
    const backend = webgpuBackend(holder.device, { timestamps: true })
    await mapped(backend, [miniMarket(600, 2)], keepAll, map => {
      expect(map.deviceSeconds).toHaveProperty('detail')
      expect(map.deviceSeconds?.detail).toBeGreaterThan(0)
    })
  })
})

test.each(allBackends(holder).filter(({ name }) => name !== 'webgpu'))(
  'seconds of the step detail on $name',
  async ({ make }) => {
    await mapped(make(), [miniMarket(600, 2)], keepAll, ({ seconds }) => {
      expect(Object.keys(seconds)).toEqual(['locate', 'bin', 'smooth', 'score', 'detail', 'peaks', 'release'])
    })
  },
)
