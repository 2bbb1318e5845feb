import type { Difference, HotspotComparison, HotspotPair, ReportComparison } from '../formats/comparison.ts'
import type { MapReport, RankedHotspot } from '../formats/report.ts'
import { checkReport } from './check-report.ts'

export type { Difference, HotspotComparison, HotspotPair, RankedHotspot, ReportComparison }

/**
 * Settings that decide how voxels are numbered. Adding size bins changes nothing: the lower ones keep theirs.
 */
const VOXEL_SETTINGS = [
  'instrument.tickSize',
  'instrument.lotSize',
  'grid.priceWidth',
  'grid.timeWidth',
  'grid.sizeResolution',
]

/**
 * Compares two reports of maps: settings, row counts, digests, and the hotspots they list.
 * @throws {VoxriskError} `bad-data` or `bad-setting` when one of them is not a valid report
 */
export function compareReports(reportA: MapReport, reportB: MapReport): ReportComparison {
  const [a, b] = [reportA, reportB].map(checkReport)
  const settings = differences(settingsOf(a), settingsOf(b))
  const digests = {
    moments: a.digest.moments === b.digest.moments,
    hotspots: a.digest.hotspots === b.digest.hotspots,
  }
  const counts = ({ hotspotsFound, hotspots }: MapReport) => ({
    found: hotspotsFound,
    listed: hotspots.length,
  })
  const sameVoxels = !settings.some(({ name }) => VOXEL_SETTINGS.includes(name))
  return {
    equal: digests.moments && digests.hotspots,
    digests,
    settings,
    rows: differences(rowsOf(a), rowsOf(b), 0),
    counts: { a: counts(a), b: counts(b) },
    hotspots: sameVoxels ? compareHotspots(a, b) : null,
  }
}

type Values = Map<string, Difference['a']>

function settingsOf({ voxrisk, instrument, grid, kernel, lateness, calibration }: MapReport): Values {
  const { relativeVariance, score, reference } = calibration
  return leaves({
    voxrisk,
    instrument,
    grid,
    kernel: { radii: kernel.radii },
    lateness,
    calibration: { relativeVariance, score, reference },
  })
}

function rowsOf({ rows: { read, binned, outside, rejected } }: MapReport): Values {
  return leaves({ rows: { read, binned, outside, rejected } })
}

/** The values of nested objects, by path: `a.b.c`. */
function leaves(value: object, path = ''): Values {
  const found: Values = new Map()
  for (const [key, inner] of Object.entries(value)) {
    const name = path === '' ? key : `${path}.${key}`
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) found.set(name, inner)
    else for (const [deeper, leaf] of leaves(inner, name)) found.set(deeper, leaf)
  }
  return found
}

/** @param absent stands in for a value that one side lacks */
function differences(a: Values, b: Values, absent: string | number = ''): Difference[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map(name => ({ name, a: a.get(name) ?? absent, b: b.get(name) ?? absent }))
    .filter(({ a, b }) => JSON.stringify(a) !== JSON.stringify(b))
}

function compareHotspots(a: MapReport, b: MapReport): HotspotComparison {
  const inB = new Map(b.hotspots.map(hotspot => [voxelName(hotspot), hotspot]))
  const both: HotspotPair[] = []
  const restA: RankedHotspot[] = []
  for (const hotspot of a.hotspots) {
    const same = inB.get(voxelName(hotspot))
    if (same) both.push(pair(hotspot, same))
    else restA.push(hotspot)
  }
  const inA = new Set(a.hotspots.map(voxelName))
  const restB = b.hotspots.filter(hotspot => !inA.has(voxelName(hotspot)))
  const moved = nearestPairs(restA, restB, reach(a, b))
  const taken = new Set(moved.flatMap(({ a, b }) => [a, b]))
  const left = (hotspot: RankedHotspot) => !taken.has(hotspot)
  return { both, moved, onlyA: restA.filter(left), onlyB: restB.filter(left) }
}

const AXES = ['time', 'price', 'size'] as const
type Bins = Readonly<Record<(typeof AXES)[number], number>>

/** The larger of the two kernels' radii on each axis. */
function reach(a: MapReport, b: MapReport): Bins {
  const [one, other] = [a.kernel.radii, b.kernel.radii]
  return {
    time: Math.max(one.time, other.time),
    price: Math.max(one.price, other.price),
    size: Math.max(one.size, other.size),
  }
}

/**
 * Pairs hotspots within reach of each other, nearest first; each hotspot is in at most one pair. The distance
 * is the sum over the axes of bins / radius. Ties go by rank.
 */
function nearestPairs(a: readonly RankedHotspot[], b: readonly RankedHotspot[], radii: Bins): HotspotPair[] {
  const byTime = new Map<number, RankedHotspot[]>()
  for (const hotspot of b) {
    const { time } = hotspot.voxel
    byTime.set(time, [...(byTime.get(time) ?? []), hotspot])
  }
  const near: { pair: HotspotPair; distance: number }[] = []
  for (const one of a) {
    for (let time = one.voxel.time - radii.time; time <= one.voxel.time + radii.time; time++) {
      for (const other of byTime.get(time) ?? []) {
        const candidate = pair(one, other)
        const { shift } = candidate
        if (!AXES.every(axis => Math.abs(shift[axis]) <= radii[axis])) continue
        const distance = AXES.reduce((sum, axis) => sum + Math.abs(shift[axis]) / Math.max(radii[axis], 1), 0)
        near.push({ pair: candidate, distance })
      }
    }
  }
  near.sort(
    (x, y) => x.distance - y.distance || x.pair.a.rank - y.pair.a.rank || x.pair.b.rank - y.pair.b.rank,
  )
  const taken = new Set<RankedHotspot>()
  const pairs: HotspotPair[] = []
  for (const { pair } of near) {
    if (taken.has(pair.a) || taken.has(pair.b)) continue
    taken.add(pair.a).add(pair.b)
    pairs.push(pair)
  }
  return pairs.sort((x, y) => x.a.rank - y.a.rank)
}

function pair(a: RankedHotspot, b: RankedHotspot): HotspotPair {
  return {
    a,
    b,
    scoreChange: b.score - a.score,
    rankChange: b.rank - a.rank,
    shift: {
      time: b.voxel.time - a.voxel.time,
      price: b.voxel.price - a.voxel.price,
      size: b.voxel.size - a.voxel.size,
    },
  }
}

function voxelName({ voxel: { time, price, size } }: RankedHotspot): string {
  return `${time}/${price}/${size}`
}
