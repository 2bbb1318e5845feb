import type { PageJobs } from '../../engine/packing.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Bound, ComputeStep } from '../shader.ts'
import type { Submit } from '../submit.ts'

/** Bindings shared by the steps that read smoothed pages. Mirrors shaders/smoothed.wgsl. */
export type Smoothed = Readonly<Record<'shape' | 'jobs' | 'smoothed' | 'priors' | 'raw', Bound>>

/** @param buffer the buffer of the jobs, from `smooth` */
export function smoothedPages(
  memory: MapMemory,
  submit: Submit,
  jobs: PageJobs,
  buffer: GPUBuffer,
): Smoothed {
  return {
    shape: memory.shapeBuffer,
    jobs: buffer,
    smoothed: memory.smoothed.buffer,
    priors: submit.transients.upload('voxrisk priors', memory.packPriors(jobs)),
    raw: memory.raw.buffer,
  }
}

/** The table of logarithms, for layers whose terms use it. */
export function log2Table(memory: MapMemory, step: ComputeStep): Record<string, Bound> {
  return step.binds('log2Table') ? { log2Table: memory.log2Table } : {}
}
