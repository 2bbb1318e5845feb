import { NO_SCORE } from '../../engine/work.ts'
import { PAGE_PRICES } from '../../grid/axes.ts'
import type { KeptTrades } from '../../layers/trades/detail.ts'
import type { SceneLook } from './frame.ts'

/** The measure and sizes on show. */
export type Shown = Pick<SceneLook, 'measure' | 'size'>

/**
 * The highest measure over the sizes shown, for each of a page's 64 prices, in Q16; `NO_SCORE` if nothing is
 * scored.
 */
export function ceilingOf({ scores, detail }: KeptTrades, { measure, size }: Shown): Int32Array {
  const highest = new Int32Array(PAGE_PRICES).fill(NO_SCORE)
  const measures = measure === 'score' || !detail ? scores : detail[measure]
  const [from, to] = sizeRange(scores.length / PAGE_PRICES, size)
  for (let voxel = from * PAGE_PRICES; voxel < to * PAGE_PRICES; voxel++) {
    const price = voxel % PAGE_PRICES
    if (scores[voxel] !== NO_SCORE && measures[voxel] > highest[price]) highest[price] = measures[voxel]
  }
  return highest
}

/** The size bins shown out of `sizeBins`: the first, and the one after the last. */
export function sizeRange(sizeBins: number, size: SceneLook['size']): readonly [from: number, to: number] {
  return size === 'all' ? [0, sizeBins] : [size, size + 1]
}
