import { VoxriskError } from '../../errors.ts'
import type { SlabBound } from '../../grid/bounds.ts'

/** Σ max(size, 1) of a slab, lots: it bounds the number of trades too. */
const volume: SlabBound = {
  refuse: (when, weighted, kernel) =>
    new VoxriskError(
      'overflow',
      `slab ${when}: volume ${weighted / kernel.time[kernel.radii.time]} lots times the kernel's weights passes 2^53`,
      'Use a larger lot size, smaller kernel radii or shorter time bins.',
      { settings: ['lotSize', 'radii', 'timeWidth'] },
    ),
}

/** Σ (Δp² + 2·|Δp·Δp′|) of a slab, squared ticks. */
const increments: SlabBound = {
  refuse: (when, weighted) =>
    new VoxriskError(
      'overflow',
      `slab ${when}: squared price increments (${weighted.toExponential(3)} ticks², weighted) times the kernel's weights pass 2^53`,
      'Use a larger tick size, smaller kernel radii or shorter time bins.',
      { settings: ['tickSize', 'radii', 'timeWidth'] },
    ),
}

/** In the order of `Bound`. */
export const BOUNDS = [volume, increments] as const
