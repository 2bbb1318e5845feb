import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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

test('an import from above, from beside and of Node, and a document, are refused', () => {
  const code = `import { tradesLayer } from '../layers/trades/layer.ts'
import { RiskMap } from '../map/risk-map.ts'
import { readFileSync } from 'node:fs'

export const used = [tradesLayer, RiskMap, readFileSync, document.title]
`
  const lint = spawnSync('npx', ['biome', 'lint', '--stdin-file-path=src/engine/any.ts'], {
    cwd: projectRoot,
    input: code,
    encoding: 'utf8',
  })
  const rules = [...`${lint.stdout}${lint.stderr}`.matchAll(/lint\/style\/(\w+)/g)].map(([, rule]) => rule)
  expect(rules.filter(rule => rule === 'noRestrictedImports')).toHaveLength(3)
  expect(rules.filter(rule => rule === 'noRestrictedGlobals')).toHaveLength(1)
})
