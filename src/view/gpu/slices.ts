import shader from '../../../shaders/draw/slices.wgsl?layer=trades'
import { PAGE_PRICES } from '../../grid/axes.ts'
import { Usage } from '../../webgpu/flags.ts'
import { type Bound, packStruct } from '../../webgpu/shader.ts'
import type { Frame } from '../frame/frame.ts'
import type { Plot, Span } from '../frame/plot.ts'
import { DrawStep } from './draw-step.ts'
import { GrowingBuffer } from './growing-buffer.ts'

const VERTICES_A_TILE = 6

/**
 * Draws time × price on the GPU: each tile of the plot in the colour of its highest cell. Cells without a
 * score draw nothing.
 */
export class SlicesPainter {
  private readonly uniform: GPUBuffer
  private readonly spans: GrowingBuffer

  private constructor(
    private readonly device: GPUDevice,
    private readonly step: DrawStep,
  ) {
    this.uniform = device.createBuffer({
      label: 'voxrisk slices',
      size: step.struct('Slices').size,
      usage: Usage.uniform | Usage.copyTarget,
    })
    this.spans = new GrowingBuffer(device, 'voxrisk slices spans')
  }

  /**
   * @param format of the target texture
   * @throws {VoxriskError} `device-error` if the device rejects the shader
   */
  static async create(device: GPUDevice, format: GPUTextureFormat): Promise<SlicesPainter> {
    return new SlicesPainter(device, await DrawStep.create(device, shader, format))
  }

  /**
   * Records the drawing of a frame. Submit it before the next frame is drawn.
   * @param bound what `Scene.update()` returned for this frame
   * @param pass into a texture of `frame.width · ratio` × `frame.height · ratio` pixels, rounded
   */
  draw(pass: GPURenderPassEncoder, bound: Record<string, Bound>, frame: Frame, plot: Plot): void {
    const columns = plot.columns()
    const rows = plot.rows()
    if (columns.length === 0 || rows.length === 0) return
    const { firstSlab, firstPage } = frame.extent
    const words = Uint32Array.from([
      ...columns.flatMap(span => packSpan(span, firstSlab)),
      ...rows.flatMap(span => packSpan(span, firstPage * PAGE_PRICES)),
    ])
    const spans = this.spans.write(words)
    const { scene, directory, palette, ceilings } = bound
    this.device.queue.writeBuffer(
      this.uniform,
      0,
      packStruct(this.step.struct('Slices'), {
        width: Math.round(frame.width * frame.ratio),
        height: Math.round(frame.height * frame.ratio),
        columns: columns.length,
        rows: rows.length,
      }),
    )
    this.step.draw(
      pass,
      { scene, directory, palette, ceilings, slices: this.uniform, spans },
      VERTICES_A_TILE * columns.length * rows.length,
    )
  }

  destroy(): void {
    this.uniform.destroy()
    this.spans.destroy()
  }
}

function packSpan({ from, to, first, end }: Span, origin: number): [number, number, number, number] {
  return [from, to, first - origin, end - origin]
}
