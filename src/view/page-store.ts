import type { KeptTrades } from '../layers/trades/detail.ts'

/** The part of a `RiskMap` that a store reads. */
export interface PageSource {
  /** Grows whenever the kept pages change. */
  readonly revision: number
  /** Ascending by (slab, page). */
  readonly keptPages: readonly { readonly slab: number; readonly page: number }[]
  readPages(which: { readonly fromSlab: number; readonly toSlab: number }): Promise<KeptTrades[]>
}

/** Copies of a map's kept pages on the host. A slab is scored only once, so only new slabs are read. */
export class PageStore {
  /** Ascending by (slab, page); a new array whenever it changes. */
  pages: readonly KeptTrades[] = []
  private revision = -1
  private turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly source: PageSource) {}

  /**
   * Reads the map's current pages. Calls take turns.
   * @returns whether `pages` has changed
   * @throws {VoxriskError} as `RiskMap.readPages()`
   */
  update(): Promise<boolean> {
    const result = this.turn.then(() => this.takeOver())
    this.turn = result.catch(() => {})
    return result
  }

  private async takeOver(): Promise<boolean> {
    const { revision, keptPages } = this.source
    if (revision === this.revision) return false
    const [kept, held] = [pagesBySlab(keptPages), pagesBySlab(this.pages)]
    const missing = [...kept].filter(([slab, pages]) => pages !== held.get(slab)).map(([slab]) => slab)
    const stale = new Set(missing)
    const staying = this.pages.filter(({ slab }) => kept.has(slab) && !stale.has(slab))
    const read =
      missing.length === 0
        ? []
        : await this.source.readPages({ fromSlab: missing[0], toSlab: missing[missing.length - 1] + 1 })
    const fresh = read.filter(({ slab }) => stale.has(slab))
    const changed = fresh.length > 0 || staying.length < this.pages.length
    if (changed) this.pages = [...staying, ...fresh].sort((a, b) => a.slab - b.slab || a.page - b.page)
    this.revision = revision
    return changed
  }
}

/** Number of pages of each slab. */
function pagesBySlab(pages: readonly { readonly slab: number }[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { slab } of pages) counts.set(slab, (counts.get(slab) ?? 0) + 1)
  return counts
}
