import { linked } from '../../build/layers.ts'
import { DETAILED, MOMENTS, PRIOR_WORDS, TERMS } from './pulse/moments.ts'

/** Layers that exist only in the tests. */
export const TEST_LAYERS = {
  pulse: linked('test/layers/pulse', {
    moments: MOMENTS.length,
    terms: TERMS.length,
    priorWords: PRIOR_WORDS,
    detailed: DETAILED,
  }),
}
