import { constantCount, type Layer } from '../engine/layer.ts'
import { classOf, priceOf, type RawMoments } from '../engine/pages.ts'
import { NO_SCORE } from '../engine/work.ts'
import { standardised } from './standardised.ts'

/** What the steps that score share: the layer, κ·c, and the constants of the score. */
export interface Scoring {
  readonly layer: Layer
  readonly shrinkage: number
  readonly constants: Int32Array
}

/**
 * Scores the touched voxels of a smoothed page, see docs/numerics.md. Mirrored by shaders/score.wgsl.
 * @param raw the page's own raw moments
 */
export function score(
  { layer, shrinkage, constants }: Scoring,
  smoothed: Float64Array,
  raw: RawMoments,
  priors: Uint32Array,
  scores: Int32Array,
): void {
  const { priorWords } = layer
  const moments = layer.moments.length
  const count = layer.terms.length
  const stride = constantCount(layer)
  const terms = new Int32Array(count)
  scores.fill(NO_SCORE)
  for (let t = 0; t < raw.touchedCount; t++) {
    const voxel = raw.touched[t]
    const at = voxel * moments
    if (smoothed[at] < shrinkage) continue
    layer.score(smoothed, at, priors, priceOf(voxel) * priorWords, shrinkage, terms)
    const k = classOf(voxel) * stride
    let sum = 0
    for (let i = 0; i < count; i++) sum += standardised(terms[i], constants[k + i], constants[k + count + i])
    scores[voxel] = sum
  }
}
