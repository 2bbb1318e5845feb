import { sizeRange } from './ceiling.ts'
import type { Frame } from './frame.ts'
import { inverse, type Point3, product, transformed } from './matrix.ts'

/**
 * Edge lengths of the box, whatever it shows. Time has the most bins, and prices are compared by eye more
 * than sizes are.
 */
export const BOX: Point3 = [1.6, 1, 0.8]

/** Half the vertical field of view. Narrow enough that far voxels are not much smaller than near ones. */
const HALF_FIELD = Math.PI / 12
/** From the right and above, with late times in front: people look for what came last. */
const REST = { yaw: 0.45, pitch: 0.3 }
/** Below the centre of the box, since more labels are below it than above. */
const REST_TARGET: Point3 = [0, -0.04, 0]
/** Looking straight up or down, left and right would be undefined. */
const STEEPEST = 1.5
/** Limits of the distance, as multiples of the one at rest. */
const NEAREST = 0.1
const FARTHEST = 4
/** How far the target may move from the centre of the box, as a share of its edges. */
const MOST_PANNED = 1

/** Radius of the sphere around the box. */
const RADIUS = Math.hypot(...BOX) / 2
/** The near plane is at least this far from the eye, in box space. */
const LEAST_NEAR = 0.01

export interface CameraView {
  /** Box space → clip space with z 0 (near) … 1 (far), column by column. */
  readonly viewProjection: ArrayLike<number>
  /** Clip space → box space. */
  readonly inverse: Float32Array
  /** In box space. */
  readonly eye: Point3
}

/** A point of the box in the picture: CSS pixels from the top left corner, depth 0 (near) … 1 (far). */
export interface Projected {
  readonly x: number
  readonly y: number
  readonly depth: number
}

/**
 * An eye that looks at a target in the box and orbits it. It only holds numbers: whoever moves it must
 * redraw.
 */
export class OrbitCamera {
  /** Radians around the price axis; 0 looks along the size axis. */
  yaw = REST.yaw
  /** Radians above the plane of time and size. */
  pitch = REST.pitch
  /** Distance from the target, as a multiple of the distance at which the whole box fits the picture. */
  distance = 1
  target: Point3 = REST_TARGET
  /** Share of the picture's width taken by labels, 0 … 0.5; null to derive it from the aspect ratio. */
  margin: number | null = null
  /** Aspect ratio of the last picture. */
  private aspect = 1
  /** Cached, because all markers of a frame use the same view. */
  private last: { readonly from: string; readonly view: CameraView } | null = null

  /** Rotates the box as a drag to the right and down would, in radians. */
  orbit(dx: number, dy: number): void {
    this.yaw = (this.yaw - dx) % (2 * Math.PI)
    this.pitch = clamp(this.pitch + dy, -STEEPEST, STEEPEST)
  }

  /** A factor below 1 shows less. */
  zoom(factor: number): void {
    this.distance = clamp(this.distance * factor, NEAREST, FARTHEST)
  }

  /** Moves the box right and down, in shares of the picture's height. */
  pan(dx: number, dy: number): void {
    const { right, up } = directions(this.yaw, this.pitch)
    const height = 2 * Math.tan(HALF_FIELD) * this.distance * restDistance(this.aspect, this.margin)
    this.target = this.target.map((at, i) =>
      clamp(at + (up[i] * dy - right[i] * dx) * height, -BOX[i] * MOST_PANNED, BOX[i] * MOST_PANNED),
    ) as unknown as Point3
  }

  reset(): void {
    this.yaw = REST.yaw
    this.pitch = REST.pitch
    this.distance = 1
    this.target = REST_TARGET
  }

  /** @param aspect the picture's width / height */
  view(aspect: number): CameraView {
    this.aspect = aspect
    const from = [aspect, this.margin, this.yaw, this.pitch, this.distance, ...this.target].join(' ')
    if (this.last?.from !== from) this.last = { from, view: this.makeView(aspect) }
    return this.last.view
  }

  private makeView(aspect: number): CameraView {
    const { right, up, back } = directions(this.yaw, this.pitch)
    const distance = this.distance * restDistance(aspect, this.margin)
    const eye = back.map((part, i) => this.target[i] + part * distance) as unknown as Point3
    const middle = dot(eye, back) // depth of the box's centre
    const near = Math.max(middle - RADIUS, LEAST_NEAR)
    const far = Math.max(middle + RADIUS, 2 * near)
    const view = Float64Array.of(
      ...[0, 1, 2].flatMap(i => [right[i], up[i], back[i], 0]),
      ...[-dot(right, eye), -dot(up, eye), -dot(back, eye), 1],
    )
    const viewProjection = product(perspective(aspect, near, far), view)
    return {
      viewProjection: Float32Array.from(viewProjection),
      inverse: Float32Array.from(inverse(viewProjection)),
      eye,
    }
  }

  /** @returns null for a point behind the eye */
  project(point: Point3, width: number, height: number): Projected | null {
    const [x, y, z, w] = transformed(this.view(width / height).viewProjection, point)
    if (w < LEAST_NEAR / 2) return null
    return { x: ((1 + x / w) / 2) * width, y: ((1 - y / w) / 2) * height, depth: z / w }
  }
}

/** The parts of a frame that decide where points are in the box. */
type Shown = Pick<Frame, 'window' | 'geometry' | 'look'>

/** Absolute bins at both ends of the box's edges: time, price, size. */
export function boxBins({ window, geometry, look }: Shown): { readonly from: Point3; readonly to: Point3 } {
  const [firstSize, endSize] = sizeRange(geometry.grid.sizeBins, look.size)
  return {
    from: [window.fromSlab, window.lowBin, firstSize],
    to: [window.toSlab, window.highBin, endSize],
  }
}

/**
 * The position of absolute bins in the box; a fraction is a place within a bin. Small sizes are at the back.
 */
export function boxPoint(
  frame: Shown,
  { time, price, size }: { readonly time: number; readonly price: number; readonly size: number },
): Point3 {
  const { from, to } = boxBins(frame)
  const along = (value: number, i: number) => ((value - from[i]) / (to[i] - from[i]) - 0.5) * BOX[i]
  return [along(time, 0), along(price, 1), along(size, 2)]
}

/** The distance at which the box at rest fits the picture, with room for labels around it. */
function restDistance(aspect: number, margin: number | null): number {
  const { right, up, back } = directions(REST.yaw, REST.pitch)
  // Labels have the same width on narrow and wide pictures.
  const width = 1 - (margin ?? clamp(0.17 / aspect, 0.1, 0.36))
  const height = 0.84
  const scale = 1 / Math.tan(HALF_FIELD)
  const needed = Array.from({ length: 8 }, (_, number) => {
    const corner = boxCorner(number).map((at, i) => at - REST_TARGET[i]) as unknown as Point3
    const across = (Math.abs(dot(corner, right)) * scale) / aspect / width
    const upwards = (Math.abs(dot(corner, up)) * scale) / height
    return dot(corner, back) + Math.max(across, upwards)
  })
  return Math.max(...needed)
}

/** One of the eight corners; bit i of the number selects the end of axis i. */
export function boxCorner(corner: number): Point3 {
  const end = (axis: number) => ((corner >> axis) & 1 ? 0.5 : -0.5) * BOX[axis]
  return [end(0), end(1), end(2)]
}

function directions(yaw: number, pitch: number): { right: Point3; up: Point3; back: Point3 } {
  const [siny, cosy, sinp, cosp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)]
  return {
    right: [cosy, 0, -siny],
    up: [-siny * sinp, cosp, -cosy * sinp],
    back: [siny * cosp, sinp, cosy * cosp],
  }
}

/** Right-handed, with depth 0 at `near` and 1 at `far`, as in WebGPU. */
function perspective(aspect: number, near: number, far: number): Float64Array {
  const scale = 1 / Math.tan(HALF_FIELD)
  const depth = far / (near - far)
  return Float64Array.of(scale / aspect, 0, 0, 0, 0, scale, 0, 0, 0, 0, depth, -1, 0, 0, near * depth, 0)
}

function dot(a: Point3, b: Point3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
