import type { PageJobs } from '../../engine/packing.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'
import { log2Table, type Smoothed } from './smoothed.ts'

/** Adds the terms of smoothed pages to the sums. Mirrors src/cpu/survey.ts and shaders/survey.wgsl. */
export function survey(
  memory: MapMemory,
  pipelines: Pipelines,
  submit: Submit,
  jobs: PageJobs,
  smoothed: Smoothed,
): void {
  const bound = { ...smoothed, ...log2Table(memory, pipelines.survey), sums: memory.sums! }
  const workgroups = [memory.shape.axes.classBins, jobs.count] as const
  submit.pass('survey', pass => pipelines.survey.dispatch(pass, bound, workgroups))
}
