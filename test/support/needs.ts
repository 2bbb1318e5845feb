/** Metadata of a test; see build/tests-line-reporter.ts. */
declare module '@vitest/runner' {
  interface TaskMeta {
    /** Why the test is skipped. */
    skipReason?: string
  }
}

/**
 * Options of a test, or of a group of tests, that can run only under a condition. Otherwise it is skipped, and the run
 * ends with the reason; a test that is skipped without one fails the run.
 *
 *     test('a pipe is refused', needs(process.platform !== 'win32', 'Windows has no pipes with a name'), () => …)
 */
export function needs(condition: boolean, reason: string): { skip?: true; meta?: { skipReason: string } } {
  return condition ? {} : { skip: true, meta: { skipReason: reason } }
}

/** For features that Windows lacks: shell scripts, signals, named pipes, unnamed files. */
export const needsPosix = needs(process.platform !== 'win32', 'not on Windows')
