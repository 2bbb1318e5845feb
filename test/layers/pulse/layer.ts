import { VoxriskError } from 'voxrisk'
import {
  type Batch,
  centrePrice,
  type EventPacker,
  type Layer,
  type LayerShape,
  log2OfInteger,
  log2Q16,
  PAGE_PRICES,
  priceOf,
  voxelInPage,
} from 'voxrisk/engine'
import { DETAILED, EDGES, EVENT, KAPPA, MOMENTS, PRIOR_WORDS, TERMS } from './moments.ts'

/** Something with a signed charge that happens at a price. */
export interface Pulse {
  readonly time: number
  readonly price: number
  /** −2^31 + 1 … 2^31 − 1 */
  readonly charge: number
}

/** Packs pulses and leaves out late ones. */
export class PulsePacker implements EventPacker<readonly Pulse[]> {
  pack(pulses: readonly Pulse[], from: number, batch: Batch): number {
    for (let i = from; i < pulses.length; i++) {
      if (batch.entries === batch.end) return i
      const { time, price, charge } = pulses[i]
      if (time < batch.slabFrom || time >= batch.slabTo) {
        if (!batch.enterSlab(time)) continue
        if (batch.isDue) return i
      }
      if ((price < batch.pageFrom || price >= batch.pageTo) && !batch.enterPage(price)) return i
      batch.totals[0] += Math.max(1, Math.abs(charge))
      batch.page.events++
      batch.page.low = Math.min(batch.page.low, price)
      batch.page.high = Math.max(batch.page.high, price)
      if (price < batch.below) batch.page.below++
      if (price >= batch.above) batch.page.above++
      batch.words.set([price, charge, batch.page.slot], EVENT.words * batch.entries++)
    }
    return pulses.length
  }
}

function classOf(charge: number): number {
  return EDGES.filter(edge => Math.abs(charge) >= edge).length
}

/** A layer of two moments and one term, to show that the engine knows nothing of trades. */
export const pulseLayer: Layer = {
  name: 'pulse',
  moments: MOMENTS,
  terms: TERMS,
  detailed: DETAILED,
  kappa: KAPPA,
  bounds: [{ refuse: when => new VoxriskError('overflow', `slab ${when}: too much charge`, 'Charge less.') }],
  event: EVENT,
  priorWords: PRIOR_WORDS,

  bin({ words, entries }, { axes }, pageAt) {
    for (let i = 0; i < entries; i++) {
      const [price, bits, slot] = words.subarray(3 * i, 3 * i + 3)
      const page = pageAt(slot)
      if (!page) continue
      const charge = bits | 0
      const priceBin = Math.floor(price / axes.priceWidth) % PAGE_PRICES
      const voxel = voxelInPage(priceBin, classOf(charge))
      if (page.moments[2 * voxel] === 0) page.touched[page.touchedCount++] = voxel
      page.moments[2 * voxel] += 1
      page.moments[2 * voxel + 1] += charge
    }
  },

  priors(page: number, { axes }: LayerShape) {
    return Uint32Array.from({ length: PAGE_PRICES }, (_, i) =>
      log2Q16(0, centrePrice(page * PAGE_PRICES + i, axes.priceWidth)),
    )
  },

  score(smoothed, { touched, touchedCount }, least, priors, _shrinkage, voxels, terms) {
    let count = 0
    for (let t = 0; t < touchedCount; t++) {
      const voxel = touched[t]
      const events = smoothed[2 * voxel]
      if (events < least) continue
      const charge = Math.max(1, Math.abs(smoothed[2 * voxel + 1]))
      terms[count] = log2OfInteger(charge) - log2OfInteger(events) - priors[priceOf(voxel)]
      voxels[count++] = voxel
    }
    return count
  },
}
