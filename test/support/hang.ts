/**
 * How long a test waits for an event before it counts as hung. No test depends on how fast the machine is: this is
 * minutes for less than a second of work. It is below Vitest's own limit, so that the message names the missing event.
 */
export const HANG_MS = 240_000
