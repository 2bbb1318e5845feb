import { VoxriskError } from '../../errors.ts'
import type { Theme } from '../../show/colours.ts'
import { DEFAULT_THRESHOLDS } from '../frame/palette-top.ts'
import { checkedOneOf, checkedSize, isSizeBin } from '../settings.ts'
import { VIEW_MEASURES, VIEW_MODES, type ViewMeasure, type ViewMode, type ViewSize } from '../types.ts'

/** `auto` follows the user's system. */
export type ViewTheme = Theme | 'auto'

export const ATTRIBUTES = [
  'mode',
  'measure',
  'size',
  'threshold',
  'theme',
  'controls',
  'list',
  'label',
] as const

const THEMES: readonly ViewTheme[] = ['auto', 'light', 'dark']
const DEFAULT_LABEL = 'Risk map'

/** Without a DOM the class can be imported but not instantiated. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

/** The element's attributes as properties. A bad attribute counts as absent; a bad property throws. */
export abstract class AttributesElement extends Base {
  /** Number of size bins of the map; null while there is no map. */
  protected abstract get sizeBins(): number | null

  get mode(): ViewMode {
    return oneOf(VIEW_MODES, this.getAttribute('mode')) ?? 'volume'
  }
  set mode(mode: ViewMode | undefined) {
    this.reflect('mode', mode === undefined ? mode : checkedOneOf('mode', VIEW_MODES, mode))
  }

  get measure(): ViewMeasure {
    return oneOf(VIEW_MEASURES, this.getAttribute('measure')) ?? 'score'
  }
  set measure(measure: ViewMeasure | undefined) {
    this.reflect('measure', measure === undefined ? measure : checkedOneOf('measure', VIEW_MEASURES, measure))
  }

  /** A size bin of the map's grid, or `all`. */
  get size(): ViewSize {
    const text = this.getAttribute('size') ?? 'all'
    return /^\d+$/.test(text) && isSizeBin(Number(text), this.sizeBins) ? Number(text) : 'all'
  }
  set size(size: ViewSize | undefined) {
    this.reflect('size', size === undefined ? size : checkedSize(size, this.sizeBins))
  }

  /**
   * Voxels with a measure below it are left out of the volume; 0 or more. The default depends on the measure.
   */
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

  /** Whether the controls are shown. */
  get controls(): boolean {
    return this.hasAttribute('controls')
  }
  set controls(controls: boolean) {
    this.toggleAttribute('controls', Boolean(controls))
  }

  /** Whether the table of hotspots is shown. */
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

  /**
   * Writes a property to its attribute. `undefined`, which frameworks pass for a missing prop, removes the
   * attribute.
   */
  private reflect(name: string, value: string | number | undefined): void {
    if (value === undefined) this.removeAttribute(name)
    else this.setAttribute(name, `${value}`)
  }
}

function oneOf<Value extends string>(values: readonly Value[], text: unknown): Value | undefined {
  return values.find(value => value === text)
}

function isThreshold(threshold: number): boolean {
  return Number.isFinite(threshold) && threshold >= 0
}
