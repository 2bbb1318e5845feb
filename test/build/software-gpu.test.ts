import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot, run } from '../support/cli.ts'
import { needs, needsPosix } from '../support/needs.ts'

const tsx = createRequire(import.meta.url).resolve('tsx/cli')
const isLinux64 = process.platform === 'linux' && process.arch === 'x64'

/** The wrapper, without the variables set by a wrapper around the tests themselves. */
function softwareGpu(...parameters: string[]) {
  return run(process.execPath, [tsx, join(projectRoot, 'build', 'software-gpu.ts'), ...parameters], {
    env: { VK_DRIVER_FILES: undefined, VK_ICD_FILENAMES: undefined, LD_LIBRARY_PATH: undefined },
  })
}

describe('npm run software-gpu', () => {
  test('without a command says how it is used and exits 2', async () => {
    const { code, stdout, stderr } = await softwareGpu()
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe('usage: npm run --silent software-gpu -- COMMAND [ARGUMENT ...]\n')
  })

  test('exits as its command does', async () => {
    expect((await softwareGpu('node', '--eval', 'process.exit(7)')).code).toBe(7)
    expect((await softwareGpu('node', '--eval', '0')).code).toBe(0)
  })

  // cmd.exe, which Windows needs to find npm's commands, has its own rules of quoting, and no signals.
  test('hands on arguments and output as they are', needsPosix, async () => {
    const script = 'console.log(JSON.stringify(process.argv.slice(1))); console.error("beside")'
    const parameters = ['two words', '', '$HOME', '*', '"quoted"', '--flag', "it's"]
    const { code, stdout, stderr } = await softwareGpu('node', '--eval', script, '--', ...parameters)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual(parameters)
    if (isLinux64) expect(stderr).toBe('beside\n')
  })

  test('a command that a signal ended is 128 and its number', needsPosix, async () => {
    const { code } = await softwareGpu('node', '--eval', 'process.kill(process.pid, "SIGTERM")')
    expect(code).toBe(128 + 15)
  })

  test('an unknown command exits 127', needsPosix, async () => {
    const { code, stdout, stderr } = await softwareGpu('no-such-command')
    expect({ code, stdout }).toEqual({ code: 127, stdout: '' })
    expect(stderr).toMatch(/^software-gpu: cannot run no-such-command: .*ENOENT\n$/m)
  })

  test("finds the project's own commands", async () => {
    const { code, stdout } = await softwareGpu('vitest', '--version')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^vitest\//)
  })

  test(
    'gives a process an adapter, and it is software',
    needs(isLinux64, 'the software GPU comes for Linux x64 alone'),
    async () => {
      const script = `
      const { create } = await import('webgpu')
      const adapter = await create([]).requestAdapter()
      const { vendor, architecture, device, description } = adapter.info
      console.log([vendor, architecture, device, description].join(' '))
      process.exit()`
      const { code, stdout } = await softwareGpu('node', '--input-type=module', '--eval', script)
      expect(code).toBe(0)
      expect(stdout).toMatch(/swiftshader/i)
    },
  )
})
