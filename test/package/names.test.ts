import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../support/cli.ts'

/** Columns of a line of code or comment. */
const WIDTH = 110

interface Rule {
  readonly name: string
  readonly found: RegExp
  /** Text that breaks the rule. */
  readonly example: string
  readonly files: readonly string[]
  readonly except?: readonly string[]
  /** Leaves comments and texts out. */
  readonly codeOnly?: true
}

const ALL = ['{src,site,bench,build,shaders,docs}/**/*.{ts,mjs,wgsl,md,html,css}', '*.md']
const ENGINE = ['src/{engine,layers,cpu,webgpu,map}/**/*.ts', 'shaders/*.wgsl', 'shaders/trades/*.wgsl']

/** The word table of docs/architecture.md, where a machine can hold it. */
const RULES: readonly Rule[] = [
  {
    name: 'a width of time bins is a timeWidth',
    found: /\btimeBin\b/,
    example: 'grid.timeBin',
    files: ALL,
    except: [
      'CHANGELOG.md',
      'docs/decisions.md',
      'src/formats/upgrade.ts', // what format 1 called it
      'src/cli/learning.ts', // the option --time-bin
      'bench/against.ts', // what older builds call it
    ],
  },
  {
    name: 'whatever is compared by the benchmark is a contestant',
    found: /racer|entrant/i,
    example: 'interface Racer',
    files: ALL,
  },
  {
    name: 'a browser shows documents, not pages',
    found: /\bweb ?pages?\b|\bHTML pages?\b|\breportPage\b/i,
    example: 'opens a web page',
    files: ALL,
    except: ['CHANGELOG.md'],
  },
  {
    name: 'the engine keeps details and draws no pictures',
    found: /\bpictures?\b|Pictures?(?![a-z])/,
    example: 'a picture of the slab',
    files: ENGINE,
  },
  // Its prices are in tick sizes, so `pageTicks` is fine.
  {
    name: 'the engine knows events and classes, not ticks and sizes',
    found: /sizeBin|SizeBin|\b[tT]icks?(\b|[A-Z])/,
    example: 'const { sizeBins } = shape',
    files: ['src/engine/*.ts'],
    codeOnly: true,
  },
]

/** Code without comments, and without what its texts say to people. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/'[^'\n]*'|`[^`]*`/g, '')
}

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8')

function filesOf(patterns: readonly string[], except: readonly string[] = []): string[] {
  const ignore = ['**/node_modules/**', 'bench/built/**', 'bench/results/**', ...except]
  return globSync([...patterns], { cwd: projectRoot, ignore })
}

describe('words', () => {
  test.each(RULES)('$name', ({ found, example, files, except, codeOnly }) => {
    expect(example).toMatch(found)
    const sources = filesOf(files, except)
    expect(sources.length).toBeGreaterThan(5)
    const wrong = sources.flatMap(file =>
      (codeOnly ? codeOf(read(file)) : read(file))
        .split('\n')
        .filter(line => found.test(line))
        .map(line => `${file}: ${line.trim()}`),
    )
    expect(wrong).toEqual([])
  })
})

test('comments are no wider than code', () => {
  const wide: string[] = []
  for (const file of filesOf(['{src,site,bench,build,shaders}/**/*.{ts,mjs,wgsl}'])) {
    for (const [i, line] of read(file).split('\n').entries())
      if (/^\s*(\/\/|\/?\*)/.test(line) && [...line].length > WIDTH) wide.push(`${file}:${i + 1}`)
  }
  expect(wide).toEqual([])
})
