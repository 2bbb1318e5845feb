import { bitLength } from './u64.ts'

/** The largest value of a Q16 ratio: one unit below 1, so that a product of two ratios fits an unsigned word. */
const RATIO_MAX = 65_535

/**
 * part / whole in Q16 (0 … 65,535), for safe integers 0 ≤ part ≤ whole; 0 when the whole is 0.
 * Both are shifted right until the whole has 16 bits, then divided, rounding down. Mirrored by shaders/ratio.wgsl.
 */
export function ratioQ16(part: number, whole: number): number {
  if (whole === 0) return 0
  const scale = 2 ** Math.max(0, bitLength(whole) - 16)
  const quotient = Math.floor((Math.floor(part / scale) * 65_536) / Math.floor(whole / scale))
  return Math.min(quotient, RATIO_MAX)
}
