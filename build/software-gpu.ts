/**
 * Runs a command with a software Vulkan driver (SwiftShader) in its environment, so that Dawn executes
 * shaders on a machine without a GPU:
 *
 *         npm run --silent software-gpu -- COMMAND [ARGUMENT ...]
 *
 * The driver and the Vulkan loader are from the npm package `@sparticuz/chromium` (Linux x64). Elsewhere the
 * command runs unchanged, on the machine's own adapter.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { softwareGpuEnvironment } from './software-gpu-environment.ts'

const projectRoot = resolve(import.meta.dirname, '..')

const [command, ...parameters] = process.argv.slice(2)
if (!command) {
  console.error('usage: npm run --silent software-gpu -- COMMAND [ARGUMENT ...]')
  process.exit(2)
}
const driver = await softwareGpuEnvironment()
if (!driver) {
  console.error(
    `software-gpu: no software driver for ${process.platform} ${process.arch}; using the machine's own adapter`,
  )
}

const bin = join(projectRoot, 'node_modules', '.bin')
const child = spawn(command, parameters, {
  stdio: 'inherit',
  env: { ...process.env, ...driver, PATH: [bin, process.env.PATH].filter(Boolean).join(delimiter) },
  shell: process.platform === 'win32',
})
child.on('error', error => {
  console.error(`software-gpu: cannot run ${command}: ${error.message}`)
  process.exitCode = 127
})
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
