import { bitLength } from './u64.ts'

/** The largest Q16 ratio: one unit below 1, so that a product of two ratios fits in an unsigned word. */
const RATIO_MAX = 65_535

/** 2^shift for every possible shift: safe integers have 53 bits. */
const SCALES = Float64Array.from({ length: 53 - 16 + 1 }, (_, shift) => 2 ** shift)

/**
 * part / whole in Q16 (0 … 65,535), for safe integers 0 ≤ part ≤ whole; 0 when the whole is 0. Both are
 * shifted right until the whole has 16 bits, then divided, rounding down. Mirrored by shaders/ratio.wgsl.
 */
export function ratioQ16(part: number, whole: number): number {
  if (whole === 0) return 0
  const scale = SCALES[Math.max(0, bitLength(whole) - 16)]
  const dividend = Math.floor(part / scale) * 65_536 // at most 2^32 − 2^16
  const divisor = Math.floor(whole / scale)
  return Math.min(Math.floor(dividend / divisor), RATIO_MAX)
}
