import type { VoxriskError } from '../errors.ts'
import type { Kernel } from './kernel.ts'

/** A smoothed moment must stay below this in magnitude, because the CPU keeps it in a float64. */
const EXACT = 2 ** 53

/** A total that a layer keeps for every slab, because it bounds some moments of the slab's voxels. */
export interface SlabBound {
  /** The error for a total that, weighted by the kernel's time row, could let a smoothed moment pass 2^53. */
  refuse(when: string, weighted: number, kernel: Kernel): VoxriskError
}

/**
 * Refuses a slab whose smoothed moments could pass 2^53. At most, a voxel gathers every event of all slabs
 * that the time kernel reaches, each with the largest price and class weight, so the check is max(price
 * weights) · max(class weights) · Σ time weight · slab total < 2^53.
 * @param slabs totals of the slabs at −radius … +radius, one for each bound; undefined for a slab without
 *   events
 * @param when names the slab in the message
 * @throws {VoxriskError} `overflow`
 */
export function checkBounds(
  kernel: Kernel,
  bounds: readonly SlabBound[],
  slabs: ReadonlyArray<ArrayLike<number> | undefined>,
  when: string,
): void {
  const spread = Math.max(...kernel.price) * Math.max(...kernel.class)
  for (const [i, bound] of bounds.entries()) {
    let weighted = 0
    for (const [k, totals] of slabs.entries()) if (totals) weighted += kernel.time[k] * totals[i]
    if (!(spread * weighted < EXACT)) throw bound.refuse(when, weighted, kernel)
  }
}
