import { rankHotspots } from '../hotspots/rank.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'

/** Hotspots kept at a time: the list is cut back to the best when it passes this many times the number asked for. */
const SURPLUS = 50

/** Takes the hotspots of a map as they become final, shows them to an observer and keeps the best, in bounded memory. */
export class HotspotCollector {
  /** Hotspots so far, the ones not kept included. */
  found = 0
  private kept: Hotspot[] = []
  /** The observer at work on a hotspot. */
  private showing: Promise<void> | null = null
  private failure: { readonly error: unknown } | null = null
  private readonly taken: Promise<void>

  constructor(
    private readonly top: number,
    map: RiskMap,
    private readonly observe?: (hotspot: Hotspot) => void | Promise<void>,
  ) {
    this.taken = this.take(map)
    this.taken.catch(error => {
      this.failure = { error }
    })
  }

  /**
   * Resolves once the observer has seen what became final so far: hotspots cannot pile up in front of a slow one.
   * @throws what the observer threw, or the map's failure
   */
  async caughtUp(): Promise<void> {
    while (this.showing) {
      await this.showing
      await new Promise(resolve => setTimeout(resolve)) // lets the next hotspot reach the observer
    }
    if (this.failure) throw this.failure.error
  }

  /** The best hotspots, highest score first, when the map has ended. */
  async best(): Promise<Hotspot[]> {
    await this.taken
    return rankHotspots(this.kept).slice(0, this.top)
  }

  private async take(map: RiskMap): Promise<void> {
    for await (const hotspot of map.hotspots) {
      const shown = this.observe?.(hotspot)
      if (shown) {
        this.showing = shown
        await shown
        this.showing = null
      }
      this.found++
      this.kept.push(hotspot)
      if (this.kept.length > SURPLUS * Math.max(this.top, 1)) {
        this.kept = rankHotspots(this.kept).slice(0, this.top)
      }
    }
  }
}
