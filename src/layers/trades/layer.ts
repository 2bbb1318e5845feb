import type { Layer } from '../../engine/layer.ts'
import { bin } from './bin.ts'
import { BOUNDS } from './bounds.ts'
import { DETAILED, KAPPA, MOMENTS, PRIOR_WORDS, TERMS } from './moments.ts'
import { TICK } from './pack.ts'
import { priors } from './priors.ts'
import { score } from './terms.ts'

/** Trades: price × trade size × time. */
export const tradesLayer: Layer = {
  name: 'trades',
  moments: MOMENTS,
  terms: TERMS,
  detailed: DETAILED,
  kappa: KAPPA,
  bounds: BOUNDS,
  // A workgroup of 64 takes runs of 8 ticks, see shaders/trades/bin.wgsl.
  event: { ...TICK, perWorkgroup: 8 * 64 },
  priorWords: PRIOR_WORDS,
  bin,
  priors,
  score,
}
