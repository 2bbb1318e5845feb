import type { PageJobs } from '../../engine/packing.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Bound, ComputeStep } from '../shader.ts'
import type { Submit } from '../submit.ts'

/** What the steps that read smoothed pages bind alike. Mirrors shaders/smoothed.wgsl. */
export type Smoothed = Readonly<Record<'jobs' | 'smoothed' | 'priors' | 'raw', Bound>>

/** @param buffer the jobs, as `smooth` returned them */
export function smoothedPages(
  memory: MapMemory,
  submit: Submit,
  jobs: PageJobs,
  buffer: GPUBuffer,
): Smoothed {
  return {
    jobs: buffer,
    smoothed: memory.smoothed.buffer,
    priors: submit.transients.upload('voxrisk priors', memory.packPriors(jobs)),
    raw: memory.raw.buffer,
  }
}

/** The table of logarithms, if the terms of the layer take any. */
export function log2Table(memory: MapMemory, step: ComputeStep): Record<string, Bound> {
  return step.binds('log2Table') ? { log2Table: memory.log2Table } : {}
}
