import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Backend } from '../../src/engine/steps.ts'
import { NO_SCORE, type ScoredPage } from '../../src/engine/work.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { MOMENT_COUNT } from '../../src/layers/trades/moments.ts'
import { type Calibration, calibrate } from '../../src/map/calibration.ts'
import { RiskMap, type RiskMapOptions } from '../../src/map/risk-map.ts'
import { allBackends, testDevice } from '../support/backends.ts'
import { type OracleResult, oracle } from '../support/oracle.ts'
import { runs } from '../support/runs.ts'
import {
  anyTicks,
  columns,
  GRID,
  INSTRUMENT,
  madeUpCalibration,
  miniMarket,
  split,
  type Tick,
} from '../support/ticks.ts'

const holder = testDevice()

interface Mapped {
  readonly hotspots: Hotspot[]
  readonly digest: RiskMap['digest']
  readonly totals: RiskMap['totals']
  readonly account: RiskMap['account']
}

async function mapped(
  backend: Backend,
  batches: readonly (readonly Tick[])[],
  options: Partial<RiskMapOptions> = {},
): Promise<Mapped> {
  const map = await RiskMap.create({ backend, calibration: madeUpCalibration(), ...options })
  try {
    for (const batch of batches) await map.ingest(columns(batch))
    await map.flush()
    const hotspots: Hotspot[] = []
    for await (const hotspot of map.hotspots) hotspots.push(hotspot)
    return { hotspots, digest: map.digest, totals: map.totals, account: map.account }
  } finally {
    map.destroy()
  }
}

/** Holds scored pages against the oracle: every voxel of a page, and every scored voxel of the oracle in some page. */
function comparePages(pages: readonly ScoredPage[], expected: OracleResult, sizeBins: number): void {
  let scored = 0
  for (const { slab, page, smoothed, scores } of pages) {
    for (let voxel = 0; voxel < 64 * sizeBins; voxel++) {
      const name = `${[slab, page * 64 + (voxel % 64), Math.floor(voxel / 64)]}`
      const moments = Array.from(smoothed.subarray(voxel * MOMENT_COUNT, (voxel + 1) * MOMENT_COUNT), BigInt)
      const exact = (expected.raw.has(name) && expected.smoothed.get(name)) || [0n, 0n, 0n, 0n, 0n]
      if (moments.some((moment, m) => moment !== exact[m])) expect(moments, name).toEqual(exact)
      const score = expected.scores.get(name)
      if (scores[voxel] !== (score ?? NO_SCORE)) expect(scores[voxel], name).toBe(score ?? NO_SCORE)
      if (score !== undefined) scored++
    }
  }
  expect(scored).toBe(expected.scores.size)
}

function comparePeaks(hotspots: readonly Hotspot[], expected: OracleResult): void {
  const found = hotspots.map(({ voxel, score, moments }) => ({
    voxel: `${[voxel.time, voxel.price, voxel.size]}`,
    score: score * 65_536,
    moments: Object.values(moments).map(BigInt),
  }))
  const byName = (a: { voxel: string }, b: { voxel: string }) => (a.voxel < b.voxel ? -1 : 1)
  expect(found.sort(byName)).toEqual([...expected.peaks].sort(byName))
}

describe.each(allBackends(holder))('a map on $name', ({ make }) => {
  test('one trade: every fact by hand', async () => {
    const backend = make()
    const tick = { time: 5_000_500, price: 40_001, size: 5, side: 1 }
    const map = await RiskMap.create({ backend, calibration: madeUpCalibration() })
    await map.ingest(columns([tick]))
    expect(await map.moments()).toEqual([
      { time: 5000, price: 10_000, size: 2, trades: 1, volume: 5, flow: 5, variation: 0, covariation: 0 },
    ])
    await map.flush()
    expect(map.totals).toEqual({ trades: 1n, volume: 5n, flow: 5n, variation: 0n, covariation: 0n })
    expect(map.account).toEqual({
      ingested: 1,
      binned: 1,
      outside: {},
      marks: { unmarked: { first: 1 }, unmarkedShare: 0, largestShare: 0 },
    })
    map.destroy()
  })

  test('nine equal trades: one hotspot, its facts by hand', async () => {
    // All in voxel (5000, 10000, 2). Smoothed at the centre: 9 · 840 trades; alternating ±1 increments.
    const ticks = Array.from({ length: 9 }, (_, i) => ({
      time: 5_000_100 + i,
      price: 40_000 + (i % 2),
      size: 4,
      side: i < 6 ? 1 : -1,
    }))
    const { hotspots } = await mapped(make(), [ticks])
    // trades Σ1 = 9, volume 36, flow 4·(6 − 3) = 12, variation 8, covariation −7: corrected variance 8 − 14 < 0, so 0
    const centre = hotspots.find(hotspot => hotspot.voxel.price === 10_000 && hotspot.voxel.size === 2)
    expect(centre).toMatchObject({
      time: { from: '1970-01-01T00:00:05.000Z', to: '1970-01-01T00:00:05.001Z' },
      price: { from: '400', to: '400.04' },
      size: { from: '0.004', to: '0.008' },
      trades: 9,
      imbalance: 1 / 3,
      volatilityBps: 0,
      moments: { trades: '7560', volume: '30240', flow: '10080', variation: '6720', covariation: '-5880' },
    })
    expect(centre?.volume).toBeCloseTo(0.036, 12)
  })

  test('a bar of trades across the corner of four pages and three slabs equals the definition', async () => {
    const ticks: Tick[] = []
    for (let i = 0; i < 600; i++) {
      const price = 64 * 4 * 150 + ((i * 37) % 60) - 30 // around the edge of pages 149 and 150
      ticks.push({ time: 5_000_000 + i * 5, price, size: 1 + (i % 200), side: i % 3 ? 1 : -1 })
    }
    const pages: ScoredPage[] = []
    const { hotspots } = await mapped(make(), [ticks], { onPage: page => pages.push(page) })
    const expected = oracle(ticks, madeUpCalibration(), 1)
    expect(expected.peaks.length).toBeGreaterThan(1)
    comparePages(pages, expected, GRID.sizeBins)
    comparePeaks(hotspots, expected)
  })

  test('a lively market with gaps, crashes and late ticks equals the definition', async () => {
    const ticks = miniMarket(3000, 7)
    const pages: ScoredPage[] = []
    const { hotspots, account } = await mapped(make(), [ticks], { onPage: page => pages.push(page) })
    const expected = oracle(ticks, madeUpCalibration(), 1)
    expect(expected.late).toBeGreaterThan(5)
    expect(account.outside).toEqual({ late: expected.late })
    expect(expected.peaks.length).toBeGreaterThan(10)
    comparePages(pages, expected, GRID.sizeBins)
    comparePeaks(hotspots, expected)
  })

  test.each([
    { price: 0, size: 0, time: 0 },
    { price: 8, size: 0, time: 1 },
    { price: 1, size: 3, time: 8 },
  ])('kernel radii $price, $size, $time', async radii => {
    const grid = { ...GRID, sizeResolution: 1, sizeBins: 11 }
    const calibration = madeUpCalibration(grid, radii)
    const ticks = miniMarket(1200, 3)
    const pages: ScoredPage[] = []
    const { hotspots } = await mapped(make(), [ticks], { calibration, onPage: page => pages.push(page) })
    const expected = oracle(ticks, calibration, 1)
    expect(expected.peaks.length).toBeGreaterThan(0)
    comparePages(pages, expected, grid.sizeBins)
    comparePeaks(hotspots, expected)
  })

  test('large prices and sizes: both words of every moment, wide bins, the open top size bin', async () => {
    const same = { mean: Array(30).fill(0), coefficient: Array(30).fill(1024) }
    const flat = { activity: same, volatility: same, flow: same }
    const grid = { priceWidth: 50_000_000, timeWidth: 1000, sizeResolution: 0, sizeBins: 30 }
    const calibration = {
      ...madeUpCalibration(grid, { price: 1, size: 1, time: 0 }),
      relativeVariance: 1e-12,
      score: flat,
    }
    const ticks = Array.from({ length: 60 }, (_, i) => ({
      time: 5_000_000 + i,
      price: 4_000_000_000 + (i % 2) * 200_000 + i * 1000,
      size: 4_294_967_295 - i * 1_000_000,
      side: i % 4 ? -1 : 1,
    }))
    const pages: ScoredPage[] = []
    const { hotspots } = await mapped(make(), [ticks], { calibration, onPage: page => pages.push(page) })
    const expected = oracle(ticks, calibration, 1)
    expect([...expected.smoothed.values()].some(moments => moments[3] > 2n ** 40n)).toBe(true)
    comparePages(pages, expected, grid.sizeBins)
    comparePeaks(hotspots, expected)
    expect(hotspots.map(hotspot => hotspot.size.to)).toContain(null)
  })

  test('prices at the bottom of the axis: nothing below price 0', async () => {
    const ticks = Array.from({ length: 80 }, (_, i) => ({
      time: 5_000_000 + i,
      price: 1 + (i % 9),
      size: 3,
      side: 1,
    }))
    const pages: ScoredPage[] = []
    await mapped(make(), [ticks], { onPage: page => pages.push(page) })
    comparePages(pages, oracle(ticks, madeUpCalibration(), 1), GRID.sizeBins)
    expect(pages.every(({ page }) => page >= 0)).toBe(true)
  })

  test('no tick gives no hotspot and an empty account', async () => {
    const { hotspots, account, totals } = await mapped(make(), [[], []])
    expect(hotspots).toEqual([])
    expect(account.binned).toBe(0)
    expect(totals.trades).toBe(0n)
  })

  test('the digest names the settings: another tick size, another digest', async () => {
    const ticks = miniMarket(200, 1)
    const backend = make()
    const plain = await mapped(backend, [ticks])
    const calibration = { ...madeUpCalibration(), instrument: { ...INSTRUMENT, tickSize: '0.02' } }
    const other = await mapped(backend, [ticks], { calibration })
    expect(other.digest.moments).not.toBe(plain.digest.moments)
    expect(other.digest.hotspots).not.toBe(plain.digest.hotspots)
  })
})

describe('independence', () => {
  test('the backends agree, however the ticks are cut', async () => {
    const backends = allBackends(holder).map(({ make }) => make())
    await fc.assert(
      fc.asyncProperty(
        anyTicks,
        fc.array(fc.nat(400), { maxLength: 6 }),
        fc.integer({ min: 0, max: 3 }),
        async (ticks, cuts, lateness) => {
          const whole = await mapped(backends[0], [ticks], { lateness })
          for (const backend of backends) {
            expect(await mapped(backend, split(ticks, cuts), { lateness })).toEqual(whole)
          }
        },
      ),
      { numRuns: runs(25) },
    )
  })

  test('the reference equals the definition on any ticks', async () => {
    const [{ make }] = allBackends(holder)
    const backend = make()
    let peaks = 0
    await fc.assert(
      fc.asyncProperty(anyTicks, fc.integer({ min: 0, max: 3 }), async (ticks, lateness) => {
        fc.pre(ticks.length > 0)
        const pages: ScoredPage[] = []
        const { hotspots, account } = await mapped(backend, [ticks], {
          lateness,
          onPage: page => pages.push(page),
        })
        const expected = oracle(ticks, madeUpCalibration(), lateness)
        expect(account.outside.late ?? 0).toBe(expected.late)
        expect(account.binned + expected.late).toBe(ticks.length)
        comparePages(pages, expected, GRID.sizeBins)
        comparePeaks(hotspots, expected)
        peaks += expected.peaks.length
      }),
      { numRuns: runs(60) },
    )
    expect(peaks).toBeGreaterThan(5) // the ticks are dense enough to mean something: of 40 seeds 14 to 84, half of them 47 and more
  })

  test.each(allBackends(holder))('$name: slabs handed over one by one or many at once', async ({ make }) => {
    const ticks = miniMarket(2500, 11)
    const results = []
    for (const pagesPerRetire of [1, 3, 1000]) {
      const backend = make()
      const fixed: Backend = {
        ...backend,
        async open(shape) {
          const steps = await backend.open(shape)
          Object.defineProperty(steps, 'pagesPerRetire', { get: () => pagesPerRetire, set: () => {} })
          return steps
        },
      }
      results.push(await mapped(fixed, [ticks]))
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
    expect(results[0].hotspots.length).toBeGreaterThan(10)
  })

  test('the backends learn the same calibration, and it is the one the definition gives', async () => {
    const ticks = miniMarket(1500, 5)
    const batches = split(ticks, [100, 101, 700])
    async function* history() {
      for (const batch of batches) yield columns(batch)
    }
    const learnt: Calibration[] = []
    for (const { make } of allBackends(holder)) {
      learnt.push(await calibrate(history, { backend: make(), instrument: INSTRUMENT, grid: GRID }))
    }
    for (const other of learnt.slice(1)) expect(other).toEqual(learnt[0])
    expect(learnt[0].reference.ticks).toBe(1500 - oracle(ticks, madeUpCalibration(), 1).late)
    const { raw, smoothed } = oracle(ticks, madeUpCalibration(), 1)
    const voxels = [...raw.keys()].map(
      voxel => smoothed.get(voxel) as NonNullable<ReturnType<typeof smoothed.get>>,
    )
    expect(learnt[0].reference.voxels).toBe(voxels.length)
    // Activity in octaves over all voxels that count, weighted as the size bins mix: its mean lies among theirs.
    const mean = voxels.reduce((sum, moments) => sum + Math.log2(Number(moments[1]) || 1), 0) / voxels.length
    const means = learnt[0].score.activity.mean.map(entry => entry / 65_536)
    expect(Math.min(...means)).toBeLessThan(mean)
    expect(Math.max(...means)).toBeGreaterThan(mean)
  })
})
