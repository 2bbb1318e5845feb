/** Pictures of the slices by both painters, drawn and compared in a document. */

import { PAGE_PRICES } from '../../../src/grid/axes.ts'
import type { KeptTrades } from '../../../src/layers/trades/detail.ts'
import { CanvasSlices } from '../../../src/view/canvas/slices.ts'
import type { Frame } from '../../../src/view/frame/frame.ts'
import { Plot } from '../../../src/view/frame/plot.ts'
import type { DrawnPages } from '../../../src/view/gpu/page-ceilings.ts'
import { Scene } from '../../../src/view/gpu/scene.ts'
import { SlicesPainter } from '../../../src/view/gpu/slices.ts'
import { openTestDevice } from '../../browser/open-device.ts'
import { blankPage, type FrameOptions, frameOver, handMadePages, SIZE_BINS } from '../hand-made-pages.ts'

const FORMAT = 'rgba8unorm'
const PLANES = 7

/** Pages as the engine has them on a GPU, back to back in an order of their own. */
function pagesOnGpu(device: GPUDevice, pages: readonly KeptTrades[]): DrawnPages {
  const voxels = PAGE_PRICES * SIZE_BINS
  const scores = new Int32Array(pages.length * voxels)
  const details = new Int32Array(pages.length * voxels * PLANES)
  const places = pages.map(({ slab, page }, i) => ({ slab, page, slot: pages.length - 1 - i }))
  for (const [i, { slot }] of places.entries()) {
    const page = pages[i]
    scores.set(page.scores, slot * voxels)
    if (!page.detail) continue
    const plane = (k: number) => (slot * PLANES + k) * voxels
    for (const [k, name] of (['activity', 'volatility', 'flow'] as const).entries()) {
      details.set(page.detail[name], plane(k))
    }
    for (const [k, sums] of [
      [3, page.detail.volume],
      [5, page.detail.netFlow],
    ] as const) {
      for (const [voxel, sum] of sums.entries()) {
        const words = new Int32Array(BigInt64Array.of(BigInt(sum)).buffer)
        details[plane(k) + voxel] = words[0]
        details[plane(k + 1) + voxel] = words[1]
      }
    }
  }
  const upload = (label: string, words: Int32Array<ArrayBuffer>) => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    const buffer = device.createBuffer({ label, size: words.byteLength, usage })
    device.queue.writeBuffer(buffer, 0, words)
    return buffer
  }
  return { scores: upload('scores', scores), details: upload('details', details), pages: places }
}

const canvasSize = ({ width, height, ratio }: Frame) =>
  [Math.round(width * ratio), Math.round(height * ratio)] as const

/** RGBA of a frame as the GPU draws it. */
class GpuPictures {
  private constructor(
    private readonly device: GPUDevice,
    private readonly painter: SlicesPainter,
    private readonly scene: Scene,
    private readonly pages: DrawnPages,
  ) {}

  static async of(pages: readonly KeptTrades[]): Promise<GpuPictures> {
    const device = await openTestDevice()
    const painter = await SlicesPainter.create(device, FORMAT)
    return new GpuPictures(device, painter, await Scene.create(device), pagesOnGpu(device, pages))
  }

  async draw(frame: Frame): Promise<Uint8Array> {
    const { device } = this
    const [width, height] = canvasSize(frame)
    const texture = device.createTexture({
      size: [width, height],
      format: FORMAT,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    })
    const bytesPerRow = Math.ceil((4 * width) / 256) * 256
    const copy = device.createBuffer({
      size: bytesPerRow * height,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginRenderPass({
      colorAttachments: [
        { view: texture.createView(), loadOp: 'clear', storeOp: 'store', clearValue: [0, 0, 0, 0] },
      ],
    })
    const bound = this.scene.update(this.pages, SIZE_BINS, frame.look)
    if (!bound) throw new Error('nothing is kept')
    this.painter.draw(pass, bound, frame, new Plot(frame))
    pass.end()
    encoder.copyTextureToBuffer({ texture }, { buffer: copy, bytesPerRow }, [width, height])
    device.queue.submit([encoder.finish()])
    await copy.mapAsync(GPUMapMode.READ)
    const rows = new Uint8Array(copy.getMappedRange())
    const picture = new Uint8Array(4 * width * height)
    for (let y = 0; y < height; y++) {
      picture.set(rows.subarray(y * bytesPerRow, y * bytesPerRow + 4 * width), 4 * y * width)
    }
    copy.destroy()
    texture.destroy()
    return picture
  }

  destroy(): void {
    this.painter.destroy()
    this.scene.destroy()
    this.device.destroy()
  }
}

function onCanvas(slices: CanvasSlices, pages: readonly KeptTrades[], frame: Frame): Uint8ClampedArray {
  const [width, height] = canvasSize(frame)
  const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D
  slices.draw(context, pages, frame, new Plot(frame))
  return context.getImageData(0, 0, width, height).data
}

export interface Comparison {
  readonly pixels: number
  /** Pixels that are not the same, and the largest difference of a channel. */
  readonly different: number
  readonly worst: number
  /** Pixels of a cell, and colours among them. */
  readonly drawn: number
  readonly colours: number
  readonly tiles: { readonly times: number; readonly prices: number }
}

/** Draws the hand-made pages with both painters, frame by frame. */
export async function comparePainters(frames: readonly FrameOptions[]): Promise<Comparison[]> {
  const pages = handMadePages()
  const gpu = await GpuPictures.of(pages)
  const canvas = new CanvasSlices()
  const comparisons: Comparison[] = []
  const { extent } = frameOver(pages) // one for all frames, as long as the pages stay the same
  for (const options of frames) {
    const frame = { ...frameOver(pages, options), extent }
    const [one, other] = [await gpu.draw(frame), onCanvas(canvas, pages, frame)]
    const colours = new Set<number>()
    let [different, worst, drawn] = [0, 0, 0]
    for (let i = 0; i < one.length; i += 4) {
      const apart = Math.max(...[0, 1, 2, 3].map(channel => Math.abs(one[i + channel] - other[i + channel])))
      if (apart > 0) different++
      worst = Math.max(worst, apart)
      if (one[i + 3] === 0) continue
      drawn++
      colours.add((one[i] << 16) | (one[i + 1] << 8) | one[i + 2])
    }
    comparisons.push({
      pixels: one.length / 4,
      different,
      worst,
      drawn,
      colours: colours.size,
      tiles: new Plot(frame).tiles,
    })
  }
  gpu.destroy()
  return comparisons
}

export interface Single {
  readonly frame: FrameOptions
  /** Slabs and price bins from the first of 3 × 2 pages. */
  readonly voxel: { readonly time: number; readonly price: number; readonly size: number }
  /** Parts of its score, Q16. */
  readonly parts: readonly [activity: number, volatility: number, flow: number]
}

/**
 * Draws one scored voxel with both painters.
 * @returns RGBA of the pixels that are not transparent, with how many there are of each
 */
export async function drawSingle({
  frame: options,
  voxel,
  parts,
}: Single): Promise<Record<string, number>[]> {
  const pages = [0, 1, 2].flatMap(slab => [7, 8].map(page => blankPage(1000 + slab, page)))
  const page = pages[voxel.time * 2 + Math.floor(voxel.price / PAGE_PRICES)]
  const at = voxel.size * PAGE_PRICES + (voxel.price % PAGE_PRICES)
  page.detail.activity[at] = parts[0]
  page.detail.volatility[at] = parts[1]
  page.detail.flow[at] = parts[2]
  page.scores[at] = parts[0] + parts[1] + parts[2]
  const frame = frameOver(pages, options)
  const gpu = await GpuPictures.of(pages)
  const pictures = [await gpu.draw(frame), onCanvas(new CanvasSlices(), pages, frame)]
  gpu.destroy()
  return pictures.map(picture => {
    const counts: Record<string, number> = {}
    for (let i = 0; i < picture.length; i += 4) {
      const name = picture.subarray(i, i + 4).join(' ')
      if (picture[i + 3] > 0) counts[name] = (counts[name] ?? 0) + 1
    }
    return counts
  })
}
