import type { Peak } from '../engine/work.ts'
import type { Hotspot } from '../layers/trades/facts.ts'

/** Order of peaks within and across slabs: by absolute (time, class, price) index. */
export function byVoxel(a: Peak, b: Peak): number {
  return a.slab - b.slab || a.classBin - b.classBin || a.priceBin - b.priceBin
}

/** Whether two voxels of one grid are the same. */
export function sameVoxel(a: Hotspot['voxel'], b: Hotspot['voxel']): boolean {
  return a.time === b.time && a.price === b.price && a.size === b.size
}

/** Highest score first; equal scores in (time, size, price) order. Returns a new array. */
export function rankHotspots(hotspots: readonly Hotspot[]): Hotspot[] {
  return [...hotspots].sort(
    (a, b) =>
      b.score - a.score ||
      a.voxel.time - b.voxel.time ||
      a.voxel.size - b.voxel.size ||
      a.voxel.price - b.voxel.price,
  )
}
