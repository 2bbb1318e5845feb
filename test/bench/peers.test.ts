import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type PeerOptions, runPeers } from '../../bench/peers/run-peers.ts'
import { PEAK_NUMBERS, type PeerTask, peerTask, VOXEL_NUMBERS } from '../../bench/peers/task.ts'
import type { KernelRadii } from '../../src/layers/trades/grid.ts'
import { needs } from '../support/needs.ts'
import { oracle } from '../support/oracle.ts'
import { columns, GRID, madeUpCalibration, miniMarket, type Tick } from '../support/ticks.ts'

/** The seconds are not what ends it: one repeat does. They are the patience with a peer that hangs. */
const ONCE: PeerOptions = { repeats: 1, warmUps: 0, secondsAtMost: 60 }
const ABOUT = { distribution: 'realistic', sweeps: ['ticks'] } as const
const NOWHERE = join('/', 'no', 'such', 'place')

const python = ['python3', '/usr/bin/python3'].find(
  command => spawnSync(command, ['-c', 'import numpy, scipy.ndimage']).status === 0,
)

function hasDuckDb(): boolean {
  const folder = process.env.VOXRISK_DUCKDB ?? process.cwd()
  try {
    return createRequire(join(folder, 'package.json')).resolve('@duckdb/node-api') !== ''
  } catch {
    return false
  }
}

/** Ticks at the given steps, so that each case states only what varies. */
function ticksOf(count: number, tick: (i: number) => Partial<Tick>): Tick[] {
  return Array.from({ length: count }, (_, i) => ({
    time: 5_000_000 + i,
    price: 40_000,
    size: 1,
    side: 0,
    ...tick(i),
  }))
}

interface TaskCase {
  readonly ticks: readonly Tick[]
  readonly grid?: Partial<typeof GRID>
  readonly radii?: KernelRadii
}

const CASES: Readonly<Record<string, TaskCase>> = {
  'a market with late ticks and crashes': { ticks: miniMarket(1500, 1) },
  'no smoothing': { ticks: miniMarket(3000, 2), radii: { price: 0, size: 0, time: 0 } },
  'wide kernels': { ticks: miniMarket(1000, 3), radii: { price: 8, size: 3, time: 3 } },
  'four size bins an octave': {
    ticks: miniMarket(1500, 4),
    grid: { sizeResolution: 2, sizeBins: 24, timeWidth: 5000 },
  },
  'prices at the lower end, wide bins': {
    ticks: ticksOf(2000, i => ({ price: 1 + ((i * i) % 23), size: i % 5, side: (i % 3) - 1 })),
  },
  'prices at the upper end': {
    ticks: ticksOf(500, i => ({ price: 2 ** 32 - 1 - ((i * i) % 23), size: 1 + (i % 3) })),
  },
  'all in one voxel': { ticks: ticksOf(500, i => ({ price: 40_000 + (i % 2), time: 5_000_000 })) },
  'evenly spread, every neighbour alike': {
    ticks: ticksOf(4096, i => ({ price: 40_000 + 4 * (i % 8), size: 2 ** ((i >> 3) & 7), side: 1 })),
    radii: { price: 0, size: 0, time: 0 },
  },
  'dust, and sizes beyond the last bin': {
    ticks: ticksOf(800, i => ({ size: [0, 1, 127, 128, 2 ** 20][i % 5], price: 40_000 + (i % 7) })),
  },
  'too few for a score': { ticks: ticksOf(5, () => ({})) },
  'far apart in time': {
    ticks: ticksOf(600, i => ({ time: 5_000_000 + 10_000_000 * (i >> 6), price: 40_000 + (i % 9) })),
  },
}

function taskOf({ ticks, grid, radii }: TaskCase): Promise<PeerTask> {
  return peerTask([columns(ticks)], madeUpCalibration({ ...GRID, ...grid }, radii), ABOUT)
}

function rows(table: Float64Array, width: number): number[][] {
  return Array.from({ length: table.length / width }, (_, i) => [
    ...table.subarray(i * width, (i + 1) * width),
  ])
}

const unequal = ({ checks }: Awaited<ReturnType<typeof runPeers>>) => checks.filter(({ equal }) => !equal)

describe('the expectation of peers', () => {
  test('the task holds the moments and peaks of the definition', async () => {
    const ticks = miniMarket(2000, 5)
    const calibration = madeUpCalibration()
    const task = await peerTask([columns(ticks.slice(0, 777)), columns(ticks.slice(777))], calibration, ABOUT)
    const truth = oracle(ticks, calibration, 1)
    expect(truth.late).toBeGreaterThan(0)
    expect(truth.peaks.length).toBeGreaterThan(0)
    const voxel = ([time, size, price]: readonly number[]) => `${time},${price},${size}`
    expect(
      new Map(rows(task.moments, VOXEL_NUMBERS).map(row => [voxel(row), row.slice(3).map(BigInt)])),
    ).toEqual(truth.raw)
    expect(
      new Map(rows(task.peaks, PEAK_NUMBERS).map(row => [voxel(row), [row[3], ...row.slice(4).map(BigInt)]])),
    ).toEqual(new Map(truth.peaks.map(peak => [peak.voxel, [peak.score, ...peak.moments]])))
    expect(task.case).toMatchObject({ ticks: ticks.length - truth.late, touchedVoxels: truth.raw.size })
    expect(task.ticks.time.length).toBe(ticks.length - truth.late)
  })

  test('a peer that is not installed is reported with its requirements', async () => {
    vi.stubEnv('VOXRISK_DUCKDB', NOWHERE)
    try {
      const task = await taskOf({ ticks: miniMarket(50, 1) })
      const { contestants, measurements, checks, leftOut } = await runPeers(task, {
        ...ONCE,
        python: join(NOWHERE, 'python'),
      })
      expect([contestants, measurements, checks]).toEqual([[], [], []])
      expect(leftOut.map(({ what }) => what)).toEqual(['numpy', 'cupy', 'duckdb', 'duckdb-1'])
      expect(leftOut[0].why).toMatch(/pip install numpy scipy.*no such program/)
      expect(leftOut[1].why).toContain('pip install cupy-cuda12x')
      expect(leftOut[2].why).toMatch(/npm install --no-save @duckdb\/node-api.*Cannot find module/)
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('a peer that fails is reported with its message', async () => {
    const task = await taskOf({ ticks: miniMarket(50, 1) })
    const node = await runPeers(task, { ...ONCE, only: ['numpy'], python: process.execPath })
    expect(node.leftOut).toEqual([{ what: 'numpy', why: expect.stringContaining('numpy_scipy.py: ') }])
    expect(node.contestants).toEqual([])
  })
})

describe('numpy and scipy', needs(python !== undefined, 'numpy and scipy are not installed'), () => {
  const numpy: PeerOptions = { ...ONCE, only: ['numpy'], ...(python ? { python } : {}) }

  test.each(Object.entries(CASES))('%s: moments and peaks are equal', async (name, given) => {
    const task = await taskOf(given)
    expect(task.peaks.length > 0).toBe(name !== 'too few for a score')
    const results = await runPeers(task, numpy)
    expect(results.leftOut).toEqual([])
    expect(results.checks.map(({ when, compared, equal }) => [when, compared, equal])).toEqual([
      ['before', 'moments', true],
      ['before', 'peaks', true],
      ['after', 'moments', true],
      ['after', 'peaks', true],
    ])
    expect(results.measurements.map(({ stage, contestant }) => [stage, contestant])).toEqual([
      ['bin', 'numpy'],
      ['smooth', 'numpy'],
      ['score-peaks', 'numpy'],
      ['job', 'numpy'],
    ])
    for (const { timing, repeats } of results.measurements) {
      expect(timing!.median).toBeGreaterThan(0)
      expect(repeats).toBe(1)
    }
  })

  test.each(['moments', 'peaks'] as const)(
    'other %s than expected fail, and show no times',
    async compared => {
      const task = await taskOf({ ticks: miniMarket(1000, 6) })
      const altered = task[compared].slice()
      altered[3]++ // trades of the first voxel, or score of the first peak
      const results = await runPeers({ ...task, [compared]: altered }, numpy)
      expect(unequal(results).map(({ when, compared }) => [when, compared])).toEqual([
        ['before', compared],
        ['after', compared],
      ])
      expect(results.measurements).toEqual([])
      expect(results.contestants.map(({ id }) => id)).toEqual(['numpy'])
      expect(results.leftOut[0].why).toContain(`is ${altered[3] - 1}, not ${altered[3]}`)
    },
  )

  test('a box larger than any memory is reported', async () => {
    const ticks = ticksOf(9, i => ({ price: i % 2 ? 2 ** 32 - 1 : 1 }))
    const results = await runPeers(await taskOf({ ticks }), numpy)
    expect(results.contestants).toEqual([])
    expect(results.leftOut).toEqual([{ what: 'numpy', why: expect.stringContaining('too large') }])
  })

  test('a missing voxel fails', async () => {
    const task = await taskOf({ ticks: miniMarket(1000, 7) })
    const results = await runPeers({ ...task, moments: task.moments.slice(0, -VOXEL_NUMBERS) }, numpy)
    expect(unequal(results)).toHaveLength(2)
    expect(results.leftOut[0].why).toContain('rows of moments, not')
  })
})

describe('DuckDB', needs(hasDuckDb(), 'DuckDB is not installed'), () => {
  const duckDb: PeerOptions = { ...ONCE, only: ['duckdb-1'] }

  test.each(Object.entries(CASES))('%s: moments are equal', async (_, given) => {
    const results = await runPeers(await taskOf(given), duckDb)
    expect(results.leftOut).toEqual([])
    expect(results.checks).toHaveLength(2)
    expect(unequal(results)).toEqual([])
    expect(results.measurements.map(({ stage, contestant }) => [stage, contestant])).toEqual([
      ['bin', 'duckdb-1'],
    ])
  })

  test('other moments than expected fail, and show no times', async () => {
    const task = await taskOf({ ticks: miniMarket(1000, 6) })
    const moments = task.moments.slice()
    moments[moments.length - 1]++
    const results = await runPeers({ ...task, moments }, { ...ONCE, only: ['duckdb', 'duckdb-1'] })
    expect(results.contestants.map(({ id }) => id)).toEqual(['duckdb', 'duckdb-1'])
    expect(unequal(results)).toHaveLength(4)
    expect(results.measurements).toEqual([])
  })
})
