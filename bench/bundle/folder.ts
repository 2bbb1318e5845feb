/** Assembles the folder that runs the equality suite and the benchmark on a machine without a network. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { unpackChromium } from '../../build/chromium.ts'
import { Trouble } from '../trouble.ts'
import { askForOlderSymbol, elfNeeds } from './elf.ts'

const projectRoot = resolve(import.meta.dirname, '..', '..')
const require = createRequire(import.meta.url)

/** The oldest versions the bundle supports: those of RHEL 9 and Amazon Linux 2023, with GCC 11. */
const OLDEST: Readonly<Record<string, string>> = { GLIBC: '2.34', GLIBCXX: '3.4.29' }
const SYSTEM_LIBRARIES = new Set([
  'ld-linux-x86-64.so.2',
  'libc.so.6',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libpthread.so.0',
  'librt.so.1',
  'libstdc++.so.6',
])

export interface FolderOptions {
  /** The folder written by `npm run bench:build`: node/, site/, and peers/ if any. */
  readonly built: string
  /** The folder to write; existing content is deleted. */
  readonly to: string
  /** Add headless Chromium as chromium/. */
  readonly chromium: boolean
}

/**
 * Writes the folder. bundle/README.txt lists what it holds besides the built programs.
 * @throws {Trouble} `bad-setting` when this is not Linux x64, or Node's licence is not found; `bad-data` when
 *   a program or library would not start on the oldest supported machine; `io` when a tool or a built file is
 *   missing
 */
export async function writeFolder({ built, to, chromium }: FolderOptions): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Trouble(
      `the bundle is for Linux x64 and carries the Node that makes it; this is ${process.platform} ${process.arch}`,
      'Make it on a Linux x64 machine.',
    )
  }
  if (!existsSync(join(built, 'node', 'bench.js'))) {
    throw new Trouble(`no node/bench.js in ${built}`, 'Run `npm run bench:build` first.')
  }
  rmSync(to, { recursive: true, force: true })
  for (const folder of ['bin', 'lib', 'licences']) mkdirSync(join(to, folder), { recursive: true })

  for (const part of readdirSync(built)) cpSync(join(built, part), join(to, part), { recursive: true })
  for (const name of ['run.sh', 'README.txt', 'adapter.mjs'])
    copyFileSync(join(import.meta.dirname, name), join(to, name))
  chmodSync(join(to, 'run.sh'), 0o755)
  writeFileSync(join(to, 'package.json'), '{ "private": true, "type": "module" }\n')

  copyStripped(process.execPath, join(to, 'bin', 'node'))
  chmodSync(join(to, 'bin', 'node'), 0o755)
  writeDawn(join(to, 'node_modules', 'webgpu'))
  const unpacked = await unpackChromium()
  copyFileSync(join(unpacked, 'libvulkan.so.1'), join(to, 'lib', 'libvulkan.so.1'))

  copyFileSync(nodeLicence(), join(to, 'licences', 'node.txt'))
  copyFileSync(join(projectRoot, 'LICENSE'), join(to, 'licences', 'voxrisk.txt'))
  copyFileSync(licence('apache-2.0.txt'), join(to, 'licences', 'apache-2.0.txt'))

  if (chromium) writeChromium(unpacked, join(to, 'chromium'))
  refuseWhatWouldNotStart(to)
}

function licence(name: string): string {
  return join(import.meta.dirname, 'licences', name)
}

/** A copy without symbols, or a full copy if there is no `strip`. */
function copyStripped(from: string, to: string): void {
  if (spawnSync('strip', ['-o', to, from]).status !== 0) copyFileSync(from, to)
}

/** Node's licence text, including those of its components, from where distributions of Node put it. */
function nodeLicence(): string {
  const places = [
    join(dirname(process.execPath), '..', 'LICENSE'),
    '/usr/share/doc/nodejs/LICENSE',
    '/usr/share/doc/nodejs/copyright',
  ]
  const found = places.find(
    place => existsSync(place) && readFileSync(place, 'utf8').includes('Node.js contributors'),
  )
  if (found) return found
  throw new Trouble(
    `Node's licence, which must go with it, is not in ${places.join(', ')}`,
    `Put LICENSE of the archive of Node ${process.version} from nodejs.org in the first of these places.`,
  )
}

/**
 * Dawn for this platform only. Its binary needs one symbol, a condition variable's `wait`, in the version of
 * GCC 12. The version of GCC 11 is the same function, declared without `noexcept`. With that version, Dawn
 * also starts with glibc 2.34.
 */
function writeDawn(to: string): void {
  const from = dirname(require.resolve('webgpu'))
  const binary = join('dist', 'linux-x64', 'dawn.node')
  mkdirSync(join(to, dirname(binary)), { recursive: true })
  for (const name of ['package.json', 'index.js', 'LICENSE.md'])
    copyFileSync(join(from, name), join(to, name))
  copyStripped(join(from, binary), join(to, binary))
  const bytes = readFileSync(join(to, binary))
  const wait = '_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE'
  if (askForOlderSymbol(bytes, wait, 'GLIBCXX_3.4.30', 'GLIBCXX_3.4.11'))
    writeFileSync(join(to, binary), bytes)
}

/**
 * Chromium with its libraries and ANGLE, without which its GPU process does not start. The Vulkan loader is
 * copied here too, because ANGLE looks for it only in its own folder. There is no software driver.
 */
function writeChromium(unpacked: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of ['chromium', 'libEGL.so', 'libGLESv2.so', 'libvulkan.so.1'])
    copyFileSync(join(unpacked, name), join(to, name))
  chmodSync(join(to, 'chromium'), 0o755)
  copyFileSync(licence('chromium.txt'), join(to, 'LICENCES.txt'))
  cpSync(join(unpacked, 'lib'), join(to, 'lib'), { recursive: true })
}

/**
 * @throws {Trouble} `bad-data` when a binary needs something that neither the oldest supported machine nor
 *   the bundle has
 */
function refuseWhatWouldNotStart(folder: string): void {
  const binaries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => statSync(path).isFile() && /^(node|chromium|.*\.node|.*\.so(\.\d+)?)$/.test(nameOf(path)))
  const carried = new Set(binaries.map(nameOf))
  for (const path of binaries) {
    const { libraries, versions } = elfNeeds(readFileSync(path))
    const missing = libraries.filter(name => !carried.has(name) && !SYSTEM_LIBRARIES.has(name))
    const newer = versions.filter(version => {
      const [kind, number] = version.split('_') as [string, string]
      const oldest = OLDEST[kind]
      return oldest !== undefined && isNewer(number, oldest)
    })
    if (missing.length === 0 && newer.length === 0) continue
    throw new Trouble(
      `${relative(folder, path)} would not start on every machine with glibc ${OLDEST.GLIBC}: it needs ${[...missing, ...newer].join(', ')}`,
      nameOf(path) === 'node'
        ? 'Make the bundle with a Node from nodejs.org.'
        : 'Use a version of its npm package that was built for older systems.',
    )
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map(text => text.split('.').map(Number)) as [number[], number[]]
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0)
  return false
}
