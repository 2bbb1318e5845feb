/**
 * The folder and constants that the shaders of a layer are linked with. The numbers are taken from the
 * layer's own code, never typed twice.
 */
import { join } from 'node:path'
import { DETAILED, MOMENTS, PRIOR_WORDS, TERMS } from '../src/layers/trades/moments.ts'

const ROOT = join(import.meta.dirname, '..')

/** The numbers of a layer for its shaders, see `Layer` in src/engine/layer.ts. */
interface LayerNumbers {
  readonly moments: number
  readonly terms: number
  readonly priorWords: number
  readonly detailed: { readonly first: number; readonly count: number }
}

export interface LinkedLayer {
  /** Folder of the layer's WGSL, imported as `package::layer::…`. */
  readonly folder: string
  /** Host constants, imported as `constants::…`. */
  readonly constants: Readonly<Record<string, string>>
}

/** @param folder the layer's WGSL, relative to the root of the project */
export function linked(folder: string, { moments, terms, priorWords, detailed }: LayerNumbers): LinkedLayer {
  return {
    folder: join(ROOT, folder),
    constants: {
      MOMENTS: `${moments}u`,
      TERMS: `${terms}u`,
      PRIOR_WORDS: `${priorWords}u`,
      FIRST_DETAILED: `${detailed.first}u`,
      DETAILED: `${detailed.count}u`,
    },
  }
}

/** By the name used in an import: `import shader from './smooth.wgsl?layer=trades'`. */
export const LAYERS: Readonly<Record<string, LinkedLayer>> = {
  trades: linked('shaders/trades', {
    moments: MOMENTS.length,
    terms: TERMS.length,
    priorWords: PRIOR_WORDS,
    detailed: DETAILED,
  }),
}
