import { Command, InvalidArgumentError } from 'commander'

export interface BenchOptions {
  readonly quick: boolean
  readonly software: boolean
  /** Seconds the run may take. */
  readonly seconds: number
  readonly out: string
  readonly browser?: string
}

/** Seconds of the whole benchmark and of its short form, unless `--budget` says otherwise. */
const SECONDS = { full: 900, quick: 100 }

/** Reads the command line of a benchmark; unknown options end the process with exit code 2. */
export function benchOptions(name: string, runtime: 'node' | 'chrome'): BenchOptions {
  const command = new Command(name)
    .description(`Measures voxrisk in ${runtime === 'node' ? 'Node' : 'headless Chrome'}: GPU against CPU.`)
    .option('--quick', 'fewer and smaller cases', false)
    .option('--software', 'accept a GPU imitated on the CPU; its figures are marked', false)
    .option('--budget <seconds>', 'time the run may take; what does not fit is left out, and said', seconds)
    .option('--out <file>', 'where the result goes', `bench/results/${runtime}.json`)
  if (runtime === 'chrome') command.option('--browser <path>', 'the Chrome or Chromium to use')
  command.exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2)).parse()
  const { budget, ...options } = command.opts<Omit<BenchOptions, 'seconds'> & { budget?: number }>()
  return { ...options, seconds: budget ?? (options.quick ? SECONDS.quick : SECONDS.full) }
}

function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('give a number of seconds.')
  return value
}
