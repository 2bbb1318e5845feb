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

/** What lies over a frame. */
export interface OverlayScene {
  readonly frame: Frame
  /** Where the slices lie; null for the volume. */
  readonly plot: Plot | null
  readonly camera: OrbitCamera
  /** Of a map on the host, whose slices are drawn here; null where the GPU draws them. */
  readonly pages: readonly KeptTrades[] | null
  readonly footprints: Footprints
  /** Of the map. */
  readonly revision: number
  /** Highest first. */
  readonly hotspots: readonly Hotspot[]
  readonly chosen: Hotspot | null
  readonly hovered: Hotspot | null
}

/** Draws lines, text and markers, and of maps on the host the slices too. Needs no GPU, so it may be drawn alone. */
export class Overlay {
  private readonly slices = new CanvasSlices()
  private markers: readonly DrawnMarker[] = []

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** @param scene null to leave nothing */
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

  /** The hotspot whose marker is at a point, CSS pixels. */
  hotspotAt(x: number, y: number): Hotspot | null {
    return pickMarker(this.markers, x, y)?.hotspot ?? null
  }

  /** Takes the markers for gone; what is drawn stays until the next frame. */
  forgetMarkers(): void {
    this.markers = []
  }
}
