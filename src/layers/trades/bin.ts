import type { BinnedEvents, LayerShape } from '../../engine/layer.ts'
import { type RawMoments, voxelInPage } from '../../engine/pages.ts'
import { NO_SLOT } from '../../engine/work.ts'
import { PAGE_PRICES } from '../../grid/axes.ts'
import { logClass } from '../../grid/log-classes.ts'
import { MOMENT_COUNT } from './moments.ts'
import { Meta } from './pack.ts'

/** Adds ticks to the raw moments of their voxels. Mirrored by shaders/trades/bin.wgsl. */
export function bin(
  { words, entries }: BinnedEvents,
  { axes, settings }: LayerShape,
  pageAt: (slot: number) => RawMoments | null,
): void {
  const { priceWidth } = axes
  const [sizeResolution] = settings
  const lastSize = axes.classBins - 1
  let previousIncrement = (words[5] & Meta.marked) !== 0 ? words[3] - words[0] : 0
  let slot = NO_SLOT
  let page: RawMoments | null = null // prices are sticky: usually the page of the tick before
  for (let i = 2; i < entries; i++) {
    const price = words[3 * i]
    const meta = words[3 * i + 2]
    const increment = (meta & Meta.marked) !== 0 ? price - words[3 * i - 3] : 0
    const product = increment * previousIncrement
    previousIncrement = increment
    if (meta >>> Meta.slotShift !== slot) {
      slot = meta >>> Meta.slotShift
      page = pageAt(slot)
    }
    if (page === null) continue
    const size = words[3 * i + 1]
    const side = meta & Meta.sideMask
    const { moments } = page
    const voxel = voxelInPage(
      (price / priceWidth) & (PAGE_PRICES - 1), // & drops the fraction
      Math.min(logClass(size, sizeResolution), lastSize),
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
