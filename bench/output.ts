import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { benchmarkMarkdown } from './report/markdown.ts'
import type { BenchmarkResult } from './suite/result.ts'

/** Writes the result, prints it as Markdown, and sets the exit code: 1 when contestants' results differ. */
export async function finish(result: BenchmarkResult, out: string): Promise<void> {
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, `${JSON.stringify(result, null, 1)}\n`)
  console.log(benchmarkMarkdown(result))
  console.error(out)
  const unequal = result.checks.filter(check => !check.equal).length
  if (unequal === 0) return
  console.error(
    `${unequal} of ${result.checks.length} comparisons of results found a difference: see "checks" in the file`,
  )
  process.exitCode = 1
}
