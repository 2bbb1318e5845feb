import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { FLOORS } from '../../build/floors.ts'
import manifest from '../../package.json' with { type: 'json' }
import { projectRoot, run } from '../support/cli.ts'

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8')

const FILES = globSync(
  ['*.md', 'docs/*.md', 'bench/peers/*.md', 'test/fixtures/*.md', 'examples/**/README.md'],
  {
    cwd: projectRoot,
    ignore: '**/node_modules/**',
  },
)

/** What the worked examples of CONTRIBUTING.md would add, and the advice on where new code goes. */
const NOT_YET = /okx|book|gradient|^src\/cli\/formats\.ts$/

test('there are documents to look at', () => {
  expect(FILES).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md']))
})

describe.each(FILES)('%s', file => {
  const text = read(file)

  test('links to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link.split('#')[0])
    const local = links.filter(link => link !== '' && !/^https?:/.test(link))
    expect(local.filter(link => !existsSync(join(projectRoot, dirname(file), link)))).toEqual([])
  })

  test('names scripts that package.json has', () => {
    const scripts = [...text.matchAll(/\bnpm run (?:--silent )?([a-z][a-z:-]*[a-z])/g)].map(
      ([, name]) => name,
    )
    expect(scripts.filter(name => !(name in manifest.scripts))).toEqual([])
  })

  test('names files that exist', () => {
    const paths = [
      ...text.matchAll(/`((?:src|shaders|build|bench|test|schemas|site|examples|docs)\/[\w./-]*)`/g),
    ].map(([, path]) => path)
    expect(paths.filter(path => !NOT_YET.test(path) && !existsSync(join(projectRoot, path)))).toEqual([])
  })
})

test('docs/architecture.md draws the floors of build/floors.ts', () => {
  const rows = read('docs/architecture.md').matchAll(/^\| (\d*) ?\| `([\w.]+)\/?` \|/gm)
  const drawn: string[][] = []
  for (const [, floor, room] of rows) {
    if (floor === '') drawn.at(-1)?.push(room)
    else drawn[Number(floor)] = [room]
  }
  expect(drawn.map(rooms => rooms.sort())).toEqual(FLOORS.map(rooms => [...rooms].sort()))
})

/** The first block of code in a language under a heading. */
function sample(file: string, heading: string, language: string): string {
  const section = read(file).split(`\n## ${heading}\n`)[1]
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section)![1]
}

describe('code that can be pasted', () => {
  /** Trades that walk up and down, a second apart, with an hour of unrest. */
  const TRADES = Array.from({ length: 20_000 }, (_, i) => {
    const unrest = i > 12_000 && i < 15_000 ? 8 : 1
    const price = 1000 + unrest * ((i * 7919) % 23) + Math.round(20 * Math.sin(i / 900))
    return `${1_600_000_000 + i},${(price / 10).toFixed(1)},${1 + ((i * 31) % 17)}\n`
  }).join('')

  /** Runs code as a module of a program that has the package installed, on a file of trades. */
  async function pasted(code: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'voxrisk-docs-'))
    try {
      const trades = join(folder, 'trades.csv')
      await writeFile(trades, TRADES)
      const script = code.replaceAll("'trades.csv.gz'", JSON.stringify(trades))
      const {
        code: status,
        stdout,
        stderr,
      } = await run(process.execPath, ['--input-type=module', '--eval', script])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return stdout
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  test('the library in ten lines maps a history, and then a feed as it comes', async () => {
    const feed = `
      import { tickBatches } from 'voxrisk'
      const stop = error => { throw error }
      const feed = {
        on(event, listener) {
          this[event] = listener
          if (event === 'end') this.play().catch(stop)
        },
        async play() {
          const source = await openTrades(await openFile('trades.csv.gz'))
          for await (const ticks of tickBatches(source, calibration.instrument)) await this.ticks(ticks)
          this.end()
        },
      }
    `
    const lines = (
      await pasted(
        `${feed}${sample('README.md', 'The library in ten lines', 'js')}\nconsole.log(hotspots.length)`,
      )
    ).trim()
    expect(lines.split('\n').length).toBeGreaterThan(1)
    expect(lines.split('\n')[0]).toMatch(/^-?\d+\.\d+ 2020-09-13T\S+Z \d+(\.\d+)?$/)
    expect(Number(lines.split('\n').at(-1))).toBeGreaterThan(0)
  })

  test('a session opens, changes its time bins, goes back and reports', async () => {
    const session = sample('docs/library.md', 'Whole jobs', 'js')
    const stdout = await pasted(`${session}\nconsole.log(report.grid.timeWidth, report.rows.binned)`)
    expect(stdout).toBe('300000000 3601\n')
  })
})
