import { VoxriskError } from '../errors.ts'

/** Largest side of a canvas in pixels: every WebGPU device can draw into this (maxTextureDimension2D). */
const MOST_PIXELS = 8192

/**
 * The two canvases of a view and their size. The GPU draws into the lower one; everything else is drawn into
 * the overlay.
 */
export class Canvases {
  readonly overlay: HTMLCanvasElement
  /** In CSS pixels; 0 until {@link measure} is called. */
  width = 0
  height = 0
  /** Device pixels per CSS pixel. */
  ratio = 1

  /** @param given the overlay. If it is undefined, one is made, and {@link destroy} removes it. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly given: HTMLCanvasElement | undefined,
  ) {
    this.overlay = given ?? overlayOf(canvas)
  }

  get isEmpty(): boolean {
    return this.width === 0 || this.height === 0
  }

  /**
   * Reads the size of the canvas in the document.
   * @returns whether it has changed
   */
  measure(): boolean {
    const { clientWidth, clientHeight } = this.canvas
    const ratio = Math.min(
      globalThis.devicePixelRatio || 1,
      MOST_PIXELS / Math.max(clientWidth, clientHeight, 1),
    )
    if (clientWidth === this.width && clientHeight === this.height && ratio === this.ratio) return false
    this.width = clientWidth
    this.height = clientHeight
    this.ratio = ratio
    return true
  }

  /** Sets the overlay's resolution. */
  fitOverlay(): void {
    setPixels(this.overlay, this.width * this.ratio, this.height * this.ratio)
  }

  /**
   * Sets the lower canvas's resolution.
   * @param scale share of each side's pixels
   */
  fitCanvas(scale: number): void {
    setPixels(this.canvas, this.width * this.ratio * scale, this.height * this.ratio * scale)
  }

  /**
   * Both canvases as one image file.
   * @param hasPicture whether the GPU has drawn into the lower canvas in the current task
   * @throws {VoxriskError} `bad-state` while the canvases have no size
   */
  toBlob(type: string, background: string, hasPicture: boolean): Promise<Blob> {
    const { width, height } = this.overlay
    const joined = document.createElement('canvas')
    joined.width = width
    joined.height = height
    const context = joined.getContext('2d')
    if (!context || this.isEmpty) throw noPicture()
    context.fillStyle = background
    context.fillRect(0, 0, width, height)
    if (hasPicture) context.drawImage(this.canvas, 0, 0, width, height)
    context.drawImage(this.overlay, 0, 0)
    return new Promise((resolve, reject) => {
      joined.toBlob(blob => (blob ? resolve(blob) : reject(noPicture())), type)
    })
  }

  destroy(): void {
    if (!this.given) this.overlay.remove()
  }
}

/** A canvas of the same size on top of another one. */
function overlayOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const overlay = document.createElement('canvas')
  Object.assign(overlay.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' })
  overlay.tabIndex = 0
  canvas.after(overlay)
  return overlay
}

/** Sets a canvas's size only if it differs, because setting it clears the canvas. */
function setPixels(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [columns, rows] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))]
  if (canvas.width !== columns) canvas.width = columns
  if (canvas.height !== rows) canvas.height = rows
}

function noPicture(): VoxriskError {
  return new VoxriskError('bad-state', 'there is no picture yet', 'Show the view first.')
}
