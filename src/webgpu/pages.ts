import { detailWords, type Layer } from '../engine/layer.ts'
import { pageVoxels } from '../engine/pages.ts'
import type { MapShape } from '../engine/steps.ts'
import type { DetailPage } from '../engine/work.ts'
import { fromSignedWords } from '../fixed/u64.ts'

type Sized = Pick<MapShape, 'layer' | 'axes'>

/** Number of words (low, high) of a voxel's moments. shaders/pages.wgsl lays them out voxel by voxel. */
export function momentWords({ moments }: Layer): number {
  return 2 * moments.length
}

/** Bytes of one page of moments. */
export function momentBytes({ layer, axes }: Sized): number {
  return pageVoxels(axes.classBins) * momentWords(layer) * 4
}

/** Bytes of one page of scores. */
export function scoreBytes({ axes }: Sized): number {
  return pageVoxels(axes.classBins) * 4
}

/** Bytes of one page of details. */
export function detailBytes({ layer, axes }: Sized): number {
  return pageVoxels(axes.classBins) * detailWords(layer) * 4
}

/** Moments as the CPU keeps them: exact integers, voxel by voxel. */
export function readMoments(words: Uint32Array): Float64Array {
  const moments = new Float64Array(words.length / 2)
  for (let i = 0; i < moments.length; i++) moments[i] = fromSignedWords(words[2 * i + 1], words[2 * i])
  return moments
}

/** A page of details as the CPU keeps it. The words are laid out in planes; see `ScorePages.details`. */
export function readDetail(layer: Layer, words: Uint32Array<ArrayBuffer>): DetailPage {
  const voxels = words.length / detailWords(layer)
  const plane = (k: number) => words.subarray(k * voxels, (k + 1) * voxels)
  const exact = (k: number) => {
    const low = plane(k)
    const high = plane(k + 1)
    return Float64Array.from(low, (word, voxel) => fromSignedWords(high[voxel], word))
  }
  const parts = layer.terms.length
  return {
    parts: layer.terms.map((_, i) => new Int32Array(plane(i))),
    moments: Array.from({ length: layer.detailed.count }, (_, i) => exact(parts + 2 * i)),
  }
}
