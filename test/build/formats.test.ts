import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { typesOf } from '../../build/format-types.ts'
import { formatFiles } from '../../build/formats.ts'
import type { Schema } from '../../build/schemas.ts'
import { projectRoot } from '../support/cli.ts'

test('the types of the formats are what `npm run formats` makes of the schemas', async () => {
  const files = await formatFiles()
  for (const [path, text] of files) expect(await readFile(join(projectRoot, path), 'utf8'), path).toBe(text)
  const made = 'by `npm run formats`'
  for (const name of await readdir(join(projectRoot, 'src', 'formats'))) {
    const text = await readFile(join(projectRoot, 'src', 'formats', name), 'utf8')
    if (text.includes(made)) expect([...files.keys()]).toContain(`src/formats/${name}`) // its schema is still there
  }
})

describe('a schema', () => {
  const types = (schema: Schema) =>
    typesOf('thing.schema.json', {
      byId: new Map([
        ['thing.schema.json', { description: 'A thing.', ...schema }],
        ['other.schema.json', { $defs: { size: { description: 'A size.', properties: {} } } }],
      ]),
      typeNames: { 'thing.schema.json': 'Thing' },
    }).trim()

  test('becomes an interface, its words and ranges comments', () => {
    const text = { description: 'A text.', type: 'string' }
    const schema: Schema = {
      properties: {
        count: { description: 'How many.', type: 'integer', minimum: 1 },
        'long-name': { description: 'Entries.', items: { type: 'number', minimum: 0, maximum: 2500 } },
        id: { description: 'Its name.', $ref: '#/$defs/text' },
        size: { description: 'Its size.', $ref: 'other.schema.json#/$defs/size' },
        open: { description: 'Or none.', oneOf: [{ type: 'null' }, { enum: ['a', 'b'] }] },
      },
      required: ['count'],
      $defs: { text },
    }
    expect(types(schema)).toBe(`import type { Size } from './other.ts'

/** A thing. */
export interface Thing {
  /** How many. Integer, 1 or more. */
  readonly count: number
  /** Entries. 0 … 2,500. */
  readonly 'long-name'?: readonly number[]
  /** Its name. A text. */
  readonly id?: string
  /** Its size. */
  readonly size?: Size
  /** Or none. */
  readonly open?: null | 'a' | 'b'
}`)
  })

  test('extends what it refers to', () => {
    const part = { description: 'A part.', properties: { a: { description: 'First.', type: 'boolean' } } }
    const schema: Schema = {
      $ref: '#/$defs/part',
      properties: { b: { description: 'Second.', const: 'b' } },
      required: ['b'],
      $defs: { part },
    }
    expect(types(schema)).toContain('export interface Thing extends Part {\n  /** Second. */\n')
  })

  test.each<[string, Schema, RegExp]>([
    ['a field without words', { properties: { a: { type: 'string' } } }, /a has no description/],
    ['words it has no type for', { properties: { a: { description: 'A.', type: 'any' } } }, /no type for/],
    ['a reference to nothing', { properties: { a: { $ref: '#/$defs/b' } } }, /nothing at #\/\$defs\/b/],
  ])('with %s is refused', (_, schema, message) => {
    expect(() => types(schema)).toThrow(message)
  })
})
