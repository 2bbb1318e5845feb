import { randomUUID } from 'node:crypto'
import { access, constants, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command, Option } from 'commander'
import { VoxriskError } from '../errors.ts'
import { DEFAULT_RADII, type KernelRadii } from '../grid/kernel.ts'
import { mapTrades } from '../job/map-trades.ts'
import type { Backend } from '../map/backend.ts'
import { type Calibration, checkCalibration } from '../map/calibration.ts'
import { type BackendChoice, openBackend } from '../node/backends.ts'
import { openFiles } from '../node/glob.ts'
import { fileSpool } from '../node/spool.ts'
import type { TimeUnit } from '../read/decimal.ts'
import type { CsvColumns } from '../read/format.ts'
import { formatNames } from '../read/formats.ts'
import { openTrades } from '../read/source.ts'
import type { TradeSource } from '../read/trades.ts'
import type { Episode } from '../sample/episodes.ts'
import { sampleDay } from '../sample/sample-day.ts'
import { csvColumns, decimal, duration, kernelRadii, wholeNumber } from './options.ts'
import { Progress } from './progress.ts'
import { reportText } from './table.ts'

interface MapOptions {
  format?: string
  symbol?: string
  columns?: CsvColumns
  timeUnit?: TimeUnit
  contract?: 'linear' | 'inverse'
  tickSize?: string
  lotSize?: string
  priceWidth?: string
  timeBin?: number
  kernel?: Partial<KernelRadii>
  lateness?: number
  top?: number
  calibration?: string
  saveCalibration?: string
  backend: BackendChoice
  verify?: boolean
  json?: boolean
}

/** Options whose value a saved calibration fixes. */
const FIXED_BY_CALIBRATION = [
  'tickSize',
  'lotSize',
  'priceWidth',
  'timeBin',
  'kernel',
  'contract',
  'saveCalibration',
]

const EXAMPLES = `
Examples:
  voxrisk map                                      the built-in sample day
  voxrisk map BTCUSD2019-10-01.csv.gz              a Bybit day
  voxrisk map AAVE.zip --symbol AAVEUSD --json     one pair of a Kraken archive, as JSON
  voxrisk map trades.csv --columns time=ts,price=px,size=qty,side=side
  voxrisk map monday.csv.gz --save-calibration btc.json
  voxrisk map tuesday.csv.gz --calibration btc.json --verify`

/** The command `voxrisk map`. */
export function mapCommand(): Command {
  return new Command('map')
    .description('Map trades and rank the places where risk concentrates: price × trade size × time.')
    .argument(
      '[file...]',
      'files of trades in the order of time, plain, .gz or .zip; none: a built-in sample',
    )
    .addOption(
      new Option('--format <name>', 'format of the files (default: told by their content)').choices(
        formatNames,
      ),
    )
    .option('--symbol <symbol>', 'symbol to read, where a file holds several')
    .option(
      '--columns <list>',
      'columns of a csv file, by name or number: time=1,price=2,size=3,side=4',
      csvColumns,
    )
    .addOption(
      new Option(
        '--time-unit <unit>',
        'unit of the time column of a csv file (default: told by its first row)',
      ).choices(['s', 'ms', 'us', 'ns', 'iso']),
    )
    .addOption(
      new Option('--contract <kind>', 'kind of contract, stated in the report (default: linear)').choices([
        'linear',
        'inverse',
      ]),
    )
    .option(
      '--tick-size <decimal>',
      'minimum price increment (default: the common one of all prices)',
      decimal,
    )
    .option('--lot-size <decimal>', 'size unit (default: the common one, as fine as 32 bits hold)', decimal)
    .option(
      '--price-width <decimal>',
      'width of a price bin (default: the typical range of a time bin)',
      decimal,
    )
    .option('--time-bin <duration>', 'length of a time bin, such as 15m, 30s, 1h (default: 15m)', duration)
    .option('--kernel <radii>', 'smoothing radii in bins (default: price=4,size=1,time=2)', kernelRadii)
    .option('--lateness <bins>', 'time bins a trade may lag behind the newest one (default: 1)', wholeNumber)
    .option('--top <count>', 'hotspots to list (default: 20)', wholeNumber)
    .addOption(
      new Option('--calibration <file>', 'use a saved calibration; the trades are then read once').conflicts(
        FIXED_BY_CALIBRATION,
      ),
    )
    .option('--save-calibration <file>', 'save the calibration as JSON')
    .addOption(
      new Option('--backend <name>', 'where to compute; auto: a real GPU when there is one, else the CPU')
        .choices(['auto', 'cpu', 'webgpu'])
        .default('auto'),
    )
    .option('--verify', 'compute on both backends and compare every integer')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', EXAMPLES)
    .action(map)
}

async function map(paths: string[], options: MapOptions): Promise<void> {
  const backends: Backend[] = []
  const progress = new Progress(process.stderr)
  try {
    const calibration = options.calibration ? await readCalibration(options.calibration) : undefined
    if (options.saveCalibration) await checkWritable(options.saveCalibration)
    const opened = await openSource(paths, options)
    const backend = await openBackend(options.backend)
    backends.push(backend)
    if (options.verify) backends.push(await openBackend(backend.name === 'cpu' ? 'webgpu' : 'cpu'))
    const { kernel, tickSize, lotSize, priceWidth, timeBin, contract, lateness, top } = options
    const report = await mapTrades(opened.source, {
      backend,
      newSpool: fileSpool,
      onProgress: progress.update,
      ...(options.verify ? { verifyOn: backends[1] } : {}),
      ...given({ calibration, tickSize, lotSize, priceWidth, timeBin, contract, lateness, top }),
      ...(kernel ? { radii: { ...DEFAULT_RADII, ...kernel } } : {}),
    })
    progress.end()
    if (options.saveCalibration) {
      await writeWhole(options.saveCalibration, `${JSON.stringify(report.calibration, null, 2)}\n`)
    }
    await print(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, opened.episodes))
  } finally {
    progress.end()
    for (const backend of backends) backend.destroy()
  }
}

async function openSource(
  paths: string[],
  options: MapOptions,
): Promise<{ source: TradeSource; episodes?: readonly Episode[] }> {
  const { format, symbol, columns, timeUnit } = options
  const reading = given({ format, symbol, columns, timeUnit })
  if (paths.length === 0) {
    if (Object.keys(reading).length > 0) {
      throw new VoxriskError(
        'bad-setting',
        'options for reading are given, but no file',
        'Name a file of trades.',
      )
    }
    if (!options.json) process.stderr.write('no file given: mapping the built-in sample, a generated day\n')
    return sampleDay()
  }
  const files = await openFiles(paths)
  return { source: await openTrades(files, { ...reading, newSpool: fileSpool }) }
}

async function readCalibration(path: string): Promise<Calibration> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new VoxriskError(
      'bad-data',
      `${path}: ${(cause as Error).message}`,
      'Check the path of --calibration.',
      {
        cause,
      },
    )
  }
  try {
    return checkCalibration(JSON.parse(text))
  } catch (cause) {
    const { message } = cause as Error
    const fix = cause instanceof VoxriskError ? cause.fix : 'Make a new one with --save-calibration.'
    throw new VoxriskError('bad-data', `${path}: ${message}`, fix, { cause })
  }
}

/** Notices a folder that cannot be written to before the work, not after it. */
async function checkWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK)
  } catch (cause) {
    throw new VoxriskError('io', `${path}: ${(cause as Error).message}`, 'Name a file that can be written.', {
      cause,
    })
  }
}

/** Writes a file so that it is there whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`
  try {
    await writeFile(unfinished, text)
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw new VoxriskError('io', `${path}: ${(cause as Error).message}`, 'Name a file that can be written.', {
      cause,
    })
  }
}

/** Waits until the text has left: a pipe may be slow, and its reader may stop early. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, error => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error)
      else resolve()
    })
  })
}

/** The entries that are not undefined. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}
