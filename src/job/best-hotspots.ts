import { rankHotspots } from '../hotspots/rank.ts'
import type { Hotspot } from '../layers/trades/facts.ts'

/** The list is cut back to the best once it is this many times as long as the number asked for. */
const SURPLUS = 50

/** Keeps the hotspots with the highest scores, in bounded memory. */
export class BestHotspots {
  private kept: Hotspot[] = []
  private added = 0

  /** @param top how many to keep; may be ∞ */
  constructor(private readonly top: number) {}

  /** Hotspots so far, including those not kept. */
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
