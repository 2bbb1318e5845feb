import { VoxriskError } from '../../errors.ts'
import type { Theme } from '../../show/colours.ts'
import { DEFAULT_THRESHOLDS } from '../frame/palette-top.ts'
import { checkedOneOf, checkedSize, isSizeBin } from '../settings.ts'
import { VIEW_MEASURES, VIEW_MODES, type ViewMeasure, type ViewMode, type ViewSize } from '../types.ts'

/** `auto` follows the reader's system. */
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

/** Where there is no DOM the class can be imported, not made. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

/** The attributes of the element as properties: a bad attribute counts as absent, a bad property is refused. */
export abstract class AttributesElement extends Base {
  /** Size bins of the map; null while there is none. */
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

  /** A size bin of the map's grid, or all of them. */
  get size(): ViewSize {
    const text = this.getAttribute('size') ?? 'all'
    return /^\d+$/.test(text) && isSizeBin(Number(text), this.sizeBins) ? Number(text) : 'all'
  }
  set size(size: ViewSize | undefined) {
    this.reflect('size', size === undefined ? size : checkedSize(size, this.sizeBins))
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

  /** Puts a property into its attribute; `undefined`, which frameworks set for what is not given, makes it absent. */
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
