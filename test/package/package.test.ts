import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MapReport } from '../../src/job/report.ts'
import { projectRoot, run } from '../support/cli.ts'
import { needsPosix } from '../support/needs.ts'

/** As `npm pack --json` tells it. */
interface Packed {
  readonly filename: string
  /** Bytes of the tarball. */
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

/** A registry that has not answered by then counts as missing: the dependencies are linked from this project instead. */
const REGISTRY_MS = 15_000

/** 60 trades a second apart that bounce between two prices, as Kraken prints them. */
const TRADES = Array.from({ length: 60 }, (_, i) => `${1_600_000_020 + i},100.0${i % 2},1.5\n`).join('')

// npm's commands are shell scripts of another kind on Windows.
describe('the package, in a fresh folder without webgpu', needsPosix, () => {
  let folder = ''
  let consumer = ''
  let packed: Packed
  let manifest: { readonly version: string; readonly dependencies: Record<string, string> }

  const installed = (...path: string[]) => join(consumer, 'node_modules', ...path)

  beforeAll(async () => {
    if (!existsSync(join(projectRoot, 'dist', 'types', 'entries', 'index.d.ts'))) {
      throw new Error('dist/ is not complete: run `npm run build` before this test')
    }
    folder = await mkdtemp(join(tmpdir(), 'voxrisk-package-'))
    consumer = join(folder, 'consumer')
    await mkdir(consumer)
    await writeFile(join(consumer, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    await writeFile(join(consumer, 'trades.csv'), TRADES)

    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
    const { code, stdout } = await run('npm', pack)
    expect(code).toBe(0)
    packed = JSON.parse(stdout)[0]
    await install(join(folder, packed.filename))
    manifest = JSON.parse(await readFile(installed('voxrisk', 'package.json'), 'utf8'))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Installs the tarball as a user does; without a registry, unpacks it beside links to its dependencies. */
  async function install(tarball: string): Promise<void> {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
    const once = ['--fetch-retries=0', `--fetch-timeout=${REGISTRY_MS}`]
    const { code } = await run('npm', ['install', ...options, ...once, tarball], { cwd: consumer })
    if (code === 0) return
    await rm(installed(), { recursive: true, force: true })
    await mkdir(installed('.bin'), { recursive: true })
    expect((await run('tar', ['-xzf', tarball, '-C', installed()])).code).toBe(0)
    await rename(installed('package'), installed('voxrisk'))
    const { dependencies, bin } = JSON.parse(await readFile(installed('voxrisk', 'package.json'), 'utf8'))
    for (const name of Object.keys(dependencies)) {
      await mkdir(dirname(installed(name)), { recursive: true })
      await symlink(join(projectRoot, 'node_modules', name), installed(name))
    }
    await chmod(installed('voxrisk', bin.voxrisk), 0o755)
    await symlink(installed('voxrisk', bin.voxrisk), installed('.bin', 'voxrisk'))
  }

  test('holds the build, its types, its schemas and its documents, nothing else, in under 1 MB', () => {
    const paths = packed.files.map(({ path }) => path)
    for (const path of [
      'cli.js',
      'cpu-thread.js',
      ...['index', 'read', 'engine', 'view', 'report', 'node'].flatMap(entry => [
        `${entry}.js`,
        `types/entries/${entry}.d.ts`,
      ]),
    ]) {
      expect(paths).toContain(`dist/${path}`)
    }
    for (const path of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']) expect(paths).toContain(path)
    for (const name of ['calibration', 'comparison', 'hotspot-stream', 'inspection', 'report']) {
      expect(paths).toContain(`schemas/${name}.schema.json`)
    }
    const known =
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|docs\/.*|schemas\/[a-z-]+\.schema\.json|dist\/[^/]+\.js(\.map)?|dist\/types\/.*\.d\.ts)$/
    expect(paths.filter(path => !known.test(path))).toEqual([])
    expect(packed.size).toBeLessThan(1e6)
    expect(existsSync(installed('webgpu'))).toBe(false)
  })

  test('publint has no complaint', async () => {
    const { buffer, byteOffset, length } = await readFile(join(folder, packed.filename))
    const tarball = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer
    const { messages } = await publint({ pack: { tarball }, strict: true })
    expect(messages).toEqual([])
  })

  /** Modules that a built file imports, itself or through other files of the package. */
  async function importsOf(file: string, seen = new Set<string>()): Promise<Set<string>> {
    const modules = new Set<string>()
    if (seen.has(file)) return modules
    seen.add(file)
    const code = await readFile(installed('voxrisk', 'dist', file), 'utf8')
    for (const [, by, name] of code.matchAll(
      /(?:^(?:import|export)\b[^"'`;]*?|(\bimport(?:\.meta\.resolve)?\())["']([^"']+)["']/gm,
    )) {
      if (name.startsWith('./')) for (const other of await importsOf(name.slice(2), seen)) modules.add(other)
      else modules.add(by ? `(${name})` : name)
    }
    return modules
  }

  test('the main entry needs no Node, and nothing that is not a dependency', async () => {
    const ofNode = (modules: Iterable<string>) => [...modules].filter(name => /^\(?node:|webgpu/.test(name))
    for (const entry of ['index', 'read', 'engine', 'view', 'report']) {
      expect(ofNode(await importsOf(`${entry}.js`)), entry).toEqual([])
    }
    const modules = [...(await importsOf('index.js'))]
    const packageOf = (name: string) => /^\(?((?:@[^/]+\/)?[^/)]+)/.exec(name)?.[1]
    const packages = (names: string[]) => [...new Set(names.map(packageOf))].sort()
    const isLazy = (name: string) => name.startsWith('(')
    expect(packages(modules.filter(name => !isLazy(name)))).toEqual(['@noble/hashes', '@zip.js/zip.js'])
    // Loaded when such a file comes.
    expect(packages(modules.filter(isLazy))).toEqual([
      'apache-arrow',
      'fzstd',
      'hyparquet',
      'hyparquet-compressors',
    ])
    expect([...(await importsOf('cpu-thread.js'))]).toEqual([]) // as a page may start it
    expect([...(await importsOf('view.js'))]).toEqual([])
    // The same walk sees what the other entries import.
    const cli = await importsOf('cli.js')
    for (const name of ['node:fs/promises', 'commander', 'cli-table3', 'tinyglobby', '(webgpu)'])
      expect(cli).toContain(name)
    expect(Object.keys(manifest.dependencies).sort()).toEqual(
      [
        '@noble/hashes',
        '@zip.js/zip.js',
        'apache-arrow',
        'cli-table3',
        'commander',
        'fzstd',
        'hyparquet',
        'hyparquet-compressors',
        'tinyglobby',
      ], // each is imported, see above
    )
  })

  test('no file generates code at run time, which content policies forbid, or holds a part of ajv', async () => {
    const files = packed.files.map(({ path }) => path).filter(path => /^dist\/.*\.js$/.test(path))
    let validators = 0
    for (const path of files) {
      const code = await readFile(installed('voxrisk', path), 'utf8')
      expect(/\bnew Function\b|\beval\(|["']ajv\b/.exec(code)?.[0], path).toBe(undefined)
      if (code.includes('A SHA-256, 64 hexadecimal digits.')) validators++ // words of the schemas
    }
    expect(validators).toBe(1)
  })

  test.each([
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
  ])('type-checks with moduleResolution %s, its own types included', async (moduleResolution, module) => {
    const source = `
      import { type Calibration, cpuBackend, fileFromBlob, type Hotspot, type MapReport, mapTrades, openTrades,
        chooseBackend, RiskMap, Session, threadedCpuBackend, tickBatches, TickConverter, VoxriskError, webgpuBackend } from 'voxrisk'
      import { type Kernel, type Layer, NO_SCORE, tradeKernel, tradesLayer } from 'voxrisk/engine'
      import { memorySpool, type Spool, type TradeChunk } from 'voxrisk/read'
      import { hotspotsToArrow, type ReportComparison, compareReports } from 'voxrisk/report'
      import { fileSpool, openBackend, openDevice, openFile } from 'voxrisk/node'
      import { defineRiskView, RiskView, type RiskViewElement, RiskVolume } from 'voxrisk/view'

      export async function both(device: GPUDevice, blob: Blob): Promise<Hotspot[]> {
        const trades = await openTrades(await openFile('trades.csv.gz'), { symbol: 'AAVEUSD' })
        const report: MapReport = await mapTrades(trades, { backend: cpuBackend(), newSpool: fileSpool })
        const calibration: Calibration = report.calibration
        const found: Hotspot[] = []
        const map = await RiskMap.create({ backend: webgpuBackend(device), calibration })
        const converter = new TickConverter(calibration.instrument)
        const live = await openTrades(fileFromBlob(blob, 'live.csv'))
        for await (const chunk of live.chunks()) await map.ingest(converter.convert(chunk))
        await map.flush()
        for await (const hotspot of map.hotspots) found.push(hotspot)
        const voxels: number | undefined = report.verified?.voxels
        if (voxels === 0) throw new VoxriskError('bad-data', 'no voxel', 'Give more trades.')
        map.destroy()
        return found
      }

      export async function live(blob: Blob, calibration: Calibration): Promise<ReportComparison> {
        const { backend, device } = await chooseBackend({ gpu: navigator.gpu })
        const session = new Session({ backend, keepSlabs: device ? 100 : 0, onHotspots: hotspots => hotspots[0].score })
        await session.follow(await openTrades(fileFromBlob(blob, 'live.csv')), { calibration })
        const report = await session.report()
        const file: Uint8Array = await hotspotsToArrow(report)
        const chunks: TradeChunk[] = []
        for await (const ticks of tickBatches(await openTrades(fileFromBlob(blob, '')), report.instrument)) ticks.price[0] + file[0]
        return compareReports(report, report)
      }
      export const spool: Spool = memorySpool()
      export const kernel: Kernel = tradeKernel()
      export const layer: Layer = tradesLayer
      export const none: number = NO_SCORE
      export const inDocument = threadedCpuBackend({
        threads: navigator.hardwareConcurrency,
        spawn: () => new Worker(new URL('voxrisk/cpu-thread', import.meta.url), { type: 'module' }),
      })
      export const inNode = openBackend('cpu', { threads: 4 })
      export function shown(map: RiskMap, canvas: HTMLCanvasElement): RiskViewElement {
        defineRiskView()
        new RiskView({ canvas, onSelect: (hotspot: Hotspot | null) => hotspot?.score }).map = map
        const element = document.createElement('voxrisk-view')
        element.map = map
        element.mode = 'slices'
        // @ts-expect-error there is no such measure
        element.measure = 'fear'
        return element
      }
      export const volume: Promise<RiskVolume> = RiskVolume.create({} as GPUDevice, { format: 'rgba8unorm' })
      export const owned: Promise<GPUDevice> = openDevice({ software: true })
      // @ts-expect-error a backend is no name
      export const unnamed = mapTrades({} as never, { backend: 'cpu' })
      // @ts-expect-error there is no such backend
      export const unknown = openBackend('cuda')
      // @ts-expect-error an error code is one of a few
      export const wrong = new VoxriskError('bad', '', '')
    `
    const name = `consumer-${moduleResolution}`
    await writeFile(join(consumer, `${name}.ts`), source)
    const compilerOptions = {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'ES2023',
      lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: [],
      module,
      moduleResolution,
    }
    const config = join(consumer, `${name}.json`)
    await writeFile(config, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }))
    const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc')
    const { code, stdout } = await run(process.execPath, [tsc, '-p', config], { cwd: consumer })
    expect(stdout).toBe('')
    expect(code).toBe(0)
  })

  test('gives its schemas by name', async () => {
    const script = `
      import schema from 'voxrisk/schemas/report.schema.json' with { type: 'json' }
      console.log(schema.$id)
    `
    await writeFile(join(consumer, 'schema.js'), script)
    const { code, stdout } = await run(process.execPath, ['--no-warnings', 'schema.js'], { cwd: consumer })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'report.schema.json\n' })
  })

  test('maps in a script that imports it', async () => {
    const script = `
      import { cpuBackend, fileFromBlob, mapTrades, openTrades } from 'voxrisk'
      import { readFile } from 'node:fs/promises'

      const trades = await openTrades(fileFromBlob(new Blob([await readFile('trades.csv')]), 'trades.csv'))
      const radii = { price: 1, size: 0, time: 0 }
      const options = { backend: cpuBackend(), timeWidth: 60e6, priceWidth: '0.05', radii }
      const { voxrisk, rows, hotspots } = await mapTrades(trades, options)
      console.log(JSON.stringify([voxrisk.version, rows.binned, hotspots.length, hotspots[0].trades]))
    `
    await writeFile(join(consumer, 'script.js'), script)
    const { code, stdout, stderr } = await run(process.execPath, ['script.js'], { cwd: consumer })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual([manifest.version, 60, 1, 60])
  })

  test('maps on threads, whose code it finds by the name of the entry', async () => {
    const script = `
      import { mapTrades, openTrades } from 'voxrisk'
      import { openBackend, openFile } from 'voxrisk/node'

      const backend = await openBackend('cpu', { threads: 2 })
      const { digest, backend: by } = await mapTrades(await openTrades(await openFile('trades.csv')), { backend })
      backend.destroy()
      console.log(JSON.stringify([by.adapter, digest.hotspots]))
    `
    await writeFile(join(consumer, 'threads.js'), script)
    const { code, stdout, stderr } = await run(process.execPath, ['threads.js'], { cwd: consumer })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const alone = JSON.parse(
      (await bin('map', 'trades.csv', '--backend', 'cpu', '--json')).stdout,
    ) as MapReport
    expect(JSON.parse(stdout)).toEqual(['JavaScript, 2 threads', alone.digest.hotspots])
  })

  const bin = (...parameters: string[]) => run(installed('.bin', 'voxrisk'), parameters, { cwd: consumer })

  test('its view can be imported where there is no DOM', async () => {
    const script = `
      import { defineRiskView, RiskView } from 'voxrisk/view'
      defineRiskView()
      console.log(typeof RiskView)
    `
    await writeFile(join(consumer, 'view.mjs'), script)
    const { code, stdout, stderr } = await run('node', ['view.mjs'], { cwd: consumer })
    expect(stderr).toBe('')
    expect([code, stdout]).toEqual([0, 'function\n'])
  })

  test('its command maps', async () => {
    const { code, stdout, stderr } = await bin('map', 'trades.csv', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const report = JSON.parse(stdout) as MapReport
    expect(report.voxrisk.version).toBe(manifest.version)
    expect(report.rows).toEqual({ read: 60, binned: 60, outside: {}, rejected: {}, noted: {} })
    expect(report.backend.name).toBe('cpu') // auto, without webgpu
  })

  test('its command says how to get WebGPU', async () => {
    const { code, stdout, stderr } = await bin('map', 'trades.csv', '--backend', 'webgpu')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^voxrisk: the package webgpu cannot be loaded: .*\n +Run `npm install webgpu`, or use the cpu backend \(--backend cpu\)\.\n$/,
    )
  })
})
