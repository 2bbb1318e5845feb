import { describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { anyMoments, momentLoops } from '../../src/cpu/moment-loops.ts'
import { PageJobs, type RetireWork } from '../../src/engine/packing.ts'
import type { Backend, MapShape, MapSteps } from '../../src/engine/steps.ts'
import { NO_SCORE, type Peak, type ScoredPage } from '../../src/engine/work.ts'
import { createKernel } from '../../src/grid/kernel.ts'
import { MapFeed } from '../../src/map/feed.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { allBackends, testDevice } from '../support/backends.ts'
import { refusal } from '../support/refusal.ts'
import { type Pulse, PulsePacker, pulseLayer } from './pulse/layer.ts'
import { EDGES, KAPPA } from './pulse/moments.ts'
import { pulseOracle } from './pulse/oracle.ts'
import { pulseShaders } from './pulse/shaders.ts'

const CLASSES = EDGES.length + 1
const RADII = { price: 3, class: 1, time: 1 }
const AXES = { priceWidth: 4, timeWidth: 1000, classBins: CLASSES }
/** Mean and coefficient of the term, a class at a time: any will do. */
const CONSTANTS = Int32Array.from([-800_000, 700, -700_000, 512, -650_000, 900, -600_000, 333])
const SHAPE: MapShape = {
  layer: pulseLayer,
  axes: AXES,
  kernel: createKernel(RADII),
  settings: [],
  learnt: [],
  constants: CONSTANTS,
  details: true,
}

/** Pulses around two edges between pages, in time order, of either sign and all classes. */
const PULSES: readonly Pulse[] = Array.from({ length: 900 }, (_, i) => ({
  time: 50_000 + i * 9,
  price: 4 * 64 * (i % 3 === 0 ? 20 : 21) + ((i * 37) % 50) - 25,
  charge: (i % 2 === 0 ? 1 : -1) * ((i * i * 7919) % [9, 90, 900, 2_000_000_000][i % 4]),
}))

const EXPECTED = pulseOracle(PULSES, { ...AXES, radii: RADII, constants: CONSTANTS })

const holder = testDevice()
const backends: readonly { readonly name: string; readonly make: () => Backend }[] = [
  { name: 'cpu', make: cpuBackend },
  { name: 'webgpu', make: () => webgpuBackend(holder.device, { shaders: { pulse: pulseShaders } }) },
]

/** Feeds all pulses; `onWork` takes the work that comes due. */
async function fed(steps: MapSteps, onWork: (work: RetireWork) => Promise<void>) {
  const options = { lateness: 0, keepSlabs: 100, leastEvents: KAPPA, onWork }
  const feed = new MapFeed(steps, SHAPE, new PulsePacker(), options)
  for (let from = 0; from < PULSES.length; from += 250) await feed.ingest(PULSES.slice(from, from + 250))
  await feed.end()
  return feed
}

const nameOf = (slab: number, page: number, voxel: number) =>
  `${[slab, page * 64 + (voxel % 64), Math.floor(voxel / 64)]}`

describe.each(backends)('a layer of two moments and one term on $name', ({ make }) => {
  test('is binned, smoothed, scored and searched as its definition says', async () => {
    const steps = await make().open(SHAPE)
    const peaks: Peak[] = []
    const pages: ScoredPage[] = []
    await fed(steps, async work => {
      const retired = await steps.retire(work, true)
      peaks.push(...retired.peaks)
      pages.push(...retired.pages!)
    })
    let scored = 0
    for (const { slab, page, smoothed, scores } of pages) {
      for (let voxel = 0; voxel < 64 * CLASSES; voxel++) {
        const name = nameOf(slab, page, voxel)
        expect([...smoothed.subarray(2 * voxel, 2 * voxel + 2)].map(BigInt), name).toEqual(
          EXPECTED.smoothed.get(name) ?? [0n, 0n],
        )
        expect(scores[voxel], name).toBe(EXPECTED.scores.get(name) ?? NO_SCORE)
        if (scores[voxel] !== NO_SCORE) scored++
      }
    }
    expect(scored).toBe(EXPECTED.scores.size)
    expect(scored).toBeGreaterThan(50)
    const found = peaks.map(({ slab, priceBin, classBin }) => `${[slab, priceBin, classBin]}`)
    expect(found.sort()).toEqual([...EXPECTED.peaks].sort())
    expect(found.length).toBeGreaterThan(3)
    for (const { slab, priceBin, classBin, moments } of peaks) {
      expect([...moments].map(BigInt)).toEqual(EXPECTED.smoothed.get(`${[slab, priceBin, classBin]}`))
    }
    steps.destroy()
  })

  test('keeps its own details', async () => {
    const steps = await make().open(SHAPE)
    const feed = await fed(steps, async work => {
      await steps.retire(work, false)
    })
    const kept = await steps.readKept(new PageJobs(feed.scored()))
    expect(kept.length).toBeGreaterThan(5)
    for (const { slab, page, scores, detail } of kept) {
      expect([detail!.parts.length, detail!.moments.length]).toEqual([1, 1])
      for (let voxel = 0; voxel < 64 * CLASSES; voxel++) {
        const name = nameOf(slab, page, voxel)
        expect(detail!.parts[0][voxel], name).toBe(scores[voxel] === NO_SCORE ? 0 : scores[voxel])
        expect(BigInt(detail!.moments[0][voxel]), name).toBe(EXPECTED.raw.get(name)?.[1] ?? 0n)
      }
    }
    steps.destroy()
  })

  test('is surveyed: N, Σ and Σ² of its term in every class', async () => {
    const steps = await make().open({ ...SHAPE, constants: null, details: false })
    const options = {
      lateness: 0,
      keepSlabs: 0,
      leastEvents: 1,
      onWork: (work: RetireWork) => steps.survey(work),
    }
    const feed = new MapFeed(steps, SHAPE, new PulsePacker(), options)
    await feed.ingest(PULSES)
    await feed.end()
    const expected = Array.from({ length: 3 * CLASSES }, () => 0n)
    for (const [name, term] of EXPECTED.terms) {
      const row = 3 * Number(name.split(',')[2])
      const q10 = BigInt(term >> 6)
      expected[row] += 1n
      expected[row + 1] += q10
      expected[row + 2] += q10 * q10
    }
    expect([...(await steps.termSums()).sums]).toEqual(expected)
    steps.destroy()
  })

  test('is bounded by its own totals', async () => {
    const steps = await make().open(SHAPE)
    const options = { lateness: 0, keepSlabs: 0, leastEvents: KAPPA, onWork: async () => {} }
    const feed = new MapFeed(steps, SHAPE, new PulsePacker(), options)
    const most = 2 ** 31 - 1
    const heavy = Array.from({ length: 60_000 }, (_, i) => ({ time: i % 1000, price: 100, charge: most }))
    await feed.ingest(heavy.slice(0, 50_000))
    expect(feed.held()).toHaveLength(1)
    await feed.ingest(heavy.map(pulse => ({ ...pulse, time: 999 })))
    expect(refusal(() => feed.held())).toMatchObject({ code: 'overflow' })
    steps.destroy()
  })
})

test('both backends give the same checksums', async () => {
  const sums: string[][] = []
  for (const { make } of backends) {
    const steps = await make().open(SHAPE)
    const words: string[] = []
    await fed(steps, async work => {
      const { checksums } = await steps.retire(work, false)
      words.push(...checksums.map(({ slab, page, words }) => `${[slab, page, ...words]}`))
    })
    sums.push(words.sort())
    steps.destroy()
  }
  expect(sums[0].length).toBeGreaterThan(5)
  expect(sums[1]).toEqual(sums[0])
})

test('a backend that lacks a layer says so', async () => {
  const lacking = [
    webgpuBackend(holder.device),
    ...allBackends(holder)
      .filter(({ name }) => name.includes('threads'))
      .map(({ make }) => make()),
  ]
  expect(lacking).toHaveLength(2)
  for (const backend of lacking) {
    const error = await backend.open(SHAPE).catch(error => error)
    expect(error).toMatchObject({ name: 'VoxriskError', code: 'bad-setting' })
    expect(error.message).toContain('pulse')
  }
})

test.each([
  [{ moments: [] }, '0 moments, not 1 to 8'],
  [{ moments: [...'ninemomen'] }, '9 moments, not 1 to 8'],
  [{ terms: [...'five5'] }, '5 terms, not 1 to 4'],
  [{ priorWords: 0 }, '0 words of prior per price, not 1 to 8'],
  [{ detailed: { first: 1, count: 2 } }, '2 detailed moments, not 0 to 1'],
])('a layer past the limits of the engine is refused: %o', async (part, message) => {
  for (const { make } of backends) {
    const error = await make()
      .open({ ...SHAPE, layer: { ...pulseLayer, ...part } })
      .catch(error => error)
    expect(error).toMatchObject({ code: 'bad-setting', message: `layer pulse: ${message}` })
  }
})

test('more classes than a page can number are refused', async () => {
  const axes = { ...AXES, classBins: 1025 }
  const error = await cpuBackend()
    .open({ ...SHAPE, axes })
    .catch(error => error)
  expect(error).toMatchObject({ message: 'layer pulse: 1025 classes, not 1 to 1024' })
})

test('the loops written out for five moments add what the loops for any number do', () => {
  const random = (i: number) => (i * 7919 + 13) % 1000
  const moments = Float64Array.from({ length: 50 }, (_, i) => random(i) - 500)
  const weights = Float64Array.of(1, 4, 6, 4, 1)
  const results = [momentLoops(5), anyMoments(5)].map(loops => {
    const strip = Float64Array.from({ length: 200 }, (_, i) => random(i))
    loops.spread(strip, 10, 40, 3, moments, 15, weights, 3, 7)
    const smoothed = new Float64Array(50)
    loops.gather(smoothed, 20, strip, 4, weights)
    return { strip: [...strip], smoothed: [...smoothed] }
  })
  expect(results[0]).toEqual(results[1])
  expect(results[0].smoothed.slice(20, 25).every(sum => sum !== 0)).toBe(true)
})
