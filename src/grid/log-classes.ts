/**
 * Log-linear class of a number (0 … 2^32 − 1) with 2^resolution classes per octave, as in G. Tene's
 * HdrHistogram. Below 2^resolution, every number has its own class; above, every octave is cut into equal
 * parts. The lowest class holds 0 and 1. The caller limits the result to the last class of its axis.
 * @param value a whole number in 0 … 2^32 − 1
 * @param resolution 0 … 4
 */
export function logClass(value: number, resolution: number): number {
  const atLeastOne = Math.max(value, 1)
  const octave = 31 - Math.clz32(atLeastOne) - resolution
  return octave < 0 ? atLeastOne - 1 : (octave << resolution) + (atLeastOne >>> octave) - 1
}

/**
 * Smallest number in a class; 0 for the lowest.
 * @param bin class, from 0
 * @param resolution 0 … 4, as for {@link logClass}
 */
export function logClassFrom(bin: number, resolution: number): number {
  if (bin === 0) return 0
  const position = bin + 1
  const octave = (position >> resolution) - 1
  if (octave < 0) return position
  return ((position & ((1 << resolution) - 1)) + (1 << resolution)) * 2 ** octave
}
