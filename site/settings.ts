import { DEFAULT_LATENESS } from '../src/events/lateness.ts'
import type { Calibration } from '../src/map/calibration.ts'
import { duration } from '../src/show/text.ts'
import { formatDecimal, parseDecimal } from '../src/units/instrument.ts'
import { element } from './elements.ts'
import { type GridSettings, TIME_BINS } from './session.ts'

/** Pause in typing after which what stands there is taken, ms. */
const TYPING_MS = 350
const AUTO = ''

/** The form of the grid's settings. */
export class SettingsForm {
  private readonly timeWidth = element('time-bin', HTMLSelectElement)
  private readonly priceWidth = element('price-width', HTMLInputElement)
  private readonly lateness = element('lateness', HTMLInputElement)
  private timer: ReturnType<typeof setTimeout> | undefined

  /** @param onChange with what the reader has settled on */
  constructor(private readonly onChange: (settings: GridSettings) => void) {
    const form = element('settings', HTMLFormElement)
    form.addEventListener('submit', event => event.preventDefault())
    form.addEventListener('input', event => this.changed(event.target === this.timeWidth ? 0 : TYPING_MS))
    this.timeWidth.replaceChildren(
      new Option('as suits', AUTO),
      ...TIME_BINS.map(micros => new Option(duration(micros), `${micros}`)),
    )
  }

  /** Shows the settings of a map, and what came of those left to the trades. What is being typed stays. */
  show(settings: GridSettings, { grid, instrument }: Calibration): void {
    this.timeWidth.options[0].text = `as suits (${duration(grid.timeWidth)})`
    const { units, decimals } = parseDecimal(instrument.tickSize, 'tick size')
    this.priceWidth.placeholder = `as suits (${formatDecimal(units * grid.priceWidth, decimals)})`
    if (this.timer !== undefined) return
    this.timeWidth.value = settings.timeWidth === null ? AUTO : `${settings.timeWidth}`
    this.priceWidth.value = settings.priceWidth ?? ''
    this.lateness.value = `${settings.lateness}`
  }

  private changed(wait: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.onChange(this.read())
    }, wait)
  }

  private read(): GridSettings {
    const { timeWidth, priceWidth, lateness } = this
    return {
      timeWidth: timeWidth.value === AUTO ? null : Number(timeWidth.value),
      priceWidth: priceWidth.value.trim() || null,
      lateness: lateness.value === '' ? DEFAULT_LATENESS : Number(lateness.value),
    }
  }
}
