import type { Hotspot } from '../../layers/trades/facts.ts'
import { boxPoint, type OrbitCamera } from '../frame/camera.ts'
import type { Frame } from '../frame/frame.ts'
import type { Plot } from '../frame/plot.ts'
import { fontLike } from './font.ts'
import { footprintFits } from './footprint.ts'
import type { Context2D } from './slices.ts'

/** Most markers at one time, and most with a number, the others are dots: more would hide what they mark. */
const MOST = { numbered: 24, all: 120 }
/** On a small canvas fewer: so many CSS pixels of it for each. */
const SHARE = { numbered: 12_000, all: 2500 }
/** A marker closer than this to a higher one is left out, CSS pixels. */
const SAME_PLACE = 6
/** How far from a marker's middle it can be picked, CSS pixels. */
const REACH = 12
/** Radii of rings and dots, CSS pixels. */
const RING = 7
const DOT = 2
const LINE = 2
/** Width of the rim in the colour of the background that sets a marker off. */
const RIM = 1.25
/** The plate of a number: where it stands from the middle, and its size, CSS pixels. */
const PLATE = { left: 4, bottom: 2, height: 15, padding: 8, digit: 6.6, font: 11 }

export interface Point {
  readonly x: number
  readonly y: number
}

/** A marker as it was drawn; CSS pixels. */
export interface DrawnMarker extends Point {
  readonly hotspot: Hotspot
  /** From 1, the place in the list of hotspots. */
  readonly rank: number
  /** Where its number begins, null for a dot. */
  readonly plate: { readonly left: number; readonly width: number } | null
}

interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Where the slices show a hotspot: the middle of its cell, or its end where it has a footprint; null beside the plot and for
 * sizes that are not shown.
 */
export function placeInPlot({ look }: Frame, plot: Plot): (hotspot: Hotspot) => Point | null {
  const across = footprintFits(plot) ? 1 - (2 * RING) / plot.cell.width : 0.5
  return ({ voxel }) => {
    if (look.size !== 'all' && look.size !== voxel.size) return null
    const [x, y] = [plot.xOfSlab(voxel.time + across), plot.yOfBin(voxel.price + 0.5)]
    return plot.contains(x, y) ? { x, y } : null
  }
}

/** Where the volume shows a hotspot: the middle of its voxel; null where it is not to be seen. */
export function placeInVolume(frame: Frame, camera: OrbitCamera): (hotspot: Hotspot) => Point | null {
  const { window, look } = frame
  return ({ voxel }) => {
    if (look.size !== 'all' && look.size !== voxel.size) return null
    const [time, price, size] = [voxel.time + 0.5, voxel.price + 0.5, voxel.size + 0.5]
    if (time < window.fromSlab || time > window.toSlab) return null
    if (price < window.lowBin || price > window.highBin) return null
    return camera.project(boxPoint(frame, { time, price, size }), frame.width, frame.height)
  }
}

/**
 * Draws the markers of hotspots: rings with their rank for the first, as far as the numbers find room, dots for the rest. Sets
 * the transform for itself.
 * @param place of a hotspot in CSS pixels, null where it is not to be seen
 * @param hotspots highest first
 * @returns what was drawn, highest first, after the one selected and the one hovered
 */
export function drawMarkers(
  ctx: Context2D,
  frame: Frame,
  place: (hotspot: Hotspot) => Point | null,
  hotspots: readonly Hotspot[],
  selected: Hotspot | null,
  hovered: Hotspot | null,
): DrawnMarker[] {
  const { inks, ratio } = frame
  const markers = layoutMarkers(place, hotspots, selected, hovered, frame)
  ctx.save()
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.font = fontLike(inks.font, PLATE.font, 600)
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  // The highest on top.
  for (const { hotspot, rank, x, y, plate } of [...markers].reverse()) {
    const ink = hotspot === selected || hotspot === hovered ? inks.accent : inks.marker
    if (!plate) {
      disc(ctx, x, y, DOT + RIM, inks.background)
      disc(ctx, x, y, DOT, ink)
      continue
    }
    circle(ctx, x, y, LINE + 2 * RIM, inks.background)
    circle(ctx, x, y, LINE, ink)
    const { left, width } = plate
    const top = y - PLATE.bottom - PLATE.height
    rounded(ctx, left - 1, top - 1, width + 2, PLATE.height + 2, inks.background)
    rounded(ctx, left, top, width, PLATE.height, ink)
    ctx.fillStyle = inks.background
    ctx.fillText(`${rank}`, left + width / 2, top + PLATE.height / 2 + 0.5)
  }
  ctx.restore()
  return markers
}

/** The marker at a point: the nearest within reach, of equally near ones the highest. */
export function pickMarker(drawn: readonly DrawnMarker[], x: number, y: number): DrawnMarker | null {
  let best: DrawnMarker | null = null
  let nearest = REACH
  for (const marker of drawn) {
    const distance = Math.hypot(marker.x - x, marker.y - y)
    if (distance > nearest || (best && distance === nearest && marker.rank > best.rank)) continue
    best = marker
    nearest = distance
  }
  return best
}

/**
 * Which markers are drawn and which have numbers. Numbers that would meet a higher one's number or ring are left out; the one
 * selected and the one hovered come first.
 * @param canvas CSS pixels
 */
export function layoutMarkers(
  place: (hotspot: Hotspot) => Point | null,
  hotspots: readonly Hotspot[],
  selected: Hotspot | null,
  hovered: Hotspot | null,
  canvas: { readonly width: number; readonly height: number },
): DrawnMarker[] {
  const area = canvas.width * canvas.height
  const most = Math.min(MOST.all, area / SHARE.all)
  const mostNumbered = Math.min(MOST.numbered, area / SHARE.numbered)
  const ranked = hotspots.map((hotspot, i) => ({ hotspot, rank: i + 1 }))
  const first = [selected, hovered].flatMap(chosen => ranked.filter(({ hotspot }) => hotspot === chosen))
  const taken = new Neighbourhood()
  const rectangles: { readonly ring: Rectangle; readonly plate: Rectangle }[] = []
  const drawn: DrawnMarker[] = []
  for (const { hotspot, rank } of new Set([...first, ...ranked])) {
    const point = place(hotspot)
    if (drawn.length >= most) break
    if (!point || !taken.add(point)) continue
    const { x, y } = point
    const plate =
      rectangles.length < mostNumbered ? plateAt(point, `${rank}`, canvas.width, rectangles) : null
    drawn.push({ hotspot, rank, x, y, plate: plate && { left: plate.left, width: plate.right - plate.left } })
    if (plate) rectangles.push({ ring: ringAt(point), plate })
  }
  return drawn
}

/** The place of a number beside its ring, to the right or else to the left; null where neither is free. */
function plateAt(
  point: Point,
  text: string,
  width: number,
  others: readonly { readonly ring: Rectangle; readonly plate: Rectangle }[],
): Rectangle | null {
  const ring = ringAt(point)
  const length = PLATE.padding + PLATE.digit * text.length
  const bottom = point.y - PLATE.bottom
  const sides = [point.x + PLATE.left, point.x - PLATE.left - length].map(left => ({
    left,
    right: left + length,
    top: bottom - PLATE.height,
    bottom,
  }))
  const free = (plate: Rectangle) =>
    plate.right <= width &&
    plate.left >= 0 &&
    others.every(other => !meet(plate, other.plate) && !meet(plate, other.ring) && !meet(ring, other.plate))
  return sides.find(free) ?? null
}

function ringAt({ x, y }: Point): Rectangle {
  const reach = RING + LINE / 2
  return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach }
}

function meet(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/** Points of which no two lie in the same place. */
class Neighbourhood {
  private readonly squares = new Map<string, Point[]>()

  /** @returns whether the place was free */
  add(point: Point): boolean {
    const [column, row] = [Math.floor(point.x / SAME_PLACE), Math.floor(point.y / SAME_PLACE)]
    for (let x = column - 1; x <= column + 1; x++) {
      for (let y = row - 1; y <= row + 1; y++) {
        const near = this.squares.get(`${x},${y}`)
        if (near?.some(other => Math.hypot(other.x - point.x, other.y - point.y) < SAME_PLACE)) return false
      }
    }
    const square = `${column},${row}`
    this.squares.set(square, [...(this.squares.get(square) ?? []), point])
    return true
  }
}

function circle(ctx: Context2D, x: number, y: number, line: number, ink: string): void {
  ctx.beginPath()
  ctx.arc(x, y, RING, 0, 2 * Math.PI)
  ctx.lineWidth = line
  ctx.strokeStyle = ink
  ctx.stroke()
}

function disc(ctx: Context2D, x: number, y: number, radius: number, ink: string): void {
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fillStyle = ink
  ctx.fill()
}

function rounded(
  ctx: Context2D,
  left: number,
  top: number,
  width: number,
  height: number,
  ink: string,
): void {
  ctx.beginPath()
  ctx.roundRect(left, top, width, height, height / 2)
  ctx.fillStyle = ink
  ctx.fill()
}
