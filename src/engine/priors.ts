import type { MapShape } from './steps.ts'

/** How many pages' priors are cached: far more than a market trades in at one time. */
const MOST_PAGES = 1024

/** The priors of a map's pages, computed on first use and cached. */
export class PriorTable {
  private readonly pages = new Map<number, Uint32Array<ArrayBuffer>>()

  constructor(private readonly shape: MapShape) {}

  of(page: number): Uint32Array<ArrayBuffer> {
    let priors = this.pages.get(page)
    if (!priors) {
      if (this.pages.size === MOST_PAGES) this.pages.clear()
      priors = this.shape.layer.priors(page, this.shape)
      this.pages.set(page, priors)
    }
    return priors
  }
}
