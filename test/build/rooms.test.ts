import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../support/cli.ts'

const TESTS = join(projectRoot, 'test')

/** Folders of test/ that hold test files. */
const rooms = readdirSync(TESTS, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name)
  .filter(name => readdirSync(join(TESTS, name)).some(file => file.endsWith('.test.ts')))

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

test('every room has a script that runs its tests, and no script runs a room that is gone', () => {
  const commands = Object.entries(scripts).filter(([name]) => name.startsWith('test:') && name !== 'test:gpu')
  expect(commands.map(([name]) => name).sort()).toEqual(rooms.map(room => `test:${room}`).sort())
  for (const [name, command] of commands) {
    expect(command).toMatch(new RegExp(` vitest run test/${name.slice('test:'.length)}/$`))
  }
})

test('the long form runs every test file whose properties are tried more often in it', () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.ts'))
    .map(name => `test/${name.replaceAll('\\', '/')}`)
    .filter(name => /numRuns: runs\(/.test(readFileSync(join(projectRoot, name), 'utf8')))
  const filters = scripts.fuzz.split(' ').filter(word => word.startsWith('test/'))
  expect(files.length).toBeGreaterThan(5)
  expect(files.filter(name => !filters.some(filter => name.includes(filter)))).toEqual([])
})
