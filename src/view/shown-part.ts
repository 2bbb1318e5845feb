import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import { type Box, Viewport } from '../show/viewport.ts'
import type { BinWindow } from './frame/geometry.ts'
import { type Extent, extentOf, type Geometry } from './frame/geometry.ts'
import type { ViewRange } from './types.ts'

/** At least this many price bins and slabs are shown. */
const LEAST_BINS = 2

export interface ShownPartEvents {
  /** The extent of the kept pages may have changed. */
  readonly onExtent: (extent: Extent) => void
  /** A different part needs to be drawn. */
  readonly onMove: () => void
  /** {@link ShownPart.range} has changed. */
  readonly onRange: () => void
}

/** Which part of a map is shown: everything that is kept, until somebody zooms in. */
export class ShownPart {
  /** The extent of the kept pages; null while there are none. */
  extent: Extent | null = null
  /** Null until there is something to show. */
  viewport: Viewport | null = null
  private map: RiskMap | null = null
  private geometry: Geometry | null = null
  /** The map revision that extent and viewport belong to. */
  private fitted = -1
  /** The range to show once there is something to show. */
  private wanted: ViewRange | null = null

  constructor(private readonly events: ShownPartEvents) {}

  /** Shows a part of a new map; null for the whole map. */
  begin(map: RiskMap | null, geometry: Geometry | null, range: ViewRange | null): void {
    this.map = map
    this.geometry = geometry
    this.fitted = -1
    this.extent = null
    this.viewport = null
    this.wanted = range
  }

  /** Whether the map's pages have changed since the last fit. */
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

  /** Adapts the part to what is kept now. If the whole map was shown, it still is afterwards. */
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
    // The map may have released the part that was shown.
    if (range && !isSame(range, viewport.box)) this.events.onRange()
  }

  /** Moves to a voxel if it is outside the part shown. */
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
