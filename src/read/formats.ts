import { VoxriskError } from '../errors.ts'
import { binance } from './binance.ts'
import { binanceStream } from './binance-stream.ts'
import { bitmex } from './bitmex.ts'
import { bitstamp } from './bitstamp.ts'
import { bybit } from './bybit.ts'
import { csv } from './csv.ts'
import type { Format, FormatOptions, Reading, TextStart } from './format.ts'
import { hyperliquid } from './hyperliquid.ts'
import { kraken } from './kraken.ts'
import { lean } from './lean.ts'

/** Formats of text in the order in which they are tried; `csv` takes what the others leave. */
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
/** Formats told by the first bytes, which hold no text. */
const COLUMNAR = ['parquet', 'arrow'] as const

/** Names of the formats that are read. */
export const formatNames: readonly string[] = [...TEXT_FORMATS.map(format => format.name), ...COLUMNAR]

export interface RecogniseOptions extends FormatOptions {
  /** One of {@link formatNames}; by default told by the content, or `csv` where columns or a time unit are given. */
  readonly format?: string
}

/** Options that only some formats understand. */
const SPECIAL: readonly [option: keyof FormatOptions, formats: readonly string[]][] = [
  ['columns', ['csv', ...COLUMNAR]],
  ['timeUnit', ['csv', ...COLUMNAR]],
  ['timeZone', ['lean']],
  ['stream', ['binance-stream']],
]

/**
 * Formats that the options leave to choose from.
 * @throws {VoxriskError} `bad-setting` for an unknown format, or an option that does not go with it
 */
function candidates(options: RecogniseOptions): readonly Format[] {
  const { format: asked } = options
  if (asked !== undefined && !formatNames.includes(asked)) {
    throw new VoxriskError(
      'bad-setting',
      `format "${asked}" is not known`,
      `Choose one of ${formatNames.join(', ')}.`,
    )
  }
  let left = asked === undefined ? TEXT_FORMATS : TEXT_FORMATS.filter(({ name }) => name === asked)
  for (const [option, formats] of SPECIAL) {
    if (options[option] === undefined) continue
    if (asked !== undefined && !formats.includes(asked)) {
      throw new VoxriskError(
        'bad-setting',
        `${option} does not go with format ${asked}, only with ${formats.join(', ')}`,
        'Leave it out, or name another format.',
      )
    }
    left = left.filter(({ name }) => formats.includes(name))
  }
  return left
}

/**
 * Tells the format of a text.
 * @throws {VoxriskError} `bad-data` when it is in none, or not in the one asked for; `bad-setting` when an option
 *   contradicts it
 */
export function recognise(start: TextStart, options: RecogniseOptions): { format: Format; reading: Reading } {
  const formats = candidates(options)
  for (const format of formats) {
    const reading = format.read(start, options)
    if (reading !== undefined) return { format, reading }
  }
  throw unrecognised(start.lines, formats)
}

function unrecognised(lines: readonly string[], tried: readonly Format[]): VoxriskError {
  const text = lines.join('\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text holds
  const strange = text.match(/[\x01-\x08\x0e-\x1f\ufffd]/g)?.length ?? 0
  if (strange > text.length / 20) {
    return new VoxriskError(
      'bad-data',
      'holds binary data, not text',
      'Give a text file with one trade a line, or a Parquet or Arrow file.',
    )
  }
  const shown = shortened(lines[0])
  const markup = /^\s*[[{]|\{"/.test(lines[0]) ? 'JSON' : /^\s*</.test(lines[0]) ? 'HTML or XML' : undefined
  if (markup !== undefined) {
    return new VoxriskError(
      'bad-data',
      `holds ${markup} of a kind that is not read; the first line is ${shown}`,
      'Give delimited text with one trade a line.',
    )
  }
  const asked = tried.length === 1 ? `is not in format ${tried[0].name}` : 'is in no known format'
  return new VoxriskError(
    'bad-data',
    `${asked}; the first line is ${shown}`,
    'Name the columns, by header or by number from 1: --format csv --columns time=1,price=2,size=3,side=4.',
  )
}

function shortened(line: string): string {
  const MOST = 120
  const printable = line.replace(/\p{Cc}/gu, '·')
  return printable.length > MOST ? `"${printable.slice(0, MOST)}…"` : `"${printable}"`
}
