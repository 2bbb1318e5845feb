import type { PageJobs } from '../../engine/packing.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'
import { log2Table, type Smoothed } from './smoothed.ts'

/** Scores smoothed pages. Mirrors src/cpu/score.ts and shaders/score.wgsl. */
export function score(
  memory: MapMemory,
  pipelines: Pipelines,
  submit: Submit,
  jobs: PageJobs,
  smoothed: Smoothed,
): void {
  const bound = {
    ...smoothed,
    ...log2Table(memory, pipelines.score),
    constants: memory.constants!,
    scores: memory.scores.buffer,
  }
  const workgroups = [memory.shape.axes.classBins, jobs.count] as const
  submit.pass('score', pass => pipelines.score.dispatch(pass, bound, workgroups))
}
