import { Command, Option } from 'commander'
import { VoxriskError } from '../errors.ts'
import { mapTrades } from '../job/map-trades.ts'
import type { MapReport } from '../job/report.ts'
import { checkCalibration } from '../map/calibration.ts'
import type { Hotspot } from '../map/hotspots.ts'
import { findFiles } from '../node/glob.ts'
import { fileSpool } from '../node/spool.ts'
import type { TradeSource } from '../read/trades.ts'
import type { Episode } from '../sample/episodes.ts'
import { sampleDay } from '../sample/sample-day.ts'
import { addComputingOptions, type ComputingOptions, withBackends } from './computing.ts'
import { jsonText } from './format.ts'
import { given } from './given.ts'
import { readJsonFile } from './json-file.ts'
import {
  addLearningOptions,
  FIXED_BY_CALIBRATION,
  LEARNING_GROUP,
  type LearningOptions,
  learningSettings,
} from './learning.ts'
import { wholeNumber } from './options.ts'
import { checkOutputs, type Output, writeOutputs } from './outputs.ts'
import { Printer, print } from './print.ts'
import { Progress } from './progress.ts'
import {
  addReadingOptions,
  FILES_ARGUMENT,
  openPaths,
  type ReadingOptions,
  readingOptions,
} from './reading.ts'
import { reportText } from './report-text.ts'

interface MapOptions extends ReadingOptions, LearningOptions, ComputingOptions {
  top?: number
  calibration?: string
  json?: boolean
  ndjson?: boolean
}

/** The files a map can be written to, each with its option. One more is one more entry, and a line in the tests. */
const FILE_OUTPUTS: readonly { readonly option: Option; readonly content: Output<MapReport>['content'] }[] = [
  {
    option: new Option('--save-calibration <file>', 'save the calibration as JSON'),
    content: ({ calibration }) => jsonText(calibration),
  },
]

const GROUP = 'Results:'

const EXAMPLES = `
Examples:
  voxrisk map                                      the built-in sample day
  voxrisk map BTCUSD2019-10-01.csv.gz              a Bybit day
  voxrisk map AAVE.zip --symbol AAVEUSD --json     one pair of a Kraken archive, as JSON
  voxrisk map trades.csv --columns time=ts,price=px,size=qty,side=side
  voxrisk map monday.csv.gz --save-calibration btc.json
  voxrisk map tuesday.csv.gz --calibration btc.json --verify
  voxrisk map tuesday.csv.gz --calibration btc.json --ndjson | head -n 3

With --ndjson every line is one JSON object. Hotspots ("type": "hotspot") come in the order of time, all of them and
without a rank, each as soon as no trade can change it any more; the last line ("type": "report") is the report without
its list of hotspots. When the reader stops early, so does the work, and no file is written.
Exit status: 0 done, 1 bad data or a device that failed, 2 wrong usage.`

/** The command `voxrisk map`. */
export function mapCommand(): Command {
  const command = new Command('map')
    .summary('map trades and rank where risk concentrates')
    .description('Map trades and rank the places where risk concentrates: price × trade size × time.')
    .argument('[file...]', `${FILES_ARGUMENT}; none: a built-in sample`)
  addReadingOptions(command)
  addLearningOptions(command)
  command.addOption(
    new Option('--calibration <file>', 'use a saved calibration; the trades are then read once')
      .conflicts([...FIXED_BY_CALIBRATION, 'saveCalibration'])
      .helpGroup(LEARNING_GROUP),
  )
  addComputingOptions(command)
  const options = [
    new Option('--top <count>', 'hotspots to list (default: 20)').argParser(wholeNumber),
    new Option('--json', 'print the report as JSON'),
    new Option('--ndjson', 'print each hotspot when it is final, then the report, a line each').conflicts([
      'json',
      'top',
    ]),
    ...FILE_OUTPUTS.map(({ option }) => option),
  ]
  for (const option of options) command.addOption(option.helpGroup(GROUP))
  return command.addHelpText('after', EXAMPLES).action(map)
}

async function map(patterns: string[], options: MapOptions): Promise<void> {
  const chosen: Record<string, unknown> = { ...options }
  const outputs = FILE_OUTPUTS.flatMap(({ option, content }) => {
    const path = chosen[option.attributeName()]
    return typeof path === 'string' ? [{ option: option.long ?? '', path, content }] : []
  })
  const paths = await findFiles(patterns)
  const inputs = options.calibration === undefined ? paths : [...paths, options.calibration]
  await checkOutputs(outputs, inputs)
  if (paths.length > 0) {
    return mapSource(await openPaths(paths, options), options, outputs)
  }
  if (Object.keys(readingOptions(options)).length > 0) {
    throw new VoxriskError(
      'bad-setting',
      'options for reading are given, but no file',
      'Name a file of trades.',
    )
  }
  if (!options.json && !options.ndjson) {
    process.stderr.write('no file given: mapping the built-in sample, a generated day\n')
  }
  const { source, episodes } = sampleDay()
  return mapSource(source, options, outputs, episodes)
}

async function mapSource(
  source: TradeSource,
  options: MapOptions,
  outputs: readonly Output<MapReport>[],
  episodes: readonly Episode[] = [],
): Promise<void> {
  const { calibration: calibrationFile, top, ndjson } = options
  const calibration =
    calibrationFile === undefined
      ? undefined
      : await readJsonFile(calibrationFile, checkCalibration, 'Make a new one with voxrisk calibrate.')
  const progress = new Progress(process.stderr)
  const lines = new Printer()
  const line = (type: 'hotspot' | 'report', value: object) =>
    lines.write(`${JSON.stringify({ type, ...value })}\n`)
  try {
    const report = await withBackends(options, backends =>
      mapTrades(source, {
        ...backends,
        ...learningSettings(options),
        ...given({ calibration, top: ndjson ? 0 : top }),
        newSpool: fileSpool,
        // Lines that come to the terminal themselves show how far it is.
        ...(ndjson && process.stdout.isTTY ? {} : { onProgress: progress.update }),
        ...(ndjson ? { observe: () => ({ hotspot: (hotspot: Hotspot) => line('hotspot', hotspot) }) } : {}),
      }),
    )
    progress.end()
    await lines.end() // throws when the reader has left, before a file is written
    await writeOutputs(outputs, report)
    if (ndjson) {
      const { hotspots: _, ...rest } = report
      await line('report', rest)
      await lines.end()
    } else {
      await print(options.json ? jsonText(report) : reportText(report, episodes))
    }
  } finally {
    progress.end()
  }
}
