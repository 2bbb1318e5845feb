import type { Shader, StructLayout } from '../../engine/shader.ts'
import { DRAW_STAGES } from '../../webgpu/flags.ts'
import { type Bound, bindGroup, bindGroupLayout, shaderRefused, structOf } from '../../webgpu/shader.ts'

/** Draws over the target, with premultiplied alpha. */
const OVER: GPUBlendState = {
  color: { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' },
  alpha: { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' },
}

/** A render pipeline without vertex buffers. Its resources are bound by their names in the WGSL. */
export class DrawStep {
  private constructor(
    private readonly device: GPUDevice,
    private readonly shader: Shader,
    private readonly pipeline: GPURenderPipeline,
    private readonly layout: GPUBindGroupLayout,
  ) {}

  /**
   * @param format of the target texture
   * @throws {VoxriskError} `device-error` if the device rejects the shader
   */
  static async create(device: GPUDevice, shader: Shader, format: GPUTextureFormat): Promise<DrawStep> {
    const label = `voxrisk ${shader.name}`
    // The scope only keeps errors off the caller's device: the rejected pipeline reports the same ones.
    device.pushErrorScope('validation')
    const layout = bindGroupLayout(device, shader, DRAW_STAGES)
    const module = device.createShaderModule({ label, code: shader.code })
    const { vertex, fragment } = shader.entryPoints
    const pipeline = device.createRenderPipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      vertex: { module, entryPoint: vertex! },
      fragment: { module, entryPoint: fragment!, targets: [{ format, blend: OVER }] },
    })
    device.popErrorScope().catch(() => {})
    try {
      return new DrawStep(device, shader, await pipeline, layout)
    } catch (cause) {
      throw shaderRefused(shader, cause)
    }
  }

  struct(name: string): StructLayout {
    return structOf(this.shader, name)
  }

  /** Records one draw. `bound` must name every binding of the shader. */
  draw(pass: GPURenderPassEncoder, bound: Record<string, Bound>, vertices: number): void {
    pass.setPipeline(this.pipeline)
    pass.setBindGroup(0, bindGroup(this.device, this.shader, this.layout, bound))
    pass.draw(vertices)
  }
}
