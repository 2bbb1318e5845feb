import { Command, InvalidArgumentError } from 'commander'

export interface BenchOptions {
  readonly quick: boolean
  readonly software: boolean
  /** Seconds the run may take. */
  readonly seconds: number
  readonly out: string
  readonly browser?: string
}

/** Seconds for the whole benchmark and for its short form, unless set by `--budget`. */
const SECONDS = { full: 900, quick: 100 }

/** Reads the command line of a benchmark. Unknown options end the process with exit code 2. */
export function benchOptions(name: string, runtime: 'node' | 'chrome'): BenchOptions {
  const command = new Command(name)
    .description(`Measures voxrisk in ${runtime === 'node' ? 'Node' : 'headless Chrome'}: GPU against CPU.`)
    .option('--quick', 'fewer and smaller cases', false)
    .option('--software', 'accept a GPU emulated on the CPU; its figures are marked', false)
    .option('--budget <seconds>', 'time the run may take; what does not fit is left out and listed', seconds)
    .option('--out <file>', 'where to write the result', `bench/results/${runtime}.json`)
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
