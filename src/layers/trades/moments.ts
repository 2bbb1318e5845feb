/** The five sums of a voxel, in the order in which every buffer holds them. */
export const MOMENTS = ['trades', 'volume', 'flow', 'variation', 'covariation'] as const
export const MOMENT_COUNT = MOMENTS.length

/** Shrinkage: a voxel needs κ trades' worth of smoothed weight for a score. */
export const KAPPA = 8

/** Layout of a tick's meta word: raw page slot · 8 + marked · 4 + side (0 none, 1 bought, 2 sold). */
export const Meta = { sideMask: 3, marked: 4, slotShift: 3 } as const

/** Numbers per size bin in {@link ScoreConstants.table}. */
export const SCORE_CONSTANTS = 6

/** N, Σa, Σa², Σv, Σv², Σf, Σf². */
export const SUM_COUNT = 7

/** 32-bit words of a voxel in a picture page on a GPU, in planes: see {@link ScorePages.picture}. */
export const PICTURE_WORDS = 7
