import { VoxriskError } from '../../errors.ts'
import type { Hotspot } from '../../layers/trades/facts.ts'
import type { RiskMap } from '../../map/risk-map.ts'
import type { Theme } from '../../show/colours.ts'
import { hotspotFacts } from '../../show/text.ts'
import { Geometry } from '../frame/geometry.ts'
import { readInks } from '../frame/inks.ts'
import { RankedHotspots } from '../ranked-hotspots.ts'
import { RiskView } from '../risk-view.ts'
import type { ViewMeasure, ViewRange } from '../types.ts'
import { aboutText } from './about.ts'
import { ATTRIBUTES, AttributesElement } from './attributes.ts'
import { setText } from './dom.ts'
import { HotspotList } from './hotspot-list.ts'
import { HoverTip } from './hover-tip.ts'
import { makeCanvases, makeLayout } from './layout.ts'
import { elementStyles } from './style.ts'
import { Toolbar } from './toolbar.ts'
import { watchDisplay } from './watch.ts'

/** After one press of a zoom button, this share of the previous view is shown. */
const ZOOM_STEP = 0.7

/** Properties that may have been set before the element was defined. */
const EARLY_PROPERTIES = [...ATTRIBUTES, 'map', 'hotspots', 'range', 'selected'] as const

/** The events of the element and their details. None of them bubbles. */
export interface RiskViewEvents {
  /** A hotspot was selected by pointer, key, table or code; null if the selection was cleared. */
  'hotspot-select': CustomEvent<{ readonly hotspot: Hotspot | null }>
  /**
   * A different part of the map is shown. This also happens when a live map has released what was shown. Null
   * means all of it.
   */
  'range-change': CustomEvent<{ readonly range: ViewRange | null }>
  /** The picture failed. The message is also shown below it. */
  error: CustomEvent<{ readonly error: Error }>
}

/** What the element remembers about its picture, so that it can recreate it. */
type Known = Pick<RiskView, 'map' | 'hotspots' | 'range' | 'selected'>

const UNKNOWN: Known = { map: null, hotspots: [], range: null, selected: null }

/**
 * A `RiskView` as a custom element, optionally with controls (`controls`) and a table of hotspots (`list`).
 *
 * Attributes: `mode`, `measure`, `size`, `threshold`, `theme`, `controls`, `list`, `label` (its name for
 * assistive technology). A bad attribute counts as absent; a bad property throws a VoxriskError
 * `bad-setting`. Events: {@link RiskViewEvents}.
 *
 * Styling: the custom properties `--voxrisk-background`, `-text`, `-muted`, `-grid`, `-marker`, `-accent`,
 * `-bought`, `-sold` are colours, `--voxrisk-font` sets the font families; the parts are `toolbar`,
 * `picture`, `list` and `note`. The element is 480 px high unless the document says otherwise.
 *
 * The map and its device are borrowed. Outside a document the element holds nothing on the GPU. When it is
 * inserted again, it shows the same part of the map; the volume starts from its initial viewpoint.
 */
export class RiskViewElement extends AttributesElement {
  /** For the document: the attributes of which it reports changes. */
  static readonly observedAttributes: readonly string[] = ATTRIBUTES

  private readonly parts = makeLayout()
  private readonly tip = new HoverTip(
    () => this.shown,
    () => this.drawnMeasure,
  )
  private toolbar: Toolbar | null = null
  private hotspotList: HotspotList | null = null

  private shown: RiskView | null = null
  /** Removes the element's listeners when it leaves the document. */
  private stay: AbortController | null = null
  private known = UNKNOWN
  private restoring = false
  private failure: Error | null = null
  /** Whether the last map with scores had no volume. */
  private wasFlat = false
  private sizes: readonly string[] = []
  /** The animation frame that will update the list; 0 if none is pending. */
  private listFrame = 0

  constructor() {
    super()
    const { root, picture } = this.parts
    picture.append(this.tip.element)
    root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.tip.hide()
    })
    const shadow = this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [...elementStyles()]
    shadow.append(root)
  }

  /** The map on show; borrowed. A new map starts with no hotspots, no selection and the whole map in view. */
  get map(): RiskMap | null {
    return this.known.map
  }
  set map(map: RiskMap | null) {
    if (map !== null && !(map?.instrument && map.grid)) {
      throw new VoxriskError(
        'bad-setting',
        'what the view was given to show is not a map',
        'Give a risk map, or null for none.',
      )
    }
    if (map === this.known.map) return
    this.known = { ...UNKNOWN, map }
    this.failure = null
    this.tip.leave()
    this.sizes = map ? new Geometry(map.instrument, map.grid).sizes : []
    this.restore()
  }

  /**
   * The 1000 hotspots with the highest scores, ranked. A live map adds to them. Set this to show hotspots
   * found earlier.
   */
  get hotspots(): readonly Hotspot[] {
    return this.known.hotspots
  }
  set hotspots(hotspots: readonly Hotspot[]) {
    if (!Array.isArray(hotspots)) {
      throw new VoxriskError('bad-setting', 'hotspots is not an array', 'Give an array of hotspots, or [].')
    }
    const ranked = new RankedHotspots()
    ranked.set(hotspots)
    this.know({ hotspots: ranked.list })
    if (this.shown) this.shown.hotspots = ranked.list
    this.updateListSoon()
  }

  /** The part of the map on show; null for all of it. */
  get range(): ViewRange | null {
    return this.known.range
  }
  set range(range: ViewRange | null) {
    if (range !== null && !isRange(range)) {
      throw new VoxriskError(
        'bad-setting',
        'range is not { from, to, low, high } with from < to and low < high',
        'Give milliseconds since 1970 and prices, or null for the whole map.',
      )
    }
    this.know({ range })
    if (this.shown) this.shown.range = range
  }

  /** The selected hotspot. */
  get selected(): Hotspot | null {
    return this.known.selected
  }
  set selected(hotspot: Hotspot | null) {
    this.know({ selected: hotspot })
    if (this.shown) this.shown.selected = hotspot
    this.showSelected()
  }

  /**
   * The underlying view; null outside a document. It is a new one each time the element is inserted into a
   * document.
   */
  get view(): RiskView | null {
    return this.shown
  }

  /** Shows the whole map again. */
  reset(): void {
    this.shown?.reset()
  }

  /**
   * The picture with its axes, labels and markers, as an image file.
   * @param type media type; PNG by default
   * @throws {VoxriskError} `bad-state` outside a document
   */
  async toBlob(type?: string): Promise<Blob> {
    if (!this.shown) {
      throw new VoxriskError('bad-state', 'the element is not in a document', 'Add it to a document first.')
    }
    return this.shown.toBlob(type)
  }

  /** For the document: starts drawing when the element is inserted. */
  connectedCallback(): void {
    for (const name of EARLY_PROPERTIES) this.takeEarly(name)
    this.showToolbar()
    this.showList()
    this.connect()
  }

  /** For the document: frees what the element holds on the GPU when it is removed. */
  disconnectedCallback(): void {
    this.stay?.abort()
    this.stay = null
    cancelAnimationFrame(this.listFrame)
    this.listFrame = 0
    this.tip.leave()
    this.shown?.destroy()
    this.shown = null
    for (const canvas of this.parts.picture.querySelectorAll('canvas')) canvas.remove()
  }

  /** With this, `moveBefore()` moves the element without disconnecting it. */
  connectedMoveCallback(): void {}

  /** For the document: takes over a changed attribute. */
  attributeChangedCallback(name: string): void {
    if (!this.isConnected) return
    if (name === 'controls') this.showToolbar()
    else if (name === 'list') this.showList()
    else if (name === 'label') this.labelPicture()
    else if (name === 'theme') this.showTheme()
    else this.showSettings()
  }

  /** A property set before the element was defined hides the class's accessor. Remove it and set it again. */
  private takeEarly(name: (typeof EARLY_PROPERTIES)[number]): void {
    if (!Object.hasOwn(this, name)) return
    const value = this[name]
    delete (this as Partial<this>)[name]
    Object.assign(this, { [name]: value })
  }

  /** Creates the picture and listens to what it depends on. */
  private connect(): void {
    const { canvas, overlay } = makeCanvases()
    this.parts.picture.prepend(canvas, overlay)
    this.labelPicture()
    this.shown = new RiskView({
      canvas,
      overlay,
      onSelect: selected => {
        this.know({ selected })
        this.showSelected()
        this.tell('hotspot-select', { hotspot: selected })
      },
      onHover: (pick, x, y) => this.tip.show(pick, x, y, this.known.hotspots),
      onRange: range => {
        this.know({ range })
        this.tell('range-change', { range })
      },
      onHotspots: hotspots => {
        this.know({ hotspots })
        this.updateListSoon()
      },
      onFrame: () => {
        this.showToolbarState()
        this.showAbout()
      },
      onError: error => {
        this.failure = error
        this.showAbout()
        this.tell('error', { error })
      },
    })
    this.showTheme()
    this.restore()
    this.stay = new AbortController()
    const resize = () => {
      this.showInks()
      this.shown?.resize()
    }
    watchDisplay(canvas, resize, () => this.showTheme(), this.stay.signal)
  }

  /** Applies the remembered state to the picture. Nobody asked for a change, so no events are fired. */
  private restore(): void {
    const { shown, known } = this
    this.restoring = true
    try {
      if (shown) {
        shown.map = known.map
        if (known.hotspots.length > 0) shown.hotspots = known.hotspots
        shown.range = known.range
        if (known.selected) shown.selected = known.selected
      }
    } finally {
      this.restoring = false
    }
    this.known = known
    this.showSettings()
    this.showAbout()
    this.showSelected()
    this.updateListSoon()
  }

  private know(news: Partial<Known>): void {
    if (!this.restoring) this.known = { ...this.known, ...news }
  }

  private tell<Name extends keyof RiskViewEvents>(name: Name, detail: RiskViewEvents[Name]['detail']): void {
    if (!this.restoring) this.dispatchEvent(new CustomEvent(name, { detail }))
  }

  protected override get sizeBins(): number | null {
    return this.known.map && this.sizes.length
  }

  // ---- what is seen ----

  private showSettings(): void {
    const view = this.shown
    if (view) {
      view.mode = this.mode
      view.measure = this.measure
      view.size = this.size
      view.threshold = this.threshold
    }
    this.showToolbarState()
  }

  private showTheme(): void {
    this.parts.root.dataset.theme = this.themeNow
    if (this.shown) this.shown.theme = this.themeNow
    this.showInks()
    this.showToolbarState()
  }

  private showInks(): void {
    if (!this.shown) return
    const inks = readInks(this.parts.probe)
    if (JSON.stringify(inks) !== JSON.stringify(this.shown.inks)) this.shown.inks = inks
  }

  private get themeNow(): Theme {
    if (this.theme !== 'auto') return this.theme
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  }

  private labelPicture(): void {
    this.parts.picture.querySelector('.overlay')?.setAttribute('aria-label', this.label)
  }

  private showToolbar(): void {
    if (this.controls === (this.toolbar !== null)) return
    this.toolbar?.element.remove()
    this.toolbar = this.controls
      ? new Toolbar({
          mode: mode => {
            this.mode = mode
          },
          measure: measure => {
            this.removeAttribute('threshold') // it belonged to the previous measure
            this.measure = measure
          },
          size: size => {
            this.size = size
          },
          threshold: threshold => {
            this.threshold = threshold
          },
          zoom: towards => this.shown?.zoom(towards === 'in' ? ZOOM_STEP : 1 / ZOOM_STEP),
          reset: () => this.reset(),
        })
      : null
    if (this.toolbar) this.parts.grid.prepend(this.toolbar.element)
    this.showToolbarState()
  }

  private showToolbarState(): void {
    const { toolbar, shown, sizes } = this
    if (!toolbar || !shown) return
    const canShowVolume = !this.isFlat
    toolbar.show({
      mode: canShowVolume ? this.mode : 'slices',
      canShowVolume,
      canShowMeasures: shown.canShowMeasures,
      measure: this.drawnMeasure,
      size: this.size,
      sizes,
      threshold: this.threshold,
      top: shown.top,
      theme: this.themeNow,
    })
  }

  private showList(): void {
    if (this.list === (this.hotspotList !== null)) return
    this.hotspotList?.element.remove()
    this.hotspotList = this.list
      ? new HotspotList(hotspot => {
          if (hotspot) this.shown?.reveal(hotspot)
          else this.selected = null
        })
      : null
    if (!this.hotspotList) return
    this.parts.grid.append(this.hotspotList.element)
    this.hotspotList.show(this.known.hotspots)
    this.hotspotList.select(this.known.selected)
  }

  /** At most once per frame: live maps report hotspots often. */
  private updateListSoon(): void {
    if (this.listFrame || !this.isConnected) return
    this.listFrame = requestAnimationFrame(() => {
      this.listFrame = 0
      this.hotspotList?.show(this.known.hotspots)
    })
  }

  private showSelected(): void {
    const { selected } = this.known
    this.hotspotList?.select(selected)
    setText(this.parts.facts, selected ? `Hotspot: ${hotspotFacts(selected)}` : '')
  }

  private showAbout(): void {
    setText(this.parts.about, aboutText(this.failure, this.isEmptied, this.isFlat))
  }

  /** A map without details has no measure except the score. */
  private get drawnMeasure(): ViewMeasure {
    return !this.shown || this.shown.canShowMeasures ? this.measure : 'score'
  }

  /** Whether the map has scored something but keeps none of it. */
  private get isEmptied(): boolean {
    const map = this.shown?.map
    return Boolean(map && map.revision > 0 && map.keptPages.length === 0)
  }

  /**
   * Whether the map has no volume to show. Only its first scores tell that a map is on a GPU. Until then it
   * is assumed to be like the previous map, so that the controls do not change when a replay restarts.
   */
  private get isFlat(): boolean {
    const { shown } = this
    if (!shown?.map) return false
    if (shown.canShowVolume) this.wasFlat = false
    else if (shown.map.keptPages.length > 0 || !globalThis.navigator.gpu) this.wasFlat = true
    return this.wasFlat
  }
}

function isRange({ from, to, low, high }: ViewRange): boolean {
  return [from, to, low, high].every(Number.isFinite) && from < to && low < high
}
