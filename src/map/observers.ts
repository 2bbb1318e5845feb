import type { Hotspot } from '../layers/trades/facts.ts'

/** What someone beside the consumer of `RiskMap.hotspots` may want to hear of a map. */
export interface RiskMapObserver {
  /**
   * The kept score pages have changed: `RiskMap.revision` has grown. The work on them is handed over, not always done:
   * what the same GPU is given next finds them written. After `destroy()` there are none.
   */
  onScores?(): void
  /** New hotspots, in the order of `RiskMap.hotspots`; never none. */
  onHotspots?(hotspots: readonly Hotspot[]): void
  /** No hotspots follow: null after `flush()` or `destroy()`, else what ended the map. Once. */
  onEnd?(error: Error | null): void
}

/**
 * Any number of observers, told in the order in which they came. What one of them throws reaches neither the map nor the
 * others: it is thrown again in a microtask, as an event listener's error would be.
 */
export class Observers {
  private readonly entries = new Set<{ readonly observer: RiskMapObserver }>()
  private ended: { readonly error: Error | null } | null = null

  /** @returns ends it; an observer that comes after the end hears of the end in a microtask */
  add(observer: RiskMapObserver): () => void {
    const entry = { observer }
    this.entries.add(entry)
    if (this.ended) {
      const { error } = this.ended
      queueMicrotask(() => {
        if (this.entries.has(entry)) tell(() => observer.onEnd?.(error))
      })
    }
    return () => this.entries.delete(entry)
  }

  scores(): void {
    for (const { observer } of this.entries) tell(() => observer.onScores?.())
  }

  hotspots(hotspots: readonly Hotspot[]): void {
    if (hotspots.length === 0) return
    for (const { observer } of this.entries) tell(() => observer.onHotspots?.(hotspots))
  }

  /** The first end counts. */
  end(error: Error | null): void {
    if (this.ended) return
    this.ended = { error }
    const told = [...this.entries] // who comes while they are told hears of it in a microtask
    for (const entry of told) if (this.entries.has(entry)) tell(() => entry.observer.onEnd?.(error))
  }
}

function tell(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
