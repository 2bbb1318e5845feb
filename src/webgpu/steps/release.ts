import type { ReleaseJobs } from '../../engine/packing.ts'
import type { PageChecksum } from '../../engine/work.ts'
import { Usage } from '../flags.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'
import { passOverRows } from './rows.ts'

/**
 * Takes the checksums of raw pages and clears them. Mirrors src/cpu/release.ts and shaders/release.wgsl.
 * @returns two words per job; null if there are no jobs
 */
export function release(
  memory: MapMemory,
  pipelines: Pipelines,
  submit: Submit,
  jobs: ReleaseJobs,
): GPUBuffer | null {
  if (jobs.count === 0) return null
  const { transients } = submit
  const checksums = transients.create('voxrisk checksums', 8 * jobs.count, Usage.storage | Usage.copySource)
  passOverRows(submit, 'release', pipelines.release, memory, jobs.count, {
    releases: transients.upload('voxrisk release jobs', jobs.words),
    raw: memory.raw.buffer,
    checksums,
  })
  return checksums
}

/** The checksums of released pages, unpacked from words. */
export function readChecksums(jobs: ReleaseJobs, words: Uint32Array): PageChecksum[] {
  return Array.from(jobs, ({ slab, page }, i) => ({ slab, page, words: [words[2 * i], words[2 * i + 1]] }))
}
