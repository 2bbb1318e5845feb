import { type Layer, sumCount } from '../engine/layer.ts'
import { classOf, priceOf, type RawMoments } from '../engine/pages.ts'

/**
 * Adds the terms of a page's touched voxels to the sums of their classes, in Q10 so that a page's sums of squares
 * stay exact. Mirrored by shaders/survey.wgsl.
 * @param raw the page's own raw moments
 */
export function survey(
  layer: Layer,
  shrinkage: number,
  smoothed: Float64Array,
  raw: RawMoments,
  priors: Uint32Array,
  sums: BigInt64Array,
): void {
  const { priorWords } = layer
  const moments = layer.moments.length
  const count = layer.terms.length
  const stride = sumCount(layer)
  const terms = new Int32Array(count)
  const page = new Float64Array(sums.length)
  for (let t = 0; t < raw.touchedCount; t++) {
    const voxel = raw.touched[t]
    layer.score(smoothed, voxel * moments, priors, priceOf(voxel) * priorWords, shrinkage, terms)
    const row = classOf(voxel) * stride
    page[row] += 1
    for (let i = 0; i < count; i++) {
      const term = terms[i] >> 6
      page[row + 1 + 2 * i] += term
      page[row + 2 + 2 * i] += term * term
    }
  }
  for (let row = 0; row < page.length; row += stride) {
    if (page[row] === 0) continue
    for (let i = row; i < row + stride; i++) sums[i] += BigInt(page[i])
  }
}
