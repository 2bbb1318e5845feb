import { describe, expect, test, vi } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { Backend, MapSteps } from '../../src/engine/steps.ts'
import { NO_SCORE, type Retired } from '../../src/engine/work.ts'
import { VoxriskError } from '../../src/errors.ts'
import type { ReadAccount, TradeSource } from '../../src/events/trades.ts'
import { type MapTradesOptions, mapTrades } from '../../src/job/map-trades.ts'
import type { Stage } from '../../src/job/stages.ts'
import { MOMENTS } from '../../src/layers/trades/moments.ts'
import type { Calibration } from '../../src/map/calibration.ts'
import { memorySpool, type Spool } from '../../src/read/spool.ts'
import { chunkOf, miniMarket, type Tick } from '../support/ticks.ts'

/** Trades as a feed that prints two decimals of price and three of size; `rejected` and `outside` rows beside them. */
function sourceOf(
  chunks: readonly (readonly Tick[])[],
  symbol = 'TEST',
  beside: Pick<ReadAccount, 'rejected' | 'outside' | 'noted'> = { rejected: {}, outside: {}, noted: {} },
): TradeSource {
  const dropped = [...Object.values(beside.rejected), ...Object.values(beside.outside)]
  const account = { read: dropped.reduce((sum, times) => sum + times, 0), ...beside }
  return {
    format: 'test',
    symbol,
    account,
    async *chunks() {
      for (const ticks of chunks) {
        account.read += ticks.length
        yield chunkOf(ticks)
      }
    },
  }
}

/** Trades a second apart at the given prices, a hundredth of a coin each, bought and sold in turn. */
function walk(prices: readonly number[], from = 0): Tick[] {
  return prices.map((price, i) => ({ time: (from + i) * 1e6, price, size: 10, side: i % 2 ? -1 : 1 }))
}

/** One up, one down. */
const bounce = (count: number) => Array.from({ length: count }, (_, i) => 10_000 + (i % 2))

/** A few thousand trades over many slabs and pages, in three chunks. */
const MARKET = miniMarket(4000, 3)
const marketSource = () =>
  sourceOf([MARKET.slice(0, 1500), MARKET.slice(1500, 1501), MARKET.slice(1501)], 'MINI')
const MARKET_OPTIONS = {
  timeWidth: 1000,
  tickSize: '0.01',
  priceWidth: '0.04',
  radii: { price: 1, size: 1, time: 1 },
}

const failure = (code: string, message: string | RegExp) =>
  expect.objectContaining({
    name: 'VoxriskError',
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

describe('the report', () => {
  test('warns when a tenth of the rows is missed', async () => {
    const market = marketSource()
    const missed = Math.ceil(MARKET.length / 5)
    const report = await mapTrades(
      {
        ...market,
        account: { read: MARKET.length + missed, rejected: { 'bad-time': missed }, outside: {}, noted: {} },
      },
      { backend: cpuBackend(), ...MARKET_OPTIONS },
    )
    expect(report.warnings).toContainEqual(expect.stringMatching(/^17 % of the rows are not valid trades/))
    const whole = await mapTrades(marketSource(), { backend: cpuBackend(), ...MARKET_OPTIONS })
    expect(whole.warnings.join()).not.toMatch(/of the rows/)
  })

  test('of a few trades, counted by hand', async () => {
    const trades: Tick[] = [
      ...walk(bounce(60)),
      { time: 60e6, price: 10_000, size: 15, side: 1 }, // 1.5 lots: rounded to 2
      { time: 61e6, price: 10_000, size: 4, side: 1 }, // 0.4 lots: dust
      { time: 62e6, price: 10_000, size: 10, side: 1, flags: 1 },
      { time: 63e6, price: 1, size: 10, side: -1 }, // a jump
      { time: 64e6, price: 10_000, size: 10, side: 1 }, // and back
      { time: 200e6, price: 10_000, size: 10, side: 0 }, // after a gap
      { time: 1e6, price: 10_000, size: 10, side: 1 }, // three bins late
    ]
    const source = sourceOf([trades.slice(0, 30), trades.slice(30)], 'ABC', {
      rejected: { 'bad-price': 2 },
      outside: { 'other-symbol': 3 },
      noted: {},
    })
    const report = await mapTrades(source, {
      backend: cpuBackend(),
      timeWidth: 60e6,
      tickSize: '0.01',
      lotSize: '0.01',
      priceWidth: '0.05',
      radii: { price: 1, size: 0, time: 0 },
      contract: 'inverse',
    })
    expect(report.voxrisk.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(report.instrument).toEqual({
      symbol: 'ABC',
      tickSize: '0.01',
      lotSize: '0.01',
      contract: 'inverse',
    })
    expect(report.grid).toEqual({ priceWidth: 5, timeWidth: 60e6, sizeResolution: 0, sizeBins: 2 })
    expect(report.kernel).toEqual({ radii: { price: 1, size: 0, time: 0 }, centre: 2, total: 4 })
    expect(report.lateness).toBe(1)
    expect(report.rows).toEqual({
      read: 72,
      binned: 66,
      outside: { 'other-symbol': 3, late: 1 },
      rejected: { 'bad-price': 2 },
      noted: {},
    })
    // Squared ticks: 59 of the bounce and 1 back from its end; 9,999² twice of the jump and the way back.
    const jumps = 2 * 9999 ** 2
    expect(report.unmarked).toEqual({
      first: 1,
      flagged: 1,
      'after-flagged': 1,
      jump: 1,
      gap: 1,
      shareOfVariation: jumps / (jumps + 60),
    })
    expect(report.sizes).toEqual({ rounded: 2, dust: 1, roundingSum: expect.closeTo(0.005 - 0.004, 10) })
    expect(report.calibration).toMatchObject({
      format: 'voxrisk calibration 2',
      instrument: report.instrument,
      grid: report.grid,
      kernel: report.kernel.radii,
      reference: {
        from: '1970-01-01T00:00:00.000Z',
        to: '1970-01-01T00:03:20.000Z',
        ticks: 66, // not the late one
        voxels: expect.any(Number),
      },
    })
    expect(report.backend).toEqual({ name: 'cpu', adapter: cpuBackend().adapter })
    // Eight trades make a score: only the first minute has them, all in one price bin of five ticks.
    expect(report.hotspotsFound).toBe(1)
    expect(report.hotspots).toEqual([
      {
        rank: 1,
        score: expect.any(Number),
        time: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:01:00.000Z' },
        price: { from: '100', to: '100.05' },
        size: { from: '0', to: '0.02' },
        trades: 60,
        volume: 0.6,
        imbalance: 0,
        volatilityBps: 0, // a bounce between two prices is no variance
        moments: { trades: '120', volume: '120', flow: '0', variation: '118', covariation: '-116' },
        voxel: { time: 0, price: 2000, size: 0 },
      },
    ])
    expect(report).not.toHaveProperty('verified')
    for (const stage of ['read', 'calibrate', 'map', 'total']) {
      expect(report.timings[stage]).toBeGreaterThan(0)
    }
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  test('lists the best hotspots, however few are asked for', async () => {
    const listed = (top?: number) =>
      mapTrades(marketSource(), {
        backend: cpuBackend(),
        ...MARKET_OPTIONS,
        ...(top === undefined ? {} : { top }),
      })
    const all = await listed(100_000)
    expect(all.hotspotsFound).toBe(all.hotspots.length)
    // More than are kept on the way to a list of one, and the best neither the first nor after the first cut.
    expect(all.hotspotsFound).toBeGreaterThan(60)
    const inTime = all.hotspots.toSorted(
      (a, b) => a.voxel.time - b.voxel.time || a.voxel.size - b.voxel.size || a.voxel.price - b.voxel.price,
    )
    expect(inTime.findIndex(({ rank }) => rank === 1)).toBeGreaterThan(0)
    expect(inTime.findIndex(({ rank }) => rank === 1)).toBeLessThan(50)
    expect(all.hotspots.map(({ score }) => score)).toEqual(
      all.hotspots.map(({ score }) => score).sort((a, b) => b - a),
    )
    for (const top of [undefined, 1, 0]) {
      const some = await listed(top)
      expect(some.hotspots).toEqual(all.hotspots.slice(0, top ?? 20))
      expect(some.hotspotsFound).toBe(all.hotspotsFound)
      expect(some.digest).toEqual(all.digest)
    }
  })

  test('on a saved calibration is the same, of one reading and no spool', async () => {
    const options = { backend: cpuBackend(), ...MARKET_OPTIONS }
    const first = await mapTrades(marketSource(), options)
    const calibration = JSON.parse(JSON.stringify(first.calibration)) as Calibration
    const newSpool = vi.fn(memorySpool)
    const chunks = vi.fn(marketSource().chunks)
    const second = await mapTrades(
      { ...marketSource(), account: { read: MARKET.length, rejected: {}, outside: {}, noted: {} }, chunks },
      { backend: options.backend, calibration, newSpool },
    )
    expect(newSpool).not.toHaveBeenCalled()
    expect(chunks).toHaveBeenCalledTimes(1)
    expect(second.timings).toMatchObject({ read: 0, calibrate: 0 })
    for (const part of ['digest', 'hotspots', 'rows', 'unmarked', 'calibration', 'warnings'] as const) {
      expect(second[part]).toEqual(first[part])
    }
  })
})

describe('warnings', () => {
  const quiet = { timeWidth: 60e6, radii: { price: 1, size: 0, time: 0 } }
  const warningsOf = async (trades: readonly Tick[], calibration?: Calibration, symbol = 'ABC') => {
    const settings = calibration ? { calibration } : quiet
    return (await mapTrades(sourceOf([trades], symbol), { backend: cpuBackend(), ...settings })).warnings
  }

  test('none of an ordinary run', async () => {
    expect(await warningsOf(walk(bounce(200)))).toEqual([])
  })

  test('ten large increments', async () => {
    // Of 200 increments, ten of 3 ticks carry 90 of 90 + 190, ten of 2 no more than 40 of 40 + 190.
    const stepped = (step: number) => {
      const prices = [10_000]
      for (let i = 0; i < 200; i++)
        prices.push(prices[i] + (i % 2 ? -1 : 1) * (i >= 100 && i < 110 ? step : 1))
      return prices
    }
    expect(await warningsOf(walk(stepped(3)))).toEqual([
      'ten price increments carry 32 % of the squared variation: check them before trusting the volatility',
    ])
    expect(await warningsOf(walk(stepped(2)))).toEqual([])
  })

  test('trades without a mark that would carry most of the variation', async () => {
    const prices = bounce(200)
    expect(await warningsOf(walk([...prices, 1, 10_000]))).toEqual([
      'ticks without a mark (after gaps, jumps or flags) would carry 100 % of the squared variation',
    ])
  })

  test('a calibration of another symbol', async () => {
    const trades = walk(bounce(200))
    const { calibration } = await mapTrades(sourceOf([trades], 'ABC'), { backend: cpuBackend(), ...quiet })
    expect(await warningsOf(trades, calibration, 'XYZ')).toEqual([
      'the calibration was learnt on ABC, but the trades are of XYZ',
    ])
    expect(await warningsOf(trades, calibration, 'abc')).toEqual([])
    expect(await warningsOf(trades, calibration, '')).toEqual([
      'the calibration was learnt on ABC, but the trades are of an unnamed symbol',
    ])
    const unnamed = { ...calibration, instrument: { ...calibration.instrument, symbol: '' } }
    expect(await warningsOf(trades, unnamed, 'XYZ')).toEqual([
      'the calibration was learnt on an unnamed symbol, but the trades are of XYZ',
    ])
  })
})

/** Steps whose methods are replaced by those of `changes`; everything else is the real thing. */
function changedSteps(steps: MapSteps, changes: Partial<MapSteps>): MapSteps {
  return new Proxy(steps, {
    get(target, name) {
      const value = Reflect.get(changes, name) ?? Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The CPU under another name, whose steps are changed. */
function changedBackend(changes: (steps: MapSteps) => Partial<MapSteps>): Backend {
  const cpu = cpuBackend()
  return {
    ...cpu,
    name: 'webgpu',
    adapter: 'changed',
    async open(shape) {
      const steps = await cpu.open(shape)
      return changedSteps(steps, changes(steps))
    },
  }
}

/** A backend that falsifies the results of one retire, the first that `change` accepts. */
function falsified(change: (retired: Retired) => Retired | undefined): Backend {
  let done = false
  return changedBackend(steps => ({
    async retire(work, readback) {
      const retired = await steps.retire(work, readback)
      const changed = done ? undefined : change(retired)
      if (changed) done = true
      return changed ?? retired
    },
  }))
}

describe('verification', () => {
  const verify = (verifyOn: Backend) =>
    mapTrades(marketSource(), { backend: cpuBackend(), verifyOn, ...MARKET_OPTIONS })
  const mismatch = (message: string | RegExp) => failure('mismatch', message)

  test('counts the voxels that were equal', async () => {
    let voxels = 0
    const backend = changedBackend(steps => ({
      async retire(work, readback) {
        const retired = await steps.retire(work, readback)
        for (const { scores } of retired.pages ?? []) voxels += scores.length
        return retired
      },
    }))
    const report = await verify(backend)
    expect(voxels).toBeGreaterThan(0)
    expect(report.verified).toEqual({ against: { name: 'webgpu', adapter: 'changed' }, voxels })
    expect(report.backend.name).toBe('cpu')
    const alone = await mapTrades(marketSource(), { backend: cpuBackend(), ...MARKET_OPTIONS })
    expect(report.digest).toEqual(alone.digest)
    expect(report.hotspots).toEqual(alone.hotspots)
  })

  const nameOf = (slab: number, page: number, voxel: number) =>
    `voxel (time ${slab}, price ${page * 64 + (voxel % 64)}, size ${Math.floor(voxel / 64)})`

  test.each(MOMENTS.map((moment, m) => [moment, m] as const))(
    'one smoothed %s off by one',
    async (moment, m) => {
      let expected = 'nothing was falsified'
      const backend = falsified(retired => {
        const page = retired.pages?.[1]
        const voxel = page ? page.scores.findLastIndex(score => score !== NO_SCORE) : -1
        if (!page || voxel < 0) return undefined
        const value = page.smoothed[5 * voxel + m]
        page.smoothed[5 * voxel + m] = value + 1
        expected = `smoothed ${moment} of ${nameOf(page.slab, page.page, voxel)} is ${value} on cpu and ${value + 1} on webgpu`
        return retired
      })
      expect(await verify(backend).catch(error => error)).toEqual(mismatch(expected))
    },
  )

  test('one score off by one unit of Q16', async () => {
    let expected = 'nothing was falsified'
    const backend = falsified(retired => {
      const page = retired.pages?.find(({ scores }) => scores.some(score => score !== NO_SCORE))
      if (!page) return undefined
      const voxel = page.scores.findIndex(score => score !== NO_SCORE)
      const value = page.scores[voxel]--
      expected = `score of ${nameOf(page.slab, page.page, voxel)} is ${value} on cpu and ${value - 1} on webgpu`
      return retired
    })
    expect(await verify(backend).catch(error => error)).toEqual(mismatch(expected))
  })

  test('a page that was left out', async () => {
    const backend = falsified(({ pages = [], ...rest }) =>
      pages.length > 1 ? { ...rest, pages: pages.slice(1) } : undefined,
    )
    await expect(verify(backend)).rejects.toThrow(
      mismatch(/^cpu scored page \d+ of slab \d+ where webgpu scored \d+ of \d+$/),
    )
  })

  test('the last page left out', async () => {
    const report = await verify(cpuBackend())
    const voxels = 64 * report.grid.sizeBins
    let left = (report.verified?.voxels ?? 0) / voxels
    const backend = falsified(({ pages = [], ...rest }) => {
      left -= pages.length
      return left === 0 ? { ...rest, pages: pages.slice(0, -1) } : undefined
    })
    await expect(verify(backend)).rejects.toThrow(mismatch('the number of scored pages differs by 1'))
  })

  test('a word of a checksum', async () => {
    const backend = falsified(({ checksums, ...rest }) => {
      const [first, ...others] = checksums
      return (
        first && {
          ...rest,
          checksums: [{ ...first, words: [first.words[0] ^ 1, first.words[1]] }, ...others],
        }
      )
    })
    await expect(verify(backend)).rejects.toThrow(
      mismatch(/^the digests of the moments differ: ([0-9a-f]{64}) and (?!\1)[0-9a-f]{64}$/),
    )
  })

  const HOTSPOT_DIGESTS = /^the digests of the hotspots differ: ([0-9a-f]{64}) and (?!\1)[0-9a-f]{64}$/

  test('a peak that was not found', async () => {
    const backend = falsified(({ peaks, ...rest }) =>
      peaks.length > 0 ? { ...rest, peaks: peaks.slice(1) } : undefined,
    )
    await expect(verify(backend)).rejects.toThrow(mismatch(HOTSPOT_DIGESTS))
  })

  test('a peak one size bin off', async () => {
    const backend = falsified(({ peaks, ...rest }) => {
      const [first, ...others] = peaks
      return first && { ...rest, peaks: [{ ...first, classBin: first.classBin ^ 1 }, ...others] }
    })
    await expect(verify(backend)).rejects.toThrow(mismatch(HOTSPOT_DIGESTS))
  })

  test('a sum of the calibration off by one', async () => {
    const backend = changedBackend(steps => ({
      async termSums() {
        const { sums } = await steps.termSums()
        sums[0]++ // N of the lowest size bin
        return { sums }
      },
    }))
    await expect(verify(backend)).rejects.toThrow(mismatch('cpu and webgpu learnt different calibrations'))
  })
})

describe('when it fails', () => {
  /** Spools that count how many are open. */
  function countedSpools() {
    const counts = { made: 0, open: 0 }
    const newSpool = (): Spool => {
      const spool = memorySpool()
      counts.made++
      counts.open++
      return {
        ...spool,
        async destroy() {
          counts.open--
          await spool.destroy()
        },
      }
    }
    return { counts, newSpool }
  }

  /** A backend that counts the open step sets, and may fail at a call of the given map. */
  function countedBackend(at: { map: number; call: 'open' | 'bin' | 'retire' } | null = null) {
    const counts = { opened: 0, destroyed: 0 }
    const cpu = cpuBackend()
    const broken = () => {
      throw new VoxriskError('device-error', 'it broke', 'Try another.')
    }
    const backend: Backend = {
      ...cpu,
      async open(shape) {
        const fails = at?.map === counts.opened
        if (fails && at.call === 'open') broken()
        counts.opened++
        const steps = await cpu.open(shape)
        return changedSteps(steps, {
          ...(fails && at.call === 'bin' ? { bin: broken } : {}),
          ...(fails && at.call === 'retire' ? { retire: async () => broken() } : {}),
          destroy() {
            counts.destroyed++
            steps.destroy()
          },
        })
      },
    }
    return { counts, backend }
  }

  test('nothing stays open after a run that succeeds', async () => {
    const spools = countedSpools()
    const { backend, counts } = countedBackend()
    await mapTrades(marketSource(), { backend, newSpool: spools.newSpool, ...MARKET_OPTIONS })
    expect(spools.counts).toEqual({ made: 1, open: 0 })
    expect(counts).toEqual({ opened: 2, destroyed: 2 }) // the survey of the calibration, the map
  })

  test.each([
    ['calibrating', 0, 'bin', 1],
    ['opening the map', 1, 'open', 1],
    ['mapping', 1, 'bin', 2],
    ['retiring slabs', 1, 'retire', 2],
  ] as const)('nothing stays open after %s failed', async (_, map, call, opened) => {
    const spools = countedSpools()
    const { backend, counts } = countedBackend({ map, call })
    const run = mapTrades(marketSource(), { backend, newSpool: spools.newSpool, ...MARKET_OPTIONS })
    await expect(run).rejects.toThrow(failure('device-error', 'it broke'))
    expect(spools.counts).toEqual({ made: 1, open: 0 })
    expect(counts).toEqual({ opened, destroyed: opened })
  })

  test('the first map goes when the second, for verification, does not open', async () => {
    const spools = countedSpools()
    const first = countedBackend()
    const second = countedBackend({ map: 1, call: 'open' })
    const run = mapTrades(marketSource(), {
      backend: first.backend,
      verifyOn: second.backend,
      newSpool: spools.newSpool,
      ...MARKET_OPTIONS,
    })
    await expect(run).rejects.toThrow(failure('device-error', 'it broke'))
    expect(spools.counts.open).toBe(0)
    expect(first.counts).toEqual({ opened: 2, destroyed: 2 })
    expect(second.counts).toEqual({ opened: 1, destroyed: 1 })
  })

  test('the spool goes when reading fails, and the error is the one of reading', async () => {
    const spools = countedSpools()
    const { backend, counts } = countedBackend()
    const source: TradeSource = {
      ...marketSource(),
      async *chunks() {
        yield chunkOf(MARKET.slice(0, 100))
        throw new VoxriskError('bad-data', 'breaks off after row 100', 'Fetch it again.')
      },
    }
    const run = mapTrades(source, { backend, newSpool: spools.newSpool, ...MARKET_OPTIONS })
    await expect(run).rejects.toThrow(failure('bad-data', 'breaks off after row 100'))
    expect(spools.counts).toEqual({ made: 1, open: 0 })
    expect(counts).toEqual({ opened: 0, destroyed: 0 })
  })

  test('trades of which none is a tick', async () => {
    const { calibration } = await mapTrades(marketSource(), { backend: cpuBackend(), ...MARKET_OPTIONS })
    const { backend, counts } = countedBackend()
    const coarse = { ...calibration, instrument: { ...calibration.instrument, tickSize: '0.03' } }
    const trades = walk(Array(50).fill(10_000))
    await expect(mapTrades(sourceOf([trades]), { backend, calibration: coarse })).rejects.toThrow(
      failure('bad-data', 'none of the 50 rows became a tick (off-tick-grid: 50)'),
    )
    expect(counts).toEqual({ opened: 1, destroyed: 1 })
    await expect(mapTrades(sourceOf([trades]), { backend: cpuBackend(), tickSize: '0.03' })).rejects.toThrow(
      failure('bad-data', 'none of the 50 rows became a tick (off-tick-grid: 50)'),
    )
  })

  test.each([
    ['no trade at all', []],
    ['an empty chunk', [[]]],
  ])('%s', async (_, chunks) => {
    await expect(mapTrades(sourceOf(chunks), { backend: cpuBackend() })).rejects.toThrow(
      failure('bad-data', 'there are no trades'),
    )
  })

  test.each<[string, Partial<MapTradesOptions>, RegExp]>([
    ['kernel radii out of range', { radii: { price: 9, size: 1, time: 1 } }, /^kernel radius price=9 is not/],
    ['a lateness out of range', { lateness: 10_001 }, /^lateness 10001 is not/],
    ['an invalid count of hotspots', { top: 1.5 }, /^top 1\.5 is not a count$/],
    ['an invalid time bin', { timeWidth: 0 }, /^time bin 0 µs is not/],
    ['a size resolution out of range', { sizeResolution: 5 }, /^size resolution 5 is not in 0 … 4$/],
  ])('%s: refused before a trade is read', async (_, options, message) => {
    const source = marketSource()
    await expect(mapTrades(source, { backend: cpuBackend(), ...options })).rejects.toThrow(
      failure('bad-setting', message),
    )
    expect(source.account.read).toBe(0)
  })

  test('settings that a calibration fixes are refused beside one, each in words', async () => {
    const { calibration } = await mapTrades(marketSource(), { backend: cpuBackend(), ...MARKET_OPTIONS })
    const source = marketSource()
    const refused = mapTrades(source, {
      backend: cpuBackend(),
      calibration,
      ...MARKET_OPTIONS,
      sizeResolution: 0,
      contract: 'linear',
    })
    await expect(refused).rejects.toThrow(
      failure(
        'bad-setting',
        /^the calibration already fixes the time bins, the tick size, the price bins, the size bins, the kernel, the kind of contract$/,
      ),
    )
    await expect(refused).rejects.toHaveProperty('settings', [
      'timeWidth',
      'tickSize',
      'priceWidth',
      'sizeResolution',
      'radii',
      'contract',
      'calibration',
    ])
    expect(source.account.read).toBe(0)
  })
})

describe('progress', () => {
  const stagesOf = async (options: Partial<MapTradesOptions> = {}) => {
    const seen: [Stage, number][] = []
    await mapTrades(marketSource(), {
      backend: cpuBackend(),
      ...(options.calibration ? {} : MARKET_OPTIONS),
      ...options,
      onProgress: (stage, rows) => seen.push([stage, rows]),
    })
    return seen
  }
  const chunkwise = (stage: Stage) => [1500, 1501, 4000].map((rows): [Stage, number] => [stage, rows])

  test('counts the rows of every stage', async () => {
    expect(await stagesOf()).toEqual([
      ...chunkwise('read'),
      ...chunkwise('calibrate'), // for q
      ...chunkwise('calibrate'), // for mean and spread
      ...chunkwise('map'),
    ])
  })

  test('has one stage on a saved calibration', async () => {
    const { calibration } = await mapTrades(marketSource(), { backend: cpuBackend(), ...MARKET_OPTIONS })
    expect(await stagesOf({ calibration })).toEqual(chunkwise('read'))
  })
})
