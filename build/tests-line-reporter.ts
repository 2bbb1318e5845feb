import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends the run with `tests: N passed, N failed[, N skipped]`, a line for build servers. A file that fails to
 * load and an error outside any test count as one failure each.
 */
export default class TestsLineReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      count.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed') count[state]++
        else count.skipped++ // skipped, or never reached
      }
    }
    const skipped = count.skipped ? `, ${count.skipped} skipped` : ''
    process.on('exit', () => {
      process.stdout.write(`tests: ${count.passed} passed, ${count.failed} failed${skipped}\n`)
    })
  }
}
