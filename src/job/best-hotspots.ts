import { rankHotspots } from '../hotspots/rank.ts'
import type { Hotspot } from '../layers/trades/facts.ts'

/** Hotspots kept at a time: the list is cut back to the best when it passes this many times the number asked for. */
const SURPLUS = 50

/** Keeps the highest of many hotspots in bounded memory. */
export class BestHotspots {
  private kept: Hotspot[] = []
  private added = 0

  /** @param top how many to keep; may be ∞ */
  constructor(private readonly top: number) {}

  /** Hotspots so far, those not kept included. */
  get found(): number {
    return this.added
  }

  add(hotspot: Hotspot): void {
    this.added++
    this.kept.push(hotspot)
    if (this.kept.length > SURPLUS * Math.max(this.top, 1)) this.kept = this.best()
  }

  /** Highest score first. */
  best(): Hotspot[] {
    return rankHotspots(this.kept).slice(0, this.top)
  }
}
