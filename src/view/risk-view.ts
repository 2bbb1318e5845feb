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
 * Draws a {@link RiskMap} into a canvas: as a volume, straight from the map's score pages on its GPU, or as
 * slices (price × time), which also work for maps on the CPU. The map must have been created with
 * `keepSlabs`. Measures other than the score, and footprints, also need `details`. Everything passed in is
 * borrowed. The view only draws a frame if something has changed.
 *
 * ```ts
 * const view = new RiskView({ canvas, onSelect: hotspot => console.log(hotspot) })
 * view.map = await RiskMap.create({ backend, calibration, keepSlabs: 288, details: true })
 * ```
 */
export class RiskView {
  /** The canvas drawn into; borrowed. */
  readonly canvas: HTMLCanvasElement
  /** The canvas for axes, markers and input, above the other. */
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
   * The map on show; null for none. A new map starts with no hotspots and no selection. If it has the same
   * symbol as the previous map, the view keeps the part on show, otherwise it shows the whole map.
   */
  get map(): RiskMap | null {
    return this.shown?.map ?? null
  }

  set map(map: RiskMap | null) {
    if (map === this.map) return
    // The same trades on another grid, or up to another time, should be shown at the same place.
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

  /** Default `volume`. Drawn as slices if {@link canShowVolume} is false. */
  get mode(): ViewMode {
    return this.settings.mode
  }

  set mode(mode: ViewMode) {
    this.settings.mode = checkedOneOf('mode', VIEW_MODES, mode)
    this.loop.request()
  }

  /** Default `score`. Maps without `details` always show the score. */
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

  /**
   * Voxels with a measure below it are left out of the volume. Each measure has its own threshold: 1 by
   * default, 0.4 for the flow.
   */
  get threshold(): number {
    return this.settings.threshold
  }

  set threshold(threshold: number) {
    this.settings.threshold = threshold
    this.loop.request()
  }

  /** Default `light`. Setting it also sets that theme's inks. */
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

  /** The part of the map on show; null for the whole map. A value that is set is kept within the map. */
  get range(): ViewRange | null {
    return this.part.range
  }

  set range(range: ViewRange | null) {
    this.part.range = range
  }

  /**
   * The 1000 hotspots with the highest scores, highest first. Set this to show hotspots found before the view
   * got the map.
   */
  get hotspots(): readonly Hotspot[] {
    return this.ranked.list
  }

  set hotspots(hotspots: readonly Hotspot[]) {
    this.ranked.set(hotspots)
    this.hotspotsChanged()
  }

  /** The selected hotspot. */
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

  /**
   * Whether the map has measures other than the score, that is, `details`. True until its first scores
   * arrive.
   */
  get canShowMeasures(): boolean {
    return this.shown?.hasMeasures ?? true
  }

  /** The measure at the upper end of the palette, which starts at 0. */
  get top(): number {
    return paletteTop(this.drawnMeasure, this.hotspots)
  }

  /** Frames drawn so far. */
  get frames(): number {
    return this.loop.drawn
  }

  /**
   * Reads the size of the canvas in the document. Call it when that size or the display's pixel ratio has
   * changed.
   */
  resize(): void {
    if (this.canvases.measure()) this.loop.request()
  }

  /**
   * Zooms: a factor below 1 zooms in, above 1 out. Slices zoom around a point (CSS pixels), by default the
   * middle.
   */
  zoom(factor: number, x?: number, y?: number): void {
    this.steering.zoom(factor, x, y)
  }

  /** Moves the picture by CSS pixels. */
  pan(dx: number, dy: number): void {
    this.steering.pan(dx, dy)
  }

  /** Rotates the volume, in radians: to the right, and up. */
  orbit(dx: number, dy: number): void {
    this.steering.orbit(dx, dy)
  }

  /** Shows the whole map, the volume from its initial viewpoint. */
  reset(): void {
    this.steering.reset()
    this.loop.request()
  }

  /** Selects a hotspot and, if needed, moves the view so that it is visible. */
  reveal(hotspot: Hotspot): void {
    this.select(hotspot)
    this.part.reveal(hotspot.voxel)
  }

  /** What is at a point of the canvas, CSS pixels. */
  pick(x: number, y: number): ViewPick {
    const { drawing } = this
    return { hotspot: drawing.hotspotAt(x, y), cell: drawing.plot?.cellAt(x, y) ?? null }
  }

  /**
   * What a cell of the slices holds; null if nothing is kept there. If cells are too small to see and are
   * joined into tiles, these are the facts of the cell that gives the tile its colour. Reads the pages back
   * from the map.
   */
  async facts(cell: NonNullable<ViewPick['cell']>): Promise<CellFacts | null> {
    const { frame, plot } = this.drawing
    return this.shown && frame && plot ? this.shown.facts(cell, frame, plot) : null
  }

  /**
   * The picture with its axes, labels and markers, as an image file.
   * @param type media type; PNG by default, and for types that the browser cannot write
   * @throws {VoxriskError} `bad-state` while the canvas has no size
   */
  async toBlob(type = 'image/png'): Promise<Blob> {
    await this.shown?.gpu?.compiled // before that the picture would be empty
    this.pacing.scale = 1
    this.loop.flush() // what the GPU drew can only be copied until this task ends
    return this.canvases.toBlob(type, this.inks.background, this.canShowVolume)
  }

  /**
   * Resolves once the picture shows the map as it is now: the shaders are compiled, the pages are read, the
   * GPU is done and no frame is due. Frames are drawn only while the document is visible, so until then it
   * waits. After `destroy()` it resolves when all work for the map last shown has ended.
   */
  async settle(): Promise<void> {
    const { loop, pacing } = this
    while (this.shown?.isBusy || loop.isBusy || pacing.isBusy) await new Promise(requestAnimationFrame)
  }

  /** Frees what the view has created. Map, device and the canvases passed in are left alone. Idempotent. */
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
        if (this.part.isStale) this.loop.request() // destroyed, so there is nothing left to show
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

  /** Reports an error once, however many frames and reads run into it. */
  private fail(error: Error): void {
    if (this.destroyed || error.message === this.failure?.message) return
    this.failure = error
    this.options.onError?.(error)
  }
}
