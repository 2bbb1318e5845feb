import { VoxriskError } from '../errors.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import type { RiskMap } from '../map/risk-map.ts'
import type { Theme } from '../show/colours.ts'
import { hotspotFacts } from '../show/text.ts'
import { make, setText } from './dom.ts'
import { elementStyle } from './element-style.ts'
import { Geometry } from './geometry.ts'
import { HotspotBook } from './hotspot-book.ts'
import { HotspotList } from './hotspot-list.ts'
import { readInks } from './inks.ts'
import { DEFAULT_THRESHOLDS } from './palette-top.ts'
import { RiskView } from './risk-view.ts'
import { cellTip, hotspotTip, Tip } from './tip.ts'
import { Toolbar } from './toolbar.ts'
import {
  VIEW_MEASURES,
  type ViewMeasure,
  type ViewMode,
  type ViewPick,
  type ViewRange,
  type ViewSize,
} from './types.ts'

/** `auto` follows the reader's system. */
export type ViewTheme = Theme | 'auto'

const MODES: readonly ViewMode[] = ['volume', 'slices']
const THEMES: readonly ViewTheme[] = ['auto', 'light', 'dark']
const DEFAULT_LABEL = 'Risk map'

const EMPTIED =
  'Nothing to show: the map keeps no scores. It was created without keepSlabs, or it was destroyed.'

/** One press of a zoom button shows this share of what was shown. */
const ZOOM_STEP = 0.7

const ATTRIBUTES = ['mode', 'measure', 'size', 'threshold', 'theme', 'controls', 'list', 'label'] as const

/** Properties that may have been set before the element was defined. */
const EARLY_PROPERTIES = [...ATTRIBUTES, 'map', 'hotspots', 'range', 'selected'] as const

const HELP =
  'Arrow keys move the picture, in the volume they turn it. Plus and minus zoom, 0 or Home shows everything. ' +
  'N and P go to the next and the previous hotspot, whose facts are told below the picture; Escape clears the choice.'

const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['←', '→', '↑', '↓'], 'move'],
  [['+', '−'], 'zoom'],
  [['0'], 'all'],
  [['N', 'P'], 'next, previous hotspot'],
  [['Esc'], 'clear'],
]

/** What the events of the element hold. None of them bubbles. */
export interface RiskViewEvents {
  /** A hotspot was chosen, by pointer, key, list or program; null when the choice was cleared. */
  'hotspot-select': CustomEvent<{ readonly hotspot: Hotspot | null }>
  /** Another part of the map is shown, also because a live map has let go of what was; null: all of it. */
  'range-change': CustomEvent<{ readonly range: ViewRange | null }>
  /** The picture failed; the message also stands below it. */
  error: CustomEvent<{ readonly error: Error }>
}

/** What the element knows of its picture, so that it can be made again. */
type Known = Pick<RiskView, 'map' | 'hotspots' | 'range' | 'selected'>

const UNKNOWN: Known = { map: null, hotspots: [], range: null, selected: null }

/** Where there is no DOM the class can be imported, not made. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

/**
 * A `RiskView` as an element, with controls (`controls`) and a table of the hotspots (`list`) where they are asked for.
 *
 * Attributes: `mode`, `measure`, `size`, `threshold`, `theme`, `controls`, `list`, `label` (its name for assistive technology).
 * A bad attribute counts as absent; a bad property throws a VoxriskError `bad-setting`. Events: {@link RiskViewEvents}.
 * Style: `--voxrisk-background`, `-text`, `-muted`, `-grid`, `-marker`, `-accent`, `-bought`, `-sold` are colours, `--voxrisk-font`
 * font families; parts `toolbar`, `picture`, `list`, `note`. It stands 480 px high unless the page says otherwise.
 *
 * The map and its device are borrowed. Out of the document the element holds nothing on the GPU; put back, it shows the same
 * part of the map, the volume from its first side.
 */
export class RiskViewElement extends Base {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES

  private readonly picture = make('div', { part: 'picture', class: 'picture' })
  private readonly about = make('p', { class: 'about', 'aria-live': 'polite' })
  private readonly facts = make('p', { class: 'facts', 'aria-live': 'polite' })
  private readonly layout = make(
    'div',
    { class: 'layout' },
    this.picture,
    make(
      'div',
      { part: 'note', class: 'note' },
      this.about,
      make('div', { class: 'below' }, this.facts, keysHint()),
    ),
  )
  private readonly probe = make('span', { class: 'probe', 'aria-hidden': 'true' })
  private readonly root = make(
    'div',
    { class: 'root' },
    this.probe,
    make('p', { id: 'help', class: 'help' }, HELP),
    this.layout,
  )
  private readonly tip = new Tip()
  private toolbar: Toolbar | null = null
  private hotspotList: HotspotList | null = null

  private shown: RiskView | null = null
  /** Ends what the element listens to while it stands in the document. */
  private stay: AbortController | null = null
  private known = UNKNOWN
  private restoring = false
  private failure: Error | null = null
  /** Whether the last map that had scores had no volume. */
  private wasFlat = false
  private sizes: readonly string[] = []
  /** The frame that will bring the list up to date; 0 when none was asked for. */
  private listFrame = 0
  /** The cell under the pointer: facts of another one come too late. */
  private hovered: ViewPick['cell'] = null
  private pointer = { x: 0, y: 0 }
  private isAsking = false

  constructor() {
    super()
    this.picture.append(this.tip.element)
    this.root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.tip.hide()
    })
    const shadow = this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [elementStyle()]
    shadow.append(this.root)
  }

  get mode(): ViewMode {
    return oneOf(MODES, this.getAttribute('mode')) ?? 'volume'
  }
  set mode(mode: ViewMode | undefined) {
    this.reflect('mode', mode === undefined ? mode : checkedOneOf('mode', MODES, mode))
  }

  get measure(): ViewMeasure {
    return oneOf(VIEW_MEASURES, this.getAttribute('measure')) ?? 'score'
  }
  set measure(measure: ViewMeasure | undefined) {
    this.reflect('measure', measure === undefined ? measure : checkedOneOf('measure', VIEW_MEASURES, measure))
  }

  /** A size bin of the map's grid, or all of them. */
  get size(): ViewSize {
    const text = this.getAttribute('size') ?? 'all'
    return /^\d+$/.test(text) && this.hasSize(Number(text)) ? Number(text) : 'all'
  }
  set size(size: ViewSize | undefined) {
    if (size !== undefined && size !== 'all' && !this.hasSize(size)) {
      throw new VoxriskError(
        'bad-setting',
        `size ${size} is no size bin${this.known.map ? ' of the map' : ''}`,
        `Give ${this.known.map ? `0 … ${this.sizes.length - 1}` : 'a whole number from 0 on'} or "all".`,
      )
    }
    this.reflect('size', size)
  }

  /** Measures below it are no part of the volume; 0 or more. Each measure has its own default. */
  get threshold(): number {
    const text = this.getAttribute('threshold')?.trim()
    return text && isThreshold(Number(text)) ? Number(text) : DEFAULT_THRESHOLDS[this.measure]
  }
  set threshold(threshold: number | undefined) {
    if (threshold !== undefined && !isThreshold(threshold)) {
      throw new VoxriskError(
        'bad-setting',
        `threshold ${threshold} is not 0 or more`,
        'Give a number such as 2.',
      )
    }
    this.reflect('threshold', threshold)
  }

  get theme(): ViewTheme {
    return oneOf(THEMES, this.getAttribute('theme')) ?? 'auto'
  }
  set theme(theme: ViewTheme | undefined) {
    this.reflect('theme', theme === undefined ? theme : checkedOneOf('theme', THEMES, theme))
  }

  /** Whether there are controls. */
  get controls(): boolean {
    return this.hasAttribute('controls')
  }
  set controls(controls: boolean) {
    this.toggleAttribute('controls', Boolean(controls))
  }

  /** Whether there is a table of the hotspots. */
  get list(): boolean {
    return this.hasAttribute('list')
  }
  set list(list: boolean) {
    this.toggleAttribute('list', Boolean(list))
  }

  /** The name of the picture for assistive technology. */
  get label(): string {
    return this.getAttribute('label')?.trim() || DEFAULT_LABEL
  }
  set label(label: string) {
    this.setAttribute('label', label)
  }

  /** What is shown; borrowed. Another map begins with no hotspots, none chosen, and all of it in view. */
  get map(): RiskMap | null {
    return this.known.map
  }
  set map(map: RiskMap | null) {
    if (map !== null && !(map?.instrument && map.grid)) {
      throw new VoxriskError(
        'bad-setting',
        'map is neither a RiskMap nor null',
        'Give what RiskMap.create() gave.',
      )
    }
    if (map === this.known.map) return
    this.known = { ...UNKNOWN, map }
    this.failure = null
    this.hideTip()
    this.sizes = map ? new Geometry(map.instrument, map.grid).sizes : []
    this.restore()
  }

  /** Ranked, the 1000 of the highest score. A live map adds to them; set it to show those found before. */
  get hotspots(): readonly Hotspot[] {
    return this.known.hotspots
  }
  set hotspots(hotspots: readonly Hotspot[]) {
    if (!Array.isArray(hotspots)) {
      throw new VoxriskError('bad-setting', 'hotspots is no array', 'Give an array of hotspots, or [].')
    }
    const book = new HotspotBook()
    book.set(hotspots)
    this.know({ hotspots: book.ranked })
    if (this.shown) this.shown.hotspots = book.ranked
    this.updateListSoon()
  }

  /** The part of the map that is shown; null: all of it. */
  get range(): ViewRange | null {
    return this.known.range
  }
  set range(range: ViewRange | null) {
    if (range !== null && !isRange(range)) {
      throw new VoxriskError(
        'bad-setting',
        'range is not { from, to, low, high } with from < to and low < high',
        'Give milliseconds since 1970 and prices, or null for all of the map.',
      )
    }
    this.know({ range })
    if (this.shown) this.shown.range = range
  }

  /** The hotspot that is chosen. */
  get selected(): Hotspot | null {
    return this.known.selected
  }
  set selected(hotspot: Hotspot | null) {
    this.know({ selected: hotspot })
    if (this.shown) this.shown.selected = hotspot
    this.showSelected()
  }

  /** The picture itself; null out of the document. It is another one each time the element is put into a document. */
  get view(): RiskView | null {
    return this.shown
  }

  /** Shows all of the map again. */
  reset(): void {
    this.shown?.reset()
  }

  /**
   * The picture with its axes, labels and markers.
   * @param type media type; by default PNG
   * @throws {VoxriskError} `bad-state` out of the document
   */
  async toBlob(type?: string): Promise<Blob> {
    if (!this.shown) {
      throw new VoxriskError('bad-state', 'the element is in no document', 'Put it into a document first.')
    }
    return this.shown.toBlob(type)
  }

  connectedCallback(): void {
    for (const name of EARLY_PROPERTIES) this.takeEarly(name)
    this.showToolbar()
    this.showList()
    this.connect()
  }

  disconnectedCallback(): void {
    this.stay?.abort()
    this.stay = null
    cancelAnimationFrame(this.listFrame)
    this.listFrame = 0
    this.hideTip()
    this.shown?.destroy()
    this.shown = null
    for (const canvas of this.picture.querySelectorAll('canvas')) canvas.remove()
  }

  /** Moved within its document by `moveBefore()`, it stays as it is. */
  connectedMoveCallback(): void {}

  attributeChangedCallback(name: string): void {
    if (!this.isConnected) return
    if (name === 'controls') this.showToolbar()
    else if (name === 'list') this.showList()
    else if (name === 'label') this.labelPicture()
    else if (name === 'theme') this.showTheme()
    else this.showSettings()
  }

  /** A property set before the element was defined hides the class's own: it is taken over and set again. */
  private takeEarly(name: (typeof EARLY_PROPERTIES)[number]): void {
    if (!Object.hasOwn(this, name)) return
    const value = this[name]
    delete (this as Partial<this>)[name]
    Object.assign(this, { [name]: value })
  }

  /** Makes the picture and listens to what it depends on. */
  private connect(): void {
    const canvas = make('canvas', { 'aria-hidden': 'true' })
    // An application, so that screen readers leave it the keys that the help text names.
    const overlay = make('canvas', {
      class: 'overlay',
      tabindex: '0',
      role: 'application',
      'aria-roledescription': 'risk map',
      'aria-describedby': 'help',
    })
    this.picture.prepend(canvas, overlay)
    this.labelPicture()
    this.shown = new RiskView({
      canvas,
      overlay,
      onSelect: selected => {
        this.know({ selected })
        this.showSelected()
        this.tell('hotspot-select', { hotspot: selected })
      },
      onHover: (pick, x, y) => this.hover(pick, x, y),
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
    this.watch(canvas, this.shown, this.stay.signal)
  }

  /** Follows the size of the picture, the pixels of the screen, and what the reader's system asks for. */
  private watch(canvas: HTMLCanvasElement, view: RiskView, signal: AbortSignal): void {
    const resize = () => {
      this.showInks()
      view.resize()
    }
    const sizes = new ResizeObserver(resize)
    try {
      sizes.observe(canvas, { box: 'device-pixel-content-box' })
    } catch {
      sizes.observe(canvas) // a browser that does not know that box
    }
    signal.addEventListener('abort', () => sizes.disconnect(), { once: true })
    const watchRatio = () => {
      const ratio = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
      const changed = () => {
        resize()
        watchRatio()
      }
      ratio.addEventListener('change', changed, { once: true, signal })
    }
    watchRatio()
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', () => this.showTheme(), { signal })
    }
  }

  /** Tells the picture all that is known. Nobody has asked for a change, so no event tells of it. */
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

  private hasSize(size: number): boolean {
    return Number.isInteger(size) && size >= 0 && (!this.known.map || size < this.sizes.length)
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
    this.root.dataset.theme = this.themeNow
    if (this.shown) this.shown.theme = this.themeNow
    this.showInks()
    this.showToolbarState()
  }

  private showInks(): void {
    if (!this.shown) return
    const inks = readInks(this.probe)
    if (JSON.stringify(inks) !== JSON.stringify(this.shown.inks)) this.shown.inks = inks
  }

  private get themeNow(): Theme {
    if (this.theme !== 'auto') return this.theme
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  }

  private labelPicture(): void {
    this.picture.querySelector('.overlay')?.setAttribute('aria-label', this.label)
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
            this.removeAttribute('threshold') // it was that of the other measure
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
    if (this.toolbar) this.layout.prepend(this.toolbar.element)
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
    this.layout.append(this.hotspotList.element)
    this.hotspotList.show(this.known.hotspots)
    this.hotspotList.select(this.known.selected)
  }

  /** At most once a frame: live maps bring hotspots often. */
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
    setText(this.facts, selected ? `Hotspot: ${hotspotFacts(selected)}` : '')
  }

  /** What there is to say about the picture as a whole. */
  private showAbout(): void {
    const { failure } = this
    const text = failure ? failureText(failure) : this.isEmptied ? EMPTIED : this.isFlat ? slicesText() : ''
    setText(this.about, text)
  }

  /** A map without pictures has no measure but the score. */
  private get drawnMeasure(): ViewMeasure {
    return !this.shown || this.shown.canShowMeasures ? this.measure : 'score'
  }

  /** Whether the map has scored something and keeps none of it. */
  private get isEmptied(): boolean {
    const map = this.shown?.map
    return Boolean(map && map.revision > 0 && map.keptPages.length === 0)
  }

  /**
   * Whether the map has no volume to show. A map on a GPU is known as one from its first scores on; until then it is taken to be
   * like the map before, so that a replay begun anew leaves the controls where they are.
   */
  private get isFlat(): boolean {
    const { shown } = this
    if (!shown?.map) return false
    if (shown.canShowVolume) this.wasFlat = false
    else if (shown.map.keptPages.length > 0 || !globalThis.navigator.gpu) this.wasFlat = true
    return this.wasFlat
  }

  private hideTip(): void {
    this.hovered = null
    this.tip.hide()
  }

  /** Puts a property into its attribute; `undefined`, which frameworks set for what is not given, makes it absent. */
  private reflect(name: string, value: string | number | undefined): void {
    if (value === undefined) this.removeAttribute(name)
    else this.setAttribute(name, `${value}`)
  }

  private hover(pick: ViewPick | null, x: number, y: number): void {
    const { tip } = this
    const cell = pick?.hotspot ? null : (pick?.cell ?? null)
    const isSameCell = cell !== null && cell.time === this.hovered?.time && cell.price === this.hovered.price
    if (!isSameCell) this.hovered = cell
    this.pointer = { x, y }
    if (pick?.hotspot) {
      tip.show(hotspotTip(pick.hotspot, this.known.hotspots.indexOf(pick.hotspot) + 1), x, y)
    } else if (!cell) {
      tip.hide()
    } else if (isSameCell) {
      tip.place(x, y)
    } else {
      this.askForFacts()
    }
  }

  /** Asks for one cell at a time, however fast the pointer is: then for the one that it has come to. */
  private async askForFacts(): Promise<void> {
    if (this.isAsking) return
    this.isAsking = true
    for (let asked: ViewPick['cell'] = null; this.shown && this.hovered && this.hovered !== asked; ) {
      asked = this.hovered
      const facts = await this.shown.facts(asked).catch(() => null) // an error of the picture is told by onError
      if (this.hovered !== asked) continue
      const text = facts && cellTip(facts, this.drawnMeasure)
      if (text) this.tip.show(text, this.pointer.x, this.pointer.y)
      else this.tip.hide()
    }
    this.isAsking = false
  }
}

function keysHint(): HTMLElement {
  const keys = KEYS.map(([names, meaning]) =>
    make('span', { class: 'keys' }, ...names.flatMap(name => [make('kbd', {}, name), ' ']), meaning),
  )
  return make(
    'p',
    { class: 'hint', 'aria-hidden': 'true' },
    make('span', { class: 'keys' }, 'Keys in the picture:'),
    ...keys,
    make('span', { class: 'touch' }, 'Tap a marker for its facts.'),
  )
}

function slicesText(): string {
  return globalThis.navigator.gpu
    ? 'This map is on the CPU: slices only, the volume needs a GPU.'
    : 'No WebGPU here: slices from the CPU, the volume needs a GPU.'
}

function failureText(error: Error): string {
  const message = error.message.replace(/\.$/, '')
  return error instanceof VoxriskError ? `No picture: ${message}. ${error.fix}` : `No picture: ${message}.`
}

function oneOf<Value extends string>(values: readonly Value[], text: unknown): Value | undefined {
  return values.find(value => value === text)
}

function checkedOneOf<Value extends string>(name: string, values: readonly Value[], given: Value): Value {
  const found = oneOf(values, given)
  if (found) return found
  throw new VoxriskError('bad-setting', `${name} "${given}" is unknown`, `Give one of ${values.join(', ')}.`)
}

function isThreshold(threshold: number): boolean {
  return Number.isFinite(threshold) && threshold >= 0
}

function isRange({ from, to, low, high }: ViewRange): boolean {
  return [from, to, low, high].every(Number.isFinite) && from < to && low < high
}
