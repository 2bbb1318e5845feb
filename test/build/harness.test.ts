import { expect, test } from 'vitest'
import type { TestOutcome } from '../harness/run-tests.ts'
import { projectRoot, run } from '../support/cli.ts'

/** Runs modules in a separate process, because the runner of this one is busy. */
async function outcomes(modules: string): Promise<TestOutcome[]> {
  const script = `
    import { beforeAll, describe, expect, test } from './test/harness/vitest.ts'
    import { runTests } from './test/harness/run-tests.ts'
    const outcomes = await runTests({${modules}})
    console.log(JSON.stringify(outcomes))`
  const file = ['--input-type=module', '--import', 'tsx', '--eval', script]
  const { code, stdout, stderr } = await run(process.execPath, file, { cwd: projectRoot })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

const summary = (list: readonly TestOutcome[]) =>
  list.map(({ module, name, state }) => `${state} ${module}: ${name}`)

test('tests that pass, fail, are skipped or never run', async () => {
  const found = await outcomes(`
    async good() { test('one', () => expect(1).toBe(1)); describe('group', () => test.each([2, 3])('%i', () => {})) },
    async bad() { test('one', () => expect({ a: 1 }).toEqual({ a: 2 })); test.skip('two', () => {}) },
    async hook() { describe('group', () => { beforeAll(() => { throw new Error('no device') }); test('one', () => {}) }) },
    async fileHook() { beforeAll(() => { throw new Error('no device') }); test('one', () => {}) },
    async empty() {},
    async unloaded() { throw new Error('no such module') },
  `)
  expect(summary(found)).toEqual([
    'passed good: one',
    'passed good: group > 2',
    'passed good: group > 3',
    'failed bad: one',
    'skipped bad: two',
    'failed hook: group > one',
    'failed fileHook: one',
    'failed empty: ',
    'failed unloaded: ',
  ])
  const errors = found.map(({ error = '' }) => error)
  expect(errors[3]).toMatch(/expected \{ a: 1 \} to deeply equal \{ a: 2 \}.*- {3}"a": 2.*\n\s+at /s)
  expect(errors[5]).toContain('no device')
  expect(errors[6]).toContain('no device')
  expect(errors[7]).toContain('No test suite found')
  expect(errors[8]).toContain('no such module')
})
