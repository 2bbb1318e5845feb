/**
 * How long a test waits for an event before it counts as hung. No test depends on how fast the machine is: this is minutes
 * for what takes less than a second, and below Vitest's own limit, so that what did not happen is named.
 */
export const HANG_MS = 240_000
