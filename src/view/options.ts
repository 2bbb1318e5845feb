import type { Hotspot } from '../layers/trades/facts.ts'
import type { ViewPick, ViewRange } from './types.ts'

/** The canvases and callbacks of a {@link RiskView}. */
export interface RiskViewOptions {
  /**
   * The canvas the GPU draws into. It must have no context yet, and nobody else may draw into it. Unless
   * `overlay` is given, its parent element must be positioned.
   */
  readonly canvas: HTMLCanvasElement
  /**
   * The canvas for axes, text and markers: as large as `canvas` and on top of it. It takes pointer and keys.
   * By default one is created and inserted after `canvas`.
   */
  readonly overlay?: HTMLCanvasElement
  /** The selected hotspot has changed; null if none is selected. */
  readonly onSelect?: (hotspot: Hotspot | null) => void
  /**
   * The pointer has moved. `pick` is what it is over, null if it has left; `x` and `y` are CSS pixels in the
   * canvas.
   */
  readonly onHover?: (pick: ViewPick | null, x: number, y: number) => void
  /**
   * The part on show has changed, possibly because a live map has released what was shown. Null means the
   * whole map.
   */
  readonly onRange?: (range: ViewRange | null) => void
  /** The hotspots have changed; highest score first. */
  readonly onHotspots?: (hotspots: readonly Hotspot[]) => void
  /** A frame was drawn; its size is in device pixels. */
  readonly onFrame?: (frame: { readonly width: number; readonly height: number }) => void
  /** The map or the GPU has failed. Called once for each failure of a map. */
  readonly onError?: (error: Error) => void
}
