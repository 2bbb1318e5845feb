/**
 * Writes the TypeScript types of a JSON Schema: an interface for the schema itself and for every object under
 * `$defs`, deeply readonly, with field descriptions as comments. Supports the part of JSON Schema that our
 * schemas use and refuses the rest.
 */

import { resolve, type Schema } from './schemas.ts'

/** All schemas by `$id`, and the type names of whole schemas. */
export interface Schemas {
  readonly byId: ReadonlyMap<string, Schema>
  readonly typeNames: Readonly<Record<string, string>>
}

const WIDTH = 110

/** The module with the types of one schema. */
export function typesOf(id: string, schemas: Schemas): string {
  return new TypeWriter(id, schemas).module()
}

class TypeWriter {
  private readonly root: Schema
  /** Types imported from other schemas, by the schema's id. */
  private readonly imports = new Map<string, Set<string>>()

  constructor(
    private readonly id: string,
    private readonly schemas: Schemas,
  ) {
    this.root = schemas.byId.get(id)!
  }

  module(): string {
    const { $defs = {}, ...whole } = this.root
    const declarations = [this.declaration(this.schemas.typeNames[this.id], whole)]
    for (const [name, schema] of Object.entries($defs)) {
      if (isNamed(schema)) declarations.push(this.declaration(pascal(name), schema))
    }
    const imports = [...this.imports].sort().map(([id, names]) => {
      return `import type { ${[...names].sort().join(', ')} } from './${moduleName(id)}.ts'\n`
    })
    return [imports.join(''), ...declarations].filter(part => part !== '').join('\n')
  }

  private declaration(name: string, schema: Schema): string {
    const doc = comment(described(schema, name), '')
    if (schema.properties) {
      const base = schema.$ref ? ` extends ${this.named(schema.$ref)}` : ''
      return `${doc}export interface ${name}${base} ${this.fields(schema, '')}\n`
    }
    const type = this.type(schema, '')
    const oneLine = `export type ${name} = ${type}`
    if (oneLine.length <= WIDTH) return `${doc}${oneLine}\n`
    const members = schema.enum!.map(value => `  | ${literal(value)}\n`).join('')
    return `${doc}export type ${name} =\n${members}`
  }

  private fields({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
    const inner = `${indent}  `
    const lines = Object.entries(properties).map(([name, schema]) => {
      const key = /^[a-z]\w*$/i.test(name) ? name : `'${name}'`
      const optional = required.includes(name) ? '' : '?'
      const doc = comment(this.fieldText(schema, name), inner)
      return `${doc}${inner}readonly ${key}${optional}: ${this.type(schema, inner)}\n`
    })
    if (typeof additionalProperties === 'object') {
      // TypeScript cannot express that for optional fields.
      throw new Error(`${this.id}: named fields together with any others`)
    }
    return `{\n${lines.join('')}${indent}}`
  }

  private type(schema: Schema, indent: string): string {
    const { $ref, type, oneOf, properties, additionalProperties, items, prefixItems } = schema
    if ('const' in schema) return literal(schema.const)
    if (schema.enum) return schema.enum.map(literal).join(' | ')
    if ($ref && !properties) {
      const target = this.target($ref)
      return isNamed(target) ? this.named($ref) : this.type(target, indent)
    }
    if (oneOf) return oneOf.map(member => this.type(member, indent)).join(' | ')
    if (properties) return this.fields(schema, indent)
    if (prefixItems) return `readonly [${prefixItems.map(item => this.type(item, indent)).join(', ')}]`
    if (items) {
      const item = this.type(items, indent)
      return `readonly ${/ \| /.test(item) ? `(${item})` : item}[]`
    }
    if (typeof additionalProperties === 'object') {
      return `Readonly<Record<string, ${this.type(additionalProperties, indent)}>>`
    }
    switch (type) {
      case 'string':
      case 'boolean':
      case 'null':
        return type
      case 'number':
      case 'integer':
        return 'number'
    }
    throw new Error(`${this.id}: no type for ${JSON.stringify(schema)}`)
  }

  /** A field's comment: its own description, that of an unnamed definition it refers to, and its range. */
  private fieldText(schema: Schema, name: string): string {
    const target = schema.$ref ? this.target(schema.$ref) : undefined
    const inlined = target && !isNamed(target)
    const texts = [
      schema.description,
      inlined && target.type === 'string' ? target.description : undefined,
      rangeText(schema.items ?? schema),
    ]
    if (inlined) texts.push(rangeText(target))
    const text = texts.filter(text => text).join(' ')
    return text || described(target ?? schema, `${this.id}: ${name}`)
  }

  private target(reference: string): Schema {
    return resolve(reference, this.root, this.schemas.byId)
  }

  /** The type name a reference leads to; imported if it belongs to another schema. */
  private named(ref: string): string {
    const [id, path] = ref.split('#')
    const name = path ? pascal(path.split('/').at(-1)!) : this.schemas.typeNames[id]
    if (id !== '' && id !== this.id) {
      this.imports.set(id, (this.imports.get(id) ?? new Set()).add(name))
    }
    return name
  }
}

/** Whether a definition gets its own type. Others, such as decimal texts, are written inline. */
function isNamed(schema: Schema): boolean {
  return Boolean(schema.properties || schema.enum || schema.$id)
}

function moduleName(id: string): string {
  return id.replace('.schema.json', '')
}

function pascal(name: string): string {
  return name[0].toUpperCase() + name.slice(1)
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
}

function described({ description }: Schema, name: string): string {
  if (description) return description
  throw new Error(`${name} has no description`)
}

/** The range of a number, in words. */
function rangeText({ type, minimum, exclusiveMinimum, maximum }: Schema): string {
  const range =
    minimum !== undefined && maximum !== undefined
      ? `${count(minimum)} … ${count(maximum)}`
      : minimum !== undefined
        ? `${count(minimum)} or more`
        : exclusiveMinimum !== undefined
          ? `above ${count(exclusiveMinimum)}`
          : ''
  if (type === 'integer') return range ? `Integer, ${range}.` : 'Integer.'
  return range && `${pascal(range)}.`
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 20 }).replace('-', '−')
}

/** A documentation comment with wrapped lines. */
function comment(text: string, indent: string): string {
  const oneLine = `${indent}/** ${text} */`
  if (oneLine.length <= WIDTH) return `${oneLine}\n`
  const lines: string[] = []
  let line = `${indent} *`
  for (const word of text.split(' ')) {
    if (`${line} ${word}`.length > WIDTH) {
      lines.push(line)
      line = `${indent} *`
    }
    line += ` ${word}`
  }
  return `${indent}/**\n${[...lines, line].join('\n')}\n${indent} */\n`
}
