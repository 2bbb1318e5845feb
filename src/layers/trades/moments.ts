/** The five sums of a voxel, in the order in which every buffer holds them. */
export const MOMENTS = ['trades', 'volume', 'flow', 'variation', 'covariation'] as const
/** How many moments a voxel of trades has. */
export const MOMENT_COUNT = MOMENTS.length

/** The terms of the score, in the order of the formula. */
export const TERMS = ['activity', 'volatility', 'flow'] as const

/** 32-bit words of a price's prior: low and high word of the prior variance, L(p). */
export const PRIOR_WORDS = 3

/** κ, the shrinkage: a voxel needs κ trades' worth of smoothed weight for a score. */
export const KAPPA = 8

/** The moments a view gets besides the terms: volume and net flow of the voxel itself. */
export const DETAILED = { first: 1, count: 2 } as const

/**
 * Sums of trades over many voxels, exact: number of trades, volume and flow (bought less sold) in lots,
 * variation (ΣΔp²) and covariation (ΣΔp·Δp′) in ticks².
 */
export type Totals = Record<(typeof MOMENTS)[number], bigint>
