import type { PageJobs } from '../../engine/packing.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'
import { passOverRows } from './rows.ts'
import { log2Table, type Smoothed } from './smoothed.ts'

/** Writes the details of scored pages, if kept. Mirrors src/cpu/detail.ts and shaders/detail.wgsl. */
export function detail(
  memory: MapMemory,
  pipelines: Pipelines,
  submit: Submit,
  jobs: PageJobs,
  smoothed: Smoothed,
): void {
  if (!memory.details) return
  passOverRows(submit, 'detail', pipelines.detail, memory, jobs.count, {
    ...smoothed,
    ...log2Table(memory, pipelines.detail),
    constants: memory.constants!,
    details: memory.details.buffer,
  })
}
