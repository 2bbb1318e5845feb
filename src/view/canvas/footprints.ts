import type { KeptTrades } from '../../layers/trades/detail.ts'
import type { Frame } from '../frame/frame.ts'
import type { Plot } from '../frame/plot.ts'
import { drawFootprint, type FootprintCell, footprintCells, footprintFits } from './footprint.ts'

/** Pages of the slabs from `fromSlab` up to but not including `toSlab`. */
export type ReadPages = (which: {
  readonly fromSlab: number
  readonly toSlab: number
}) => Promise<readonly KeptTrades[]>

/**
 * The footprints of the map on show, once cells are large enough for them. Pages are read once per window,
 * one read at a time. Until a read is done, the cells of the last one are drawn; they are still correct.
 */
export class Footprints {
  private known: {
    /** What was read: map revision, measure, sizes and window. */
    readonly key: string
    /** The part of the key that must match for the cells to be correct: measure and sizes. */
    readonly look: string
    readonly cells: readonly FootprintCell[]
  } | null = null
  private isReading = false

  /** @param onRead called when there are new cells to draw */
  constructor(
    private readonly read: ReadPages,
    private readonly onRead: () => void,
  ) {}

  /** @param revision the map's revision */
  draw(context: CanvasRenderingContext2D, frame: Frame, plot: Plot, revision: number): void {
    if (!footprintFits(plot)) return
    const { window } = frame
    const look = `${frame.look.measure} ${frame.look.size}`
    if (this.known?.look === look) drawFootprint(context, frame, plot, this.known.cells)
    const [fromSlab, toSlab] = [Math.floor(window.fromSlab), Math.ceil(window.toSlab)]
    const [lowBin, highBin] = [Math.floor(window.lowBin), Math.ceil(window.highBin)]
    const key = [look, revision, fromSlab, toSlab, lowBin, highBin].join(' ')
    if (this.known?.key === key || this.isReading) return
    this.isReading = true
    this.read({ fromSlab, toSlab }).then(pages => {
      this.isReading = false
      this.known = { key, look, cells: footprintCells(pages, frame) }
      this.onRead()
    })
  }
}
