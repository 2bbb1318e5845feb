import { type Command, Option } from 'commander'
import type { TradeSource } from '../events/trades.ts'
import { openFile } from '../node/files.ts'
import { fileSpool } from '../node/spool.ts'
import type { CsvColumns } from '../read/format.ts'
import { formatNames } from '../read/formats.ts'
import { openTrades } from '../read/source.ts'
import type { TimeUnit } from '../units/decimal.ts'
import { given } from './given.ts'
import { csvColumns } from './options.ts'

/** How files of trades are read. Every command that reads them has the same options. */
export interface ReadingOptions {
  format?: string
  symbol?: string
  columns?: CsvColumns
  timeUnit?: TimeUnit
  timeZone?: string
  stream?: string
}

const GROUP = 'Reading the files:'

export const FILES_ARGUMENT =
  'files of trades or glob patterns, in any order: plain, .gz, .zip, .zst, Parquet or Arrow'

export function addReadingOptions(command: Command): Command {
  const options = [
    new Option('--format <name>', 'format of the files (default: detected from their content)').choices(
      formatNames,
    ),
    new Option('--symbol <symbol>', 'symbol to read, if the files hold several'),
    new Option(
      '--columns <list>',
      'columns of a CSV, Parquet or Arrow file, by name or number: time=1,price=2,size=3,side=4; ' +
        'also symbol, buyer-is-maker (true: sold), id, flag',
    ).argParser(csvColumns),
    new Option(
      '--time-unit <unit>',
      'unit of the time column of a CSV, Parquet or Arrow file (default: detected from its first row)',
    ).choices(['s', 'ms', 'us', 'ns', 'iso']),
    new Option(
      '--time-zone <zone>',
      "time zone in which a lean file counts its day, such as America/Chicago (default: its market's)",
    ),
    new Option('--stream <name>', 'stream to read from a websocket recording, such as btcusdt@aggTrade'),
  ]
  for (const option of options) command.addOption(option.helpGroup(GROUP))
  return command
}

/** The reading options that were given. */
export function readingOptions(options: ReadingOptions) {
  const { format, symbol, columns, timeUnit, timeZone, stream } = options
  return given({ format, symbol, columns, timeUnit, timeZone, stream })
}

/** Opens files as one source of trades. */
export async function openPaths(paths: readonly string[], options: ReadingOptions): Promise<TradeSource> {
  const files = await Promise.all(paths.map(openFile))
  return openTrades(files, { ...readingOptions(options), newSpool: fileSpool })
}
