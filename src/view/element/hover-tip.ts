import type { Hotspot } from '../../layers/trades/facts.ts'
import type { RiskView } from '../risk-view.ts'
import type { ViewMeasure, ViewPick } from '../types.ts'
import { cellTip, hotspotTip, Tip } from './tip.ts'

/**
 * The box beside the pointer that describes what is under it. Facts of a cell are read from the map, so they
 * appear a little later.
 */
export class HoverTip {
  private readonly tip = new Tip()
  /** The cell under the pointer. Facts of any other cell are discarded. */
  private hovered: ViewPick['cell'] = null
  private pointer = { x: 0, y: 0 }
  private isAsking = false

  /**
   * @param view returns the view to read facts from; null while there is none
   * @param measure returns the measure on show
   */
  constructor(
    private readonly view: () => RiskView | null,
    private readonly measure: () => ViewMeasure,
  ) {}

  get element(): HTMLElement {
    return this.tip.element
  }

  /**
   * @param pick what the pointer is over, null if it has left the picture; x and y in CSS pixels
   * @param hotspots ranked
   */
  show(pick: ViewPick | null, x: number, y: number, hotspots: readonly Hotspot[]): void {
    const { tip } = this
    const cell = pick?.hotspot ? null : (pick?.cell ?? null)
    const isSameCell = cell !== null && cell.time === this.hovered?.time && cell.price === this.hovered.price
    if (!isSameCell) this.hovered = cell
    this.pointer = { x, y }
    if (pick?.hotspot) tip.show(hotspotTip(pick.hotspot, hotspots.indexOf(pick.hotspot) + 1), x, y)
    else if (!cell) tip.hide()
    else if (isSameCell) tip.place(x, y)
    else this.askForFacts()
  }

  /** Hides the box until the pointer moves on. */
  hide(): void {
    this.tip.hide()
  }

  /** Hides the box and forgets what the pointer was over. */
  leave(): void {
    this.hovered = null
    this.tip.hide()
  }

  /** Reads one cell at a time, however fast the pointer moves; then the cell it has reached by then. */
  private async askForFacts(): Promise<void> {
    if (this.isAsking) return
    this.isAsking = true
    let asked: ViewPick['cell'] = null
    for (let view = this.view(); view && this.hovered && this.hovered !== asked; view = this.view()) {
      asked = this.hovered
      const facts = await view.facts(asked).catch(() => null) // the view reports its errors through onError
      if (this.hovered !== asked) continue
      const text = facts && cellTip(facts, this.measure())
      if (text) this.tip.show(text, this.pointer.x, this.pointer.y)
      else this.tip.hide()
    }
    this.isAsking = false
  }
}
