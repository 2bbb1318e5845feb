import type { Canvases } from './canvases.ts'
import type { Drawing } from './drawing.ts'
import type { Pacing } from './pacing.ts'
import type { ShownPart } from './shown-part.ts'

/** A drag over the full height of the canvas rotates the volume by this, radians. */
const TURN = Math.PI

/**
 * Moves the view: the eye around the volume, or the part of the map that the slices show. Lengths are CSS
 * pixels.
 */
export class Steering {
  /** @param isVolume tells whether the volume is shown */
  constructor(
    private readonly canvases: Canvases,
    private readonly drawing: Drawing,
    private readonly part: ShownPart,
    private readonly pacing: Pacing,
    private readonly isVolume: () => boolean,
  ) {}

  drag(dx: number, dy: number): void {
    const { height } = this.canvases
    if (height === 0) return
    if (this.isVolume()) this.orbit((dx / height) * TURN, (dy / height) * TURN)
    else this.pan(dx, dy)
  }

  zoom(factor: number, x?: number, y?: number): void {
    const { viewport } = this.part
    const { plot, camera } = this.drawing
    if (this.isVolume()) {
      camera.zoom(factor)
      this.pacing.moving()
    } else if (plot && x !== undefined && y !== undefined) {
      viewport?.zoom(factor, { time: plot.timeAt(x), price: plot.priceAt(y) })
    } else {
      viewport?.zoom(factor)
    }
  }

  pan(dx: number, dy: number): void {
    const { height } = this.canvases
    const { plot, camera } = this.drawing
    if (height === 0) return
    if (this.isVolume()) {
      camera.pan(dx / height, dy / height)
      this.pacing.moving()
    } else if (plot) {
      this.part.viewport?.pan(-dx / plot.width, dy / plot.height)
    }
  }

  /** In radians: to the right, and up. */
  orbit(dx: number, dy: number): void {
    this.drawing.camera.orbit(dx, dy)
    if (this.isVolume()) this.pacing.moving()
  }

  reset(): void {
    this.drawing.camera.reset()
    this.part.viewport?.reset()
  }
}
