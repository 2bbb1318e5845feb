import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import { type Box, Viewport } from '../show/viewport.ts'
import type { BinWindow } from './frame/frame.ts'
import { type Extent, extentOf, type Geometry } from './frame/geometry.ts'
import type { ViewRange } from './types.ts'

/** Price bins and slabs that are shown at the least. */
const LEAST_BINS = 2

export interface ShownPartEvents {
  /** What the kept pages reach over, when it may have changed. */
  readonly onExtent: (extent: Extent) => void
  /** Another part is to be drawn. */
  readonly onMove: () => void
  /** {@link ShownPart.range} has changed. */
  readonly onRange: () => void
}

/** Which part of a map is shown: everything that is kept, until somebody comes closer. */
export class ShownPart {
  /** What the kept pages reach over; null while there are none. */
  extent: Extent | null = null
  /** Null until there is something to show. */
  viewport: Viewport | null = null
  private map: RiskMap | null = null
  private geometry: Geometry | null = null
  /** Revision of the map that extent and viewport are of. */
  private fitted = -1
  /** To be shown as soon as there is something to show. */
  private wanted: ViewRange | null = null

  constructor(private readonly events: ShownPartEvents) {}

  /** Shows this part of another map; null for all of it. */
  begin(map: RiskMap | null, geometry: Geometry | null, range: ViewRange | null): void {
    this.map = map
    this.geometry = geometry
    this.fitted = -1
    this.extent = null
    this.viewport = null
    this.wanted = range
  }

  /** Whether the map has other pages than when it was fitted last. */
  get isStale(): boolean {
    return this.map?.revision !== this.fitted
  }

  get range(): ViewRange | null {
    if (!this.viewport) return this.wanted
    return this.viewport.isWhole ? null : this.viewport.box
  }

  set range(range: ViewRange | null) {
    this.wanted = range
    this.fit()
    if (range) this.viewport?.show(range)
    else this.viewport?.reset()
  }

  /** In bins; null until there is something to show. */
  get window(): BinWindow | null {
    const { geometry, viewport } = this
    if (!geometry || !viewport) return null
    const { from, to, low, high } = viewport.box
    return {
      fromSlab: geometry.slab(from),
      toSlab: geometry.slab(to),
      lowBin: geometry.bin(low),
      highBin: geometry.bin(high),
    }
  }

  /** Fits the part to what is kept now: who sees everything goes on to do so. */
  fit(): void {
    const { map, geometry } = this
    if (!map || !geometry || !this.isStale) return
    this.fitted = map.revision
    const places = map.keptPages
    this.extent = extentOf(places)
    const whole = geometry.box(places)
    if (!this.extent || !whole) return
    this.events.onExtent(this.extent)
    if (this.viewport && isSame(whole, this.viewport.whole)) return
    const { range } = this
    this.wanted = null
    const least = [LEAST_BINS * geometry.timeWidthMs, LEAST_BINS * geometry.priceWidth] as const
    const viewport = new Viewport(whole, least)
    this.viewport = viewport
    if (range) viewport.show(range)
    viewport.onChange(() => {
      this.events.onMove()
      this.events.onRange()
    })
    // The part that was shown may have been let go.
    if (range && !isSame(range, viewport.box)) this.events.onRange()
  }

  /** Moves to a voxel that is not to be seen. */
  reveal({ time, price }: Hotspot['voxel']): void {
    const { geometry, viewport } = this
    if (!geometry || !viewport) return
    const { from, to, low, high } = viewport.box
    const at = { time: geometry.time(time + 0.5), price: geometry.price(price + 0.5) }
    if (at.time < from || at.time > to || at.price < low || at.price > high) {
      viewport.approach(at.time, at.price, to - from, high - low)
    }
  }
}

function isSame(a: Box, b: Box): boolean {
  return a.from === b.from && a.to === b.to && a.low === b.low && a.high === b.high
}
