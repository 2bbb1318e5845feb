// Pictures of the volume, read back. Runs in documents.

import type { ScorePages } from '../../../src/engine/steps.ts'
import { NO_SCORE } from '../../../src/engine/work.ts'
import type { Grid } from '../../../src/layers/trades/grid.ts'
import type { Instrument } from '../../../src/units/instrument.ts'
import { drawVolumeAxes } from '../../../src/view/canvas/volume-axes.ts'
import { BOX, OrbitCamera } from '../../../src/view/frame/camera.ts'
import type { Frame, SceneLook } from '../../../src/view/frame/frame.ts'
import type { BinWindow } from '../../../src/view/frame/geometry.ts'
import { extentOf, Geometry } from '../../../src/view/frame/geometry.ts'
import { product, scaledAndMoved } from '../../../src/view/frame/matrix.ts'
import type { DrawnPages } from '../../../src/view/gpu/page-ceilings.ts'
import { Scene } from '../../../src/view/gpu/scene.ts'
import { VolumePainter } from '../../../src/view/gpu/volume.ts'
import { RiskVolume } from '../../../src/view/risk-volume.ts'
import { openTestDevice } from '../../browser/open-device.ts'

/** A page of scores; `voxels` holds [price in the page, size, score]. */
export interface HandMadePage {
  readonly slab: number
  readonly page: number
  readonly voxels: readonly (readonly [price: number, size: number, score: number])[]
}

export interface HandMadePicture {
  readonly pages: readonly HandMadePage[]
  /** By default everything that the pages cover. */
  readonly window?: BinWindow
  readonly look?: Partial<SceneLook>
  readonly camera?: { readonly yaw?: number; readonly pitch?: number; readonly distance?: number }
  /** Depth of an existing surface all over the picture. */
  readonly depth?: number
  /** The highest score that the march takes for every page, in place of the true one. */
  readonly ceiling?: number
  /** By `RiskVolume` instead of the painter. */
  readonly embedded?: boolean
  readonly width: number
  readonly height: number
}

export const SIZE_BINS = 8
const INSTRUMENT: Instrument = { symbol: 'HAND', tickSize: '0.5', lotSize: '0.001', contract: 'linear' }
const GRID: Grid = { priceWidth: 10, timeWidth: 900e6, sizeResolution: 0, sizeBins: SIZE_BINS }
export const LOOK: SceneLook = { measure: 'score', size: 'all', threshold: 1, top: 5, theme: 'dark' }
const INKS = {
  ...{ background: '#000', text: '#fff', muted: '#999', grid: '#333', marker: '#fff', accent: '#fff' },
  ...{ bought: '#fff', sold: '#fff', font: '12px sans-serif' },
}

/** What a picture is drawn from, the same in the document and in the test. */
export function frameOf({ pages, window, look, width, height }: HandMadePicture): Frame {
  const extent = extentOf(pages)!
  const whole = {
    fromSlab: extent.firstSlab,
    toSlab: extent.firstSlab + extent.slabs,
    lowBin: extent.firstPage * 64,
    highBin: (extent.firstPage + extent.pages) * 64,
  }
  return {
    geometry: new Geometry(INSTRUMENT, GRID),
    extent,
    window: window ?? whole,
    look: { ...LOOK, ...look },
    inks: INKS,
    width,
    height,
    ratio: 1,
  }
}

export function cameraOf({ camera }: Pick<HandMadePicture, 'camera'>): OrbitCamera {
  return Object.assign(new OrbitCamera(), camera)
}

const FORMAT = 'rgba8unorm'

/** RGBA of the pictures, colours multiplied by alpha. */
export async function draw(pictures: readonly HandMadePicture[]): Promise<number[][]> {
  const device = await openTestDevice()
  const failures: string[] = []
  device.addEventListener('uncapturederror', event => failures.push(event.error.message))
  const painter = await VolumePainter.create(device, FORMAT)
  const embedded = await RiskVolume.create(device, { format: FORMAT })
  const drawn: number[][] = []
  for (const picture of pictures) drawn.push(await drawOne(device, painter, embedded, picture))
  embedded.destroy()
  painter.destroy()
  device.destroy()
  if (failures.length > 0) throw new Error(failures.join('\n'))
  return drawn
}

async function drawOne(
  device: GPUDevice,
  painter: VolumePainter,
  embedded: RiskVolume,
  picture: HandMadePicture,
): Promise<number[]> {
  const { width, height } = picture
  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC
  const texture = device.createTexture({ size: [width, height], format: FORMAT, usage })
  const target = texture.createView()
  const encoder = device.createCommandEncoder()
  const depth = picture.depth === undefined ? {} : { depth: clearedDepth(device, encoder, picture) }
  const frame = frameOf(picture)
  const camera = cameraOf(picture)
  const kept = uploaded(device, picture.pages)
  const scene = await Scene.create(device)
  if (picture.embedded) {
    const { measure, size, threshold, top, theme } = frame.look
    Object.assign(embedded, { measure, size, threshold, top, theme })
    const scorePages = { ...kept, device } as unknown as ScorePages
    const model = scaledAndMoved(BOX, [0, 0, 0])
    const viewProjection = product(camera.view(width / height).viewProjection, model)
    const keptPages = picture.pages.map(({ slab, page }) => ({
      slab,
      page,
      low: 64 * page,
      high: 64 * page + 63,
    }))
    const map = { scorePages, keptPages, instrument: INSTRUMENT, grid: GRID }
    embedded.draw({ map, encoder, target, viewProjection, ...depth, clear: [0, 0, 0, 0] })
  } else {
    const seen = scene.update(kept, SIZE_BINS, frame.look)!
    const bound = picture.ceiling === undefined ? seen : { ...seen, ceilings: ceilingsOf(device, picture) }
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: target, loadOp: 'clear', storeOp: 'store', clearValue: [0, 0, 0, 0] }],
    })
    painter.draw(pass, bound, frame, camera, depth)
    pass.end()
  }
  const rgba = await readTexture(device, encoder, texture)
  scene.destroy()
  kept.scores.destroy()
  return [...rgba]
}

function uploaded(device: GPUDevice, pages: readonly HandMadePage[]): DrawnPages {
  const words = 64 * SIZE_BINS
  const scores = new Int32Array(words * pages.length).fill(NO_SCORE)
  for (const [slot, { voxels }] of pages.entries()) {
    for (const [price, size, score] of voxels) scores[slot * words + size * 64 + price] = score * 65_536
  }
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  const buffer = device.createBuffer({ size: scores.byteLength, usage })
  device.queue.writeBuffer(buffer, 0, scores)
  return {
    scores: buffer,
    details: null,
    pages: pages.map(({ slab, page }, slot) => ({ slab, page, slot })),
  }
}

/** One number in place of all ceilings. */
function ceilingsOf(device: GPUDevice, { pages, ceiling }: HandMadePicture): GPUBuffer {
  const words = new Int32Array(pages.length * 65).fill(ceiling!)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  const buffer = device.createBuffer({ size: words.byteLength, usage })
  device.queue.writeBuffer(buffer, 0, words)
  return buffer
}

function clearedDepth(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  { depth, width, height }: HandMadePicture,
): GPUTextureView {
  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING
  const view = device.createTexture({ size: [width, height], format: 'depth32float', usage }).createView()
  const depthStencilAttachment: GPURenderPassDepthStencilAttachment = {
    view,
    depthClearValue: depth!,
    depthLoadOp: 'clear',
    depthStoreOp: 'store',
  }
  encoder.beginRenderPass({ colorAttachments: [], depthStencilAttachment }).end()
  return view
}

/** A line of text that the axes wrote: its middle and width in CSS pixels. */
export interface WrittenText {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
}

/** What the axes of pictures write. */
export async function axisTexts(pictures: readonly HandMadePicture[]): Promise<WrittenText[][]> {
  return pictures.map(picture => {
    const { width, height } = picture
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const context = canvas.getContext('2d')!
    const texts: WrittenText[] = []
    context.fillText = (text, x, y) => {
      texts.push({ text, x, y, width: context.measureText(text).width })
    }
    drawVolumeAxes(context, frameOf(picture), cameraOf(picture))
    return texts
  })
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
