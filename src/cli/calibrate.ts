import { Command, Option } from 'commander'
import type { ReadAccount } from '../events/trades.ts'
import { calibrateTrades } from '../job/calibrate-trades.ts'
import type { Calibration } from '../map/calibration.ts'
import { findFiles } from '../node/glob.ts'
import { fileSpool } from '../node/spool.ts'
import { number, timeRange } from '../show/text.ts'
import { totalOf } from '../units/counts.ts'
import { grouped } from '../units/grouped.ts'
import { addComputingOptions, type ComputingOptions, withBackends } from './computing.ts'
import { counts, factLines, jsonText, spanText } from './format.ts'
import { addLearningOptions, type LearningOptions, learningSettings } from './learning.ts'
import { checkOutputs, type Output, writeOutputs } from './outputs.ts'
import { print } from './print.ts'
import { Progress } from './progress.ts'
import { addReadingOptions, FILES_ARGUMENT, openPaths, type ReadingOptions } from './reading.ts'
import { gridText, instrumentText, radiiText } from './settings-text.ts'

interface CalibrateOptions extends ReadingOptions, LearningOptions, ComputingOptions {
  out?: string
}

const EXAMPLES = `
Examples:
  voxrisk calibrate BTCUSD2019-10-0*.csv.gz --out btc.json     learn from a reference history, once
  voxrisk map BTCUSD2019-10-07.csv.gz --calibration btc.json   then map any day with it
  voxrisk calibrate AAVE.zip --symbol AAVEUSD --time-bin 5m > aave.json

The calibration goes to the file given with --out, or else to stdout. A short summary of it goes to stdout, or to
stderr when the calibration itself goes to stdout.
Exit status: 0 done, 1 bad data or a device failure, 2 wrong usage.`

/** The command `voxrisk calibrate`. */
export function calibrateCommand(): Command {
  const command = new Command('calibrate')
    .summary('learn what is ordinary from a history')
    .description(
      'Learn a calibration from a reference history: tick, lot, grid, and what is ordinary for each trade size. ' +
        'Scores are comparable between maps that use the same calibration.',
    )
    .argument('<file...>', FILES_ARGUMENT)
  addReadingOptions(command)
  addLearningOptions(command)
  addComputingOptions(command)
  return command
    .addOption(
      new Option('--out <file>', 'where to write the calibration; - for stdout (default: -)').helpGroup(
        'Results:',
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(calibrate)
}

async function calibrate(patterns: string[], options: CalibrateOptions): Promise<void> {
  const { out } = options
  const outputs: Output<Calibration>[] =
    out === undefined || out === '-' ? [] : [{ option: '--out', path: out, content: jsonText }]
  const paths = await findFiles(patterns)
  await checkOutputs(outputs, paths)
  const progress = new Progress(process.stderr)
  try {
    const source = await openPaths(paths, options)
    const calibration = await withBackends(options, backends =>
      calibrateTrades(source, {
        ...backends,
        ...learningSettings(options),
        newSpool: fileSpool,
        onProgress: progress.update,
      }),
    )
    progress.end()
    const text = calibrationText(calibration, source.account)
    if (outputs.length > 0) {
      await writeOutputs(outputs, calibration)
      await print(text)
    } else {
      process.stderr.write(text)
      await print(jsonText(calibration))
    }
  } finally {
    progress.end()
  }
}

/** A short summary of a calibration. */
function calibrationText(calibration: Calibration, { read, outside, rejected }: ReadAccount): string {
  const { instrument, grid, kernel, relativeVariance, reference } = calibration
  const { from, to, ticks, voxels } = reference
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000
  const perTrade = number(Math.sqrt(relativeVariance) * 10_000, 3)
  const rest = read - ticks - totalOf(outside) - totalOf(rejected)
  const late = rest > 0 ? ` + ${grouped(rest)} late or off the grid` : ''
  return `${factLines([
    ['instrument', instrumentText(instrument)],
    ['grid', gridText(instrument, grid)],
    ['kernel', radiiText(kernel)],
    ['span', `${timeRange({ from, to })} (${spanText(seconds)})`],
    [
      'rows',
      `${grouped(read)} read = ${grouped(ticks)} learnt from + outside (${counts(outside)}) + rejected (${counts(rejected)})${late}`,
    ],
    ['voxels', `${grouped(voxels)} touched`],
    ['q', `${relativeVariance.toPrecision(4)} relative variance per trade: ${perTrade} bps`],
  ])}\n`
}
