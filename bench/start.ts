/**
 * Builds the benchmark and runs it:
 *
 *         npm run bench [-- OPTIONS]            in Node
 *         npm run bench:chrome [-- OPTIONS]     in headless Chrome
 *
 * For the options see bench/options.ts or `--help`. `--software` uses SwiftShader from the npm package
 * `@sparticuz/chromium` (Linux x64).
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from '../build/chromium.ts'
import { softwareGpuEnvironment } from '../build/software-gpu-environment.ts'

const [runtime, ...options] = process.argv.slice(2)
const isChrome = runtime === 'chrome'
const root = join(import.meta.dirname, '..')
const run = (program: string, parameters: readonly string[], env = {}) => {
  const { status, error } = spawnSync(program, parameters, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  if (error) throw error
  return status ?? 1
}

if (!options.includes('--help')) await import('./build.ts')
const program = join(root, 'bench', 'built', 'node', isChrome ? 'chrome.js' : 'bench.js')
const parameters = [program, ...options]
if (isChrome && !options.some(option => option.startsWith('--browser'))) {
  const browser = await findChromium()
  if (browser) parameters.push('--browser', browser)
}
const env = !isChrome && options.includes('--software') ? ((await softwareGpuEnvironment()) ?? {}) : {}
process.exitCode = run(process.execPath, parameters, env)
