import type { PageJobs } from '../../engine/packing.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'

/**
 * Smooths pages. Mirrors src/cpu/smooth.ts and shaders/smooth.wgsl.
 * @returns the buffer of the jobs, for the steps that follow
 */
export function smooth(memory: MapMemory, pipelines: Pipelines, submit: Submit, jobs: PageJobs): GPUBuffer {
  const buffer = submit.transients.upload('voxrisk page jobs', jobs.words)
  submit.pass('smooth', pass =>
    pipelines.smooth.dispatch(
      pass,
      {
        shape: memory.shapeBuffer,
        jobs: buffer,
        raw: memory.raw.buffer,
        smoothed: memory.smoothed.buffer,
      },
      [memory.shape.axes.classBins, jobs.count],
    ),
  )
  return buffer
}
