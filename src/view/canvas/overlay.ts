import type { KeptTrades } from '../../layers/trades/detail.ts'
import type { Hotspot } from '../../layers/trades/facts.ts'
import type { OrbitCamera } from '../frame/camera.ts'
import type { Frame } from '../frame/frame.ts'
import type { Plot } from '../frame/plot.ts'
import type { Footprints } from './footprints.ts'
import { type DrawnMarker, drawMarkers, pickMarker, placeInPlot, placeInVolume } from './markers.ts'
import { drawPlotAxes } from './plot-axes.ts'
import { CanvasSlices } from './slices.ts'
import { drawVolumeAxes } from './volume-axes.ts'

/** What the overlay of a frame shows. */
export interface OverlayScene {
  readonly frame: Frame
  /** The plot of the slices; null for the volume. */
  readonly plot: Plot | null
  readonly camera: OrbitCamera
  /** The pages of a map on the host, whose slices are drawn here; null if the GPU draws them. */
  readonly pages: readonly KeptTrades[] | null
  readonly footprints: Footprints
  /** The map's revision. */
  readonly revision: number
  /** Highest first. */
  readonly hotspots: readonly Hotspot[]
  readonly chosen: Hotspot | null
  readonly hovered: Hotspot | null
}

/**
 * Draws lines, text and markers, and the slices of maps on the host. Needs no GPU, so it can be redrawn on
 * its own.
 */
export class Overlay {
  private readonly slices = new CanvasSlices()
  private markers: readonly DrawnMarker[] = []

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** @param scene null clears the overlay */
  draw(scene: OverlayScene | null): void {
    const context = this.canvas.getContext('2d')
    if (!context) return
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    this.markers = []
    if (!scene) return
    const { frame, plot, camera, pages, footprints, revision, hotspots, chosen, hovered } = scene
    context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0)
    if (plot) {
      if (pages) this.slices.draw(context, pages, frame, plot)
      footprints.draw(context, frame, plot, revision)
      drawPlotAxes(context, frame, plot)
    } else {
      drawVolumeAxes(context, frame, camera)
    }
    const place = plot ? placeInPlot(frame, plot) : placeInVolume(frame, camera)
    this.markers = drawMarkers(context, frame, place, hotspots, chosen, hovered)
  }

  /** The hotspot whose marker is at a point in CSS pixels. */
  hotspotAt(x: number, y: number): Hotspot | null {
    return pickMarker(this.markers, x, y)?.hotspot ?? null
  }

  /** Makes the markers unpickable. They stay visible until the next frame. */
  forgetMarkers(): void {
    this.markers = []
  }
}
