import { describe, expect, test } from 'vitest'
import { BOX, boxCorner, boxPoint, OrbitCamera } from '../../src/view/frame/camera.ts'
import type { Frame } from '../../src/view/frame/frame.ts'
import { Geometry } from '../../src/view/frame/geometry.ts'
import { inverse, type Point3, product, transformed } from '../../src/view/frame/matrix.ts'

const CORNERS = Array.from({ length: 8 }, (_, corner) => boxCorner(corner))
const ASPECTS = [0.5, 0.75, 1, 1.6, 2.4, 3]

function turned(): OrbitCamera {
  const camera = new OrbitCamera()
  camera.orbit(0.9, -0.7)
  camera.pan(0.1, -0.05)
  camera.zoom(0.7)
  return camera
}

describe('camera', () => {
  test('at rest the whole box is in the picture, with room for labels', () => {
    for (const aspect of ASPECTS) {
      const [width, height] = [400 * aspect, 400]
      const points = CORNERS.map(corner => new OrbitCamera().project(corner, width, height)!)
      const xs = points.map(({ x }) => x / width)
      const ys = points.map(({ y }) => y / height)
      const inside = [Math.min(...xs), 1 - Math.max(...xs), Math.min(...ys), 1 - Math.max(...ys)]
      for (const margin of inside) expect(margin).toBeGreaterThan(0.045)
      // It fills the picture in one direction or the other.
      expect(Math.min(...inside)).toBeLessThan(aspect < 1 ? 0.19 : 0.11)
      for (const { depth } of points) {
        expect(depth).toBeGreaterThanOrEqual(0)
        expect(depth).toBeLessThanOrEqual(1)
      }
    }
  })

  test('time runs to the right, prices upwards, large sizes are nearer', () => {
    const at = (point: Point3) => new OrbitCamera().project(point, 640, 400)!
    expect(at([0.5, 0, 0]).x).toBeGreaterThan(at([-0.5, 0, 0]).x)
    expect(at([0, 0.5, 0]).y).toBeLessThan(at([0, -0.5, 0]).y)
    expect(at([0, 0, 0.4]).depth).toBeLessThan(at([0, 0, -0.4]).depth)
  })

  test('the inverse leads back, and the eye is where all rays meet', () => {
    const { viewProjection, inverse: back, eye } = turned().view(1.5)
    for (const corner of CORNERS) {
      const [x, y, z, w] = transformed(viewProjection, corner)
      const [a, b, c, d] = transformed(back, [x / w, y / w, z / w])
      for (const [i, value] of [a / d, b / d, c / d].entries()) expect(value).toBeCloseTo(corner[i], 4)
    }
    const [x, y, , w] = transformed(viewProjection, eye)
    for (const value of [x, y, w]) expect(value).toBeCloseTo(0, 5)
  })

  test('a drag moves the box with the pointer', () => {
    const at = (camera: OrbitCamera, point: Point3) => camera.project(point, 600, 400)!
    const camera = new OrbitCamera()
    const before = at(camera, [0, 0, 0])
    camera.pan(0.1, 0.05)
    const after = at(camera, [0, 0, 0])
    expect(after.x - before.x).toBeCloseTo(40, -0.5)
    expect(after.y - before.y).toBeCloseTo(20, -0.5)
    const front = at(camera, [0, 0, 0.4])
    camera.orbit(0.05, 0)
    expect(at(camera, [0, 0, 0.4]).x).toBeGreaterThan(front.x)
    const top = at(camera, [0, 0, 0.4])
    camera.orbit(0, 0.05)
    expect(at(camera, [0, 0, 0.4]).y).toBeGreaterThan(top.y)
  })

  test('turns, distances and the target are kept within reason; reset undoes all', () => {
    const camera = new OrbitCamera()
    const rest = camera.view(1.6)
    camera.orbit(0, 10)
    expect(camera.pitch).toBeLessThan(Math.PI / 2)
    camera.orbit(0, -20)
    expect(camera.pitch).toBeGreaterThan(-Math.PI / 2)
    for (const factor of [1e-9, 1e9]) {
      camera.zoom(factor)
      expect(camera.distance).toBeGreaterThan(0.01)
      expect(camera.distance).toBeLessThan(100)
    }
    camera.pan(50, -50)
    for (const [i, at] of camera.target.entries()) expect(Math.abs(at)).toBeLessThanOrEqual(BOX[i])
    camera.reset()
    expect(camera.view(1.6)).toEqual(rest)
  })

  test('points behind the eye are not in the picture', () => {
    const camera = new OrbitCamera()
    const { eye } = camera.view(1)
    expect(camera.project(eye.map(part => part * 1.5) as unknown as Point3, 100, 100)).toBeNull()
  })
})

describe('box space', () => {
  const geometry = new Geometry(
    { symbol: 'HAND', tickSize: '0.5', lotSize: '0.001', contract: 'linear' },
    { priceWidth: 1, timeWidth: 60e6, sizeResolution: 0, sizeBins: 8 },
  )
  const window = { fromSlab: 100, toSlab: 140, lowBin: 7, highBin: 9 }
  const frameOf = (size: 'all' | number): Frame => ({ geometry, window, look: { size } }) as unknown as Frame

  test('the window fills the box', () => {
    const point = (time: number, price: number, size: number) =>
      boxPoint(frameOf('all'), { time, price, size })
    expect(point(100, 7, 0)).toEqual([-BOX[0] / 2, -BOX[1] / 2, -BOX[2] / 2])
    expect(point(140, 9, 8)).toEqual([BOX[0] / 2, BOX[1] / 2, BOX[2] / 2])
    expect(point(120, 8, 4)).toEqual([0, 0, 0])
  })

  test('one size fills it alone', () => {
    expect(boxPoint(frameOf(3), { time: 120, price: 8, size: 3 })[2]).toBe(-BOX[2] / 2)
    expect(boxPoint(frameOf(3), { time: 120, price: 8, size: 4 })[2]).toBe(BOX[2] / 2)
  })
})

test('an inverse undoes its matrix, also where a pivot is 0', () => {
  const matrix = [0, 2, 0, 0, 1, 0, 0, 3, 0, 0, 5, 1, 4, 0, 1, 0]
  for (const [i, value] of product(matrix, inverse(matrix)).entries()) {
    expect(value).toBeCloseTo(i % 5 === 0 ? 1 : 0, 12)
  }
})
