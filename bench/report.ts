/**
 * Prints any number of benchmark results in Markdown:
 *
 *         npm run bench:report [-- FILE ...]     default bench/results/*.json
 */
import { join } from 'node:path'
import { glob } from 'tinyglobby'
import { benchmarksMarkdown } from './report/markdown.ts'
import { readResults } from './report/read-results.ts'
import { Trouble } from './trouble.ts'

const RESULTS = join(import.meta.dirname, 'results')

try {
  const given = process.argv.slice(2)
  const files = given.length > 0 ? given : (await glob('*.json', { cwd: RESULTS, absolute: true })).sort()
  if (files.length === 0) throw new Trouble(`${RESULTS} holds no results`, 'run `npm run bench` first')
  console.log(benchmarksMarkdown(await readResults(files)))
} catch (error) {
  if (!(error instanceof Trouble)) throw error
  console.error(`${error.message}\n${error.fix}`)
  process.exitCode = 2
}
