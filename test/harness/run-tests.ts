import { type File, startTests, type Task, type Test, type VitestRunner } from '@vitest/runner'
import { getTests } from '@vitest/runner/utils'

/** Test modules by path within the project, each loaded when its turn comes. */
export type TestModules = Readonly<Record<string, () => Promise<unknown>>>

/** What became of one test. */
export interface TestOutcome {
  /** The key of its module. */
  readonly module: string
  /** Name with those of the groups around it, as `vitest list` writes it: `group > test`. */
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** Why it failed: message, difference, stack. */
  readonly error?: string
  readonly milliseconds: number
}

/** Those of vite.config.ts. */
const TIMEOUT_MILLISECONDS = 300_000

/**
 * Runs test modules one after the other, in a document, a worker or Node. A module that cannot be loaded or holds no test,
 * and a test that was never reached, count as failed.
 */
export async function runTests(modules: TestModules): Promise<TestOutcome[]> {
  const runner: VitestRunner = {
    config: {
      root: '/',
      setupFiles: [],
      name: undefined,
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: TIMEOUT_MILLISECONDS,
      hookTimeout: TIMEOUT_MILLISECONDS,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: true,
    },
    importFile: path => modules[path](),
  }
  const files: File[] = []
  // One at a time, so that a module's device is destroyed before the next one asks for its own.
  for (const path of Object.keys(modules)) files.push(...(await startTests([path], runner)))
  return files.flatMap(outcomesOf)
}

function outcomesOf(file: File): TestOutcome[] {
  const outcomes = getTests(file).map(test => outcomeOf(test, file.filepath))
  // Nothing below the file failed, and yet the file did: it did not load, is empty, or a hook of its own failed.
  if (file.result?.state === 'fail' && outcomes.every(({ state }) => state !== 'failed')) {
    const error = errorOf(file) || 'the module failed'
    outcomes.push({ module: file.filepath, name: '', state: 'failed', error, milliseconds: 0 })
  }
  return outcomes
}

function outcomeOf(test: Test, module: string): TestOutcome {
  const names: string[] = []
  const errors: string[] = []
  for (let task: Task | undefined = test; task && task !== test.file; task = task.suite) {
    names.unshift(task.name)
    errors.push(errorOf(task))
  }
  errors.push(errorOf(test.file))
  const milliseconds = test.result?.duration ?? 0
  const common = { module, name: names.join(' > '), milliseconds }
  if (test.result?.state === 'pass') return { ...common, state: 'passed' }
  const error = errors.filter(Boolean).join('\n')
  const leftOut = test.mode === 'skip' || test.mode === 'todo'
  if (leftOut && !error) return { ...common, state: 'skipped' }
  return { ...common, state: 'failed', error: error || 'the test was not reached' }
}

function errorOf({ result }: Task): string {
  return (result?.errors ?? [])
    .map(({ message, diff, stack }) => {
      const frames = (stack ?? '').split('\n').filter(line => /^\s+at |@/.test(line))
      return [message, diff, ...frames].filter(Boolean).join('\n')
    })
    .join('\n')
}
