/**
 * Turns results of the benchmark, as many as there are, into one HTML page:
 *
 *     npm run bench:report [-- FILE ... --out PAGE]     default bench/results/*.json into benchmark.html
 */
import { writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { glob } from 'tinyglobby'
import { bundleDocument } from '../build/bundle-document.ts'
import { VoxriskError } from '../src/errors.ts'
import { benchmarkPage } from './report/document.ts'
import { readResults } from './report/read-results.ts'

const projectRoot = resolve(import.meta.dirname, '..')
const RESULTS = join(projectRoot, 'bench', 'results')

/** Exit status for input that cannot be used. */
const TROUBLE = 2

const program = new Command('bench:report')
  .description('Shows results of the benchmark on one HTML page.')
  .argument('[files...]', 'results that `npm run bench` has written; default: those in bench/results')
  .option('--out <file>', 'the page to write', 'benchmark.html')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : TROUBLE))
  .parse()

try {
  const files = program.args.length > 0 ? program.args : await resultsOfTheProject()
  const { out } = program.opts<{ readonly out: string }>()
  if (files.some(file => resolve(file) === resolve(out))) {
    throw new VoxriskError('bad-setting', `${out} is read and cannot be written too`, 'name another --out')
  }
  const results = await readResults(files)
  const code = await bundleDocument(join(import.meta.dirname, 'report', 'script', 'main.ts'))
  await writePage(out, benchmarkPage(results, code))
  console.log(resolve(out))
} catch (error) {
  if (!(error instanceof VoxriskError)) throw error
  console.error(`${error.message}\n${error.fix}`)
  process.exitCode = TROUBLE
}

async function resultsOfTheProject(): Promise<string[]> {
  const names = await glob('*.json', { cwd: RESULTS })
  if (names.length === 0) {
    throw new VoxriskError(
      'bad-setting',
      `no result lies in ${relative(process.cwd(), RESULTS) || RESULTS}`,
      'run `npm run bench` first, or name files',
    )
  }
  return names.sort().map(name => join(RESULTS, name))
}

async function writePage(out: string, page: string): Promise<void> {
  try {
    await writeFile(out, page)
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause
    throw new VoxriskError('io', `${out} cannot be written: ${why}`, 'name another --out', { cause })
  }
}
