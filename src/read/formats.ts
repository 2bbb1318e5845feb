import { VoxriskError } from '../errors.ts'
import { binance } from './feeds/binance.ts'
import { binanceStream } from './feeds/binance-stream.ts'
import { bitmex } from './feeds/bitmex.ts'
import { bitstamp } from './feeds/bitstamp.ts'
import { bybit } from './feeds/bybit.ts'
import { csv } from './feeds/csv.ts'
import { hyperliquid } from './feeds/hyperliquid.ts'
import { kraken } from './feeds/kraken.ts'
import { lean } from './feeds/lean.ts'
import type { Format, FormatOptions, Reading, TextStart } from './format.ts'

/** Text formats in the order in which they are tried; `csv` takes whatever the others reject. */
const TEXT_FORMATS: readonly Format[] = [
  bybit,
  bitmex,
  binance,
  binanceStream,
  lean,
  kraken,
  bitstamp,
  hyperliquid,
  csv,
]
/** Binary formats, recognised by their first bytes. */
const COLUMNAR = ['parquet', 'arrow'] as const

/** Names of the supported formats. */
export const formatNames: readonly string[] = [...TEXT_FORMATS.map(format => format.name), ...COLUMNAR]

export interface RecogniseOptions extends FormatOptions {
  /**
   * One of {@link formatNames}. By default recognised from the content, or `csv` if columns or a time unit
   * are given.
   */
  readonly format?: string
}

/** Options that only some formats support. */
const SPECIAL: readonly [option: keyof FormatOptions, formats: readonly string[]][] = [
  ['columns', ['csv', ...COLUMNAR]],
  ['timeUnit', ['csv', ...COLUMNAR]],
  ['timeZone', ['lean']],
  ['stream', ['binance-stream']],
]

/** @throws {VoxriskError} `bad-setting` for an unknown format, or an option that it does not support */
export function checkFormat(options: RecogniseOptions): void {
  const { format: asked } = options
  if (asked !== undefined && !formatNames.includes(asked)) {
    throw new VoxriskError(
      'bad-setting',
      `format "${asked}" is not known`,
      `Choose one of ${formatNames.join(', ')}.`,
      { settings: ['format'] },
    )
  }
  for (const [option, formats] of SPECIAL) {
    if (asked === undefined || options[option] === undefined || formats.includes(asked)) continue
    throw new VoxriskError(
      'bad-setting',
      `${option} does not go with format ${asked}, only with ${formats.join(', ')}`,
      'Leave it out, or name another format.',
      { settings: [option, 'format'] },
    )
  }
}

/** Whether a format is the requested one and supports the options. */
function isCandidate(name: string, options: RecogniseOptions): boolean {
  const special = SPECIAL.filter(([option]) => options[option] !== undefined)
  return (
    (options.format === undefined || options.format === name) &&
    special.every(([, formats]) => formats.includes(name))
  )
}

/**
 * Refuses a columnar file if another format was requested or an option does not apply to it.
 * @throws {VoxriskError} `bad-data`
 */
export function checkColumnar(format: (typeof COLUMNAR)[number], options: RecogniseOptions): void {
  if (isCandidate(format, options)) return
  throw new VoxriskError(
    'bad-data',
    `is a file of format ${format}`,
    'Leave out the format and the options for other formats.',
    { settings: ['format'] },
  )
}

/**
 * Recognises the format of a text.
 * @throws {VoxriskError} `bad-data` when it matches no format, or not the requested one; `bad-setting` when
 *   an option contradicts it
 */
export function recognise(start: TextStart, options: RecogniseOptions): { format: Format; reading: Reading } {
  const formats = TEXT_FORMATS.filter(({ name }) => isCandidate(name, options))
  for (const format of formats) {
    const reading = format.read(start, options)
    if (reading !== undefined) return { format, reading }
  }
  throw unrecognised(start.lines, formats, options)
}

function unrecognised(
  lines: readonly string[],
  tried: readonly Format[],
  options: RecogniseOptions,
): VoxriskError {
  const text = lines.join('\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text holds
  const strange = text.match(/[\x01-\x08\x0e-\x1f\ufffd]/g)?.length ?? 0
  if (strange > text.length / 20) {
    return new VoxriskError(
      'bad-data',
      'holds binary data, not text',
      'Give a text file with one trade per line, or a Parquet or Arrow file.',
    )
  }
  const shown = shortened(lines[0])
  const markup = /^\s*[[{]|\{"/.test(lines[0]) ? 'JSON' : /^\s*</.test(lines[0]) ? 'HTML or XML' : undefined
  if (markup !== undefined) {
    return new VoxriskError(
      'bad-data',
      `holds ${markup} that is not in a known format; the first line is ${shown}`,
      'Give delimited text with one trade per line.',
    )
  }
  const special = SPECIAL.find(([option]) => options[option] !== undefined && option !== 'columns')
  if (special !== undefined && options.format === undefined) {
    const [option, formats] = special
    return new VoxriskError(
      'bad-data',
      `is not in a format that uses ${option} (${formats.join(', ')}); the first line is ${shown}`,
      'Leave it out, or give another file.',
      { settings: [option] },
    )
  }
  const name = options.format ?? (tried.length === 1 ? tried[0].name : undefined)
  const asked = name === undefined ? 'is not in a known format' : `is not in format ${name}`
  return new VoxriskError(
    'bad-data',
    `${asked}; the first line is ${shown}`,
    'Name the format csv and its columns, by header or by number from 1.',
    { settings: ['format', 'columns'] },
  )
}

function shortened(line: string): string {
  const MOST = 120
  const printable = line.replace(/\p{Cc}/gu, '·')
  return printable.length > MOST ? `"${printable.slice(0, MOST)}…"` : `"${printable}"`
}
