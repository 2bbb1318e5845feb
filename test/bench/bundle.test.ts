import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askForOlderSymbol, elfNeeds } from '../../bench/bundle/elf.ts'
import { writeFolder } from '../../bench/bundle/folder.ts'
import { unpackChromium } from '../../build/chromium.ts'
import { type Finished, projectRoot, run } from '../support/cli.ts'
import { needs } from '../support/needs.ts'

const isLinux64 = process.platform === 'linux' && process.arch === 'x64'

/**
 * Stand-ins for the programs. They print their arguments, and exit with the status in the file next to them.
 */
const PROGRAM = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
const name = process.argv[1].match(/(\\w+)\\.js$/)[1]
const at = process.argv.indexOf('--out')
console.log(name, JSON.stringify({ parameters: process.argv.slice(2), driver: process.env.VK_DRIVER_FILES }))
if (at > 0) writeFileSync(process.argv[at + 1], '{}')
const status = new URL('./' + name + '.status', import.meta.url)
process.exit(existsSync(status) ? Number(readFileSync(status, 'utf8')) : 0)
`

/**
 * Stands in for adapter.mjs: a driver manifest names the adapter of its driver; without one there is none.
 */
const ADAPTER = `
import { existsSync, readFileSync } from 'node:fs'
const manifest = process.env.VK_DRIVER_FILES
const { adapter = 'none', status = 3 } = manifest && existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {}
console.log(adapter)
process.exit(status)
`

describe(
  'the bundle for machines without a network',
  needs(isLinux64, 'the bundle is made for Linux x64, on it'),
  () => {
    let scratch: string
    /** The bundle as it is made, and one whose adapter.mjs is a stand-in. */
    let bundle: string
    let pretended: string
    let machines = 0

    beforeAll(async () => {
      scratch = mkdtempSync(join(tmpdir(), 'voxrisk bundle '))
      const built = join(scratch, 'built')
      for (const name of ['equality', 'bench', 'chrome']) put(join(built, 'node', `${name}.js`), PROGRAM)
      put(join(built, 'site', 'index.html'), '<!doctype html>')
      bundle = join(scratch, 'the bundle')
      await writeFolder({ built, to: bundle, chromium: false })
      pretended = join(scratch, 'pretended')
      for (const name of ['run.sh', 'package.json', 'node']) {
        mkdirSync(pretended, { recursive: true })
        execFileSync('cp', ['-r', join(bundle, name), pretended])
      }
      put(join(pretended, 'adapter.mjs'), ADAPTER)
      mkdirSync(join(pretended, 'bin'))
      symlinkSync(process.execPath, join(pretended, 'bin', 'node'))
    })
    afterAll(() => rmSync(scratch, { recursive: true, force: true }))

    function put(path: string, text: string): string {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      return path
    }

    /** The root of a made-up machine, and a folder for results on it. */
    function machine(): { root: string; out: string } {
      const root = join(scratch, `machine ${++machines}`)
      mkdirSync(root)
      return { root, out: join(root, 'out dir') }
    }

    /** Runs run.sh as a bare machine would: from another folder, with nothing in the environment but `env`. */
    function runSh(
      folder: string,
      parameters: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): Promise<Finished> {
      const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
      return run('/usr/bin/env', ['-i', ...variables, join(folder, 'run.sh'), ...parameters], { cwd: '/' })
    }

    const gpu = JSON.stringify({ adapter: 'nvidia, hopper', status: 0 })
    const software = JSON.stringify({ adapter: 'llvmpipe (software)', status: 4 })

    test('holds what runs, for this platform alone, and the licences', () => {
      for (const name of [
        'run.sh',
        'README.txt',
        'adapter.mjs',
        'bin/node',
        'lib/libvulkan.so.1',
        'node/bench.js',
        'site/index.html',
        'node_modules/webgpu/LICENSE.md',
        'node_modules/webgpu/dist/linux-x64/dawn.node',
      ])
        expect(existsSync(join(bundle, name)), name).toBe(true)
      expect(existsSync(join(bundle, 'node_modules/webgpu/dist/linux-arm64'))).toBe(false)
      expect(existsSync(join(bundle, 'chromium'))).toBe(false)
      const licence = (name: string) => readFileSync(join(bundle, 'licences', name), 'utf8')
      expect(licence('node.txt')).toContain('Node.js contributors')
      expect(licence('apache-2.0.txt')).toContain('Apache License')
      expect(licence('voxrisk.txt')).toContain('MIT License')
    })

    test('its Dawn needs nothing newer than glibc 2.34 and GCC 11', () => {
      const dawn = join('node_modules', 'webgpu', 'dist', 'linux-x64', 'dawn.node')
      const before = readFileSync(join(projectRoot, dawn))
      const after = readFileSync(join(bundle, dawn))
      expect(elfNeeds(before).versions).toContain('GLIBCXX_3.4.30')
      expect(elfNeeds(after).versions).not.toContain('GLIBCXX_3.4.30')
      expect(elfNeeds(after).versions).toContain('GLIBCXX_3.4.11')
      expect(elfNeeds(after).libraries).toEqual(elfNeeds(before).libraries)
      expect(() => askForOlderSymbol(before, 'no_such_symbol', 'GLIBCXX_3.4.30', 'GLIBCXX_3.4.11')).toThrow(
        /^GLIBCXX_3.4.30 is needed by _ZNSt18condition_variable4wait\w+, not by no_such_symbol alone$/,
      )
    })

    test('runs with nothing but its own files and a driver', async () => {
      const driver = await unpackChromium()
      const { out } = machine()
      const { code, stdout, stderr } = await runSh(bundle, [
        out,
        '--quick',
        '--software',
        '--driver',
        join(driver, 'vk_swiftshader_icd.json'),
      ])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^adapter: +google, swiftshader.*\(software\)$/m)
      expect(readFileSync(join(out, 'environment.txt'), 'utf8')).toMatch(/^adapter: +google, swiftshader/m)
      expect(readFileSync(join(out, 'equality.txt'), 'utf8')).toMatch(
        /^equality \{"parameters":\["--software"\]/,
      )
      expect(existsSync(join(out, 'node.json'))).toBe(true)
    })

    test('refuses a software adapter unless asked for one', async () => {
      const driver = join(await unpackChromium(), 'vk_swiftshader_icd.json')
      const { out } = machine()
      const { code, stderr } = await runSh(bundle, [out, '--driver', driver])
      expect(code).toBe(3)
      expect(stderr).toMatch(/run\.sh: the only adapter is a software one.*--software/)
      expect(existsSync(join(out, 'node.json'))).toBe(false)
    })

    test.each([
      'usr/share',
      'etc',
      'usr/local/share',
      'usr/local/nvidia/share',
      'usr/local/etc',
      'run/opengl-driver/share',
    ])("finds NVIDIA's manifest in /%s", async folder => {
      const { root, out } = machine()
      const manifest = put(join(root, folder, 'vulkan', 'icd.d', 'nvidia_icd.json'), gpu)
      const { code, stdout } = await runSh(pretended, [out], { VOXRISK_SYSTEM_ROOT: root })
      expect(code).toBe(0)
      expect(stdout).toContain(`driver manifest: ${manifest}\nadapter:         nvidia, hopper\n`)
      expect(stdout).toContain(`equality {"parameters":[],"driver":"${manifest}"}`)
    })

    test("a manifest in XDG_DATA_DIRS, the caller's own, and --driver before both", async () => {
      const { root, out } = machine()
      const data = put(join(root, 'data', 'vulkan', 'icd.d', 'nvidia_icd.json'), gpu)
      const named = put(join(root, 'named.json'), gpu)
      const asked = put(join(root, 'asked.json'), gpu)
      const used = async (env: Record<string, string>, ...parameters: string[]) => {
        const { stdout } = await runSh(pretended, [out, ...parameters], { VOXRISK_SYSTEM_ROOT: root, ...env })
        return stdout.match(/^driver manifest: (.*)$/m)?.[1]
      }
      const XDG_DATA_DIRS = `/nowhere:${join(root, 'data')}`
      expect(await used({ XDG_DATA_DIRS })).toBe(data)
      expect(await used({ XDG_DATA_DIRS, VK_ICD_FILENAMES: named })).toBe(named)
      expect(await used({ XDG_DATA_DIRS, VK_DRIVER_FILES: named })).toBe(named)
      expect(await used({ VK_DRIVER_FILES: named }, '--driver', asked)).toBe(asked)
    })

    test('writes a manifest of its own where there is only the library, and tries the next', async () => {
      const { root, out } = machine()
      put(join(root, 'etc', 'vulkan', 'icd.d', 'nvidia_icd.json'), '{}') // one that leads to no adapter
      const library = put(join(root, 'usr', 'local', 'nvidia', 'lib64', 'libGLX_nvidia.so.0'), '')
      const { code, stderr } = await runSh(pretended, [out], { VOXRISK_SYSTEM_ROOT: root })
      expect(code).toBe(3) // the stand-in knows no such manifest
      expect(JSON.parse(readFileSync(join(out, 'nvidia-glx.json'), 'utf8'))).toEqual({
        file_format_version: '1.0.0',
        ICD: { library_path: library, api_version: '1.3.0' },
      })
      expect(stderr).toContain(
        `no adapter; tried: ${join(root, 'etc/vulkan/icd.d/nvidia_icd.json')} ${join(out, 'nvidia-glx.json')} -.`,
      )
      expect(stderr).toMatch(/kernel driver +MISSING/)
      expect(stderr).toContain(`Vulkan library       found: ${library}`)
      expect(stderr).toMatch(/driver manifest +found/)
    })

    test('names the missing parts on a bare machine', async () => {
      const { root, out } = machine()
      const { code, stderr } = await runSh(pretended, [out], { VOXRISK_SYSTEM_ROOT: root })
      expect(code).toBe(3)
      expect(stderr).toMatch(/kernel driver +MISSING/)
      expect(stderr).toMatch(/Vulkan library +MISSING/)
      expect(stderr).toMatch(/driver manifest +MISSING/)
      expect(stderr).not.toContain('NVIDIA_DRIVER_CAPABILITIES')
    })

    test.each([
      ['compute,utility', 'NVIDIA_DRIVER_CAPABILITIES=compute,utility leaves out graphics'],
      ['', 'NVIDIA_DRIVER_CAPABILITIES is not set'],
    ])("a container without the driver's graphics part: capabilities '%s'", async (capabilities, said) => {
      const { root, out } = machine()
      put(join(root, '.dockerenv'), '')
      put(join(root, 'proc', 'driver', 'nvidia', 'version'), 'NVRM version: NVIDIA UNIX x86_64  580.1\nGCC\n')
      // Where the environment was emptied, that of the first process tells.
      put(join(root, 'proc', '1', 'environ'), `A=1\0NVIDIA_DRIVER_CAPABILITIES=${capabilities}\0`)
      const { code, stdout, stderr } = await runSh(pretended, [out], { VOXRISK_SYSTEM_ROOT: root })
      expect(code).toBe(3)
      expect(stdout).toMatch(/^NVIDIA driver: +NVIDIA UNIX x86_64 {2}580\.1$/m)
      expect(stderr).toMatch(/kernel driver +found/)
      expect(stderr).toContain(said)
    })

    test('takes a GPU before software, whichever comes first', async () => {
      const { root, out } = machine()
      put(join(root, 'usr', 'share', 'vulkan', 'icd.d', 'nvidia_icd.json'), software)
      const real = put(join(root, 'etc', 'vulkan', 'icd.d', 'nvidia_icd.json'), gpu)
      const { code, stdout } = await runSh(pretended, [out, '--software'], { VOXRISK_SYSTEM_ROOT: root })
      expect(code).toBe(0)
      expect(stdout).toContain(`driver manifest: ${real}\nadapter:         nvidia, hopper\n`)
    })

    describe('with an adapter', () => {
      /** Runs with programs that end so. */
      async function ending(statuses: Readonly<Record<string, number>>, ...parameters: string[]) {
        const { root, out } = machine()
        const folder = join(root, 'bundle')
        execFileSync('cp', ['-r', pretended, folder])
        for (const [name, status] of Object.entries(statuses))
          put(join(folder, 'node', `${name}.status`), `${status}`)
        if ('chrome' in statuses) {
          mkdirSync(join(folder, 'chromium'))
          copyFileSync(join(bundle, 'run.sh'), join(folder, 'chromium', 'chromium'))
          chmodSync(join(folder, 'chromium', 'chromium'), 0o755)
        }
        const driver = put(join(root, 'driver.json'), gpu)
        return { out, ...(await runSh(folder, [out, '--driver', driver, ...parameters])) }
      }

      test('exits as the suite and the benchmark do', async () => {
        expect((await ending({ equality: 0, bench: 0 })).code).toBe(0)
        const unequal = await ending({ equality: 1 })
        expect(unequal.code).toBe(1)
        expect(unequal.stdout).not.toContain('benchmark in Node') // times of unequal results are worth nothing
        expect((await ending({ equality: 3 })).code).toBe(3)
        expect((await ending({ bench: 1 })).code).toBe(1)
        expect((await ending({ bench: 124 })).code).toBe(5)
      })

      test('reports the result of Chromium and keeps the rest', async () => {
        const good = await ending({ chrome: 0 })
        expect(good.code).toBe(0)
        expect(good.stdout).toMatch(/^Chromium: +used an adapter/m)
        expect(existsSync(join(good.out, 'chrome.json'))).toBe(true)
        const bad = await ending({ chrome: 3 })
        expect(bad.code).toBe(0)
        expect(bad.stdout).toMatch(/^Chromium: +found no acceptable adapter/m)
        expect((await ending({ bench: 1, chrome: 0 })).code).toBe(1)
      })

      test('shares the time out, in both forms', async () => {
        const budgets = async (...parameters: string[]) => {
          const { stdout } = await ending({ chrome: 0 }, ...parameters)
          return [...stdout.matchAll(/"--budget","(\d+)"/g)].map(([, seconds]) => Number(seconds))
        }
        for (const [limit, parameters] of [
          [480, []],
          [120, ['--quick']],
        ] as const) {
          const [node, chrome] = await budgets(...parameters)
          expect(node).toBeGreaterThan(limit / 3)
          expect(chrome).toBeGreaterThan(node!) // what is left, as the stand-ins took no time
          expect(chrome).toBeLessThan(limit - 15)
        }
      })
    })

    test.each([
      [['--fast'], 'unknown option --fast'],
      [['a', 'b'], "one OUTDIR, not both 'a' and 'b'"],
      [['a', '--driver'], '--driver needs the path of a manifest'],
      [['a', '--driver', '/no/such.json'], "cannot read the driver manifest '/no/such.json'"],
      [['/proc/no/such'], "cannot create the folder '/proc/no/such'"],
      [[], 'usage: run.sh OUTDIR'],
    ])('command line %j: status 2', async (parameters, said) => {
      const { code, stdout, stderr } = await runSh(pretended, parameters)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(said)
    })

    test('--help names every exit status', async () => {
      const { code, stdout } = await runSh(pretended, ['--help'])
      expect(code).toBe(0)
      for (const status of [0, 1, 2, 3, 4, 5]) expect(stdout).toMatch(new RegExp(`^  ${status}  \\w`, 'm'))
    })
  },
)
