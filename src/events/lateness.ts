import { VoxriskError } from '../errors.ts'

/** Time bins a tick may lag behind the newest one, by default. */
export const DEFAULT_LATENESS = 1

/** @throws {VoxriskError} `bad-setting` unless it is a whole number in 0 … 10,000 */
export function checkLateness(lateness: number): number {
  if (Number.isInteger(lateness) && lateness >= 0 && lateness <= 10_000) return lateness
  throw new VoxriskError(
    'bad-setting',
    `lateness ${lateness} is not a whole number of time bins in 0 … 10,000`,
    'Give the number of time bins a tick may lag behind the newest one.',
    { settings: ['lateness'] },
  )
}

/**
 * Detects late ticks: those whose time bin is more than `lateness` below the newest bin of the ticks before
 * them.
 */
export class OpenBins {
  private newest = Number.NEGATIVE_INFINITY

  /** @param lateness time bins a tick may lag behind the newest one, 0 or more */
  constructor(private readonly lateness: number) {}

  /** The highest bin that no longer accepts ticks. */
  get closedTo(): number {
    return this.newest - this.lateness - 1
  }

  /** Whether a tick of this bin is in time. A bin newer than all before it closes older ones. */
  admit(bin: number): boolean {
    if (bin <= this.closedTo) return false
    if (bin > this.newest) this.newest = bin
    return true
  }
}
