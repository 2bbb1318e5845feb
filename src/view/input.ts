/** What pointer, wheel and keys control. Lengths are CSS pixels in the canvas, angles radians. */
export interface Steered {
  /** A drag orbits the volume and moves the slices. */
  drag(dx: number, dy: number): void
  /** A drag with the secondary button, with Shift, or with two fingers. */
  pan(dx: number, dy: number): void
  /** A factor below 1 zooms in, around a point or by default the middle. */
  zoom(factor: number, x?: number, y?: number): void
  hover(x: number, y: number): void
  leave(): void
  click(x: number, y: number): void
  reset(): void
  /** To the next or the previous hotspot by rank. */
  step(by: 1 | -1): void
  clear(): void
}

/** A press that moves less than this is a click, CSS pixels. */
const CLICK = 4
/** An arrow key moves the picture by this many CSS pixels. */
const KEY_PIXELS = 40
const KEY_ZOOM = 0.8
/** The wheel zooms by e^(pixels · rate). */
const WHEEL_RATE = 0.0015
const LINE_PIXELS = 16

/**
 * Listens to a canvas. The wheel zooms if the canvas has the focus or Ctrl or Cmd is held; otherwise it
 * scrolls the document. Vertical strokes of one finger scroll the document as well (`touch-action: pan-y`).
 */
export class Input {
  private readonly stopping = new AbortController()
  private readonly pointers = new Map<number, { x: number; y: number }>()
  private moved = 0
  private panning = false

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly steered: Steered,
  ) {
    const { signal } = this.stopping
    canvas.style.touchAction = 'pan-y'
    canvas.addEventListener('pointerdown', event => this.down(event), { signal })
    canvas.addEventListener('pointermove', event => this.move(event), { signal })
    canvas.addEventListener('pointerup', event => this.up(event, true), { signal })
    canvas.addEventListener('pointercancel', event => this.up(event, false), { signal })
    canvas.addEventListener('pointerleave', () => steered.leave(), { signal })
    canvas.addEventListener('dblclick', () => steered.reset(), { signal })
    canvas.addEventListener('contextmenu', event => event.preventDefault(), { signal })
    canvas.addEventListener('wheel', event => this.wheel(event), { signal, passive: false })
    canvas.addEventListener('keydown', event => this.key(event), { signal })
  }

  destroy(): void {
    this.stopping.abort()
  }

  private at(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }

  private down(event: PointerEvent): void {
    this.canvas.focus({ preventScroll: true })
    this.canvas.setPointerCapture(event.pointerId)
    this.pointers.set(event.pointerId, this.at(event))
    if (this.pointers.size === 1) this.moved = 0
    this.panning = event.button !== 0 || event.shiftKey
  }

  private move(event: PointerEvent): void {
    const now = this.at(event)
    const before = this.pointers.get(event.pointerId)
    if (!before) {
      if (event.pointerType !== 'touch') this.steered.hover(now.x, now.y)
      return
    }
    const [dx, dy] = [now.x - before.x, now.y - before.y]
    this.pointers.set(event.pointerId, now)
    this.moved += Math.hypot(dx, dy)
    if (this.moved < CLICK) return
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1]
    if (other) this.pinch(before, now, other)
    else if (this.panning) this.steered.pan(dx, dy)
    else this.steered.drag(dx, dy)
  }

  /**
   * With two fingers, their distance zooms around the point between them, and moving that point moves the
   * picture.
   */
  private pinch(before: Point, now: Point, other: Point): void {
    const distance = (point: Point) => Math.max(Math.hypot(point.x - other.x, point.y - other.y), 1)
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
    this.steered.zoom(distance(before) / distance(now), middle.x, middle.y)
    this.steered.pan((now.x - before.x) / 2, (now.y - before.y) / 2)
  }

  private up(event: PointerEvent, released: boolean): void {
    if (!this.pointers.delete(event.pointerId)) return
    if (released && this.pointers.size === 0 && this.moved < CLICK && event.button === 0) {
      const { x, y } = this.at(event)
      this.steered.click(x, y)
    }
  }

  private wheel(event: WheelEvent): void {
    const root = this.canvas.getRootNode() as Document | ShadowRoot
    const isFocused = root.activeElement === this.canvas
    if (!isFocused && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE_PIXELS
    const { x, y } = this.at(event)
    this.steered.zoom(Math.exp(pixels * WHEEL_RATE), x, y)
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { steered } = this
    const move = (dx: number, dy: number) => (event.shiftKey ? steered.pan(dx, dy) : steered.drag(dx, dy))
    const actions: Record<string, () => void> = {
      ArrowLeft: () => move(KEY_PIXELS, 0),
      ArrowRight: () => move(-KEY_PIXELS, 0),
      ArrowUp: () => move(0, KEY_PIXELS),
      ArrowDown: () => move(0, -KEY_PIXELS),
      '+': () => steered.zoom(KEY_ZOOM),
      '=': () => steered.zoom(KEY_ZOOM),
      '-': () => steered.zoom(1 / KEY_ZOOM),
      '0': () => steered.reset(),
      Home: () => steered.reset(),
      n: () => steered.step(1),
      p: () => steered.step(-1),
      Escape: () => steered.clear(),
    }
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!action) return
    event.preventDefault()
    action()
  }
}

interface Point {
  readonly x: number
  readonly y: number
}
