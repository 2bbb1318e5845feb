import { NO_SLOT } from '../engine/work.ts'
import { type Grid, PAGE_PRICES, sizeBin } from '../grid/axes.ts'
import { Meta, MOMENT_COUNT } from '../layers/trades/moments.ts'
import { type Pool, type RawMoments, voxelInPage } from './pages.ts'

/** Ticks as a `TickBatch` holds them, in memory of any kind. */
export interface BinnedTicks {
  readonly words: Uint32Array
  readonly entries: number
}

/** Which of `threads` threads, numbered from 0, writes to a raw slot: each slot has one. */
export interface Share {
  readonly thread: number
  readonly threads: number
}

/** Whether a raw slot is in a thread's share. */
export function owns({ thread, threads }: Share, slot: number): boolean {
  return slot % threads === thread
}

/** Adds the ticks of a batch that fall into a thread's share to the raw moments of their voxels. Mirrored by shaders/bin.wgsl. */
export function bin(batch: BinnedTicks, grid: Grid, raw: Pool<RawMoments>, share: Share): void {
  const { words, entries } = batch
  const { priceWidth, sizeResolution } = grid
  const lastSize = grid.sizeBins - 1
  let previousIncrement = (words[5] & Meta.marked) !== 0 ? words[3] - words[0] : 0
  let slot = NO_SLOT
  let page: RawMoments | null = null // prices are sticky: mostly that of the tick before
  for (let i = 2; i < entries; i++) {
    const price = words[3 * i]
    const meta = words[3 * i + 2]
    const increment = (meta & Meta.marked) !== 0 ? price - words[3 * i - 3] : 0
    const product = increment * previousIncrement
    previousIncrement = increment
    if (meta >>> Meta.slotShift !== slot) {
      slot = meta >>> Meta.slotShift
      page = owns(share, slot) ? raw.at(slot) : null
    }
    if (page === null) continue
    const size = words[3 * i + 1]
    const side = meta & Meta.sideMask
    const { moments } = page
    const voxel = voxelInPage(
      (price / priceWidth) & (PAGE_PRICES - 1), // & takes the whole part
      Math.min(sizeBin(size, sizeResolution), lastSize),
    )
    const at = voxel * MOMENT_COUNT
    if (moments[at] === 0) page.touched[page.touchedCount++] = voxel
    moments[at] += 1
    moments[at + 1] += size
    moments[at + 2] += side === 0 ? 0 : side === 1 ? size : -size
    moments[at + 3] += increment * increment
    moments[at + 4] += product
  }
}
