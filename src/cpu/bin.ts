import { type Grid, PAGE_PRICES, sizeBin } from '../grid/axes.ts'
import { Meta, MOMENT_COUNT, type TickBatch } from '../map/backend.ts'
import { type Pool, type RawMoments, voxelInPage } from './pages.ts'

/** Adds a batch of ticks to the raw moments of their voxels. Mirrored by shaders/bin.wgsl. */
export function bin(batch: TickBatch, grid: Grid, raw: Pool<RawMoments>): void {
  const { words, entries } = batch
  const { priceWidth, sizeResolution } = grid
  const lastSize = grid.sizeBins - 1
  let previousIncrement = (words[5] & Meta.marked) !== 0 ? words[3] - words[0] : 0
  for (let i = 2; i < entries; i++) {
    const price = words[3 * i]
    const size = words[3 * i + 1]
    const meta = words[3 * i + 2]
    const increment = (meta & Meta.marked) !== 0 ? price - words[3 * i - 3] : 0
    const side = meta & Meta.sideMask
    const page = raw.at(meta >>> Meta.slotShift)
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
    moments[at + 4] += increment * previousIncrement
    previousIncrement = increment
  }
}
