import { type Grid, PAGE_PRICES, sizeBin } from '../grid/axes.ts'
import { Meta, type TickBatch } from '../map/backend.ts'
import { type Pool, pageVoxels, type RawMoments, voxelInPage } from './pages.ts'

/** Adds a batch of ticks to the raw moments of their voxels. Mirrored by shaders/bin.wgsl. */
export function bin(batch: TickBatch, grid: Grid, raw: Pool<RawMoments>): void {
  const { words, entries } = batch
  const { priceWidth, sizeResolution } = grid
  const lastSize = grid.sizeBins - 1
  const voxels = pageVoxels(grid)
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
      Math.floor(price / priceWidth) % PAGE_PRICES,
      Math.min(sizeBin(size, sizeResolution), lastSize),
    )
    if (moments[voxel] === 0) page.touched[page.touchedCount++] = voxel
    moments[voxel] += 1
    moments[voxel + voxels] += size
    moments[voxel + 2 * voxels] += side === 0 ? 0 : side === 1 ? size : -size
    moments[voxel + 3 * voxels] += increment * increment
    moments[voxel + 4 * voxels] += increment * previousIncrement
    previousIncrement = increment
  }
}
