// The numbers of the test layer: others than those of trades, wherever they can be.

export const MOMENTS = ['events', 'charge'] as const
export const TERMS = ['strength'] as const
export const PRIOR_WORDS = 1
export const DETAILED = { first: 1, count: 1 } as const
export const KAPPA = 2

/** Smallest magnitude of a charge in each class but the lowest. */
export const EDGES = [10, 100, 1000] as const

/** Three words an event: price, charge in two's complement, slot. No event needs the one before it. */
export const EVENT = { words: 3, context: 0, perWorkgroup: 64 } as const
