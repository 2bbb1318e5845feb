import shader from '../../../shaders/draw/volume.wgsl?layer=trades'
import shaderInScene from '../../../shaders/draw/volume_in_scene.wgsl?layer=trades'
import { PAGE_PRICES } from '../../grid/axes.ts'
import { Usage } from '../../webgpu/flags.ts'
import { type Bound, packStruct } from '../../webgpu/shader.ts'
import { BOX, boxBins, type CameraView, type Point3 } from '../frame/camera.ts'
import type { Frame } from '../frame/frame.ts'
import { inverse, product, scaledAndMoved } from '../frame/matrix.ts'
import { DrawStep } from './draw-step.ts'

/** One triangle over the whole picture. */
const VERTICES = 3

export interface VolumeOptions {
  /** Depth of what is drawn already, one sample a pixel, near 0 … far 1: the volume ends there. */
  readonly depth?: GPUTextureView
}

/** What of a frame the volume is drawn from. */
export type VolumeFrame = Pick<Frame, 'geometry' | 'extent' | 'window' | 'look' | 'width' | 'height'>

/** What the box is seen through: an `OrbitCamera`, or another renderer's. */
export interface VolumeCamera {
  view(aspect: number): Pick<CameraView, 'viewProjection'>
}

/** Ray-marches the kept score pages into a picture, over what is there. Its picture has no background. */
export class VolumePainter {
  private readonly view: GPUBuffer

  private constructor(
    private readonly device: GPUDevice,
    private readonly alone: DrawStep,
    private readonly inScene: DrawStep,
  ) {
    this.view = device.createBuffer({
      label: 'voxrisk volume view',
      size: alone.struct('View').size,
      usage: Usage.uniform | Usage.copyTarget,
    })
  }

  /**
   * @param format of the texture that is drawn into
   * @throws {VoxriskError} `device-error`
   */
  static async create(device: GPUDevice, format: GPUTextureFormat): Promise<VolumePainter> {
    const steps = [shader, shaderInScene].map(one => DrawStep.create(device, one, format))
    const [alone, inScene] = await Promise.all(steps)
    return new VolumePainter(device, alone, inScene)
  }

  /**
   * Records one draw. How it is seen is written at once: of several draws in one submit all show the last one's.
   * @param bound what `Scene.update()` gave for this frame
   */
  draw(
    pass: GPURenderPassEncoder,
    bound: Record<string, Bound>,
    frame: VolumeFrame,
    camera: VolumeCamera,
    { depth }: VolumeOptions = {},
  ): void {
    const { viewProjection } = camera.view(frame.width / frame.height)
    const { firstSlab, slabs, firstPage, pages } = frame.extent
    const { from, to } = boxBins(frame)
    // In bins of the directory, which are small numbers: absolute ones would not fit 24 bits with their fractions.
    const origin: Point3 = [firstSlab, firstPage * PAGE_PRICES, 0]
    const kept: Point3 = [slabs, pages * PAGE_PRICES, to[2]]
    const low = from.map((bin, i) => Math.max(bin - origin[i], 0))
    const high = to.map((bin, i) => Math.min(bin - origin[i], kept[i]))
    const span = from.map((bin, i) => to[i] - bin) as unknown as Point3
    const middle = from.map((bin, i) => (bin + to[i]) / 2 - origin[i]) as unknown as Point3
    const binsABox = span.map((bins, i) => bins / BOX[i]) as unknown as Point3
    const toBins = product(scaledAndMoved(binsABox, middle), inverse(viewProjection))
    const binSize = binsABox.map(bins => 1 / bins)
    const view = packStruct(this.alone.struct('View'), { toBins, low, high, binSize })
    this.device.queue.writeBuffer(this.view, 0, view)
    const all = { ...bound, view: this.view }
    if (depth) this.inScene.draw(pass, { ...all, depth }, VERTICES)
    else this.alone.draw(pass, all, VERTICES)
  }

  destroy(): void {
    this.view.destroy()
  }
}
