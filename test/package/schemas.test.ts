import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { validateCalibration, validateReport } from 'virtual:voxrisk-validators'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unpack } from '../../src/report/pack.ts'
import { type Invented, inventedResult } from '../support/benchmark-results.ts'
import { projectRoot } from '../support/cli.ts'
import { needsData, realFile } from '../support/real-data.ts'
import { runs } from '../support/runs.ts'
import { COLUMNS, csv, kraken, sampleTrades, type Workplace, workplace, zip } from '../support/trade-files.ts'

const FOLDER = join(projectRoot, 'schemas')
const NAMES = [
  'benchmark',
  'calibration',
  'comparison',
  'hotspot-stream',
  'inspection',
  'report',
  'report-document',
  'symbol-list',
] as const
type Name = (typeof NAMES)[number]

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type JsonObject = { [name: string]: Json }
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ajv = new Ajv2020({ strict: true, allErrors: true })
ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)))
const schemas = new Map<string, JsonObject>()

/** What a schema finds wrong with a value; empty: nothing. */
function problems(name: Name, value: unknown): string[] {
  const validate = ajv.getSchema(`${name}.schema.json`)
  if (!validate) throw new Error(`no schema ${name}`)
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

let place: Workplace
/** Outputs of the command line, and results of benchmarks, by the schema they must meet. */
const outputs: { readonly name: Name; readonly from: string; readonly value: Json }[] = []

async function collect(name: Name, from: string, parameters: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await place.voxrisk(parameters)
  expect([0, name === 'comparison' ? 1 : 0], stderr).toContain(code)
  for (const text of name === 'hotspot-stream' ? stdout.trimEnd().split('\n') : [stdout]) {
    outputs.push({ name, from, value: JSON.parse(text) })
  }
  return stdout
}

const SAMPLE = ['trades.csv', ...COLUMNS]
const CPU = ['--backend', 'cpu']
const REAL = 'kraken_2021Q4_AVAX.zip'

beforeAll(async () => {
  for (const file of await readdir(FOLDER)) {
    const schema = JSON.parse(await readFile(join(FOLDER, file), 'utf8')) as JsonObject
    schemas.set(file, schema)
    ajv.addSchema(schema)
  }
  for (const [from, options] of [
    ['invented, real adapter', { peers: true }],
    ['invented, software adapter', { adapter: 'software', runtime: 'chrome', processor: null }],
    ['invented, no adapter', { adapter: 'none', quick: true }],
  ] satisfies [string, Invented][]) {
    const value = JSON.parse(JSON.stringify(inventedResult(options))) as Json
    outputs.push({ name: 'benchmark', from, value })
  }
  place = await workplace()
  const trades = await sampleTrades(3000)
  await writeFile(place.at('trades.csv'), csv(trades))
  await collect('calibration', 'calibrate', ['calibrate', ...SAMPLE, ...CPU])
  await collect('inspection', 'inspect', ['inspect', ...SAMPLE, '--json'])
  await writeFile(
    place.at('pairs.zip'),
    await zip({ 'AAAUSD.csv': kraken(trades), 'BBBUSD.csv': kraken(trades) }),
  )
  await collect('symbol-list', 'inspect', ['inspect', 'pairs.zip', '--json'])
  await collect('hotspot-stream', 'map --ndjson', ['map', ...SAMPLE, ...CPU, '--ndjson'])
  const a = await collect('report', 'map --json', [
    'map',
    ...SAMPLE,
    ...CPU,
    '--json',
    '--report',
    'page.html',
  ])
  const page = await readFile(place.at('page.html'), 'utf8')
  outputs.push({ name: 'report-document', from: 'map --report', value: await dataOf(page) })
  const b = await collect('report', 'map --kernel', [
    'map',
    ...SAMPLE,
    ...CPU,
    '--json',
    '--kernel',
    'time=1',
  ])
  const c = await collect('report', 'map --time-bin', [
    'map',
    ...SAMPLE,
    ...CPU,
    '--json',
    '--time-bin',
    '5m',
  ])
  for (const [file, text] of [
    ['a.json', a],
    ['b.json', b],
    ['c.json', c],
  ]) {
    await writeFile(place.at(file), text)
  }
  await collect('comparison', 'compare', ['compare', 'a.json', 'b.json', '--json'])
  await collect('comparison', 'compare, other grids', ['compare', 'a.json', 'c.json', '--json'])
})

afterAll(() => place.remove())

/** The data of a report document, put together again. */
async function dataOf(page: string): Promise<Json> {
  const content = (id: string) => new RegExp(`<script[^>]* id="${id}"[^>]*>([^<]*)</script>`).exec(page)![1]
  const drawn = (await unpack(content('voxrisk-drawn'))) as JsonObject
  return { ...drawn, report: JSON.parse(content('voxrisk-report')) }
}

test('there is a schema for every JSON that is printed, each under its own name', () => {
  expect([...schemas.keys()].sort()).toEqual(NAMES.map(name => `${name}.schema.json`).sort())
  for (const [file, schema] of schemas) expect(schema.$id).toBe(file)
})

test('the output of the commands is valid', () => {
  for (const { name, from, value } of outputs) expect(problems(name, value), from).toEqual([])
  expect(new Set(outputs.map(({ name }) => name))).toEqual(new Set(NAMES))
})

test('the sample is, and a report that was verified on another backend', async () => {
  const { stdout } = await place.voxrisk(['map', '--json', ...CPU])
  expect(problems('report', JSON.parse(stdout))).toEqual([])
  const report = reportOf('map --json')
  const verified = { against: { name: 'webgpu', adapter: 'some GPU' }, voxels: 64 }
  expect(problems('report', { ...report, verified })).toEqual([])
  expect(problems('report', { ...report, verified: { ...verified, voxels: 0.5 } })).not.toEqual([])
})

test('a real pair of Kraken is', needsData(REAL), async () => {
  const file = [realFile(REAL), '--symbol', 'AVAXUSD']
  const { stdout: inspection } = await place.voxrisk(['inspect', ...file, '--json'])
  expect(problems('inspection', JSON.parse(inspection))).toEqual([])
  const { stdout: calibration } = await place.voxrisk(['calibrate', ...file, ...CPU])
  expect(problems('calibration', JSON.parse(calibration))).toEqual([])
  const { stdout: lines } = await place.voxrisk(['map', ...file, ...CPU, '--ndjson'])
  for (const line of lines.trimEnd().split('\n')) {
    expect(problems('hotspot-stream', JSON.parse(line))).toEqual([])
  }
  const { stdout: report } = await place.voxrisk(['map', ...file, ...CPU, '--json', '--top', '1000'])
  expect(problems('report', JSON.parse(report))).toEqual([])
})

function reportOf(from: string): JsonObject {
  const found = outputs.find(output => output.from === from)?.value
  if (!isObject(found)) throw new Error(`no output ${from}`)
  return found
}

test('the shipped validators agree with the schemas', () => {
  const shipped = [
    ['calibration', validateCalibration],
    ['report', validateReport],
  ] as const
  for (const [name, validate] of shipped) {
    const { value } = outputs.find(output => output.name === name)!
    const disagree = (changed: Json) => validate(changed) !== (problems(name, changed).length === 0)
    expect(validate(value)).toBe(true)
    const wrong = [
      'text',
      '',
      -1,
      0.5,
      1e18,
      null,
      [],
      {},
      { extra: 1 },
      'voxrisk calibration 1',
      '2021-13-01',
    ]
    for (const path of everyKind(value)) {
      for (const by of wrong) {
        if (disagree(replaced(value, path, by))) throw new Error(`${name}${path}: ${JSON.stringify(by)}`)
      }
    }
  }
})

/** A path for every kind of place in a value: of a list, the first entry stands for all. */
function everyKind(value: Json): string[] {
  return paths(value).filter(path => !/\/[1-9]\d*(\/|$)/.test(path))
}

test('a line of a stream is a hotspot or a report, whole and of its own kind', () => {
  const { hotspots, ...run } = reportOf('map --json')
  const [{ rank, ...hotspot }] = hotspots as JsonObject[]
  expect(rank).toBe(1)
  expect(problems('hotspot-stream', { type: 'hotspot', ...hotspot })).toEqual([])
  expect(problems('hotspot-stream', { type: 'report', ...run })).toEqual([])
  for (const wrong of [
    hotspot,
    run,
    { type: 'report', ...hotspot },
    { type: 'hotspot', ...run },
    { type: 'hotspot', rank, ...hotspot },
    { type: 'report', hotspots, ...run },
    { type: 'end', ...run },
  ]) {
    expect(problems('hotspot-stream', wrong)).not.toEqual([])
  }
})

/** Objects whose entries are reasons or steps: one more or one less of them is as good. */
const OPEN = /\/(outside|rejected|noted|timings|unmarked)$/
/** May be present or absent. */
const OPTIONAL = /(^\/verified|\/pixels)$/

/** A setting that differs: a text or a number. */
const TEXT_OR_NUMBER = /^\/(settings|rows)\/\d+\/[ab]$/

/** Paths of all values inside a value, as JSON pointers. */
function paths(value: Json, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [at, ...entries.flatMap(([key, inner]) => paths(inner, `${at}/${key}`))]
}

/** The value at a path of a value that may be changed. */
function find(value: Json, path: string): Json {
  let found = value
  for (const key of path.split('/').slice(1)) found = (found as JsonObject)[key]
  return found
}

function replaced(value: Json, path: string, by: Json): Json {
  if (path === '') return by
  const changed = structuredClone(value)
  const cut = path.lastIndexOf('/')
  ;(find(changed, path.slice(0, cut)) as JsonObject)[path.slice(cut + 1)] = by
  return changed
}

/** A value of another type, which no field of ours may have instead. */
function ofAnotherType(value: Json): Json {
  if (typeof value === 'string') return 5
  if (typeof value === 'number') return `${value}`
  if (typeof value === 'boolean') return 'true'
  if (Array.isArray(value)) return { 0: value[0] ?? 0 }
  return isObject(value) ? [] : true
}

describe('a change in one place is refused:', () => {
  /** A path into one of the outputs, all of them equally likely. */
  const places = () =>
    fc
      .nat(outputs.length - 1)
      .chain(i => fc.constantFrom(...paths(outputs[i].value)).map(path => ({ output: outputs[i], path })))

  test('a value of another type', () => {
    fc.assert(
      fc.property(places(), ({ output: { name, value }, path }) => {
        fc.pre(!TEXT_OR_NUMBER.test(path))
        expect(problems(name, replaced(value, path, ofAnotherType(find(value, path))))).not.toEqual([])
      }),
      { numRuns: runs(1000) },
    )
  })

  test('a field too many', () => {
    fc.assert(
      fc.property(places(), fc.constantFrom('extra', 'Score', 'from '), ({ output, path }, field) => {
        const { name, value } = output
        const inside = find(value, path)
        fc.pre(isObject(inside) && !OPEN.test(path))
        const more = { ...(inside as JsonObject), [field]: 1 }
        expect(problems(name, replaced(value, path, more))).not.toEqual([])
      }),
      { numRuns: runs(500) },
    )
  })

  test('a field too few', () => {
    fc.assert(
      fc.property(places(), fc.nat(), ({ output: { name, value }, path }, which) => {
        const inside = find(value, path)
        fc.pre(isObject(inside) && !OPEN.test(path) && Object.keys(inside as JsonObject).length > 0)
        const fields = Object.keys(inside as JsonObject)
        const field = fields[which % fields.length]
        fc.pre(!OPTIONAL.test(`${path}/${field}`))
        const { [field]: _, ...fewer } = inside as JsonObject
        expect(problems(name, replaced(value, path, fewer))).not.toEqual([])
      }),
      { numRuns: runs(500) },
    )
  })

  test.each<[Name, string, Json]>([
    ['report', '/hotspots/0/imbalance', 1.01],
    ['report', '/hotspots/0/score', 0.1], // no multiple of 2^-16
    ['report', '/hotspots/0/rank', 0],
    ['report', '/hotspots/0/time/from', '2021-13-01T00:00:00.000Z'],
    ['report', '/hotspots/0/time/from', '2021-10-01 00:00'],
    ['report', '/hotspots/0/price/to', '1e3'],
    ['report', '/hotspots/0/size/from', '0.50'],
    ['report', '/hotspots/0/moments/volume', '-1'],
    ['report', '/hotspots/0/moments/flow', '-0'],
    ['report', '/hotspots/0/voxel/time', 0.5],
    ['report', '/digest/moments', 'abc'],
    ['report', '/unmarked/shareOfVariation', 1.5],
    ['report', '/unmarked/whim', 1],
    ['report', '/rows/outside/late', 0],
    ['report', '/rows/outside/late', 1.5],
    ['report', '/backend/name', 'cuda'],
    ['report', '/timings/read', -1],
    ['report', '/timings/locate', '1'],
    ['report', '/grid/sizeResolution', 5],
    ['benchmark', '/format', 'voxrisk benchmark 2'],
    ['benchmark', '/commit', 'main'],
    ['benchmark', '/started', '2026-11-22T10:00:00'],
    ['benchmark', '/contestants', []],
    ['benchmark', '/contestants/0/kind', 'tpu'],
    ['benchmark', '/host/runtime', 'deno'],
    ['benchmark', '/host/cores', 0],
    ['benchmark', '/clocks/gpu/quantum', -1],
    ['benchmark', '/measurements/0/stage', 'warm-up'],
    ['benchmark', '/measurements/0/timing/median', 0],
    ['benchmark', '/measurements/0/sweeps', ['ticks', 'ticks']],
    ['benchmark', '/measurements/0/ofCopy', -0.1],
    ['benchmark', '/checks/0/contestants', ['cpu']],
    ['benchmark', '/checks/0/when', 'during'],
    ['calibration', '/format', 'voxrisk calibration 1'],
    ['calibration', '/layer', 'depth'],
    ['calibration', '/kernel/price', 9],
    ['calibration', '/instrument/tickSize', '0'],
    ['calibration', '/instrument/contract', 'quanto'],
    ['calibration', '/score/flow/coefficient/0', 2 ** 14 + 1],
    ['calibration', '/relativeVariance', -1],
    ['comparison', '/counts/a/found', -1],
    ['comparison', '/equal', 'no'],
    ['inspection', '/sides/bought', 2],
    ['inspection', '/rows/kept', 0],
    ['inspection', '/longestGap/seconds', 0],
    ['report-document', '/picture/timeBins', 0],
    ['report-document', '/tape/low/0', 0.5],
    ['report-document', '/sizes/from/0', 1],
    ['report-document', '/report/rows/read', 'many'],
    ['symbol-list', '/symbols/0/trades', -1],
  ])('%s: %s may not be %j', (name, path, by) => {
    const value = outputs.find(output => output.name === name)!.value
    expect(problems(name, replaced(value, path, by))).not.toEqual([])
  })
})
