import { sumCount } from '../engine/layer.ts'
import { classOf, type RawMoments } from '../engine/pages.ts'
import type { Scoring } from './score.ts'

/**
 * Adds the terms of a page's touched voxels to the sums of their classes. Q10 keeps a page's sums of squares
 * exact. Mirrored by shaders/survey.wgsl.
 * @param raw the page's own raw moments
 */
export function survey(
  { layer, shrinkage, voxels, terms }: Scoring,
  smoothed: Float64Array,
  raw: RawMoments,
  priors: Uint32Array,
  sums: BigInt64Array,
): void {
  const count = layer.terms.length
  const stride = sumCount(layer)
  const page = new Float64Array(sums.length)
  const touched = layer.score(smoothed, raw, 0, priors, shrinkage, voxels, terms)
  for (let i = 0; i < touched; i++) {
    const row = classOf(voxels[i]) * stride
    page[row] += 1
    for (let t = 0; t < count; t++) {
      const term = terms[i * count + t] >> 6
      page[row + 1 + 2 * t] += term
      page[row + 2 + 2 * t] += term * term
    }
  }
  for (let row = 0; row < page.length; row += stride) {
    if (page[row] === 0) continue
    for (let i = row; i < row + stride; i++) sums[i] += BigInt(page[i])
  }
}
