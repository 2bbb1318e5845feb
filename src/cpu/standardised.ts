/** Largest deviation of a term from its mean: 16 octaves in Q12. */
const DEVIATION_MAX = 16 << 12

/**
 * A term's part of the score: coefficient · (term − mean) in Q16. A clamped Q12 deviation times a Q10
 * coefficient. Mirrored by shaders/standardised.wgsl.
 */
export function standardised(term: number, mean: number, coefficient: number): number {
  const deviation = Math.min(Math.max((term - mean) >> 4, -DEVIATION_MAX), DEVIATION_MAX)
  return (deviation * coefficient) >> 6
}
