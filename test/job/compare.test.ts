import { beforeAll, describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { checkReport } from '../../src/job/check-report.ts'
import { compareReports, type RankedHotspot } from '../../src/job/compare.ts'
import { type MapTradesOptions, mapTrades } from '../../src/job/map-trades.ts'
import type { MapReport } from '../../src/job/report.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'
import { refusal } from '../support/refusal.ts'

const mapped = (options: Partial<MapTradesOptions> = {}) =>
  mapTrades(sampleDay({ trades: 10_000 }).source, { backend: cpuBackend(), top: 12, ...options })

/** A copy that may be changed. */
// biome-ignore lint/suspicious/noExplicitAny: a report taken apart by hand
type Loose = Record<string, any>
const copy = (report: MapReport): Loose => JSON.parse(JSON.stringify(report))
const compared = (a: Loose, b: Loose) => compareReports(a as MapReport, b as MapReport)

let base: MapReport
beforeAll(async () => {
  base = await mapped()
  expect(base.hotspots).toHaveLength(12)
})

/** The base report with the given hotspots, each a copy of the one of that rank moved by bins, ranked anew. */
function withHotspots(hotspots: readonly { of: number; by?: [time: number, price: number, size: number] }[]) {
  const report = copy(base)
  report.hotspots = hotspots.map(({ of, by = [0, 0, 0] }, i): RankedHotspot => {
    const hotspot = base.hotspots[of - 1]
    const { time, price, size } = hotspot.voxel
    return {
      ...hotspot,
      rank: i + 1,
      voxel: { time: time + by[0], price: price + by[1], size: size + by[2] },
    }
  })
  return report
}

const ranks = (hotspots: readonly RankedHotspot[]) => hotspots.map(({ rank }) => rank)

describe('reports of equal maps', () => {
  test('are equal in everything, whatever ran them and however long it took', async () => {
    const again = copy(await mapped())
    again.backend = { name: 'webgpu', adapter: 'some GPU' }
    const comparison = compared(base, again)
    expect(comparison).toEqual({
      equal: true,
      digests: { moments: true, hotspots: true },
      settings: [],
      rows: [],
      counts: {
        a: { found: base.hotspotsFound, listed: 12 },
        b: { found: base.hotspotsFound, listed: 12 },
      },
      hotspots: { both: expect.any(Array), moved: [], onlyA: [], onlyB: [] },
    })
    const { both } = comparison.hotspots!
    expect(both).toEqual(
      base.hotspots.map(hotspot => ({
        a: hotspot,
        b: hotspot,
        scoreChange: 0,
        rankChange: 0,
        shift: { time: 0, price: 0, size: 0 },
      })),
    )
  })

  test('with lists of different lengths have the rest on one side', async () => {
    const { equal, counts, hotspots } = compared(base, await mapped({ top: 5 }))
    expect(equal).toBe(true)
    expect(counts.b).toEqual({ found: base.hotspotsFound, listed: 5 })
    expect(ranks(hotspots!.onlyA)).toEqual([6, 7, 8, 9, 10, 11, 12])
  })
})

describe('what differs', () => {
  test('one digest is enough', () => {
    for (const name of ['moments', 'hotspots'] as const) {
      const other = copy(base)
      other.digest[name] = '0'.repeat(64)
      const { equal, digests } = compared(base, other)
      expect(equal).toBe(false)
      expect(digests).toEqual({ moments: true, hotspots: true, [name]: false })
    }
  })

  test('settings, each by its place', () => {
    const other = copy(base)
    other.voxrisk.version = '9.9.9'
    other.instrument.symbol = 'OTHER'
    other.kernel.radii.time = 1
    other.lateness = 3
    other.calibration.relativeVariance *= 2
    other.calibration.score.flow.mean[0] += 1
    other.calibration.reference.ticks += 1
    const { flow } = base.calibration.score
    expect(compared(base, other).settings).toEqual([
      { name: 'voxrisk.version', a: base.voxrisk.version, b: '9.9.9' },
      { name: 'instrument.symbol', a: 'SAMPLE-PERP', b: 'OTHER' },
      { name: 'kernel.radii.time', a: 2, b: 1 },
      { name: 'lateness', a: 1, b: 3 },
      {
        name: 'calibration.relativeVariance',
        a: base.calibration.relativeVariance,
        b: other.calibration.relativeVariance,
      },
      { name: 'calibration.score.flow.mean', a: flow.mean, b: flow.mean.with(0, flow.mean[0] + 1) },
      {
        name: 'calibration.reference.ticks',
        a: base.calibration.reference.ticks,
        b: base.calibration.reference.ticks + 1,
      },
    ])
  })

  test('the account, a reason that is missing counting 0', () => {
    const other = copy(base)
    other.rows.outside.late = 7
    other.rows.read += 7
    expect(compared(base, other).rows).toEqual([
      { name: 'rows.read', a: base.rows.read, b: base.rows.read + 7 },
      { name: 'rows.outside.late', a: 0, b: 7 },
    ])
    expect(compared(other, base).rows).toContainEqual({ name: 'rows.outside.late', a: 7, b: 0 })
  })

  test.each(['instrument.tickSize', 'instrument.lotSize', 'grid.priceWidth', 'grid.timeWidth'])(
    'another %s leaves no voxel to pair',
    name => {
      const other = copy(base)
      const [part, field] = name.split('.')
      other[part][field] = part === 'grid' ? other[part][field] * 2 : '0.25'
      const { settings, hotspots } = compared(base, other)
      expect(settings.map(({ name }) => name)).toEqual([name])
      expect(hotspots).toBeNull()
    },
  )

  test('more size bins do not', () => {
    const other = copy(base)
    other.grid.sizeBins += 1
    other.calibration.grid.sizeBins += 1
    for (const { mean, coefficient } of Object.values<Loose>(other.calibration.score)) {
      mean.push(0)
      coefficient.push(0)
    }
    expect(compared(base, other).hotspots?.both).toHaveLength(12)
  })
})

describe('hotspots', () => {
  test('are paired by voxel, then by the nearest within the kernel, each once', () => {
    // Far apart from each other, so that none of the pairs below competes with another.
    const a = withHotspots([{ of: 1 }, { of: 1, by: [100, 0, 0] }, { of: 1, by: [200, 0, 0] }])
    const b = withHotspots([
      { of: 1, by: [202, -4, 1] }, // as far as the kernel reaches
      { of: 1 },
      { of: 1, by: [103, 0, 0] }, // a bin too late
    ])
    const { both, moved, onlyA, onlyB } = compared(a, b).hotspots!
    expect(both.map(({ a, b, rankChange }) => [a.rank, b.rank, rankChange])).toEqual([[1, 2, 1]])
    expect(moved.map(({ a, b, shift }) => [a.rank, b.rank, shift])).toEqual([
      [3, 1, { time: 2, price: -4, size: 1 }],
    ])
    expect(ranks(onlyA)).toEqual([2])
    expect(ranks(onlyB)).toEqual([3])
  })

  test.each([
    ['time', [3, 0, 0]],
    ['price', [0, 5, 0]],
    ['size', [0, 0, 2]],
  ] as const)('one bin beyond the reach in %s is another hotspot', (axis, by) => {
    const shifted = withHotspots([{ of: 1, by: [...by] }])
    const first = withHotspots([{ of: 1 }])
    expect(compared(first, shifted).hotspots).toMatchObject({ moved: [], onlyA: [{}], onlyB: [{}] })
    const wider = copy(shifted as MapReport)
    wider.kernel.radii[axis] += 1 // the farther of the two reaches counts
    expect(compared(first, wider).hotspots?.moved).toHaveLength(1)
  })

  test('a neighbour that is nearer wins, and the loser takes the next', () => {
    const a = withHotspots([{ of: 1, by: [0, 3, 0] }, { of: 1 }])
    const b = withHotspots([
      { of: 1, by: [0, 1, 0] },
      { of: 1, by: [0, 4, 0] },
    ])
    const pairs = compared(a, b).hotspots!.moved.map(({ a, b }) => [a.rank, b.rank])
    expect(pairs).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  test('turned round, every change changes its sign', async () => {
    const other = await mapped({ radii: { price: 3, size: 1, time: 2 } })
    const there = compared(base, other).hotspots!
    const back = compared(other, base).hotspots!
    expect(there.both.length).toBeGreaterThan(0)
    expect(there.both.some(({ scoreChange }) => scoreChange !== 0)).toBe(true)
    const turned = (pairs: typeof there.both) =>
      pairs.map(({ a, b, scoreChange, rankChange }) => [b.rank, a.rank, -scoreChange, -rankChange].join())
    const straight = (pairs: typeof there.both) =>
      pairs.map(({ a, b, scoreChange, rankChange }) => [a.rank, b.rank, scoreChange, rankChange].join())
    expect(turned(back.both).sort()).toEqual(straight(there.both).sort())
    expect([ranks(back.onlyA), ranks(back.onlyB)]).toEqual([ranks(there.onlyB), ranks(there.onlyA)])
  })
})

describe('not a report:', () => {
  test.each<[string, (report: Loose) => unknown, RegExp]>([
    ['nothing', () => null, /^not a report: it is not a JSON object$/],
    ['a list', () => [], /not a JSON object/],
    ['a calibration', report => report.calibration, /it is a "voxrisk calibration 2" file$/],
    ['a line of a stream', report => ({ type: 'hotspot', ...report.hotspots[0] }), /one line of a stream/],
    ['another JSON', () => ({ name: 'x' }), /field voxrisk is missing$/],
    ['without its grid', ({ grid, ...rest }) => rest, /field grid is missing$/],
    ['without a rank', report => ({ ...report, hotspots: [{}] }), /field hotspots\[0\]\.score is missing$/],
    [
      'without a digest',
      report => ({ ...report, digest: { moments: 'x' } }),
      /field digest\.hotspots is missing$/,
    ],
    ['without an account', ({ rows, ...rest }) => rest, /field rows is missing$/],
    ['without a calibration', ({ calibration, ...rest }) => rest, /field calibration is missing$/],
  ])('%s', (_, change, message) => {
    const { message: found } = refusal(() => checkReport(change(copy(base))))
    expect(found).toMatch(message)
  })

  test('a report is accepted', () => {
    expect(checkReport(base)).toBe(base)
  })
})
