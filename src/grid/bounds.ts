import { VoxriskError } from '../errors.ts'
import type { Kernel } from './kernel.ts'

/** A smoothed moment must stay below this in magnitude: the CPU keeps it in a float64. */
const EXACT = 2 ** 53

/** What the ticks of one slab add up to, for the bound. */
export interface SlabTotals {
  /** Σ max(size, 1), lots: it bounds the number of trades too. */
  readonly volume: number
  /** Σ (Δp² + 2·|Δp·Δp′|), squared ticks. */
  readonly increments: number
}

/**
 * Refuses a slab whose smoothed moments could pass 2^53. No voxel can gather more than every tick of the slabs the
 * time kernel reaches, each at the largest price and size weight, so the check is
 * max(price weights) · max(size weights) · Σ time weight · slab total < 2^53.
 * @param slabs totals of the slabs at −radius … +radius, undefined where no tick fell
 * @param when  names the slab in the message
 * @throws {VoxriskError} `overflow`
 */
export function checkBounds(
  kernel: Kernel,
  slabs: ReadonlyArray<SlabTotals | undefined>,
  when: string,
): void {
  const spread = Math.max(...kernel.price) * Math.max(...kernel.size)
  let volume = 0
  let increments = 0
  for (const [i, totals] of slabs.entries()) {
    if (!totals) continue
    volume += kernel.time[i] * totals.volume
    increments += kernel.time[i] * totals.increments
  }
  if (!(spread * volume < EXACT)) {
    throw new VoxriskError(
      'overflow',
      `slab ${when}: volume ${volume / kernel.time[kernel.radii.time]} lots times the kernel's weights passes 2^53`,
      'Use a larger lot size, smaller kernel radii or shorter time bins.',
      { settings: ['lotSize', 'radii', 'timeWidth'] },
    )
  }
  if (!(spread * increments < EXACT)) {
    throw new VoxriskError(
      'overflow',
      `slab ${when}: squared price increments (${increments.toExponential(3)} ticks², weighted) times the kernel's weights pass 2^53`,
      'Use a larger tick size, smaller kernel radii or shorter time bins.',
      { settings: ['tickSize', 'radii', 'timeWidth'] },
    )
  }
}
