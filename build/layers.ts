/** What the shaders of a layer are linked with. Its numbers come from the layer's own code, never typed twice. */
import { join } from 'node:path'
import { DETAILED, MOMENTS, PRIOR_WORDS, TERMS } from '../src/layers/trades/moments.ts'
import * as pulse from '../test/layers/pulse/moments.ts'

const ROOT = join(import.meta.dirname, '..')

/** The numbers of a layer that its shaders are linked with, see `Layer` in src/engine/layer.ts. */
interface LayerNumbers {
  readonly moments: number
  readonly terms: number
  readonly priorWords: number
  readonly detailed: { readonly first: number; readonly count: number }
}

export interface LinkedLayer {
  /** Folder of the layer's WGSL, which others import as `package::layer::…`. */
  readonly folder: string
  /** Host constants, imported as `constants::…`. */
  readonly constants: Readonly<Record<string, string>>
}

function linked(folder: string, { moments, terms, priorWords, detailed }: LayerNumbers): LinkedLayer {
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

/** By the name that an import gives: `import shader from './smooth.wgsl?layer=trades'`. */
export const LAYERS: Readonly<Record<string, LinkedLayer>> = {
  trades: linked('shaders/trades', {
    moments: MOMENTS.length,
    terms: TERMS.length,
    priorWords: PRIOR_WORDS,
    detailed: DETAILED,
  }),
  // Of the tests only: it proves that the engine knows nothing of trades.
  pulse: linked('test/layers/pulse', {
    moments: pulse.MOMENTS.length,
    terms: pulse.TERMS.length,
    priorWords: pulse.PRIOR_WORDS,
    detailed: pulse.DETAILED,
  }),
}
