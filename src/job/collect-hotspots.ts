import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import { BestHotspots } from './best-hotspots.ts'

/** Passes a map's hotspots to an observer as they become final, and keeps the best, in bounded memory. */
export class HotspotCollector {
  private readonly kept: BestHotspots
  /** Pending while the observer handles a hotspot. */
  private showing: Promise<void> | null = null
  private failure: { readonly error: unknown } | null = null
  private readonly taken: Promise<void>

  constructor(
    top: number,
    map: RiskMap,
    private readonly observe?: (hotspot: Hotspot) => void | Promise<void>,
  ) {
    this.kept = new BestHotspots(top)
    this.taken = this.take(map)
    this.taken.catch(error => {
      this.failure = { error }
    })
  }

  /** Hotspots so far, including those not kept. */
  get found(): number {
    return this.kept.found
  }

  /**
   * Resolves once the observer has seen every final hotspot, so that they cannot pile up behind a slow
   * observer.
   * @throws what the observer threw, or the map's failure
   */
  async caughtUp(): Promise<void> {
    while (this.showing) {
      await this.showing
      await new Promise(resolve => setTimeout(resolve)) // lets the next hotspot reach the observer
    }
    if (this.failure) throw this.failure.error
  }

  /** Resolves when the map has ended, with the best hotspots, highest score first. */
  async best(): Promise<Hotspot[]> {
    await this.taken
    return this.kept.best()
  }

  private async take(map: RiskMap): Promise<void> {
    for await (const hotspot of map.hotspots) {
      const shown = this.observe?.(hotspot)
      if (shown) {
        this.showing = shown
        await shown
        this.showing = null
      }
      this.kept.add(hotspot)
    }
  }
}
