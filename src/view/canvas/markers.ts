import type { Hotspot } from '../../layers/trades/facts.ts'
import { boxPoint, type OrbitCamera } from '../frame/camera.ts'
import type { Frame } from '../frame/frame.ts'
import type { Plot } from '../frame/plot.ts'
import { fontLike } from './font.ts'
import { footprintFits } from './footprint.ts'
import type { Context2D } from './slices.ts'

/**
 * Most markers at a time, and most of them with a number; the others are dots. More would hide what they
 * mark.
 */
const MOST = { numbered: 24, all: 120 }
/** A small canvas gets fewer: it needs this many square CSS pixels per marker. */
const SHARE = { numbered: 12_000, all: 2500 }
/** A marker closer than this to a higher one is left out, CSS pixels. */
const SAME_PLACE = 6
/** A marker can be picked within this distance of its centre, CSS pixels. */
const REACH = 12
/** Radii of rings and dots, CSS pixels. */
const RING = 7
const DOT = 2
const LINE = 2
/** Width of the background-coloured rim around a marker. */
const RIM = 1.25
/** The plate of a number: its offset from the marker's centre and its size, CSS pixels. */
const PLATE = { left: 4, bottom: 2, height: 15, padding: 8, digit: 6.6, font: 11 }

export interface Point {
  readonly x: number
  readonly y: number
}

/** A marker as drawn, in CSS pixels. */
export interface DrawnMarker extends Point {
  readonly hotspot: Hotspot
  /** Position in the list of hotspots, from 1. */
  readonly rank: number
  /** Where the plate of its number begins; null for a dot. */
  readonly plate: { readonly left: number; readonly width: number } | null
}

interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Where the slices show a hotspot: the centre of its cell, or the right end if the cell has a footprint. Null
 * outside the plot and for sizes not shown.
 */
export function placeInPlot({ look }: Frame, plot: Plot): (hotspot: Hotspot) => Point | null {
  const across = footprintFits(plot) ? 1 - (2 * RING) / plot.cell.width : 0.5
  return ({ voxel }) => {
    if (look.size !== 'all' && look.size !== voxel.size) return null
    const [x, y] = [plot.xOfSlab(voxel.time + across), plot.yOfBin(voxel.price + 0.5)]
    return plot.contains(x, y) ? { x, y } : null
  }
}

/** Where the volume shows a hotspot: the centre of its voxel. Null if it is not visible. */
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
 * Draws the markers of hotspots. The first ones are rings with their rank, as long as there is room for the
 * numbers; the rest are dots. Sets its own transform.
 * @param place position of a hotspot in CSS pixels, null if it is not visible
 * @param hotspots highest first
 * @returns what was drawn: the selected and the hovered hotspot, then the others, highest first
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

/** The marker at a point: the nearest within reach. Of equally near ones, the highest. */
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
 * Decides which markers are drawn and which get a number. A number is left out if it would overlap the number
 * or ring of a higher one. The selected and the hovered hotspot take precedence.
 * @param canvas size in CSS pixels
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

/** Where the number of a ring goes: to its right, else to its left; null if neither is free. */
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

/** Points, no two of them in the same place. */
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
