import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FLOOR_RULES, FLOORS, floorRules } from '../../build/floors.ts'
import { projectRoot } from '../support/cli.ts'

test('the lint rules are what the table of floors gives: npm run floors', () => {
  expect(readFileSync(FLOOR_RULES, 'utf8')).toBe(floorRules())
})

test('every room of src has its floor', () => {
  const rooms = readdirSync(join(projectRoot, 'src')).filter(name => !name.endsWith('.d.ts'))
  expect(rooms.sort()).toEqual(FLOORS.flat().sort())
})

test('rooms that run everywhere are type-checked without the DOM', () => {
  const { include } = JSON.parse(readFileSync(join(projectRoot, 'tsconfig.worker.json'), 'utf8'))
  const elsewhere = ['report', 'view', 'node', 'cli', 'entries']
  const rooms = FLOORS.flat().filter(room => !elsewhere.includes(room))
  expect(include.sort()).toEqual(['src/**/*.d.ts', ...rooms.map(room => `src/${room}`)].sort())
})

test('an import from above, from beside and of Node, and a document, are refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voxrisk-floors-'))
  try {
    for (const name of ['biome.json', 'build/lint', '.gitignore']) {
      await cp(join(projectRoot, name), join(folder, name), { recursive: true })
    }
    await mkdir(join(folder, 'src', 'engine'), { recursive: true })
    await writeFile(
      join(folder, 'src', 'engine', 'any.ts'),
      `import { readFileSync } from 'node:fs'
import { tradesLayer } from '../layers/trades/layer.ts'
import { RiskMap } from '../map/risk-map.ts'

export const used = [tradesLayer, RiskMap, readFileSync, document.title]
`,
    )
    const biome = join(projectRoot, 'node_modules', '.bin', 'biome')
    const { stdout, stderr } = spawnSync(biome, ['lint', 'src'], { cwd: folder, encoding: 'utf8' })
    const rules = [...`${stdout}${stderr}`.matchAll(/lint\/style\/(\w+)/g)].map(([, rule]) => rule)
    expect(rules.filter(rule => rule === 'noRestrictedImports')).toHaveLength(3)
    expect(rules.filter(rule => rule === 'noRestrictedGlobals')).toHaveLength(1)
  } finally {
    await rm(folder, { recursive: true })
  }
})
