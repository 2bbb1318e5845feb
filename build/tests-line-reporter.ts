import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule, TestRunEndReason, Vitest } from 'vitest/node'

/**
 * Ends the run by saying why tests were skipped, one line per reason, and with
 * `tests: N passed, N failed[, N skipped]`, the line that build servers read. A file that fails to load, a
 * hook that fails and an error outside any test count as one failure each. So does a test skipped without a
 * reason: see test/support/needs.ts.
 */
export default class TestsLineReporter implements Reporter {
  private vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.vitest = vitest
  }

  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandledErrors: ReadonlyArray<unknown>,
    reason: TestRunEndReason,
  ): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    const skipped = new Map<string, TestCase[]>()
    for (const module of modules) {
      count.failed += module.errors().length
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed') count[state]++
        else {
          count.skipped++
          const why = reasonOf(test) ?? ''
          skipped.set(why, [...(skipped.get(why) ?? []), test])
        }
      }
    }
    // A filtered run, or one cut short by a failure, leaves tests out. Those need no reason.
    const mayBeSilent =
      count.failed > 0 || reason === 'interrupted' || this.vitest?.config.testNamePattern !== undefined
    const unexplained = mayBeSilent ? [] : (skipped.get('') ?? [])
    count.failed += unexplained.length
    count.skipped -= unexplained.length
    if (unexplained.length > 0) process.exitCode = 1
    const lines = [...skipped].map(([why, tests]) => {
      const files = [...new Set(tests.map(test => relative(process.cwd(), test.module.moduleId)))]
      return `${tests.length} skipped: ${why || (mayBeSilent ? 'not asked for, or not reached' : 'no reason given, which fails the run')} (${files.join(', ')})`
    })
    const counted = count.skipped ? `, ${count.skipped} skipped` : ''
    lines.push(`tests: ${count.passed} passed, ${count.failed} failed${counted}`)
    process.on('exit', () => process.stdout.write(`${lines.join('\n')}\n`))
  }
}

function reasonOf(test: TestCase): string | undefined {
  const result = test.result()
  return test.meta().skipReason ?? (result.state === 'skipped' ? result.note : undefined)
}
