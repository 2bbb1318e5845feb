import { rankHotspots, sameVoxel } from '../hotspots/rank.ts'
import type { Hotspot } from '../layers/trades/facts.ts'

/** Most hotspots in a view: more could be neither told apart in a picture nor read in a list. */
const MOST = 1000

/** The hotspots of a view, highest score first. */
export class RankedHotspots {
  /** A new array whenever it changes. */
  list: readonly Hotspot[] = []

  set(hotspots: readonly Hotspot[]): void {
    this.list = rankHotspots(hotspots).slice(0, MOST)
  }

  add(hotspots: readonly Hotspot[]): void {
    if (hotspots.length > 0) this.set([...this.list, ...hotspots.filter(hotspot => !this.find(hotspot))])
  }

  /** Drops the hotspots of slabs that are no longer kept; returns whether there were any. */
  forgetBefore(slab: number): boolean {
    const kept = this.list.filter(({ voxel }) => voxel.time >= slab)
    const has = kept.length < this.list.length
    if (has) this.list = kept
    return has
  }

  /** The entry for the same voxel. */
  find(hotspot: Hotspot): Hotspot | undefined {
    return this.list.find(entry => isSameHotspot(entry, hotspot))
  }
}

/** Whether two hotspots are in the same voxel. Live maps report new objects for the same hotspot. */
export function isSameHotspot(a: Hotspot | null, b: Hotspot | null): boolean {
  if (a === null || b === null) return a === b
  return sameVoxel(a.voxel, b.voxel)
}
