/**
 * The backend suite in plain Node, for a bundle that needs neither Vitest nor the repository:
 *
 *     node BUNDLE [--software]
 *
 * Exits 0 when all passed, 1 when a test failed, 3 when there is no adapter, or only a software one and no `--software`.
 */
import { VoxriskError } from '../../src/errors.ts'
import { openDevice } from '../../src/node/device.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { isSoftwareAdapter } from '../../src/webgpu/device-request.ts'
import { runTests } from './run-tests.ts'
import { backendSuite } from './suite.ts'

const NO_ADAPTER = 3

/** Name of the adapter that the tests will get; null, with a message, if none is suitable. */
async function adapterName(software: boolean): Promise<string | null> {
  try {
    const device = await openDevice({ software: true })
    const { adapter } = webgpuBackend(device)
    device.destroy()
    if (software || !isSoftwareAdapter(device.adapterInfo)) return adapter
    process.stderr.write(`the only adapter, ${adapter}, is software: --software runs the tests on it\n`)
  } catch (error) {
    if (!(error instanceof VoxriskError && error.code === 'no-device')) throw error
    process.stderr.write(`${error.message}\n${error.fix}\n`)
  }
  return null
}

async function main(parameters: readonly string[]): Promise<number> {
  const unknown = parameters.find(parameter => parameter !== '--software')
  if (unknown) {
    process.stderr.write(`unknown argument ${unknown}; the only one there is: --software\n`)
    return 2
  }
  const adapter = await adapterName(parameters.includes('--software'))
  if (adapter === null) return NO_ADAPTER
  const outcomes = await runTests(backendSuite)
  for (const { module, name, state, error } of outcomes) {
    if (state === 'failed') process.stdout.write(`FAILED ${module} > ${name}\n${error}\n\n`)
  }
  const count = (state: string) => outcomes.filter(outcome => outcome.state === state).length
  const skipped = count('skipped') ? `, ${count('skipped')} skipped` : ''
  process.stdout.write(`adapter: ${adapter}\n`)
  process.stdout.write(`tests: ${count('passed')} passed, ${count('failed')} failed${skipped}\n`)
  return count('failed') > 0 || outcomes.length === 0 ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
