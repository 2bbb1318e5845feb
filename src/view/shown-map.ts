import { VoxriskError } from '../errors.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import type { KeptTrades } from '../layers/trades/detail.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import { cellFacts, highestCell } from './canvas/footprint.ts'
import { Footprints } from './canvas/footprints.ts'
import type { Frame } from './frame/frame.ts'
import { Geometry } from './frame/geometry.ts'
import type { Plot } from './frame/plot.ts'
import { GpuPicture } from './gpu/picture.ts'
import { PageStore } from './page-store.ts'
import type { CellFacts, ViewPick } from './types.ts'

export interface ShownMapEvents {
  /** The kept pages have changed. On the host they have not been read yet. */
  readonly onScores: () => void
  /** Pages have been read, or the GPU is now ready to draw them. */
  readonly onPages: () => void
  /** There are new footprints to draw. */
  readonly onFootprints: () => void
  readonly onHotspots: (hotspots: readonly Hotspot[]) => void
  /** The map has ended and will report nothing more. */
  readonly onEnd: () => void
  readonly onError: (error: Error) => void
}

/**
 * A map on show: where its pages are drawn from (a GPU or the host), and what is read from them. The map is
 * borrowed.
 */
export class ShownMap {
  readonly geometry: Geometry
  readonly footprints: Footprints
  /** Draws the pages straight from GPU memory; null until the first ones arrive, and for maps on the host. */
  gpu: GpuPicture | null = null
  /** Holds the pages of a map on the host; null until the first ones arrive, and for maps on a GPU. */
  store: PageStore | null = null
  /** Whether the map drawn by `gpu` has measures other than the score. */
  private hasMeasuresOnGpu = true
  /** Shaders that are being compiled, and reads under way. */
  private underWay = 0
  private stopObserving: (() => void) | null = null
  private destroyed = false

  constructor(
    readonly map: RiskMap,
    private readonly canvas: HTMLCanvasElement,
    private readonly events: ShownMapEvents,
  ) {
    this.geometry = new Geometry(map.instrument, map.grid)
    this.footprints = new Footprints(
      which => this.read(which),
      () => {
        if (!this.destroyed) events.onFootprints()
      },
    )
  }

  /** Takes what is kept now, then follows the map. */
  begin(): void {
    this.stopObserving = this.map.observe({
      onScores: () => this.takeScores(),
      onHotspots: this.events.onHotspots,
      onEnd: error => {
        if (error) this.events.onError(error)
        else this.events.onEnd()
      },
    })
    this.takeScores()
  }

  /** Whether something is under way that will change the picture, or would have before `destroy()`. */
  get isBusy(): boolean {
    return this.underWay > 0
  }

  /** Whether there are measures other than the score; true until the first pages arrive. */
  get hasMeasures(): boolean {
    if (this.gpu) return this.hasMeasuresOnGpu
    const [page] = this.store?.pages ?? []
    return !page || page.detail !== null
  }

  /** Pages on the host. If they cannot be read, reports `onError` and returns none. */
  async read(which: Parameters<RiskMap['readPages']>[0]): Promise<KeptTrades[]> {
    try {
      return await this.track(this.map.readPages(which))
    } catch (error) {
      this.failRead(error as Error)
      return []
    }
  }

  /** As `RiskView.facts()`, for a frame and its plot. */
  async facts(
    { time, price }: NonNullable<ViewPick['cell']>,
    frame: Frame,
    plot: Plot,
  ): Promise<CellFacts | null> {
    const tile = plot.tileAt(plot.xOfSlab(time + 0.5), plot.yOfBin(price + 0.5))
    if (!tile) return null
    const pages = await this.read({ fromSlab: tile.fromSlab, toSlab: tile.toSlab })
    const cell = highestCell(pages, frame, tile) ?? { time, price }
    const page = Math.floor(cell.price / PAGE_PRICES)
    const isKept = pages.some(kept => kept.slab === cell.time && kept.page === page)
    return isKept ? cellFacts(pages, frame, cell) : null
  }

  /** Stops following the map. Pending reads report nothing any more. */
  destroy(): void {
    this.destroyed = true
    this.stopObserving?.()
    this.gpu?.destroy()
    this.gpu = null
    this.store = null
  }

  private takeScores(): void {
    try {
      if (this.map.keptPages.length > 0 && !this.gpu && !this.store) this.choosePicture()
    } catch (error) {
      this.events.onError(error as Error)
      return
    }
    this.events.onScores()
    if (!this.store) return
    this.track(this.store.update()).then(
      changed => {
        if (changed && !this.destroyed) this.events.onPages()
      },
      error => this.failRead(error),
    )
  }

  /** On the GPU if the score pages are there, otherwise on the host. */
  private choosePicture(): void {
    const pages = this.map.scorePages
    if (!pages) {
      this.store = new PageStore(this.map)
      return
    }
    this.hasMeasuresOnGpu = pages.details !== null
    this.gpu = new GpuPicture(pages.device, this.canvas, this.events.onPages, this.events.onError)
    this.track(this.gpu.compiled)
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    this.underWay++
    try {
      return await work
    } finally {
      this.underWay--
    }
  }

  /** It is not a failure if the map was destroyed during a read. */
  private failRead(error: Error): void {
    const isDestroyed = error instanceof VoxriskError && error.code === 'bad-state'
    if (!this.destroyed && !isDestroyed) this.events.onError(error)
  }
}
