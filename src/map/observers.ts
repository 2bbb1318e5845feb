import type { Hotspot } from '../layers/trades/facts.ts'

/** Callbacks that report what a map does. They do not take from `RiskMap.hotspots`. */
export interface RiskMapObserver {
  /**
   * The kept score pages have changed and `RiskMap.revision` has grown. The backend has the work on them but
   * may not have finished it. Work submitted to the same GPU from now on will see the pages written. After
   * `destroy()` there are no pages.
   */
  onScores?(): void
  /** New hotspots, at least one, in the order of `RiskMap.hotspots`. */
  onHotspots?(hotspots: readonly Hotspot[]): void
  /** No more hotspots follow. Called once, with the map's error, or null after `flush()` or `destroy()`. */
  onEnd?(error: Error | null): void
}

/**
 * Any number of observers, called in the order in which they were added. An error thrown by one reaches
 * neither the map nor the others. It is rethrown in a microtask, like an error in an event listener.
 */
export class Observers {
  private readonly entries = new Set<{ readonly observer: RiskMapObserver }>()
  private ended: { readonly error: Error | null } | null = null

  /**
   * Adds an observer. If the map has already ended, `onEnd` is called in a microtask.
   * @returns a function that removes the observer
   */
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

  /** Only the first call counts. */
  end(error: Error | null): void {
    if (this.ended) return
    this.ended = { error }
    const told = [...this.entries] // observers added during these calls are called in a microtask
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
