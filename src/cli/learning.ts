import { type Command, Option } from 'commander'
import type { CalibrateTradesOptions } from '../job/calibrate-trades.ts'
import { DEFAULT_RADII, type KernelRadii } from '../layers/trades/grid.ts'
import type { Instrument } from '../units/instrument.ts'
import { given } from './given.ts'
import { decimal, duration, kernelRadii, wholeNumber } from './options.ts'

/** The settings for learning a calibration: instrument, grid, kernel, lateness. */
export interface LearningOptions {
  contract?: Instrument['contract']
  tickSize?: string
  lotSize?: string
  priceWidth?: string
  sizeResolution?: number
  /** Width of a time bin, µs. Named after its option, `--time-bin`. */
  timeBin?: number
  kernel?: Partial<KernelRadii>
  lateness?: number
}

/** Options of {@link addLearningOptions} that a saved calibration fixes. */
export const FIXED_BY_CALIBRATION: readonly (keyof LearningOptions)[] = [
  'tickSize',
  'lotSize',
  'priceWidth',
  'sizeResolution',
  'timeBin',
  'kernel',
  'contract',
]

/** Heading of these options in the help. */
export const LEARNING_GROUP = 'Instrument and grid:'

export function addLearningOptions(command: Command): Command {
  const options = [
    new Option(
      '--contract <kind>',
      'kind of contract, stated in the report (default: from format and symbol, or else linear)',
    ).choices(['linear', 'inverse']),
    new Option(
      '--tick-size <decimal>',
      'minimum price increment (default: the greatest that all prices share)',
    ).argParser(decimal),
    new Option(
      '--lot-size <decimal>',
      'size unit (default: the greatest that all sizes share, as far as 32 bits allow)',
    ).argParser(decimal),
    new Option(
      '--price-width <decimal>',
      'width of a price bin (default: the typical price range in a time bin)',
    ).argParser(decimal),
    new Option(
      '--size-resolution <power>',
      'size bins per octave, as a power of two from 0 to 4 (default: 0, one bin)',
    ).argParser(wholeNumber),
    new Option(
      '--time-bin <duration>',
      'length of a time bin, such as 15m, 30s, 1h (default: 15m)',
    ).argParser(duration),
    new Option('--kernel <radii>', 'smoothing radii in bins (default: price=4,size=1,time=2)').argParser(
      kernelRadii,
    ),
    new Option('--lateness <bins>', 'time bins a trade may lag behind the newest one (default: 1)').argParser(
      wholeNumber,
    ),
  ]
  for (const option of options) command.addOption(option.helpGroup(LEARNING_GROUP))
  return command
}

/** The options in the form the library takes. */
export function learningSettings(options: LearningOptions): Partial<CalibrateTradesOptions> {
  const { contract, tickSize, lotSize, priceWidth, sizeResolution, timeBin, kernel, lateness } = options
  return {
    ...given({ contract, tickSize, lotSize, priceWidth, sizeResolution, timeWidth: timeBin, lateness }),
    ...(kernel ? { radii: { ...DEFAULT_RADII, ...kernel } } : {}),
  }
}
