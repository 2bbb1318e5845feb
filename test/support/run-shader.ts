import type { Shader } from '../../src/engine/shader.ts'
import { MAP_READ, Usage } from '../../src/webgpu/flags.ts'
import { ComputeStep } from '../../src/webgpu/shader.ts'

/**
 * Runs a test shader once and returns the words of the one binding it writes.
 * @param inputs contents of every other binding, by name
 */
export async function runShader(
  device: GPUDevice,
  shader: Shader,
  inputs: Record<string, Uint32Array | Int32Array>,
  output: { readonly name: string; readonly words: number },
  workgroups: number,
): Promise<Uint32Array> {
  const step = await ComputeStep.create(device, shader)
  const buffers: Record<string, GPUBuffer> = {}
  const create = (label: string, size: number, usage: number) => {
    buffers[label] = device.createBuffer({ label, size, usage })
    return buffers[label]
  }
  try {
    for (const [name, words] of Object.entries(inputs)) {
      const usage = shader.bindings[name]?.kind === 'uniform' ? Usage.uniform : Usage.storage
      device.queue.writeBuffer(create(name, words.byteLength, usage | Usage.copyTarget), 0, words.slice())
    }
    const bytes = 4 * output.words
    const result = create(output.name, bytes, Usage.storage | Usage.copySource)
    const bound = { ...buffers }
    const readback = create('readback', bytes, Usage.mapRead | Usage.copyTarget)
    device.pushErrorScope('validation')
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    step.dispatch(pass, bound, [workgroups])
    pass.end()
    encoder.copyBufferToBuffer(result, 0, readback, 0, bytes)
    device.queue.submit([encoder.finish()])
    const error = await device.popErrorScope()
    if (error) throw new Error(`${shader.name}: ${error.message}`)
    await readback.mapAsync(MAP_READ)
    return new Uint32Array(readback.getMappedRange().slice(0))
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy()
  }
}
