import { type Hotspot, rankHotspots } from '../map/hotspots.ts'

/** Hotspots that a view holds at the most: more can neither be told apart on a picture nor read in a list. */
const MOST = 1000

/** The hotspots of a view, highest score first. */
export class HotspotBook {
  private list: readonly Hotspot[] = []

  get ranked(): readonly Hotspot[] {
    return this.list
  }

  set(hotspots: readonly Hotspot[]): void {
    this.list = rankHotspots(hotspots).slice(0, MOST)
  }

  add(hotspots: readonly Hotspot[]): void {
    if (hotspots.length > 0) this.set([...this.list, ...hotspots.filter(hotspot => !this.find(hotspot))])
  }

  /** Forgets the hotspots of slabs that are no longer kept; returns whether there were any. */
  forgetBefore(slab: number): boolean {
    const kept = this.list.filter(({ voxel }) => voxel.time >= slab)
    const has = kept.length < this.list.length
    if (has) this.list = kept
    return has
  }

  /** The entry of the same voxel. */
  find({ voxel }: Hotspot): Hotspot | undefined {
    return this.list.find(
      ({ voxel: { time, price, size } }) =>
        time === voxel.time && price === voxel.price && size === voxel.size,
    )
  }
}
