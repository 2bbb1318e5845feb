import type { PageJobs } from '../../engine/packing.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'
import { passOverRows } from './rows.ts'

/**
 * Smooths pages. Mirrors src/cpu/smooth.ts and shaders/smooth.wgsl.
 * @returns the buffer of the jobs, for the steps that follow
 */
export function smooth(memory: MapMemory, pipelines: Pipelines, submit: Submit, jobs: PageJobs): GPUBuffer {
  const buffer = submit.transients.upload('voxrisk page jobs', jobs.words)
  passOverRows(submit, 'smooth', pipelines.smooth, memory, jobs.count, {
    jobs: buffer,
    raw: memory.raw.buffer,
    smoothed: memory.smoothed.buffer,
  })
  return buffer
}
