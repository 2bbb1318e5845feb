import type { Shader, StructLayout } from '../engine/shader.ts'
import { VoxriskError } from '../errors.ts'
import { COMPUTE_STAGE } from './flags.ts'

/**
 * Packs numbers into a struct with its WGSL layout. Every field must be given, with at most as many numbers
 * as it holds. Negative integers are written in two's complement.
 */
export function packStruct(
  layout: StructLayout,
  values: Record<string, number | ArrayLike<number>>,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(layout.size / 4)
  const names = Object.keys(values)
  const missing = Object.keys(layout.fields).filter(name => !(name in values))
  const unknown = names.filter(name => !(name in layout.fields))
  if (missing.length > 0 || unknown.length > 0) {
    throw new Error(`struct ${layout.name}: missing [${missing}], unknown [${unknown}]`)
  }
  for (const name of names) {
    const { offset, size, float } = layout.fields[name]
    const value = values[name]
    const list = typeof value === 'number' ? [value] : Array.from(value)
    if (list.length * 4 > size)
      throw new Error(`struct ${layout.name}.${name}: ${list.length} numbers are too many`)
    if (float) new Float32Array(words.buffer).set(list, offset / 4)
    else {
      words.set(
        list.map(entry => entry >>> 0),
        offset / 4,
      )
    }
  }
  return words
}

/** A compute pipeline whose buffers are bound by their names in the WGSL. */
export class ComputeStep {
  private constructor(
    private readonly device: GPUDevice,
    private readonly shader: Shader,
    private readonly pipeline: GPUComputePipeline,
    private readonly layout: GPUBindGroupLayout,
  ) {}

  /** @throws {VoxriskError} `device-error` when the device refuses the shader */
  static async create(device: GPUDevice, shader: Shader): Promise<ComputeStep> {
    const label = `voxrisk ${shader.name}`
    // The rejected pipeline reports the same error as the scope, which is only there to keep it off the
    // device.
    device.pushErrorScope('validation')
    const layout = bindGroupLayout(device, shader, COMPUTE_STAGE)
    const pipeline = device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: {
        module: device.createShaderModule({ label, code: shader.code }),
        entryPoint: shader.entryPoints.compute!,
      },
    })
    device.popErrorScope().catch(() => {})
    try {
      return new ComputeStep(device, shader, await pipeline, layout)
    } catch (cause) {
      throw shaderRefused(shader, cause)
    }
  }

  /** Layout of a struct in the shader. */
  struct(name: string): StructLayout {
    return structOf(this.shader, name)
  }

  /** Whether the shader has a binding of this name. A layer may not need a table that others use. */
  binds(name: string): boolean {
    return name in this.shader.bindings
  }

  /**
   * Records a dispatch. `buffers` must name every binding of the shader. A missing or unknown name is a bug
   * and throws.
   */
  dispatch(
    pass: GPUComputePassEncoder,
    buffers: Record<string, Bound>,
    workgroups: readonly [x: number, y?: number, z?: number],
  ): void {
    pass.setPipeline(this.pipeline)
    pass.setBindGroup(0, bindGroup(this.device, this.shader, this.layout, buffers))
    pass.dispatchWorkgroups(...workgroups)
  }
}

/** What a name in a shader is bound to. */
export type Bound = GPUBuffer | GPUBufferBinding | GPUTextureView

/** Layout of a struct in a shader. */
export function structOf(shader: Shader, name: string): StructLayout {
  const layout = shader.structs[name]
  if (!layout) throw new Error(`shader ${shader.name} has no struct ${name} that the host can write`)
  return layout
}

export function bindGroupLayout(device: GPUDevice, shader: Shader, visibility: number): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    label: `voxrisk ${shader.name}`,
    entries: Object.values(shader.bindings).map(({ binding, kind }) => ({
      binding,
      visibility,
      ...(kind === 'depth-texture' ? { texture: { sampleType: 'depth' } } : { buffer: { type: kind } }),
    })),
  })
}

/** Binds resources by their names in the WGSL. A missing or unknown name is a bug and throws. */
export function bindGroup(
  device: GPUDevice,
  shader: Shader,
  layout: GPUBindGroupLayout,
  bound: Record<string, Bound>,
): GPUBindGroup {
  const names = Object.keys(shader.bindings)
  const wrong = [
    ...names.filter(name => !(name in bound)),
    ...Object.keys(bound).filter(name => !names.includes(name)),
  ]
  if (wrong.length > 0) throw new Error(`shader ${shader.name}: bindings ${wrong} missing or unknown`)
  return device.createBindGroup({
    layout,
    entries: names.map(name => {
      const resource = bound[name]
      const { binding, kind } = shader.bindings[name]
      const isBuffer = kind !== 'depth-texture' && !('buffer' in resource)
      return { binding, resource: isBuffer ? { buffer: resource as GPUBuffer } : resource }
    }),
  })
}

/** The error when a device cannot make a pipeline from a shader. */
export function shaderRefused({ name }: Shader, cause: unknown): VoxriskError {
  return new VoxriskError(
    'device-error',
    `the device refused the shader ${name}: ${(cause as Error).message}`,
    'Update the driver or the browser. If they are current, report this with the adapter name.',
    { cause },
  )
}
