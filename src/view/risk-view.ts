import type { KeptPage } from '../engine/work.ts'
import { VoxriskError } from '../errors.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import type { Theme } from '../show/colours.ts'
import { type Box, Viewport } from '../show/viewport.ts'
import { boxPoint, OrbitCamera } from './camera.ts'
import { cellFacts, highestCell } from './footprint.ts'
import { Footprints } from './footprints.ts'
import type { BinWindow, Frame, Inks, SceneLook } from './frame.ts'
import { FrameLoop } from './frame-loop.ts'
import { type Extent, extentOf, Geometry } from './geometry.ts'
import { GpuPicture } from './gpu-picture.ts'
import { HotspotBook } from './hotspot-book.ts'
import { INKS } from './inks.ts'
import { Input, type Steered } from './input.ts'
import { type DrawnMarker, drawMarkers, type Point, pickMarker, placeInPlot } from './markers.ts'
import { Pacing } from './pacing.ts'
import { PageStore } from './page-store.ts'
import { DEFAULT_THRESHOLDS, paletteTop } from './palette-top.ts'
import { Plot } from './plot.ts'
import { drawPlotAxes } from './plot-axes.ts'
import { CanvasSlices } from './slices-canvas.ts'
import type { CellFacts, ViewMeasure, ViewMode, ViewPick, ViewRange, ViewSize } from './types.ts'
import { drawVolumeAxes } from './volume-axes.ts'

export interface RiskViewOptions {
  /**
   * Where the GPU draws: a canvas without a context, and not drawn into by others. It must lie in an element that is
   * positioned, unless `overlay` is given.
   */
  readonly canvas: HTMLCanvasElement
  /** Axes, text and markers, as large as `canvas` and above it; takes pointer and keys. Made and put behind `canvas` by default. */
  readonly overlay?: HTMLCanvasElement
  /** The hotspot chosen has changed. */
  readonly onSelect?: (hotspot: Hotspot | null) => void
  /** What the pointer is over, null when it has left; CSS pixels in the canvas. */
  readonly onHover?: (pick: ViewPick | null, x: number, y: number) => void
  /** The part shown has changed, also because a live map has let go of what was shown; null: all of it. */
  readonly onRange?: (range: ViewRange | null) => void
  /** The hotspots have changed; highest score first. */
  readonly onHotspots?: (hotspots: readonly Hotspot[]) => void
  /** A frame was drawn; device pixels. */
  readonly onFrame?: (frame: { readonly width: number; readonly height: number }) => void
  /** The map or the GPU failed. Told once for each failure of a map. */
  readonly onError?: (error: Error) => void
}

/** Price bins and slabs that are shown at the least. */
const LEAST_BINS = 2
/** Labels of prices and sizes beside the volume are about so wide together, CSS pixels, */
const LABELS = 118
/** and take this share of the width at the least and at the most. */
const LEAST_MARGIN = 0.12
const MOST_MARGIN = 0.45
/** A drag over the height of the canvas turns the volume by this, radians. */
const TURN = Math.PI
/** Pixels of a side of the canvases at the most: what every WebGPU device can draw into (maxTextureDimension2D). */
const MOST_PIXELS = 8192

/**
 * Draws a {@link RiskMap} into a canvas: as a volume straight from the map's score pages on its GPU, or as slices (price ×
 * time), which maps on the CPU have too. The map must have been created with `keepSlabs`, and with `pictures` for other
 * measures than the score and for footprints. Everything handed in is borrowed. A frame is drawn when something has changed,
 * and else none.
 *
 * ```ts
 * const view = new RiskView({ canvas, onSelect: hotspot => console.log(hotspot) })
 * view.map = await RiskMap.create({ backend, calibration, keepSlabs: 288, pictures: true })
 * ```
 */
export class RiskView {
  readonly canvas: HTMLCanvasElement
  readonly overlay: HTMLCanvasElement

  private readonly loop = new FrameLoop(() => this.draw())
  private readonly pacing = new Pacing(this.loop)
  private readonly input: Input
  private readonly camera = new OrbitCamera()
  private readonly book = new HotspotBook()
  private readonly thresholds = { ...DEFAULT_THRESHOLDS }
  private shown: RiskMap | null = null
  private stopObserving: (() => void) | null = null
  private geometry: Geometry | null = null
  /** Revision of the map that `extent` and `viewport` are of. */
  private fitted = -1
  private extent: Extent | null = null
  private viewport: Viewport | null = null
  /** Range to show as soon as there is something to show. */
  private wantedRange: ViewRange | null = null
  private gpu: GpuPicture | null = null
  /** Whether the map of `gpu` has them. */
  private hasPictures = true
  private store: PageStore | null = null
  private readonly slicesOnCanvas = new CanvasSlices()

  private theMode: ViewMode = 'volume'
  private theMeasure: ViewMeasure = 'score'
  private theSize: ViewSize = 'all'
  private theTheme: Theme = 'light'
  private theInks: Inks = INKS.light
  private chosen: Hotspot | null = null
  private hovered: Hotspot | null = null

  private width = 0
  private height = 0
  private ratio = 1
  private frame: Frame | null = null
  private plot: Plot | null = null
  private markers: readonly DrawnMarker[] = []
  private footprints: Footprints | null = null
  private failure: Error | null = null
  /** Shaders that are being compiled, and reads under way. */
  private outstanding = 0
  private destroyed = false

  constructor(private readonly options: RiskViewOptions) {
    this.canvas = options.canvas
    this.overlay = options.overlay ?? overlayOf(options.canvas)
    this.input = new Input(this.overlay, this.steered())
    this.resize()
  }

  /**
   * The map that is shown; null for none. Another map begins with no hotspots and none chosen; of the same symbol it is shown
   * where the one before was, else all of it.
   */
  get map(): RiskMap | null {
    return this.shown
  }

  set map(map: RiskMap | null) {
    if (map === this.shown) return
    // Another map of the same trades, on another grid or up to another time, is looked at where the first one was.
    const isSameSymbol = map !== null && map.instrument.symbol === this.shown?.instrument.symbol
    this.wantedRange = isSameSymbol ? this.range : null
    this.letGo()
    this.shown = map
    this.failure = null
    this.viewport = null
    this.book.set([])
    this.select(null)
    if (map) {
      this.geometry = new Geometry(map.instrument, map.grid)
      this.footprints = new Footprints(
        which => this.read(map, which),
        () => {
          if (this.shown === map) this.drawOverlay()
        },
      )
      if (this.theSize !== 'all' && this.theSize >= map.grid.sizeBins) this.theSize = 'all'
      this.stopObserving = map.observe({
        onScores: () => this.takeScores(),
        onHotspots: hotspots => this.takeHotspots(hotspots),
        onEnd: error => {
          if (error) this.fail(error)
          else if (map.revision !== this.fitted) this.loop.request() // destroyed: nothing is left to show
        },
      })
      this.takeScores()
    }
    this.options.onHotspots?.(this.book.ranked)
    this.loop.request()
  }

  /** Default `volume`; shown as slices where {@link canShowVolume} is false. */
  get mode(): ViewMode {
    return this.theMode
  }

  set mode(mode: ViewMode) {
    this.theMode = oneOf('mode', mode, ['volume', 'slices'])
    this.loop.request()
  }

  /** Default `score`. Maps without `pictures` show the score whatever is chosen. */
  get measure(): ViewMeasure {
    return this.theMeasure
  }

  set measure(measure: ViewMeasure) {
    this.theMeasure = oneOf('measure', measure, ['score', 'activity', 'volatility', 'flow'])
    this.loop.request()
  }

  /** Default `all`. */
  get size(): ViewSize {
    return this.theSize
  }

  set size(size: ViewSize) {
    const bins = this.shown?.grid.sizeBins ?? Number.POSITIVE_INFINITY
    if (size !== 'all' && !(Number.isInteger(size) && size >= 0 && size < bins)) {
      throw new VoxriskError(
        'bad-setting',
        `size ${size} is no size bin of the map`,
        `Give a number in 0 … ${bins - 1}, or 'all'.`,
      )
    }
    this.theSize = size
    this.loop.request()
  }

  /** Measures below it are no part of the volume. Each measure has its own, by default 1, for the flow 0.4. */
  get threshold(): number {
    return this.thresholds[this.theMeasure]
  }

  set threshold(threshold: number) {
    if (!Number.isFinite(threshold)) {
      throw new VoxriskError(
        'bad-setting',
        `threshold ${threshold} is no number`,
        'Give a measure, such as 2.',
      )
    }
    this.thresholds[this.theMeasure] = threshold
    this.loop.request()
  }

  /** Default `light`. Setting it sets the inks of that theme. */
  get theme(): Theme {
    return this.theTheme
  }

  set theme(theme: Theme) {
    this.theTheme = oneOf('theme', theme, ['light', 'dark'])
    this.inks = INKS[theme]
  }

  /** Colours of lines and text, and the font. */
  get inks(): Inks {
    return this.theInks
  }

  set inks(inks: Inks) {
    this.theInks = inks
    this.loop.request()
  }

  /** The part of the map that is shown; null: all of it. What is set is kept within the map. */
  get range(): ViewRange | null {
    if (!this.viewport) return this.wantedRange
    return this.viewport.isWhole ? null : this.viewport.box
  }

  set range(range: ViewRange | null) {
    this.wantedRange = range
    if (this.shown && this.geometry) this.fit(this.shown, this.geometry)
    if (range) this.viewport?.show(range)
    else this.viewport?.reset()
  }

  /** The 1000 hotspots of the highest score, highest first; those found before the view had the map can be set. */
  get hotspots(): readonly Hotspot[] {
    return this.book.ranked
  }

  set hotspots(hotspots: readonly Hotspot[]) {
    this.book.set(hotspots)
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
    return this.gpu !== null
  }

  /** Whether the map has other measures than the score, that is `pictures`; true until its first scores are there. */
  get canShowMeasures(): boolean {
    if (this.gpu) return this.hasPictures
    const [page] = this.store?.pages ?? []
    return !page || page.picture !== null
  }

  /** The measure at the upper end of the colours, which begin at 0. */
  get top(): number {
    return paletteTop(this.drawnMeasure, this.book.ranked)
  }

  /** Frames drawn so far. */
  get frames(): number {
    return this.loop.drawn
  }

  /** Reads the size of the canvas on the page; to be called when it has changed, or the pixels of the display have. */
  resize(): void {
    const { clientWidth, clientHeight } = this.canvas
    const ratio = Math.min(
      globalThis.devicePixelRatio || 1,
      MOST_PIXELS / Math.max(clientWidth, clientHeight, 1),
    )
    if (clientWidth === this.width && clientHeight === this.height && ratio === this.ratio) return
    this.width = clientWidth
    this.height = clientHeight
    this.ratio = ratio
    this.loop.request()
  }

  /** Comes closer by a factor below 1, or goes away by one above, in the slices around a point (CSS pixels). */
  zoom(factor: number, x?: number, y?: number): void {
    if (this.isVolume) {
      this.camera.zoom(factor)
      this.pacing.moving()
    } else if (this.plot && x !== undefined && y !== undefined) {
      this.viewport?.zoom(factor, { time: this.plot.timeAt(x), price: this.plot.priceAt(y) })
    } else {
      this.viewport?.zoom(factor)
    }
  }

  /** Moves the picture by CSS pixels. */
  pan(dx: number, dy: number): void {
    if (this.height === 0) return
    if (this.isVolume) {
      this.camera.pan(dx / this.height, dy / this.height)
      this.pacing.moving()
    } else if (this.plot) {
      this.viewport?.pan(-dx / this.plot.width, dy / this.plot.height)
    }
  }

  /** Turns the volume, radians: to the right, and up. */
  orbit(dx: number, dy: number): void {
    this.camera.orbit(dx, dy)
    if (this.isVolume) this.pacing.moving()
  }

  /** Shows everything, from the first side. */
  reset(): void {
    this.camera.reset()
    this.viewport?.reset()
    this.loop.request()
  }

  /** Chooses a hotspot and moves what is shown so that it can be seen. */
  reveal(hotspot: Hotspot): void {
    this.select(hotspot)
    const { geometry, viewport } = this
    if (!geometry || !viewport) return
    const { from, to, low, high } = viewport.box
    const time = geometry.time(hotspot.voxel.time + 0.5)
    const price = geometry.price(hotspot.voxel.price + 0.5)
    if (time < from || time > to || price < low || price > high) {
      viewport.approach(time, price, to - from, high - low)
    }
  }

  /** What lies at a point of the canvas, CSS pixels. */
  pick(x: number, y: number): ViewPick {
    return {
      hotspot: pickMarker(this.markers, x, y)?.hotspot ?? null,
      cell: this.plot?.cellAt(x, y) ?? null,
    }
  }

  /**
   * What a cell of the slices holds; null where nothing is kept. Where cells are joined into tiles, because they are smaller
   * than can be seen, that cell of the tile which gave it its colour. Reads its pages back.
   */
  async facts({ time, price }: NonNullable<ViewPick['cell']>): Promise<CellFacts | null> {
    const { shown, frame, plot } = this
    if (!shown || !frame || !plot) return null
    const tile = plot.tileAt(plot.xOfSlab(time + 0.5), plot.yOfBin(price + 0.5))
    if (!tile) return null
    const pages = await this.read(shown, { fromSlab: tile.fromSlab, toSlab: tile.toSlab })
    const cell = highestCell(pages, frame, tile) ?? { time, price }
    const page = Math.floor(cell.price / PAGE_PRICES)
    const isKept = pages.some(kept => kept.slab === cell.time && kept.page === page)
    return isKept ? cellFacts(pages, frame, cell) : null
  }

  /**
   * The picture with its axes, labels and markers, as a file.
   * @param type media type; by default PNG, which also stands in for types the browser cannot write
   * @throws {VoxriskError} `bad-state` while the canvas has no size
   */
  async toBlob(type = 'image/png'): Promise<Blob> {
    await this.gpu?.compiled // before that the picture would be empty
    const picture = document.createElement('canvas')
    picture.width = this.overlay.width
    picture.height = this.overlay.height
    const context = picture.getContext('2d')
    if (!context || this.width === 0 || this.height === 0) throw noPicture()
    this.pacing.scale = 1
    this.loop.flush() // what the GPU drew can be copied until this task ends
    context.fillStyle = this.theInks.background
    context.fillRect(0, 0, picture.width, picture.height)
    if (this.gpu) context.drawImage(this.canvas, 0, 0, picture.width, picture.height)
    context.drawImage(this.overlay, 0, 0)
    return new Promise((resolve, reject) => {
      picture.toBlob(blob => (blob ? resolve(blob) : reject(noPicture())), type)
    })
  }

  /**
   * Resolves once the picture shows the map as it is now: the shaders are compiled, the pages are read, the GPU is done and no
   * frame is to come. Frames are drawn only while the page is visible, so until then it waits. After `destroy()` it resolves
   * when nothing of the view is under way any more.
   */
  async settle(): Promise<void> {
    const { loop, pacing } = this
    while (this.outstanding > 0 || loop.isBusy || pacing.isBusy) await new Promise(requestAnimationFrame)
  }

  /** Frees what the view made; map, device and canvases stay. Idempotent. */
  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.letGo()
    this.pacing.stop()
    this.input.destroy()
    if (!this.options.overlay) this.overlay.remove()
  }

  [Symbol.dispose](): void {
    this.destroy()
  }

  private get drawnMeasure(): ViewMeasure {
    return this.canShowMeasures ? this.theMeasure : 'score'
  }

  private get isVolume(): boolean {
    return this.theMode === 'volume' && this.canShowVolume
  }

  /** What pointer, wheel and keys do. */
  private steered(): Steered {
    return {
      drag: (dx, dy) => {
        if (this.height === 0) return
        if (this.isVolume) this.orbit((dx / this.height) * TURN, (dy / this.height) * TURN)
        else this.pan(dx, dy)
      },
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
    const chosen = hotspot && (this.book.find(hotspot) ?? hotspot)
    if (chosen === this.chosen) return
    this.chosen = chosen
    this.loop.request()
    this.options.onSelect?.(chosen)
  }

  private step(by: 1 | -1): void {
    const { ranked } = this.book
    if (ranked.length === 0) return
    const at = this.chosen ? ranked.indexOf(this.chosen) + by : by > 0 ? 0 : ranked.length - 1
    this.reveal(ranked[Math.min(Math.max(at, 0), ranked.length - 1)])
  }

  private takeHotspots(hotspots: readonly Hotspot[]): void {
    this.book.add(hotspots)
    this.hotspotsChanged()
  }

  private hotspotsChanged(): void {
    if (this.chosen) this.select(this.book.find(this.chosen) ?? null)
    this.options.onHotspots?.(this.book.ranked)
    this.loop.request()
  }

  /** The kept pages of the map have changed. */
  private takeScores(): void {
    const { shown } = this
    if (!shown) return
    try {
      if (shown.keptPages.length > 0 && !this.gpu && !this.store) this.choosePicture(shown)
    } catch (error) {
      this.fail(error as Error)
      return
    }
    if (this.isVolume) this.pacing.moving()
    else if (!this.store) this.loop.request()
    if (!this.store) return
    this.track(this.store.update()).then(
      changed => {
        if (changed && this.shown === shown) this.loop.request()
      },
      error => this.failRead(shown, error),
    )
  }

  /** On the GPU where the score pages lie on one, else on the host. */
  private choosePicture(map: RiskMap): void {
    const pages = map.scorePages
    if (!pages) {
      this.store = new PageStore(map)
      return
    }
    this.hasPictures = pages.picture !== null
    this.gpu = new GpuPicture(
      pages.device,
      this.canvas,
      () => this.loop.request(),
      error => this.fail(error),
    )
    this.track(this.gpu.compiled)
  }

  private letGo(): void {
    this.stopObserving?.()
    this.stopObserving = null
    this.gpu?.destroy()
    this.gpu = null
    this.pacing.release()
    this.store = null
    this.fitted = -1
    this.extent = null
    this.frame = null
    this.plot = null
    this.markers = []
    this.footprints = null
    this.hovered = null
  }

  /** Fits the part that is shown to what is kept now: who sees everything goes on to do so. */
  private fit(map: RiskMap, geometry: Geometry): void {
    if (map.revision === this.fitted) return
    this.fitted = map.revision
    const places = map.keptPages
    this.extent = extentOf(places)
    const whole = geometry.box(places)
    if (!this.extent || !whole) return
    if (this.book.forgetBefore(this.extent.firstSlab)) this.hotspotsChanged()
    if (this.viewport && isSame(whole, this.viewport.whole)) return
    const range = this.range
    this.wantedRange = null
    const least = [LEAST_BINS * geometry.timeWidthMs, LEAST_BINS * geometry.priceWidth] as const
    this.viewport = new Viewport(whole, least)
    if (range) this.viewport.show(range)
    this.viewport.onChange(() => {
      if (this.isVolume) this.pacing.moving()
      this.loop.request()
      this.options.onRange?.(this.range)
    })
    // The part that was shown may have been let go.
    if (range && !isSame(range, this.viewport.box)) this.options.onRange?.(this.range)
  }

  private draw(): void {
    if (this.destroyed) return
    try {
      this.drawPicture()
    } catch (error) {
      this.fail(error as Error)
    }
    this.drawOverlay()
    this.options.onFrame?.({ width: this.overlay.width, height: this.overlay.height })
  }

  private drawPicture(): void {
    const { shown, geometry } = this
    setPixels(this.overlay, this.width * this.ratio, this.height * this.ratio)
    this.frame = null
    this.plot = null
    if (shown && geometry) this.fit(shown, geometry)
    if (!shown || !geometry || !this.extent || !this.viewport || this.width === 0 || this.height === 0) {
      this.gpu?.clear()
      return
    }
    const frame = this.makeFrame(geometry, this.extent, this.viewport)
    this.frame = frame
    this.camera.margin = Math.min(Math.max(LABELS / frame.width, LEAST_MARGIN), MOST_MARGIN)
    if (!this.isVolume) this.plot = new Plot(frame)
    const { gpu } = this
    if (!gpu) return // the overlay takes the slices too
    const kept = shown.scorePages
    const bound = kept && gpu.prepare(kept, geometry, frame.look)
    const scale = this.isVolume ? this.pacing.scale : 1
    setPixels(this.canvas, this.width * this.ratio * scale, this.height * this.ratio * scale)
    if (!bound) gpu.clear()
    else if (this.plot) gpu.drawSlices(bound, frame, this.plot)
    else gpu.drawVolume(bound, frame, this.camera)
    if (bound) this.pacing.wait(gpu.done(), this.isVolume ? scale : null)
  }

  private makeFrame(geometry: Geometry, extent: Extent, viewport: Viewport): Frame {
    const { from, to, low, high } = viewport.box
    const window: BinWindow = {
      fromSlab: geometry.slab(from),
      toSlab: geometry.slab(to),
      lowBin: geometry.bin(low),
      highBin: geometry.bin(high),
    }
    const look: SceneLook = {
      measure: this.drawnMeasure,
      size: this.theSize,
      threshold: this.threshold,
      top: this.top,
      theme: this.theTheme,
    }
    const { width, height, ratio, theInks: inks } = this
    return { geometry, extent, window, look, inks, width, height, ratio }
  }

  /** Lines, text and markers; on the CPU the picture too. Needs no GPU, so it may be drawn alone. */
  private drawOverlay(): void {
    const context = this.overlay.getContext('2d')
    if (!context) return
    const { frame, plot } = this
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.overlay.width, this.overlay.height)
    this.markers = []
    if (!frame) return
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    if (plot) {
      if (this.store) this.slicesOnCanvas.draw(context, this.store.pages, frame, plot)
      this.footprints?.draw(context, frame, plot, this.shown?.revision ?? 0)
      drawPlotAxes(context, frame, plot)
    } else {
      drawVolumeAxes(context, frame, this.camera)
    }
    this.markers = drawMarkers(
      context,
      frame,
      plot ? placeInPlot(frame, plot) : hotspot => this.placeInVolume(hotspot, frame),
      this.book.ranked,
      this.chosen,
      this.hovered,
    )
  }

  /** Where the volume shows a hotspot, CSS pixels: the middle of its voxel; null where it is not to be seen. */
  private placeInVolume({ voxel }: Hotspot, frame: Frame): Point | null {
    const { window, look } = frame
    if (look.size !== 'all' && look.size !== voxel.size) return null
    const [time, price, size] = [voxel.time + 0.5, voxel.price + 0.5, voxel.size + 0.5]
    if (time < window.fromSlab || time > window.toSlab) return null
    if (price < window.lowBin || price > window.highBin) return null
    return this.camera.project(boxPoint(frame, { time, price, size }), frame.width, frame.height)
  }

  /** Counts what {@link settle} waits for. */
  private track<T>(work: Promise<T>): Promise<T> {
    this.outstanding++
    return work.finally(() => {
      this.outstanding--
    })
  }

  private async read(map: RiskMap, which: Parameters<RiskMap['readPages']>[0]): Promise<KeptPage[]> {
    try {
      return await this.track(map.readPages(which))
    } catch (error) {
      this.failRead(map, error as Error)
      return []
    }
  }

  /** That a map was destroyed while it was read is no failure. */
  private failRead(map: RiskMap, error: Error): void {
    const isDestroyed = error instanceof VoxriskError && error.code === 'bad-state'
    if (this.shown === map && !isDestroyed) this.fail(error)
  }

  /** Tells of an error once, however many frames and reads meet it. */
  private fail(error: Error): void {
    if (this.destroyed || error.message === this.failure?.message) return
    this.failure = error
    this.options.onError?.(error)
  }
}

/** A canvas of the same size above another one. */
function overlayOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const overlay = document.createElement('canvas')
  Object.assign(overlay.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' })
  overlay.tabIndex = 0
  canvas.after(overlay)
  return overlay
}

/** Setting the pixels of a canvas clears it, so only when they change. */
function setPixels(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [columns, rows] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))]
  if (canvas.width !== columns) canvas.width = columns
  if (canvas.height !== rows) canvas.height = rows
}

function isSame(a: Box, b: Box): boolean {
  return a.from === b.from && a.to === b.to && a.low === b.low && a.high === b.high
}

function oneOf<T extends string>(name: string, value: T, all: readonly T[]): T {
  if (all.includes(value)) return value
  throw new VoxriskError('bad-setting', `${name} '${value}' is not known`, `Choose one of ${all.join(', ')}.`)
}

function noPicture(): VoxriskError {
  return new VoxriskError('bad-state', 'there is no picture yet', 'Show the view on the page first.')
}
