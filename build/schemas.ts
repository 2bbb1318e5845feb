/** The JSON Schemas in schemas/, from which types and validators are generated. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const SCHEMAS_FOLDER = join(import.meta.dirname, '..', 'schemas')

/** A JSON Schema, with the keywords that ours use. */
export interface Schema {
  readonly $id?: string
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly description?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly unevaluatedProperties?: boolean
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

/** All schemas by their `$id`, which is their file name. */
export async function readSchemas(): Promise<Map<string, Schema>> {
  const byId = new Map<string, Schema>()
  for (const name of (await readdir(SCHEMAS_FOLDER)).sort()) {
    byId.set(name, JSON.parse(await readFile(join(SCHEMAS_FOLDER, name), 'utf8')))
  }
  return byId
}

/** Resolves a reference within a schema. */
export function resolve(reference: string, from: Schema, byId: ReadonlyMap<string, Schema>): Schema {
  const [id, path = ''] = reference.split('#')
  let found: Schema | undefined = id === '' ? from : byId.get(id)
  for (const key of path.split('/').slice(1)) {
    found = (found as Readonly<Record<string, Schema>> | undefined)?.[key]
  }
  if (!found) throw new Error(`nothing at ${reference}`)
  return found
}
