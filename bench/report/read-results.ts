import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { BenchmarkResult } from '../suite/result.ts'
import { Trouble } from '../trouble.ts'

const SCHEMA = join(import.meta.dirname, '..', '..', 'schemas', 'benchmark.schema.json')
const FORMAT: BenchmarkResult['format'] = 'voxrisk benchmark 1'
const REWRITE = 'create it again with `npm run bench` of this version'

/**
 * Reads benchmark results, in the order of the files.
 * @throws {Trouble} naming the file that cannot be read or is not a result
 */
export async function readResults(files: readonly string[]): Promise<BenchmarkResult[]> {
  const validate = await validator()
  return Promise.all(files.map(file => readResult(file, validate)))
}

async function validator(): Promise<ValidateFunction> {
  const ajv = new Ajv2020({ strict: true })
  ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)))
  return ajv.compile(JSON.parse(await readFile(SCHEMA, 'utf8')))
}

async function readResult(file: string, validate: ValidateFunction): Promise<BenchmarkResult> {
  const result = parse(file, await textOf(file))
  const format = typeof result === 'object' && result !== null && 'format' in result ? result.format : null
  if (format !== FORMAT) {
    const named = typeof format === 'string' ? `its format is "${format}"` : 'it names no format'
    throw new Trouble(
      `${file} is not a benchmark result: ${named}, not "${FORMAT}"`,
      'give files written by `npm run bench`',
    )
  }
  if (!validate(result)) {
    const [{ instancePath, message }] = validate.errors ?? []
    throw new Trouble(`${file}: ${instancePath || 'the value'} ${message}`, REWRITE)
  }
  const checked = result as BenchmarkResult
  const ids = checked.contestants.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) {
    throw new Trouble(`${file}: two contestants have the id "${twice}"`, REWRITE)
  }
  const named = [
    ...checked.measurements.map(({ contestant }) => contestant),
    ...checked.checks.flatMap(({ contestants }) => contestants),
  ]
  const unknown = named.find(id => !ids.includes(id))
  if (unknown !== undefined) {
    throw new Trouble(`${file}: no contestant has the id "${unknown}"`, REWRITE)
  }
  return checked
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause
    throw new Trouble(`${file} cannot be read: ${why}`, 'give the path of an existing file')
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Trouble(`${file} is not JSON`, 'give files written by `npm run bench`')
  }
}
