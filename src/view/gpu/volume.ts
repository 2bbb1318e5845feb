import shader from '../../../shaders/draw/volume.wgsl?layer=trades'
import shaderInScene from '../../../shaders/draw/volume_in_scene.wgsl?layer=trades'
import { PAGE_PRICES } from '../../grid/axes.ts'
import { Usage } from '../../webgpu/flags.ts'
import { type Bound, packStruct } from '../../webgpu/shader.ts'
import { BOX, boxBins, type CameraView } from '../frame/camera.ts'
import type { Frame } from '../frame/frame.ts'
import { inverse, type Point3, product, scaledAndMoved } from '../frame/matrix.ts'
import { DrawStep } from './draw-step.ts'

/** One triangle that covers the whole picture. */
const VERTICES = 3

export interface VolumeOptions {
  /**
   * Depth of what has been drawn already, one sample per pixel, 0 (near) … 1 (far). It hides the volume
   * behind it.
   */
  readonly depth?: GPUTextureView
}

/** The parts of a frame that the volume is drawn from. */
export type VolumeFrame = Pick<Frame, 'geometry' | 'extent' | 'window' | 'look' | 'width' | 'height'>

/** The camera on the box: an `OrbitCamera`, or another renderer's. */
export interface VolumeCamera {
  view(aspect: number): Pick<CameraView, 'viewProjection'>
}

/** Ray-marches the kept score pages over what is already in the target. Draws no background. */
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
   * @param format of the target texture
   * @throws {VoxriskError} `device-error` if the device rejects a shader
   */
  static async create(device: GPUDevice, format: GPUTextureFormat): Promise<VolumePainter> {
    const steps = [shader, shaderInScene].map(one => DrawStep.create(device, one, format))
    const [alone, inScene] = await Promise.all(steps)
    return new VolumePainter(device, alone, inScene)
  }

  /**
   * Records one draw. The view is written immediately, so if one submit holds several draws, all of them use
   * the last view.
   * @param bound what `Scene.update()` returned for this frame
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
    // Relative to the directory, which keeps the numbers small: absolute bins and their fractions would not
    // fit 24 bits.
    const origin: Point3 = [firstSlab, firstPage * PAGE_PRICES, 0]
    const kept: Point3 = [slabs, pages * PAGE_PRICES, to[2]]
    const low = from.map((bin, i) => Math.max(bin - origin[i], 0))
    const high = to.map((bin, i) => Math.min(bin - origin[i], kept[i]))
    const span = from.map((bin, i) => to[i] - bin) as unknown as Point3
    const middle = from.map((bin, i) => (bin + to[i]) / 2 - origin[i]) as unknown as Point3
    const binsABox = span.map((bins, i) => bins / BOX[i]) as unknown as Point3
    const toBins = product(scaledAndMoved(binsABox, middle), inverse(viewProjection))
    const binWidth = binsABox.map(bins => 1 / bins)
    const view = packStruct(this.alone.struct('View'), { toBins, low, high, binWidth })
    this.device.queue.writeBuffer(this.view, 0, view)
    const all = { ...bound, view: this.view }
    if (depth) this.inScene.draw(pass, { ...all, depth }, VERTICES)
    else this.alone.draw(pass, all, VERTICES)
  }

  destroy(): void {
    this.view.destroy()
  }
}
