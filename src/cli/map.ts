import { basename } from 'node:path'
import { Command, Option } from 'commander'
import { VoxriskError } from '../errors.ts'
import type { TradeSource } from '../events/trades.ts'
import type { HotspotStreamLine } from '../formats/hotspot-stream.ts'
import { type MapObserver, mapTrades } from '../job/map-trades.ts'
import type { MapReport } from '../job/report.ts'
import { hotspotsToArrow, hotspotsToCsv } from '../job/tables.ts'
import type { Hotspot } from '../layers/trades/facts.ts'
import { type Calibration, checkCalibration } from '../map/calibration.ts'
import { findFiles } from '../node/glob.ts'
import { fileSpool } from '../node/spool.ts'
import type { ReportData } from '../report/data.ts'
import { reportDocument } from '../report/document.ts'
import { type ReportObserver, reportObserver } from '../report/observe.ts'
import type { Episode } from '../sample/episodes.ts'
import { sampleDay } from '../sample/sample-day.ts'
import { addComputingOptions, type ComputingOptions, withBackends } from './computing.ts'
import { commandLine, jsonText } from './format.ts'
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
  report?: string
  csv?: string
  arrow?: string
}

/** What is left of a map once it is done. */
interface Mapped {
  readonly report: MapReport
  /** Data for the report document; collected only with `--report`. */
  readonly document: ReportData | undefined
}

/** The files a map can be written to. To add one, add an entry here and a line in the tests. */
const FILE_OUTPUTS: readonly { readonly option: Option; readonly content: Output<Mapped>['content'] }[] = [
  {
    option: new Option('--report <file>', 'write a report to view and forward, one .html file'),
    content: ({ document }) => reportDocument(document!),
  },
  {
    option: new Option('--csv <file>', 'write the hotspot table as CSV'),
    content: ({ report }) => hotspotsToCsv(report),
  },
  {
    option: new Option('--arrow <file>', 'write the hotspot table as an Arrow file'),
    content: ({ report }) => hotspotsToArrow(report),
  },
  {
    option: new Option('--save-calibration <file>', 'save the calibration as JSON'),
    content: ({ report }) => jsonText(report.calibration),
  },
]

const GROUP = 'Results:'

const EXAMPLES = `
Examples:
  voxrisk map                                      the built-in sample day
  voxrisk map BTCUSD2019-10-01.csv.gz              a Bybit day
  voxrisk map AAVE.zip --symbol AAVEUSD --json     one pair of a Kraken archive, as JSON
  voxrisk map trades.csv --columns time=ts,price=px,size=qty,side=side
  voxrisk map trades.csv.gz --report risk.html     a report for the browser, in one file
  voxrisk map 'days/2024-08-*.zip' --top 50        many files, one stream
  voxrisk map monday.csv.gz --save-calibration btc.json
  voxrisk map tuesday.csv.gz --calibration btc.json --verify
  voxrisk map tuesday.csv.gz --calibration btc.json --ndjson | head -n 3

With --ndjson, every line is a JSON object. All hotspots ("type": "hotspot") are printed in time order, without ranks,
each as soon as no trade can change it any more. The last line ("type": "report") is the report without its hotspots.
If the program reading the lines stops early, so does voxrisk, and the other files may not be written.
Exit status: 0 done, 1 bad data or a device failure, 2 wrong usage.`

/** The command `voxrisk map`. */
export function mapCommand(): Command {
  const command = new Command('map')
    .summary('map trades and rank where risk concentrates')
    .description('Map trades and rank the places where risk concentrates: price × trade size × time.')
    .argument('[file...]', `${FILES_ARGUMENT} (default: a built-in sample day)`)
  addReadingOptions(command)
  addLearningOptions(command)
  command.addOption(
    new Option('--calibration <file>', 'use a saved calibration; the trades are then read only once')
      .conflicts([...FIXED_BY_CALIBRATION, 'saveCalibration'])
      .helpGroup(LEARNING_GROUP),
  )
  addComputingOptions(command)
  const options = [
    new Option('--top <count>', 'hotspots to list (default: 20)').argParser(wholeNumber),
    new Option('--json', 'print the report as JSON'),
    new Option(
      '--ndjson',
      'print each hotspot as soon as it is final, then the report, one per line',
    ).conflicts(['json', 'top']),
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
    const source = await openPaths(paths, options)
    return mapSource({ source, names: paths.map(path => basename(path)), options, outputs })
  }
  if (Object.keys(readingOptions(options)).length > 0) {
    throw new VoxriskError('bad-setting', 'reading options are given, but no file', 'Name a file of trades.')
  }
  if (!options.json && !options.ndjson) {
    process.stderr.write('no file given: mapping the built-in sample, a generated day\n')
  }
  const { source, episodes } = sampleDay()
  return mapSource({ source, names: [], options, outputs, episodes })
}

/** Whether any output file needs the ranked hotspots. */
function writesTable({ report, csv, arrow }: MapOptions): boolean {
  return report !== undefined || csv !== undefined || arrow !== undefined
}

interface MapWork {
  readonly source: TradeSource
  /** Names of the files the trades come from. */
  readonly names: readonly string[]
  readonly options: MapOptions
  readonly outputs: readonly Output<Mapped>[]
  readonly episodes?: readonly Episode[]
}

async function mapSource({ source, names, options, outputs, episodes }: MapWork): Promise<void> {
  const { calibration: calibrationFile, top, ndjson } = options
  const calibration =
    calibrationFile === undefined
      ? undefined
      : await readJsonFile(calibrationFile, checkCalibration, 'Make a new one with voxrisk calibrate.')
  const progress = new Progress(process.stderr)
  const lines = new Printer()
  const write = (line: HotspotStreamLine) => lines.write(`${JSON.stringify(line)}\n`)
  let observer: ReportObserver | undefined
  const observe = (learnt: Calibration): MapObserver => {
    if (options.report !== undefined) observer = reportObserver(learnt)
    return {
      ...observer,
      ...(ndjson ? { hotspot: (hotspot: Hotspot) => write({ type: 'hotspot', ...hotspot }) } : {}),
    }
  }
  try {
    const report = await withBackends(options, backends =>
      mapTrades(source, {
        ...backends,
        ...learningSettings(options),
        ...given({ calibration, top: ndjson && !writesTable(options) ? 0 : top }),
        newSpool: fileSpool,
        // Lines printed to a terminal show the progress themselves.
        ...(ndjson && process.stdout.isTTY ? {} : { onProgress: progress.update }),
        observe,
      }),
    )
    progress.end()
    await lines.end() // throws if the reader has left, before any file is written
    const command = commandLine(['voxrisk', ...process.argv.slice(2)])
    await writeOutputs(outputs, { report, document: observer?.data(report, { sources: names, command }) })
    if (ndjson) {
      const { hotspots: _, ...rest } = report
      await write({ type: 'report', ...rest })
      await lines.end()
    } else {
      await print(options.json ? jsonText(report) : reportText(report, episodes))
    }
  } finally {
    progress.end()
  }
}
