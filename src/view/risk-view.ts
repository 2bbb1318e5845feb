import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import type { Theme } from '../show/colours.ts'
import { Canvases } from './canvases.ts'
import { Drawing } from './drawing.ts'
import type { Inks, SceneLook } from './frame/frame.ts'
import { INKS } from './frame/inks.ts'
import { paletteTop } from './frame/palette-top.ts'
import { FrameLoop } from './frame-loop.ts'
import { Input, type Steered } from './input.ts'
import type { RiskViewOptions } from './options.ts'
import { Pacing } from './pacing.ts'
import { RankedHotspots } from './ranked-hotspots.ts'
import { checkedOneOf, checkedSize, Settings } from './settings.ts'
import { ShownMap } from './shown-map.ts'
import { ShownPart } from './shown-part.ts'
import { Steering } from './steering.ts'
import {
  type CellFacts,
  VIEW_MEASURES,
  VIEW_MODES,
  type ViewMeasure,
  type ViewMode,
  type ViewPick,
  type ViewRange,
  type ViewSize,
} from './types.ts'

/**
 * Draws a {@link RiskMap} into a canvas: as a volume straight from the map's score pages on its GPU, or as slices (price ×
 * time), which maps on the CPU have too. The map must have been created with `keepSlabs`, and with `details` for other
 * measures than the score and for footprints. Everything handed in is borrowed. A frame is drawn when something has changed,
 * and else none.
 *
 * ```ts
 * const view = new RiskView({ canvas, onSelect: hotspot => console.log(hotspot) })
 * view.map = await RiskMap.create({ backend, calibration, keepSlabs: 288, details: true })
 * ```
 */
export class RiskView {
  readonly canvas: HTMLCanvasElement
  readonly overlay: HTMLCanvasElement

  private readonly canvases: Canvases
  private readonly loop = new FrameLoop(() => this.draw())
  private readonly pacing = new Pacing(this.loop)
  private readonly input: Input
  private readonly drawing: Drawing
  private readonly steering: Steering
  private readonly ranked = new RankedHotspots()
  private readonly part = new ShownPart({
    onExtent: ({ firstSlab }) => {
      if (this.ranked.forgetBefore(firstSlab)) this.hotspotsChanged()
    },
    onMove: () => this.moved(),
    onRange: () => this.options.onRange?.(this.range),
  })
  private shown: ShownMap | null = null

  private readonly settings = new Settings()
  private chosen: Hotspot | null = null
  private hovered: Hotspot | null = null
  private failure: Error | null = null
  private destroyed = false

  constructor(private readonly options: RiskViewOptions) {
    this.canvases = new Canvases(options.canvas, options.overlay)
    this.canvas = this.canvases.canvas
    this.overlay = this.canvases.overlay
    this.drawing = new Drawing(this.canvases, this.pacing)
    this.steering = new Steering(this.canvases, this.drawing, this.part, this.pacing, () => this.isVolume)
    this.input = new Input(this.overlay, this.steered())
    this.resize()
  }

  /**
   * The map that is shown; null for none. Another map begins with no hotspots and none chosen; of the same symbol it is shown
   * where the one before was, else all of it.
   */
  get map(): RiskMap | null {
    return this.shown?.map ?? null
  }

  set map(map: RiskMap | null) {
    if (map === this.map) return
    // Another map of the same trades, on another grid or up to another time, is looked at where the first one was.
    const isSameSymbol = map !== null && map.instrument.symbol === this.map?.instrument.symbol
    const range = isSameSymbol ? this.range : null
    this.letGo()
    this.failure = null
    this.shown = map && this.showing(map)
    this.part.begin(map, this.shown?.geometry ?? null, range)
    this.ranked.set([])
    this.select(null)
    if (map && this.settings.size !== 'all' && this.settings.size >= map.grid.sizeBins)
      this.settings.size = 'all'
    this.shown?.begin()
    this.options.onHotspots?.(this.ranked.list)
    this.loop.request()
  }

  /** Default `volume`; shown as slices where {@link canShowVolume} is false. */
  get mode(): ViewMode {
    return this.settings.mode
  }

  set mode(mode: ViewMode) {
    this.settings.mode = checkedOneOf('mode', VIEW_MODES, mode)
    this.loop.request()
  }

  /** Default `score`. Maps without `details` show the score whatever is chosen. */
  get measure(): ViewMeasure {
    return this.settings.measure
  }

  set measure(measure: ViewMeasure) {
    this.settings.measure = checkedOneOf('measure', VIEW_MEASURES, measure)
    this.loop.request()
  }

  /** Default `all`. */
  get size(): ViewSize {
    return this.settings.size
  }

  set size(size: ViewSize) {
    this.settings.size = checkedSize(size, this.map?.grid.sizeBins ?? null)
    this.loop.request()
  }

  /** Measures below it are no part of the volume. Each measure has its own, by default 1, for the flow 0.4. */
  get threshold(): number {
    return this.settings.threshold
  }

  set threshold(threshold: number) {
    this.settings.threshold = threshold
    this.loop.request()
  }

  /** Default `light`. Setting it sets the inks of that theme. */
  get theme(): Theme {
    return this.settings.theme
  }

  set theme(theme: Theme) {
    this.settings.theme = checkedOneOf('theme', ['light', 'dark'], theme)
    this.inks = INKS[theme]
  }

  /** Colours of lines and text, and the font. */
  get inks(): Inks {
    return this.settings.inks
  }

  set inks(inks: Inks) {
    this.settings.inks = inks
    this.loop.request()
  }

  /** The part of the map that is shown; null: all of it. What is set is kept within the map. */
  get range(): ViewRange | null {
    return this.part.range
  }

  set range(range: ViewRange | null) {
    this.part.range = range
  }

  /** The 1000 hotspots of the highest score, highest first; those found before the view had the map can be set. */
  get hotspots(): readonly Hotspot[] {
    return this.ranked.list
  }

  set hotspots(hotspots: readonly Hotspot[]) {
    this.ranked.set(hotspots)
    this.hotspotsChanged()
  }

  /** The hotspot chosen. */
  get selected(): Hotspot | null {
    return this.chosen
  }

  set selected(hotspot: Hotspot | null) {
    this.select(hotspot)
  }

  /** Whether the map has score pages on a GPU. */
  get canShowVolume(): boolean {
    return Boolean(this.shown?.gpu)
  }

  /** Whether the map has other measures than the score, that is `details`; true until its first scores are there. */
  get canShowMeasures(): boolean {
    return this.shown?.hasMeasures ?? true
  }

  /** The measure at the upper end of the colours, which begin at 0. */
  get top(): number {
    return paletteTop(this.drawnMeasure, this.hotspots)
  }

  /** Frames drawn so far. */
  get frames(): number {
    return this.loop.drawn
  }

  /** Reads the size of the canvas in the document; to be called when it has changed, or the pixels of the display have. */
  resize(): void {
    if (this.canvases.measure()) this.loop.request()
  }

  /** Comes closer by a factor below 1, or goes away by one above, in the slices around a point (CSS pixels). */
  zoom(factor: number, x?: number, y?: number): void {
    this.steering.zoom(factor, x, y)
  }

  /** Moves the picture by CSS pixels. */
  pan(dx: number, dy: number): void {
    this.steering.pan(dx, dy)
  }

  /** Turns the volume, radians: to the right, and up. */
  orbit(dx: number, dy: number): void {
    this.steering.orbit(dx, dy)
  }

  /** Shows everything, from the first side. */
  reset(): void {
    this.steering.reset()
    this.loop.request()
  }

  /** Chooses a hotspot and moves what is shown so that it can be seen. */
  reveal(hotspot: Hotspot): void {
    this.select(hotspot)
    this.part.reveal(hotspot.voxel)
  }

  /** What lies at a point of the canvas, CSS pixels. */
  pick(x: number, y: number): ViewPick {
    const { drawing } = this
    return { hotspot: drawing.hotspotAt(x, y), cell: drawing.plot?.cellAt(x, y) ?? null }
  }

  /**
   * What a cell of the slices holds; null where nothing is kept. Where cells are joined into tiles, because they are smaller
   * than can be seen, that cell of the tile which gave it its colour. Reads its pages back.
   */
  async facts(cell: NonNullable<ViewPick['cell']>): Promise<CellFacts | null> {
    const { frame, plot } = this.drawing
    return this.shown && frame && plot ? this.shown.facts(cell, frame, plot) : null
  }

  /**
   * The picture with its axes, labels and markers, as a file.
   * @param type media type; by default PNG, which also stands in for types the browser cannot write
   * @throws {VoxriskError} `bad-state` while the canvas has no size
   */
  async toBlob(type = 'image/png'): Promise<Blob> {
    await this.shown?.gpu?.compiled // before that the picture would be empty
    this.pacing.scale = 1
    this.loop.flush() // what the GPU drew can be copied until this task ends
    return this.canvases.toBlob(type, this.inks.background, this.canShowVolume)
  }

  /**
   * Resolves once the picture shows the map as it is now: the shaders are compiled, the pages are read, the GPU is done and no
   * frame is to come. Frames are drawn only while the page is visible, so until then it waits. After `destroy()` it resolves
   * when nothing of the map last shown is under way any more.
   */
  async settle(): Promise<void> {
    const { loop, pacing } = this
    while (this.shown?.isBusy || loop.isBusy || pacing.isBusy) await new Promise(requestAnimationFrame)
  }

  /** Frees what the view made; map, device and canvases stay. Idempotent. */
  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.letGo()
    this.pacing.stop()
    this.input.destroy()
    this.canvases.destroy()
  }

  [Symbol.dispose](): void {
    this.destroy()
  }

  private get drawnMeasure(): ViewMeasure {
    return this.canShowMeasures ? this.measure : 'score'
  }

  private get isVolume(): boolean {
    return this.mode === 'volume' && this.canShowVolume
  }

  private showing(map: RiskMap): ShownMap {
    return new ShownMap(map, this.canvas, {
      onScores: () => {
        if (this.isVolume) this.pacing.moving()
        else if (!this.shown?.store) this.loop.request()
      },
      onPages: () => this.loop.request(),
      onFootprints: () => this.drawOverlay(),
      onHotspots: hotspots => {
        this.ranked.add(hotspots)
        this.hotspotsChanged()
      },
      onEnd: () => {
        if (this.part.isStale) this.loop.request() // destroyed: nothing is left to show
      },
      onError: error => this.fail(error),
    })
  }

  private letGo(): void {
    this.shown?.destroy()
    this.pacing.release()
    this.drawing.forget()
    this.hovered = null
  }

  /** What pointer, wheel and keys do. */
  private steered(): Steered {
    return {
      drag: (dx, dy) => this.steering.drag(dx, dy),
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, x, y) => this.zoom(factor, x, y),
      hover: (x, y) => this.hover(x, y),
      leave: () => {
        this.point(null)
        this.options.onHover?.(null, 0, 0)
      },
      click: (x, y) => this.select(this.pick(x, y).hotspot),
      reset: () => this.reset(),
      step: by => this.step(by),
      clear: () => this.select(null),
    }
  }

  private hover(x: number, y: number): void {
    const pick = this.pick(x, y)
    this.point(pick.hotspot)
    this.overlay.style.cursor = pick.hotspot ? 'pointer' : this.isVolume ? 'grab' : 'crosshair'
    this.options.onHover?.(pick, x, y)
  }

  private point(hotspot: Hotspot | null): void {
    if (hotspot === this.hovered) return
    this.hovered = hotspot
    this.drawOverlay()
  }

  private select(hotspot: Hotspot | null): void {
    const chosen = hotspot && (this.ranked.find(hotspot) ?? hotspot)
    if (chosen === this.chosen) return
    this.chosen = chosen
    this.loop.request()
    this.options.onSelect?.(chosen)
  }

  private step(by: 1 | -1): void {
    const { list } = this.ranked
    if (list.length === 0) return
    const at = this.chosen ? list.indexOf(this.chosen) + by : by > 0 ? 0 : list.length - 1
    this.reveal(list[Math.min(Math.max(at, 0), list.length - 1)])
  }

  private hotspotsChanged(): void {
    if (this.chosen) this.select(this.ranked.find(this.chosen) ?? null)
    this.options.onHotspots?.(this.ranked.list)
    this.loop.request()
  }

  /** The viewport has moved. */
  private moved(): void {
    if (this.isVolume) this.pacing.moving()
    this.loop.request()
  }

  private draw(): void {
    if (this.destroyed) return
    try {
      this.part.fit()
      this.drawing.drawPicture(this.shown, this.part, this.look, this.inks, this.isVolume)
    } catch (error) {
      this.fail(error as Error)
    }
    this.drawOverlay()
    this.options.onFrame?.({ width: this.overlay.width, height: this.overlay.height })
  }

  private drawOverlay(): void {
    const { hotspots, chosen, hovered } = this
    this.drawing.drawOverlay(this.shown, { hotspots, chosen, hovered })
  }

  private get look(): SceneLook {
    const { size, theme, threshold, top } = this
    return { measure: this.drawnMeasure, size, threshold, top, theme }
  }

  /** Tells of an error once, however many frames and reads meet it. */
  private fail(error: Error): void {
    if (this.destroyed || error.message === this.failure?.message) return
    this.failure = error
    this.options.onError?.(error)
  }
}
