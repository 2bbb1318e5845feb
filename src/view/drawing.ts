import type { Hotspot } from '../layers/trades/facts.ts'
import { Overlay } from './canvas/overlay.ts'
import type { Canvases } from './canvases.ts'
import { OrbitCamera } from './frame/camera.ts'
import type { Frame, Inks, SceneLook } from './frame/frame.ts'
import { Plot } from './frame/plot.ts'
import type { Pacing } from './pacing.ts'
import type { ShownMap } from './shown-map.ts'
import type { ShownPart } from './shown-part.ts'

/** Price and size labels beside the volume are together about this wide, CSS pixels. */
const LABELS = 118
/** Limits of the share of the width that they take. */
const LEAST_MARGIN = 0.12
const MOST_MARGIN = 0.45

/** The hotspots marked on a picture. */
interface Marked {
  /** Highest first. */
  readonly hotspots: readonly Hotspot[]
  readonly chosen: Hotspot | null
  readonly hovered: Hotspot | null
}

/** Draws the frames of a view: a map's volume or slices, and over it lines, text and markers. */
export class Drawing {
  readonly camera = new OrbitCamera()
  /** The frame drawn last; null if there was nothing to draw. */
  frame: Frame | null = null
  /** The plot of its slices; null for the volume. */
  plot: Plot | null = null
  private readonly overlay: Overlay

  constructor(
    private readonly canvases: Canvases,
    private readonly pacing: Pacing,
  ) {
    this.overlay = new Overlay(canvases.overlay)
  }

  /** Draws the picture if a GPU draws it, and sets what the overlay is drawn from. */
  drawPicture(shown: ShownMap | null, part: ShownPart, look: SceneLook, inks: Inks, isVolume: boolean): void {
    const { canvases, pacing } = this
    canvases.fitOverlay()
    const frame = shown && this.frameOf(shown, part, look, inks)
    this.frame = frame
    this.plot = frame && !isVolume ? new Plot(frame) : null
    const gpu = shown?.gpu
    if (!gpu) return // the overlay draws the slices
    if (!frame) {
      gpu.clear()
      return
    }
    this.camera.margin = Math.min(Math.max(LABELS / frame.width, LEAST_MARGIN), MOST_MARGIN)
    const kept = shown.map.scorePages
    const bound = kept && gpu.prepare(kept, frame.geometry, look)
    const scale = isVolume ? pacing.scale : 1
    canvases.fitCanvas(scale)
    if (!bound) gpu.clear()
    else if (this.plot) gpu.drawSlices(bound, frame, this.plot)
    else gpu.drawVolume(bound, frame, this.camera)
    if (bound) pacing.wait(gpu.done(), isVolume ? scale : null)
  }

  /** Draws the overlay of the last picture. Needs no GPU, so it can be redrawn on its own. */
  drawOverlay(shown: ShownMap | null, { hotspots, chosen, hovered }: Marked): void {
    const { frame, plot, camera } = this
    if (!shown || !frame) {
      this.overlay.draw(null)
      return
    }
    const { map, store, footprints } = shown
    const pages = store?.pages ?? null
    const { revision } = map
    this.overlay.draw({ frame, plot, camera, pages, footprints, revision, hotspots, chosen, hovered })
  }

  /** The hotspot whose marker is at a point in CSS pixels. */
  hotspotAt(x: number, y: number): Hotspot | null {
    return this.overlay.hotspotAt(x, y)
  }

  /** Forgets what was drawn. It stays in the canvases until the next frame. */
  forget(): void {
    this.frame = null
    this.plot = null
    this.overlay.forgetMarkers()
  }

  /** Null if there is nothing to draw, or the canvases have no size. */
  private frameOf({ geometry }: ShownMap, part: ShownPart, look: SceneLook, inks: Inks): Frame | null {
    const { extent, window } = part
    const { isEmpty, width, height, ratio } = this.canvases
    return extent && window && !isEmpty
      ? { geometry, extent, window, look, inks, width, height, ratio }
      : null
  }
}
