import { PAGE_JOB, RELEASE_JOB } from '../engine/packing.ts'
import type { LayerShaders, StructLayout } from '../engine/shader.ts'
import { ComputeStep } from './shader.ts'

/** The compute pipelines of all steps of a layer, by name of the step. */
export type Pipelines = Record<keyof LayerShaders, ComputeStep>

/** @throws {VoxriskError} `device-error` when the device refuses a shader */
export async function createPipelines(device: GPUDevice, shaders: LayerShaders): Promise<Pipelines> {
  const entries = Object.entries(shaders).map(
    async ([name, shader]) => [name, await ComputeStep.create(device, shader)] as const,
  )
  const pipelines = Object.fromEntries(await Promise.all(entries)) as Pipelines
  for (const { structs } of Object.values(shaders)) {
    if (structs.PageJob) checkPacking(structs.PageJob, PAGE_JOB)
    if (structs.ReleaseJob) checkPacking(structs.ReleaseJob, RELEASE_JOB)
  }
  return pipelines
}

/** All backends get jobs packed the same way, so the struct must have that layout. A difference is a bug. */
function checkPacking({ name, size, fields }: StructLayout, packed: Readonly<Record<string, number>>): void {
  let offset = 0
  for (const [field, words] of Object.entries(packed)) {
    if (fields[field]?.offset !== offset || fields[field].size !== 4 * words) {
      throw new Error(`struct ${name}: ${field} is not where src/engine/packing.ts puts it`)
    }
    offset += 4 * words
  }
  if (size !== offset)
    throw new Error(`struct ${name} has ${size} bytes, src/engine/packing.ts packs ${offset}`)
}
