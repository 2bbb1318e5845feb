import type { Counts } from '../units/counts.ts'
import { count } from '../units/counts.ts'

/**
 * Watches the trade ids of a feed. They rise by one from trade to trade, or fall by one if the feed runs
 * newest first.
 */
export class IdSequence {
  private last = Number.NaN

  /** @param noted counts `id-gaps`, the places where ids are missing, and `missing-ids`, how many */
  constructor(private readonly noted: Counts) {}

  /** @param id whole number, 0 … 2^53 − 1 */
  see(id: number): void {
    const skipped = Math.abs(id - this.last) - 1
    this.last = id
    if (!(skipped > 0)) return
    count(this.noted, 'id-gaps')
    count(this.noted, 'missing-ids', skipped)
  }
}
