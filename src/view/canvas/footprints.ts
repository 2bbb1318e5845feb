import type { KeptTrades } from '../../layers/trades/detail.ts'
import type { Frame } from '../frame/frame.ts'
import type { Plot } from '../frame/plot.ts'
import { drawFootprint, type FootprintCell, footprintCells, footprintFits } from './footprint.ts'

/** Pages of slabs from … to, without the last. */
export type ReadPages = (which: {
  readonly fromSlab: number
  readonly toSlab: number
}) => Promise<readonly KeptTrades[]>

/**
 * The footprints of a map that is shown, when cells are large enough to hold them. What they need is read once for a window,
 * one read at a time; until it is there, what was read last is drawn, whose cells are still right.
 */
export class Footprints {
  private known: {
    /** What was read: revision of the map, measure, sizes, window. */
    readonly key: string
    /** The part of the key without which the cells are wrong: measure and sizes. */
    readonly look: string
    readonly cells: readonly FootprintCell[]
  } | null = null
  private isReading = false

  /** @param onRead cells have come that the picture does not show yet */
  constructor(
    private readonly read: ReadPages,
    private readonly onRead: () => void,
  ) {}

  /** @param revision of the map */
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
