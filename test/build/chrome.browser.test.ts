import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestOutcome } from '../harness/run-tests.ts'
import { backendSuite, browserSuite } from '../harness/suite.ts'
import { type Chrome, ON_SOFTWARE_GPU, openChrome } from '../support/chrome.ts'
import { projectRoot, run } from '../support/cli.ts'

/** The whole suite in one place takes half a minute on two idle cores; this ends what hangs. */
const SUITE_MILLISECONDS = 3_600_000

const modules = Object.keys(browserSuite)

/** Every test that Vitest finds in Node and that must also run in the browser, by module and name. */
async function testsInNode(): Promise<{ module: string; name: string }[]> {
  const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '..', 'vitest.mjs')
  const { code, stdout, stderr } = await run(process.execPath, [vitest, 'list', ...modules, '--json'])
  if (code !== 0) throw new Error(`vitest list exited with ${code}: ${stderr}`)
  const listed = JSON.parse(stdout.slice(stdout.indexOf('['))) as { file: string; name: string }[]
  return listed.map(({ file, name }) => ({ module: relative(projectRoot, file).replaceAll('\\', '/'), name }))
}

const inNode = await testsInNode()

test('the suite holds every test file of a backend, but those that need files on a disk', () => {
  const files = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.gpu.test.ts') && !name.endsWith('real-data.gpu.test.ts'))
    .map(name => `test/${name.replaceAll('\\', '/')}`)
  expect(Object.keys(backendSuite).sort()).toEqual(files.sort())
  expect([...new Set(inNode.map(({ module }) => module))].sort()).toEqual([...modules].sort())
  expect(new Set(inNode.map(({ module, name }) => `${module} ${name}`)).size).toBe(inNode.length)
})

describe.each(['document', 'worker'] as const)('in a %s of Chrome', place => {
  let chrome: Chrome
  let outcomes: TestOutcome[] = []
  let uncaught: string[] = []

  beforeAll(async () => {
    chrome = await openChrome()
    ;({ outcomes, uncaught } = await chrome.run(place, 'runSuite'))
  }, SUITE_MILLISECONDS)
  afterAll(() => chrome?.close())

  test('where it says it is, on the adapter that was asked for', async () => {
    const { adapter, crossOriginIsolated, hasDocument } = await chrome.run(place, 'environment')
    expect({ crossOriginIsolated, hasDocument }).toEqual({
      crossOriginIsolated: true,
      hasDocument: place === 'document',
    })
    expect(adapter).toMatch(ON_SOFTWARE_GPU ? /swiftshader \(software\)$/i : /^(?!.*\(software\)$)./)
  })

  test.each(inNode.map(({ module, name }) => [`${module} > ${name}`, module, name]))(
    '%s',
    (_, module, name) => {
      const outcome = outcomes.find(candidate => candidate.module === module && candidate.name === name)
      if (!outcome) throw new Error(`did not run in the ${place}`)
      if (outcome.state !== 'passed') throw new FailedInBrowser(outcome)
    },
  )

  test('nothing else failed, and the console is silent', () => {
    const names = (list: readonly { module: string; name: string }[]) =>
      list.map(({ module, name }) => `${module} > ${name}`).sort()
    expect(names(outcomes)).toEqual(names(inNode))
    expect(uncaught).toEqual([])
    expect(chrome.complaints).toEqual([])
  })
})

/** A failure with the stack that the browser gave. */
class FailedInBrowser extends Error {
  constructor({ state, error = state }: TestOutcome) {
    super(error)
    this.stack = error
  }
}
