// Pictures of the volume, read back. Runs in pages.

import type { Grid } from '../../src/grid/axes.ts'
import { NO_SCORE } from '../../src/map/backend.ts'
import type { Theme } from '../../src/show/colours.ts'
import type { Instrument } from '../../src/ticks/instrument.ts'
import { OrbitCamera, type Point3 } from '../../src/view/camera.ts'
import type { BinWindow, SceneLook } from '../../src/view/frame.ts'
import { Geometry } from '../../src/view/geometry.ts'
import { Scene } from '../../src/view/scene.ts'
import { VolumePainter } from '../../src/view/volume.ts'
import { openTestDevice } from './open-device.ts'

/** A page of scores; `voxels` holds [price in the page, size, score]. */
export interface HandMadePage {
  readonly slab: number
  readonly page: number
  readonly voxels: readonly (readonly [price: number, size: number, score: number])[]
}

export interface HandMadePicture {
  readonly pages: readonly HandMadePage[]
  readonly window: BinWindow
  readonly look?: Partial<SceneLook>
  readonly camera?: { readonly yaw?: number; readonly pitch?: number }
  /** Depth of what is there already, all over the picture. */
  readonly depth?: number
  readonly width: number
  readonly height: number
}

export const SIZE_BINS = 8
export const INSTRUMENT: Instrument = {
  symbol: 'HAND-MADE',
  tickSize: '0.5',
  lotSize: '0.001',
  contract: 'linear',
}
export const GRID: Grid = { priceWidth: 10, timeBin: 900e6, sizeResolution: 0, sizeBins: SIZE_BINS }
export const LOOK: SceneLook = {
  measure: 'score',
  size: 'all',
  threshold: 1,
  top: 5,
  theme: 'dark' satisfies Theme,
}

const FORMAT = 'rgba8unorm'

/** RGBA of the pictures, colours multiplied by alpha. */
export async function draw(pictures: readonly HandMadePicture[]): Promise<number[][]> {
  const device = await openTestDevice()
  const failures: string[] = []
  device.addEventListener('uncapturederror', event =>
    failures.push((event as GPUUncapturedErrorEvent).error.message),
  )
  const painter = await VolumePainter.create(device, FORMAT)
  const drawn: number[][] = []
  for (const picture of pictures) drawn.push(await drawOne(device, painter, picture))
  painter.destroy()
  device.destroy()
  if (failures.length > 0) throw new Error(failures.join('\n'))
  return drawn
}

async function drawOne(
  device: GPUDevice,
  painter: VolumePainter,
  picture: HandMadePicture,
): Promise<number[]> {
  const { width, height } = picture
  const words = 64 * SIZE_BINS
  const scores = new Int32Array(words * picture.pages.length).fill(NO_SCORE)
  for (const [slot, { voxels }] of picture.pages.entries()) {
    for (const [price, size, score] of voxels) scores[slot * words + size * 64 + price] = score * 65_536
  }
  const buffer = device.createBuffer({
    size: scores.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  })
  device.queue.writeBuffer(buffer, 0, scores)
  const scene = new Scene(device, painter.sceneLayout)
  const look = { ...LOOK, ...picture.look }
  const pages = picture.pages.map(({ slab, page }, slot) => ({ slab, page, slot }))
  const bound = scene.update({ scores: buffer, picture: null, pages }, SIZE_BINS, look)!
  const frame = {
    geometry: new Geometry(INSTRUMENT, GRID),
    extent: scene.extent!,
    window: picture.window,
    look,
    width,
    height,
  }
  const camera = Object.assign(new OrbitCamera(), picture.camera)

  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC
  const target = device.createTexture({ size: [width, height], format: FORMAT, usage })
  const encoder = device.createCommandEncoder()
  const depth =
    picture.depth === undefined ? undefined : clearedDepth(device, encoder, picture.depth, width, height)
  const pass = encoder.beginRenderPass({
    colorAttachments: [
      { view: target.createView(), loadOp: 'clear', storeOp: 'store', clearValue: [0, 0, 0, 0] },
    ],
  })
  painter.draw(pass, bound, frame, camera, depth ? { depth } : {})
  pass.end()
  const rgba = await readTexture(device, encoder, target)
  scene.destroy()
  return [...rgba]
}

function clearedDepth(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  depth: number,
  width: number,
  height: number,
) {
  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING
  const texture = device.createTexture({ size: [width, height], format: 'depth32float', usage })
  const view = texture.createView()
  encoder
    .beginRenderPass({
      colorAttachments: [],
      depthStencilAttachment: { view, depthClearValue: depth, depthLoadOp: 'clear', depthStoreOp: 'store' },
    })
    .end()
  return view
}

/** Submits what was recorded and reads the picture back. */
export async function readTexture(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  texture: GPUTexture,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const { width, height } = texture
  const bytesPerRow = Math.ceil((4 * width) / 256) * 256
  const buffer = device.createBuffer({
    size: bytesPerRow * height,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height])
  device.queue.submit([encoder.finish()])
  await buffer.mapAsync(GPUMapMode.READ)
  const rows = new Uint8Array(buffer.getMappedRange())
  const rgba = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y++) {
    rgba.set(rows.subarray(y * bytesPerRow, y * bytesPerRow + 4 * width), y * 4 * width)
  }
  buffer.destroy()
  texture.destroy()
  return rgba
}

export type { Point3 }
