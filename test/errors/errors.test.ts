import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { calibrateCommand } from '../../src/cli/calibrate.ts'
import { inspectCommand } from '../../src/cli/inspect.ts'
import { mapCommand } from '../../src/cli/map.ts'
import { fixText, SETTING_OPTIONS } from '../../src/cli/setting-options.ts'
import { ERRORS, type ErrorCode, type ErrorKind, type Setting, VoxriskError } from '../../src/errors.ts'
import type { MapTradesOptions } from '../../src/job/map-trades.ts'
import type { SessionOptions } from '../../src/job/session/session.ts'
import type { TickBatchOptions } from '../../src/job/ticks-of.ts'
import type { Grid } from '../../src/layers/trades/grid.ts'
import type { RiskMapOptions } from '../../src/map/risk-map.ts'
import type { OpenBackendOptions } from '../../src/node/backends.ts'
import type { OpenOptions } from '../../src/read/source.ts'
import type { WebGpuBackendOptions } from '../../src/webgpu/backend.ts'

/** What a caller of the library can set. */
type OptionName =
  | keyof OpenOptions
  | keyof MapTradesOptions
  | keyof RiskMapOptions
  | keyof SessionOptions
  | keyof TickBatchOptions
  | keyof Grid
  | keyof OpenBackendOptions
  | keyof WebGpuBackendOptions

const ROOT = join(import.meta.dirname, '..', '..')
const KINDS = Object.entries<ErrorKind>(ERRORS)
const ERROR_CLASSES = ['VoxriskError', 'FileError', 'SymbolMissing']

/** Texts of a source file, without its comments and imports, and the errors it makes. */
interface Source {
  readonly file: string
  readonly texts: readonly string[]
  /** Codes written out where an error is made. */
  readonly codes: readonly string[]
  /** Last texts of the fixes written out where an error is made. */
  readonly fixEnds: readonly string[]
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string }

function sourceOf(file: string): Source {
  const texts: string[] = []
  const codes: string[] = []
  const fixEnds: string[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const entry of value) visit(entry)
    if (typeof value !== 'object' || value === null || !('type' in value)) return
    const node = value as Node
    if (node.type === 'ImportDeclaration') return
    texts.push(...textsOf(node))
    if (node.type === 'NewExpression' && ERROR_CLASSES.includes(`${(node.callee as Node).name}`)) {
      const [code, , fix] = node.arguments as Node[]
      codes.push(...textsOf(code))
      if (fix) fixEnds.push(...endsOf(fix))
    }
    for (const child of Object.values(node)) visit(child)
  }
  const { program, errors } = parseSync(file, readFileSync(join(ROOT, file), 'utf8'))
  expect(errors).toEqual([])
  visit(program)
  return { file, texts, codes, fixEnds }
}

function textsOf({ type, value }: Node): string[] {
  if (type === 'Literal' && typeof value === 'string') return [value]
  return type === 'TemplateElement' ? [(value as { cooked: string }).cooked] : []
}

/** The last part of a fix; for a conditional fix, of both branches. */
function endsOf(fix: Node): string[] {
  if (fix.type === 'ConditionalExpression')
    return [fix.consequent, fix.alternate].flatMap(one => endsOf(one as Node))
  return fix.type === 'TemplateLiteral' ? textsOf((fix.quasis as Node[]).at(-1)!) : textsOf(fix)
}

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map(file => sourceOf(join('src', file)))

describe('every code', () => {
  test('is the code of an error that is made somewhere', () => {
    const made = new Set(sources.flatMap(({ codes }) => codes))
    expect([...made].sort()).toEqual(Object.keys(ERRORS).sort())
  })

  test.each(KINDS)('%s: its statuses and whether to try again agree', (_, { exit, http, retry }) => {
    // 4xx: the caller has to change something. 503: the missing part may be there later.
    expect(http).toBeGreaterThanOrEqual(400)
    expect(http).toBeLessThan(600)
    expect(retry).toBe(http === 503)
    if (exit === 2) expect(http).toBe(400)
  })

  test('of wrong usage, and no other, exits 2, as the help of every command promises', () => {
    const usage = KINDS.filter(([, { exit }]) => exit === 2).map(([code]) => code)
    expect(usage).toEqual(['bad-setting', 'several-symbols'] satisfies ErrorCode[])
  })

  test('stands in docs/errors.md as in the table', () => {
    const rows = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8').matchAll(
      /^\| `([a-z-]+)` \| (.+?) \| (\d) \| (\d{3}) \| (yes|no) \|$/gm,
    )
    const told = [...rows].map(([, code, meaning, exit, http, retry]) => [
      code,
      { meaning, exit: Number(exit), http: Number(http), retry: retry === 'yes' },
    ])
    expect(told).toEqual(KINDS)
  })
})

describe('errors speak of settings, and leave their names to each face', () => {
  /** An option of a command, a command line, or the document that shows the error. CSS has `--name: value`. */
  const WORDS_OF_A_FACE =
    /(?<!\bvar)[\s(`]--[a-z][a-z-]*(?![a-z-]*:)|\bvoxrisk (map|inspect|calibrate|compare)\b|command line|\bthis page\b/

  test('only the command line names options, commands or “this page”', () => {
    const found = sources
      .filter(({ file }) => !/^src[\\/]cli[\\/]/.test(file))
      .flatMap(({ file, texts }) =>
        texts.filter(text => WORDS_OF_A_FACE.test(text)).map(text => `${file}: ${text}`),
      )
    expect(found).toEqual([])
  })

  /** Names of settings, calls and constructors: words for whoever writes a program, not for whoever uses it. */
  const SETTING_NAMES = Object.keys(SETTING_OPTIONS).filter(name => /[A-Z]/.test(name))
  const WORDS_OF_A_PROGRAM = new RegExp(
    String.raw`\b(${SETTING_NAMES.join('|')})\b|\w\(\)|\`\w+\`|\bnew [A-Z][a-z]`,
  )

  test('no sentence names a setting as the library does, or a function of it', () => {
    expect(SETTING_NAMES).toContain('keepSlabs')
    for (const bad of [
      'keepSlabs 3 is too few',
      'Call flush() first.',
      'Pass `shaders`.',
      'Make a new RiskMap.',
    ])
      expect(bad).toMatch(WORDS_OF_A_PROGRAM)
    const found = sources.flatMap(({ file, texts }) =>
      texts
        .filter(text => text.includes(' ') && WORDS_OF_A_PROGRAM.test(text))
        .map(text => `${file}: ${text}`),
    )
    expect(found).toEqual([])
  })

  test('every fix is a sentence', () => {
    const ends = sources.flatMap(({ file, fixEnds }) => fixEnds.map(end => `${file}: ${end}`))
    expect(ends.length).toBeGreaterThan(50)
    expect(ends.filter(end => !end.endsWith('.'))).toEqual([])
  })

  test('every setting with an option has one that a command takes', () => {
    const taken = [mapCommand(), inspectCommand(), calibrateCommand()].flatMap(({ options }) =>
      options.map(({ long }) => long),
    )
    // A name that is not an option of the library does not compile.
    const settings = Object.keys(SETTING_OPTIONS) as Setting[] satisfies OptionName[]
    const written = settings.map(setting => SETTING_OPTIONS[setting]).filter(option => option !== null)
    for (const option of written) expect(taken).toContain(option.split(' ')[0])
    expect(new Set(written).size).toBe(written.length)
  })

  test('the schema of an inspection lists every setting', () => {
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas', 'inspection.schema.json'), 'utf8'))
    expect(schema.$defs.setting.enum).toEqual(Object.keys(SETTING_OPTIONS))
  })

  test('the command line adds its options, in the order of the settings', () => {
    const error = (settings: VoxriskError['settings']) =>
      new VoxriskError('overflow', 'a sum is too large', 'Use larger lots or shorter time bins.', {
        settings,
      })
    expect(fixText(error(['lotSize', 'timeWidth']))).toBe(
      'Use larger lots or shorter time bins (--lot-size, --time-bin).',
    )
    expect(fixText(error(['keepSlabs', 'lateness']))).toBe(
      'Use larger lots or shorter time bins (--lateness).',
    )
    expect(fixText(error([]))).toBe('Use larger lots or shorter time bins.')
  })
})

test('an error without settings has an empty list of them, and one with a cause keeps it', () => {
  const cause = new Error('why')
  const error = new VoxriskError('io', 'not written', 'Make room.', { cause })
  expect(error).toMatchObject({ name: 'VoxriskError', settings: [], cause })
  expect('cause' in new VoxriskError('io', 'not written', 'Make room.')).toBe(false)
})
