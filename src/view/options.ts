import type { Hotspot } from '../layers/trades/facts.ts'
import type { ViewPick, ViewRange } from './types.ts'

/** What a view draws on, and what it tells. */
export interface RiskViewOptions {
  /**
   * Where the GPU draws: a canvas without a context, and not drawn into by others. It must lie in an element that is
   * positioned, unless `overlay` is given.
   */
  readonly canvas: HTMLCanvasElement
  /** Axes, text and markers, as large as `canvas` and above it; takes pointer and keys. Made and put behind `canvas` by default. */
  readonly overlay?: HTMLCanvasElement
  /** The hotspot chosen has changed. */
  readonly onSelect?: (hotspot: Hotspot | null) => void
  /** What the pointer is over, null when it has left; CSS pixels in the canvas. */
  readonly onHover?: (pick: ViewPick | null, x: number, y: number) => void
  /** The part shown has changed, also because a live map has let go of what was shown; null: all of it. */
  readonly onRange?: (range: ViewRange | null) => void
  /** The hotspots have changed; highest score first. */
  readonly onHotspots?: (hotspots: readonly Hotspot[]) => void
  /** A frame was drawn; device pixels. */
  readonly onFrame?: (frame: { readonly width: number; readonly height: number }) => void
  /** The map or the GPU failed. Told once for each failure of a map. */
  readonly onError?: (error: Error) => void
}
