/** How often a property is tried in the long form (`npm run fuzz`) for each time in the short one. */
const LONG = 50

/**
 * How often a property is tried: `short` times in every run of the suite, more with `npm run fuzz`, which sets Vite's mode. Outside
 * Vitest the mode is another.
 */
export function runs(short: number): number {
  const { env } = import.meta as { env?: { MODE?: string } }
  return env?.MODE === 'long' ? LONG * short : short
}
