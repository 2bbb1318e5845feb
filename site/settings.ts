import { type Calibration, Session, type SessionSettings } from 'voxrisk'
import { formatDecimal, parseDecimal, TIME_WIDTHS } from 'voxrisk/read'
import { duration } from 'voxrisk/report'
import { element } from './elements.ts'

/** A value is applied after typing has paused this long, ms. */
const TYPING_MS = 350
const AUTO = ''

/** The form with the grid's settings. */
export class SettingsForm {
  private readonly timeWidth = element('time-bin', HTMLSelectElement)
  private readonly priceWidth = element('price-width', HTMLInputElement)
  private readonly lateness = element('lateness', HTMLInputElement)
  private timer: ReturnType<typeof setTimeout> | undefined

  /** @param onChange called with the settings in the form */
  constructor(private readonly onChange: (settings: SessionSettings) => void) {
    const form = element('settings', HTMLFormElement)
    form.addEventListener('submit', event => event.preventDefault())
    form.addEventListener('input', event => this.changed(event.target === this.timeWidth ? 0 : TYPING_MS))
    this.timeWidth.replaceChildren(
      new Option('auto', AUTO),
      ...TIME_WIDTHS.map(micros => new Option(duration(micros), `${micros}`)),
    )
  }

  /**
   * Shows the settings of a map, and the values found for those set to auto. Does not overwrite what is being
   * typed.
   */
  show(settings: SessionSettings, { grid, instrument }: Calibration): void {
    this.timeWidth.options[0].text = `auto (${duration(grid.timeWidth)})`
    const { units, decimals } = parseDecimal(instrument.tickSize, 'tick size')
    this.priceWidth.placeholder = `auto (${formatDecimal(units * grid.priceWidth, decimals)})`
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

  private read(): SessionSettings {
    const { timeWidth, priceWidth, lateness } = this
    return {
      timeWidth: timeWidth.value === AUTO ? null : Number(timeWidth.value),
      priceWidth: priceWidth.value.trim() || null,
      lateness: lateness.value === '' ? Session.defaults.lateness : Number(lateness.value),
    }
  }
}
