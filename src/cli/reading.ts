import { type Command, Option } from 'commander'
import { type OpenFile, openFile } from '../node/files.ts'
import { fileSpool } from '../node/spool.ts'
import type { TimeUnit } from '../read/decimal.ts'
import type { CsvColumns } from '../read/format.ts'
import { formatNames, openTradeFiles } from '../read/source.ts'
import type { TradeSource } from '../read/trades.ts'
import { given } from './given.ts'
import { csvColumns } from './options.ts'

/** How files of trades are read: the same options for every command that reads them. */
export interface ReadingOptions {
  format?: string
  symbol?: string
  columns?: CsvColumns
  timeUnit?: TimeUnit
}

const GROUP = 'Reading the files:'

export const FILES_ARGUMENT = 'files of trades in the order of time, plain, .gz or .zip'

export function addReadingOptions(command: Command): Command {
  const options = [
    new Option('--format <name>', 'format of the files (default: told by their content)').choices(
      formatNames,
    ),
    new Option('--symbol <symbol>', 'symbol to read, where a file holds several'),
    new Option(
      '--columns <list>',
      'columns of a csv file, by name or number: time=1,price=2,size=3,side=4',
    ).argParser(csvColumns),
    new Option(
      '--time-unit <unit>',
      'unit of the time column of a csv file (default: told by its first row)',
    ).choices(['s', 'ms', 'us', 'ns', 'iso']),
  ]
  for (const option of options) command.addOption(option.helpGroup(GROUP))
  return command
}

/** The options for reading that were given. */
export function readingOptions({ format, symbol, columns, timeUnit }: ReadingOptions) {
  return given({ format, symbol, columns, timeUnit })
}

/** Opens files as one source of trades, which lives as long as `use` works on it. */
export async function withTrades<T>(
  paths: readonly string[],
  options: ReadingOptions,
  use: (source: TradeSource) => Promise<T>,
): Promise<T> {
  const files: OpenFile[] = []
  try {
    for (const path of paths) files.push(await openFile(path))
    return await use(await openTradeFiles(files, { ...readingOptions(options), newSpool: fileSpool }))
  } finally {
    await Promise.allSettled(files.map(file => file.close()))
  }
}
