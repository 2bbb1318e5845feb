import bin from '../../shaders/bin.wgsl'
import peaks from '../../shaders/peaks.wgsl'
import picture from '../../shaders/picture.wgsl'
import release from '../../shaders/release.wgsl'
import score from '../../shaders/score.wgsl'
import smooth from '../../shaders/smooth.wgsl'
import survey from '../../shaders/survey.wgsl'
import { ComputeStep } from './shader.ts'

const SHADERS = { bin, smooth, score, picture, survey, peaks, release }

/** The compute pipelines of all steps, by the step's name. */
export type Pipelines = Record<keyof typeof SHADERS, ComputeStep>

/** @throws {VoxriskError} `device-error` when the device refuses a shader */
export async function createPipelines(device: GPUDevice): Promise<Pipelines> {
  const entries = Object.entries(SHADERS).map(
    async ([name, shader]) => [name, await ComputeStep.create(device, shader)] as const,
  )
  return Object.fromEntries(await Promise.all(entries)) as Pipelines
}
