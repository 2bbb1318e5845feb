import { constantCount } from '../engine/layer.ts'
import { classOf, type RawMoments } from '../engine/pages.ts'
import type { DetailPage } from '../engine/work.ts'
import type { Scoring } from './score.ts'
import { standardised } from './standardised.ts'

/**
 * Writes what a view shows of a page besides its scores: the parts of each score, and each voxel's own
 * detailed moments. Mirrored by shaders/detail.wgsl.
 * @param raw the page's own raw moments
 */
export function detail(
  { layer, shrinkage, constants, voxels, terms }: Scoring,
  smoothed: Float64Array,
  raw: RawMoments,
  priors: Uint32Array,
  { parts, moments: detailed }: DetailPage,
): void {
  const moments = layer.moments.length
  const count = layer.terms.length
  const stride = constantCount(layer)
  for (const plane of [...parts, ...detailed]) plane.fill(0)
  for (let t = 0; t < raw.touchedCount; t++) {
    const voxel = raw.touched[t]
    const at = voxel * moments + layer.detailed.first
    for (let m = 0; m < detailed.length; m++) detailed[m][voxel] = raw.moments[at + m]
  }
  const scored = layer.score(smoothed, raw, shrinkage, priors, shrinkage, voxels, terms)
  for (let i = 0; i < scored; i++) {
    const voxel = voxels[i]
    const k = classOf(voxel) * stride
    for (let t = 0; t < count; t++) {
      parts[t][voxel] = standardised(terms[i * count + t], constants[k + t], constants[k + count + t])
    }
  }
}
