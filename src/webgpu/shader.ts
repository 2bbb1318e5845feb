import { VoxriskError } from '../errors.ts'
import { COMPUTE_STAGE } from './flags.ts'

/** Kind of a buffer binding, in the words of `GPUBufferBindingLayout.type`. */
export type BindingKind = 'uniform' | 'storage' | 'read-only-storage'

/** Where the fields of a WGSL struct lie: byte offsets and sizes, read from the WGSL when building. */
export interface StructLayout {
  readonly name: string
  readonly size: number
  readonly fields: Record<string, { readonly offset: number; readonly size: number }>
}

/** A linked shader of one compute entry, with the interface read from it when building. */
export interface Shader {
  readonly name: string
  readonly code: string
  readonly entryPoint: string
  readonly bindings: Record<string, { readonly binding: number; readonly kind: BindingKind }>
  readonly structs: Record<string, StructLayout>
}

/**
 * Packs integers into a struct as the WGSL lays it out. Every field must be given, as many integers as it holds at
 * most; negative integers are written in two's complement.
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
    const { offset, size } = layout.fields[name]
    const value = values[name]
    const list = typeof value === 'number' ? [value] : Array.from(value)
    if (list.length * 4 > size)
      throw new Error(`struct ${layout.name}.${name}: ${list.length} integers are too many`)
    words.set(
      list.map(entry => entry >>> 0),
      offset / 4,
    )
  }
  return words
}

/** A compute pipeline whose buffers are bound by the names they have in the WGSL. */
export class ComputeStep {
  private constructor(
    private readonly device: GPUDevice,
    private readonly shader: Shader,
    private readonly pipeline: GPUComputePipeline,
    private readonly layout: GPUBindGroupLayout,
  ) {}

  /** @throws {VoxriskError} `device-error` when the device refuses the shader. */
  static async create(device: GPUDevice, shader: Shader): Promise<ComputeStep> {
    const label = `voxrisk ${shader.name}`
    // What the scope would say, the rejected pipeline says too; it only keeps the caller's device quiet.
    device.pushErrorScope('validation')
    const layout = device.createBindGroupLayout({
      label,
      entries: Object.values(shader.bindings).map(({ binding, kind }) => ({
        binding,
        visibility: COMPUTE_STAGE,
        buffer: { type: kind },
      })),
    })
    const pipeline = device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: {
        module: device.createShaderModule({ label, code: shader.code }),
        entryPoint: shader.entryPoint,
      },
    })
    device.popErrorScope().catch(() => {})
    try {
      return new ComputeStep(device, shader, await pipeline, layout)
    } catch (cause) {
      throw new VoxriskError(
        'device-error',
        `the device refused the shader ${shader.name}: ${(cause as Error).message}`,
        'Update the driver or the browser; if it is current, report this with the adapter name.',
        { cause },
      )
    }
  }

  /** Layout of a struct of the shader. */
  struct(name: string): StructLayout {
    const layout = this.shader.structs[name]
    if (!layout) throw new Error(`shader ${this.shader.name} has no struct ${name} that the host can write`)
    return layout
  }

  /**
   * Records one dispatch. `buffers` names every binding of the shader; a missing or unknown name is a bug and throws.
   */
  dispatch(
    pass: GPUComputePassEncoder,
    buffers: Record<string, GPUBuffer | GPUBufferBinding>,
    workgroups: readonly [x: number, y?: number, z?: number],
  ): void {
    const names = Object.keys(this.shader.bindings)
    const wrong = [
      ...names.filter(name => !(name in buffers)),
      ...Object.keys(buffers).filter(name => !names.includes(name)),
    ]
    if (wrong.length > 0) throw new Error(`shader ${this.shader.name}: bindings ${wrong} missing or unknown`)
    const group = this.device.createBindGroup({
      layout: this.layout,
      entries: names.map(name => {
        const buffer = buffers[name]
        return {
          binding: this.shader.bindings[name].binding,
          resource: 'buffer' in buffer ? buffer : { buffer },
        }
      }),
    })
    pass.setPipeline(this.pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(...workgroups)
  }
}
