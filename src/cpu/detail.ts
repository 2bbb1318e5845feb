import { constantCount } from '../engine/layer.ts'
import { classOf, priceOf, type RawMoments } from '../engine/pages.ts'
import type { DetailPage } from '../engine/work.ts'
import type { Scoring } from './score.ts'
import { standardised } from './standardised.ts'

/**
 * Writes what a view shows of a page besides its scores: the parts of each score, and the detailed moments of the voxel
 * itself. Mirrored by shaders/detail.wgsl.
 * @param raw the page's own raw moments
 */
export function detail(
  { layer, shrinkage, constants }: Scoring,
  smoothed: Float64Array,
  raw: RawMoments,
  priors: Uint32Array,
  { parts, moments: detailed }: DetailPage,
): void {
  const { priorWords } = layer
  const moments = layer.moments.length
  const count = layer.terms.length
  const stride = constantCount(layer)
  const terms = new Int32Array(count)
  for (const plane of [...parts, ...detailed]) plane.fill(0)
  for (let t = 0; t < raw.touchedCount; t++) {
    const voxel = raw.touched[t]
    const at = voxel * moments
    for (const [i, plane] of detailed.entries()) plane[voxel] = raw.moments[at + layer.detailed.first + i]
    if (smoothed[at] < shrinkage) continue
    layer.score(smoothed, at, priors, priceOf(voxel) * priorWords, shrinkage, terms)
    const k = classOf(voxel) * stride
    for (let i = 0; i < count; i++) {
      parts[i][voxel] = standardised(terms[i], constants[k + i], constants[k + count + i])
    }
  }
}
