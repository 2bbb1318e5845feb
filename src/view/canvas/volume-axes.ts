import { axisNumber, priceSplits, priceStep } from '../../show/price-axis.ts'
import { number } from '../../show/text.ts'
import { TIME_STEPS, timeLabels, timeSplits } from '../../show/time-axis.ts'
import {
  BOX,
  boxBins,
  boxCorner,
  boxPoint,
  type CameraView,
  type OrbitCamera,
  type Projected,
} from '../frame/camera.ts'
import type { Frame } from '../frame/frame.ts'
import type { Point3 } from '../frame/matrix.ts'
import { fontSize } from './font.ts'

const TIME = 0
const PRICE = 1
const SIZE = 2
const AXES = [TIME, PRICE, SIZE] as const
type Axis = (typeof AXES)[number]

/** CSS pixels. */
const TICK_LENGTH = 5
const LABEL_GAP = 4
/** Space kept free around every label. */
const CLEARANCE = 3
/** Least distance between ticks along an edge, by axis: time labels are wide, size labels are flat. */
const LEAST_SPACING = [64, 40, 24] as const
/** Factors that widen the spacing until the labels of a sloping edge no longer overlap. */
const WIDER = [1, 1.4, 2, 3, 5] as const
/** Places for a title along an edge, as shares of its length; the first free one is used. */
const TITLE_PLACES = [0.5, 0.35, 0.65, 0.2, 0.8, 0, 1] as const
/** Opacity of edges behind the volume. */
const HIDDEN_INK = 0.35
const LINE_HEIGHT = 1.25

interface Tick {
  /** In absolute bins; a fraction is a place within a bin. */
  readonly at: number
  readonly label: string
}

interface Point2 {
  readonly x: number
  readonly y: number
}

type Direction = readonly [x: number, y: number]

interface Label extends Point2 {
  readonly text: string
}

interface PlacedTick {
  /** The point on the edge where the tick begins. */
  readonly point: Point2
  readonly label: Label
}

interface Edge {
  readonly axis: Axis
  /** The corner where the axis begins, see `boxCorner`. */
  readonly corner: number
  readonly from: Projected
  readonly to: Projected
  /** How many of its two faces point towards the eye: 0 hidden, 1 on the outline, 2 in front. */
  readonly facing: number
}

interface Rectangle {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * Draws the edges of the volume's box, with ticks, labels and titles along its outline.
 * @param context scaled to CSS pixels, as large as the frame
 */
export function drawVolumeAxes(context: CanvasRenderingContext2D, frame: Frame, camera: OrbitCamera): void {
  const { width, height, inks } = frame
  const edges = boxEdges(camera.view(width / height), camera, width, height)
  context.save()
  context.lineWidth = 1
  context.lineCap = 'round'
  context.strokeStyle = inks.muted
  for (const { from, to, facing } of edges) {
    context.globalAlpha = facing === 0 ? HIDDEN_INK : 1
    line(context, from, to)
  }
  context.globalAlpha = 1
  context.font = inks.font
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const labels = new Labels(context, frame)
  const shown = AXES.flatMap(axis => {
    const edge = labelledEdge(edges, axis)
    return edge ? [new AxisLabels(edge, frame, camera, labels)] : []
  })
  for (const axis of shown) axis.drawTicks()
  for (const axis of shown) axis.drawTitle()
  context.restore()
}

/** Ticks along one edge of the box. */
class AxisLabels {
  /** Unit vector in the picture that points away from the box. */
  private readonly outwards: Direction
  private readonly ticks: readonly PlacedTick[]

  constructor(
    private readonly edge: Edge,
    private readonly frame: Frame,
    private readonly camera: OrbitCamera,
    private readonly labels: Labels,
  ) {
    const { from, to } = edge
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    const length = Math.hypot(dx, dy)
    const { width, height } = frame
    const middle = camera.project([0, 0, 0], width, height) ?? { x: width / 2, y: height / 2 }
    const side = Math.sign((middle.x - from.x) * dy - (middle.y - from.y) * dx) || 1
    this.outwards = length > 0 ? [(-dy / length) * side, (dx / length) * side] : [0, 1]
    this.ticks = this.place(length)
  }

  /** The price title goes above its axis. The others go beside the middle of theirs, outside the labels. */
  drawTitle(): void {
    const { labels, outwards, frame } = this
    const { axis, from, to } = this.edge
    const title = ['time (UTC)', 'price', 'size'][axis]
    if (axis === PRICE) {
      const top = from.y < to.y ? from : to
      labels.draw(labels.inside({ text: title, x: top.x, y: top.y - labels.lineHeight }), frame.inks.muted)
      return
    }
    const widest = Math.max(0, ...this.ticks.map(({ label }) => labels.reach(label.text, outwards)))
    const near = TICK_LENGTH + 2 * LABEL_GAP + 2 * widest + labels.reach(title, outwards)
    for (const away of [near, near + labels.lineHeight]) {
      for (const share of TITLE_PLACES) {
        const point = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
        const label = labels.inside({ text: title, ...moved(point, outwards, away) })
        if (labels.draw(label, frame.inks.muted)) return
      }
    }
  }

  drawTicks(): void {
    for (const { point, label } of this.ticks) {
      if (this.labels.draw(label, this.frame.inks.text)) this.labels.tick(point, this.outwards)
    }
  }

  /** As many ticks as fit side by side. */
  private place(length: number): PlacedTick[] {
    const { axis } = this.edge
    const spacing = WIDER.map(times => times * LEAST_SPACING[axis]).filter(spacing => spacing <= length)
    const candidates = spacing.map(spacing => this.placed(ticksOf(axis, this.frame, length / spacing)))
    const isFree = (ticks: readonly PlacedTick[]) => this.labels.areApart(ticks.map(({ label }) => label))
    return candidates.find(isFree) ?? candidates[candidates.length - 1] ?? []
  }

  private placed(ticks: readonly Tick[]): PlacedTick[] {
    const { labels, outwards, frame } = this
    return ticks.flatMap(({ at, label: text }) => {
      const point = this.camera.project(this.pointAt(at), frame.width, frame.height)
      if (!point) return []
      const away = TICK_LENGTH + LABEL_GAP + labels.reach(text, outwards)
      return [{ point, label: { text, ...moved(point, outwards, away) } }]
    })
  }

  private pointAt(at: number): Point3 {
    const { axis, corner } = this.edge
    const along = boxPoint(this.frame, { time: at, price: at, size: at })[axis]
    const [x, y, z] = boxCorner(corner)
    return axis === TIME ? [along, y, z] : axis === PRICE ? [x, along, z] : [x, y, along]
  }
}

/** Texts that stay within the picture and do not overlap: those drawn first keep their place. */
class Labels {
  readonly lineHeight: number
  private readonly drawn: Rectangle[] = []

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly frame: Frame,
  ) {
    this.lineHeight = LINE_HEIGHT * fontSize(frame.inks.font)
  }

  /** How far a text extends from its centre in a direction. */
  reach(text: string, [x, y]: Direction): number {
    const { width, height } = this.measure(text)
    return (Math.abs(x) * width + Math.abs(y) * height) / 2
  }

  areApart(labels: readonly Label[]): boolean {
    const rectangles = labels.map(label => this.rectangle(label))
    return rectangles.every((one, i) => rectangles.slice(i + 1).every(other => !overlap(one, other)))
  }

  /** The label moved into the picture. */
  inside(label: Label): Label {
    const { left, top, right, bottom } = this.rectangle(label)
    const { width, height } = this.frame
    return {
      text: label.text,
      x: label.x + Math.max(-left, 0) - Math.max(right - width, 0),
      y: label.y + Math.max(-top, 0) - Math.max(bottom - height, 0),
    }
  }

  /** @returns whether there was room */
  draw(label: Label, ink: string): boolean {
    const { frame, context, lineHeight } = this
    const { text, x, y } = label
    const rectangle = this.rectangle(label)
    const { left, top, right, bottom } = rectangle
    if (left < 0 || top < 0 || right > frame.width || bottom > frame.height) return false
    if (this.drawn.some(other => overlap(other, rectangle))) return false
    this.drawn.push(rectangle)
    context.fillStyle = ink
    const lines = text.split('\n')
    for (const [i, line] of lines.entries()) {
      context.fillText(line, x, y + (i - (lines.length - 1) / 2) * lineHeight)
    }
    return true
  }

  tick(from: Point2, outwards: Direction): void {
    line(this.context, from, moved(from, outwards, TICK_LENGTH))
  }

  private rectangle({ text, x, y }: Label): Rectangle {
    const { width, height } = this.measure(text)
    const [across, upwards] = [width / 2 + CLEARANCE, height / 2 + CLEARANCE]
    return { left: x - across, top: y - upwards, right: x + across, bottom: y + upwards }
  }

  private measure(text: string): { width: number; height: number } {
    const lines = text.split('\n')
    const width = Math.max(...lines.map(line => this.context.measureText(line).width))
    return { width, height: lines.length * this.lineHeight }
  }
}

/** @param most roughly how many ticks at most */
function ticksOf(axis: Axis, frame: Frame, most: number): Tick[] {
  const { geometry } = frame
  const { from, to } = boxBins(frame)
  if (axis === TIME) {
    const [start, end] = [geometry.time(from[TIME]), geometry.time(to[TIME])]
    const step = TIME_STEPS.find(step => step * most >= end - start) ?? TIME_STEPS[TIME_STEPS.length - 1]
    const splits = timeSplits(start, end, step)
    const labels = timeLabels(splits, step)
    return splits.map((at, i) => ({ at: geometry.slab(at), label: labels[i] }))
  }
  if (axis === PRICE) {
    const [low, high] = [geometry.price(from[PRICE]), geometry.price(to[PRICE])]
    const step = priceStep((high - low) / most)
    return priceSplits(low, high, step).map(price => ({
      at: geometry.bin(price),
      label: axisNumber(price, step),
    }))
  }
  const step = Math.ceil((to[SIZE] - from[SIZE]) / most)
  const ticks: Tick[] = []
  for (let bin = from[SIZE]; bin <= to[SIZE] && bin < geometry.sizes.length; bin += step) {
    ticks.push({ at: bin, label: number(Number(geometry.sizes[bin]), 3) })
  }
  return ticks
}

/** The twelve edges, hidden ones first. Edges with a corner behind the eye are left out. */
function boxEdges({ eye }: CameraView, camera: OrbitCamera, width: number, height: number): Edge[] {
  const corners = Array.from({ length: 8 }, (_, corner) => camera.project(boxCorner(corner), width, height))
  const edges: Edge[] = []
  for (const axis of AXES) {
    for (let corner = 0; corner < 8; corner++) {
      if ((corner >> axis) & 1) continue
      const [from, to] = [corners[corner], corners[corner | (1 << axis)]]
      if (!from || !to) continue
      const facing = AXES.filter(other => other !== axis && faces(eye, other, (corner >> other) & 1)).length
      edges.push({ axis, corner, from, to, facing })
    }
  }
  return edges.sort((a, b) => a.facing - b.facing)
}

/** Whether the eye is on the outer side of a face of the box. */
function faces(eye: Point3, axis: Axis, end: number): boolean {
  return (end ? eye[axis] : -eye[axis]) > BOX[axis] / 2
}

/** The lowest edge on the outline; for the price axis the leftmost. */
function labelledEdge(edges: readonly Edge[], axis: Axis): Edge | undefined {
  const candidates = edges.filter(edge => edge.axis === axis && edge.facing === 1)
  const rank = ({ from, to }: Edge) => (axis === PRICE ? -(from.x + to.x) : from.y + to.y)
  return candidates.sort((a, b) => rank(b) - rank(a))[0]
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

function moved({ x, y }: Point2, [dx, dy]: Direction, by: number): Point2 {
  return { x: x + dx * by, y: y + dy * by }
}

function line(context: CanvasRenderingContext2D, from: Point2, to: Point2): void {
  context.beginPath()
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
  context.stroke()
}
