import { VoxriskError } from '../../errors.ts'
import { delimited, type Format, isPlainDecimal, splitFields } from '../format.ts'
import { stem } from '../unpack.ts'

/** `20131010_spy_Trade_Tick`: equities put the kind before the resolution, all others after it. */
const EQUITY = /^(\d{8})_([^_]+)_trade_tick$/i
/** `20131007_gc_tick_trade_201312`; the expiry is optional. */
const OTHER = /^(\d{8})_([^_]+)_tick_trade(?:_(\d{6,8}))?$/i

interface LeanName {
  /** `yyyymmdd`. */
  readonly date: string
  readonly symbol: string
  readonly equity: boolean
}

function leanName(path: string): LeanName | undefined {
  const name = stem(path)
  const equity = EQUITY.exec(name)
  const match = equity ?? OTHER.exec(name)
  if (match === null) return undefined
  return { date: match[1], symbol: `${match[2]}${match[3] ?? ''}`.toUpperCase(), equity: equity !== null }
}

/**
 * Ticks in the layout of QuantConnect's LEAN: one zip per day, one member per contract, no header, `ms since
 * midnight, price, size, exchange, condition, suspicious (0 or 1)`. The member's name gives the day and the
 * symbol. Equity prices are whole ten-thousandths, and their day is New York's. All other prices are plain
 * decimals and their day is in UTC, unless `timeZone` says otherwise.
 */
export const lean: Format = {
  name: 'lean',
  symbolOf: path => leanName(path)?.symbol,
  read({ lines, path }, { timeZone }) {
    const name = leanName(path)
    const fields = splitFields(lines[0])
    if (name === undefined || fields.length < 3 || !fields.slice(0, 3).every(isPlainDecimal)) return undefined
    return delimited({
      delimiter: 44,
      header: false,
      columns: { time: 0, price: 1, size: 2, ...(fields.length >= 6 ? { flag: 5 } : {}) },
      timeUnit: 'ms',
      timeOffset: midnight(name.date, timeZone ?? (name.equity ? 'America/New_York' : 'UTC')),
      ...(name.equity ? { priceDecimals: 4 } : {}),
    })
  },
}

/**
 * Midnight of a day in a time zone, in µs since the Unix epoch, using the zone's UTC offset at noon: on the
 * two days a year when the clocks change, nearly all trading follows the change.
 */
function midnight(yyyymmdd: string, timeZone: string): number {
  const [year, month, day] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6)].map(Number)
  const start = Date.UTC(year, month - 1, day)
  const noon = start + 12 * 3_600_000
  const behind = noon - wallClock(noon, timeZone)
  return (start + noon - wallClock(noon + behind, timeZone) + behind) * 1000
}

/** What a clock in the zone shows at an instant, read as if it were UTC; both in ms. */
function wallClock(instant: number, timeZone: string): number {
  let clock: Intl.DateTimeFormat
  try {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new VoxriskError(
      'bad-setting',
      `time zone "${timeZone}" is not known`,
      'Give an IANA name such as America/New_York or UTC.',
      { cause, settings: ['timeZone'] },
    )
  }
  const parts = Object.fromEntries(
    clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  )
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second)
}
