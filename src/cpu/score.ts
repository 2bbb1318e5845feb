import { constantCount, type Layer } from '../engine/layer.ts'
import { classOf, type RawMoments } from '../engine/pages.ts'
import { NO_SCORE } from '../engine/work.ts'
import { standardised } from './standardised.ts'

/** What the steps that compute terms share. */
export interface Scoring {
  readonly layer: Layer
  /** κ·c. */
  readonly shrinkage: number
  /** Constants of the score; empty in a survey. */
  readonly constants: Int32Array
  /** Scratch space for the voxel numbers of a page and for their terms. */
  readonly voxels: Uint16Array
  readonly terms: Int32Array
}

/**
 * Scores the touched voxels of a smoothed page; see docs/numerics.md. Mirrored by shaders/score.wgsl.
 * @param raw the page's own raw moments
 */
export function score(
  { layer, shrinkage, constants, voxels, terms }: Scoring,
  smoothed: Float64Array,
  raw: RawMoments,
  priors: Uint32Array,
  scores: Int32Array,
): void {
  const count = layer.terms.length
  const stride = constantCount(layer)
  const scored = layer.score(smoothed, raw, shrinkage, priors, shrinkage, voxels, terms)
  scores.fill(NO_SCORE)
  for (let i = 0; i < scored; i++) {
    const voxel = voxels[i]
    const at = i * count
    const k = classOf(voxel) * stride
    let sum = 0
    for (let t = 0; t < count; t++) {
      sum += standardised(terms[at + t], constants[k + t], constants[k + count + t])
    }
    scores[voxel] = sum
  }
}
