import { describe, expect, test } from 'vitest'
import releaseShader from '../../shaders/release.wgsl?layer=trades'
import smoothShader from '../../shaders/smooth.wgsl?layer=trades'
import binShader from '../../shaders/trades/bin.wgsl?layer=trades'
import { PAGE_JOB, PageJobs, RELEASE_JOB, ReleaseJobs } from '../../src/engine/packing.ts'
import { voxelInPage } from '../../src/engine/pages.ts'
import type { PageWork, RawPage } from '../../src/engine/work.ts'
import { PAGE_PRICES } from '../../src/grid/axes.ts'
import { tradesLayer } from '../../src/layers/trades/layer.ts'
import { MOMENT_COUNT } from '../../src/layers/trades/moments.ts'
import { momentWords, readMoments } from '../../src/webgpu/pages.ts'
import { packStruct } from '../../src/webgpu/shader.ts'
import layoutWords from '../shaders/layout_words.wgsl?layer=trades'
import { testDevice } from '../support/backends.ts'
import { runShader } from '../support/run-shader.ts'

const holder = testDevice()

/** Integers unlike all others: `tag` names the field, the rest counts. */
function distinct(tag: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => 0xe000_0000 + (tag << 16) + i)
}

const SIZE_BINS = 3
const MOMENT_WORDS = momentWords(tradesLayer)
const shape = {
  classBins: SIZE_BINS, // the only field that the shader also works with: it places the moments
  priceWidth: 0xf000_0002,
  priceRadius: 0xf000_0003,
  classRadius: 0xf000_0004,
  timeRadius: 0xf000_0005,
  centre: 0xf000_0006,
  shrinkage: 0xf000_0007,
  priceWeights: distinct(1, 20),
  classWeights: distinct(2, 17), // a row of radius 8: the rest stays 0
  timeWeights: distinct(3, 20),
  settings: distinct(4, 4),
}

function pageWork(tag: number): PageWork {
  return {
    slab: tag * 2 ** 40 + 0x8765_4321,
    page: 0x0300_0000 + tag,
    own: 0x0200_0000 + tag,
    smoothed: 0x0400_0000 + tag,
    scores: 0x0500_0000 + tag,
    around: Int32Array.from({ length: 9 }, (_, i) => (i === 4 ? -1 : 1000 * tag + i)),
    raw: Int32Array.from({ length: 51 }, (_, i) => (i % 7 === 3 ? -1 : 2000 * tag + i)),
  }
}
const pages = [pageWork(1), pageWork(2), pageWork(3)]
const releases: RawPage[] = [
  { slab: 5 * 2 ** 32 + 6, page: 7, slot: 8 },
  { slab: 0xffff_fff0, page: 0x03ff_ffff, slot: 10 },
]

const PLACES = [
  { slot: 0, price: 0, size: 0, job: 0 },
  { slot: 0, price: 63, size: 2, job: 1 },
  { slot: 1, price: 0, size: 1, job: 1 },
  { slot: 1, price: 17, size: 2, job: 0 },
]
const PAGE_WORDS = PAGE_PRICES * SIZE_BINS * MOMENT_WORDS
/** Two pages of moments: distinct words, and every other moment of a voxel negative. */
const smoothed = Uint32Array.from({ length: 2 * PAGE_WORDS }, (_, i) =>
  i % 2 === 0 ? 0x9000_0000 + i : i % 10 === 3 || i % 10 === 7 ? 0xffff_ffff - i : i,
)
/** Three words a price of two pages. */
const priors = Uint32Array.from({ length: 2 * PAGE_PRICES * 3 }, (_, i) => 0x8000_0000 + i)

/** Words that the test's shader puts out. */
const SHAPE_WORDS = 7 + 60 + 4
const JOB_WORDS = 6 + 9 + 51
const PLACE_WORDS = 13

async function deviceWords() {
  const words = await runShader(
    holder.device,
    layoutWords,
    {
      // The layouts are those of the shaders that the engine runs, not of the test's.
      shape: packStruct(binShader.structs.Shape, shape),
      jobs: new PageJobs(pages).words,
      releases: new ReleaseJobs(releases).words,
      smoothed,
      priors,
      places: Uint32Array.from(PLACES.flatMap(({ slot, price, size, job }) => [slot, price, size, job])),
    },
    {
      name: 'words',
      words: SHAPE_WORDS + JOB_WORDS * pages.length + 4 * releases.length + PLACE_WORDS * PLACES.length,
    },
    1,
  )
  let at = 0
  const take = (count: number) => {
    at += count
    return [...words.subarray(at - count, at)]
  }
  return {
    shape: take(SHAPE_WORDS),
    jobs: pages.map(() => take(JOB_WORDS)),
    releases: releases.map(() => take(4)),
    places: PLACES.map(() => take(PLACE_WORDS)),
  }
}

describe('the device reads', () => {
  // Once for all the tests below.
  let words: ReturnType<typeof deviceWords> | undefined
  const onDevice = () => {
    words ??= deviceWords()
    return words
  }
  const unsigned = (list: Iterable<number>) => [...list].map(entry => entry >>> 0)

  test('every field of a shape', async () => {
    const { priceWeights, classWeights, timeWeights, settings } = shape
    expect((await onDevice()).shape).toEqual([
      SIZE_BINS,
      ...[0xf000_0002, 0xf000_0003, 0xf000_0004, 0xf000_0005, 0xf000_0006, 0xf000_0007],
      ...priceWeights,
      ...[...classWeights, 0, 0, 0],
      ...timeWeights,
      ...settings,
    ])
  })

  test('every field of page jobs', async () => {
    expect((await onDevice()).jobs).toEqual(
      [1, 2, 3].map(tag => [
        ...[
          0x8765_4321,
          tag * 256,
          0x0300_0000 + tag,
          0x0200_0000 + tag,
          0x0400_0000 + tag,
          0x0500_0000 + tag,
        ],
        ...unsigned(pages[tag - 1].around),
        ...unsigned(pages[tag - 1].raw),
      ]),
    )
  })

  test('every field of release jobs', async () => {
    expect((await onDevice()).releases).toEqual([
      [6, 5, 7, 8],
      [0xffff_fff0, 0, 0x03ff_ffff, 10],
    ])
  })

  test('the moments and the prior of a voxel where the host finds them', async () => {
    const { places } = await onDevice()
    for (const [i, { slot, price, size, job }] of PLACES.entries()) {
      const host = readMoments(smoothed.subarray(slot * PAGE_WORDS, (slot + 1) * PAGE_WORDS))
      const at = voxelInPage(price, size) * MOMENT_COUNT
      const moments = [...host.subarray(at, at + MOMENT_COUNT)]
      expect([...readMoments(Uint32Array.from(places[i].slice(0, MOMENT_WORDS)))]).toEqual(moments)
      expect(moments.map(Math.sign)).toEqual([1, -1, 1, -1, 1])
      const first = (job * PAGE_PRICES + price) * 3
      expect(places[i].slice(MOMENT_WORDS)).toEqual([...priors.subarray(first, first + 3)])
    }
  })
})

describe('a struct is refused', () => {
  const layout = binShader.structs.Shape
  const { centre: _, ...withoutCentre } = shape

  test.each([
    [{ ...withoutCentre }, 'struct Shape: missing [centre], unknown []'],
    [{ ...shape, center: 1 }, 'struct Shape: missing [], unknown [center]'],
    [{ ...withoutCentre, center: 1 }, 'struct Shape: missing [centre], unknown [center]'],
    [{ ...shape, classWeights: distinct(2, 21) }, 'struct Shape.classWeights: 21 numbers are too many'],
    [{ ...shape, centre: [1, 2] }, 'struct Shape.centre: 2 numbers are too many'],
  ])('(%#)', (values, message) => {
    expect(() => packStruct(layout, values)).toThrow(message)
  })

  test('and taken whole when it is complete', () => {
    expect(packStruct(layout, shape)).toHaveLength(layout.size / 4)
  })
})

describe('packed jobs', () => {
  test('lie as the structs of the shaders, field by field', () => {
    for (const [layout, packed] of [
      [smoothShader.structs.PageJob, PAGE_JOB],
      [releaseShader.structs.ReleaseJob, RELEASE_JOB],
    ] as const) {
      const fields = Object.entries(layout.fields).sort(([, a], [, b]) => a.offset - b.offset)
      expect(Object.fromEntries(fields.map(([name, { size }]) => [name, size / 4]))).toEqual(packed)
      expect(fields.map(([name]) => name)).toEqual(Object.keys(packed))
      expect(layout.size).toBe(4 * Object.values(packed).reduce((sum, words) => sum + words, 0))
    }
  })

  test('give back what was packed, one by one and in slices', () => {
    const jobs = new PageJobs(new PageJobs(pages).words)
    expect([...jobs]).toEqual(pages)
    expect([...new PageJobs(jobs.slice(1, 1).words)]).toEqual([pages[1]])
    expect(jobs.slice(2, 5).count).toBe(1)
    expect([...new ReleaseJobs(new ReleaseJobs(releases).words)]).toEqual(releases)
    expect([jobs.smoothedSlots, jobs.scoreSlots]).toEqual([0x0400_0004, 0x0500_0004])
    expect([new PageJobs([]).count, new PageJobs([]).smoothedSlots]).toEqual([0, 0])
  })
})
