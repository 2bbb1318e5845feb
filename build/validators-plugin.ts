/**
 * Makes `import { validateReport } from 'virtual:voxrisk-validators'` work: plain functions that ajv
 * generates from the schemas (its standalone code). At run time they need neither ajv nor `eval`, so they
 * work under any content security policy.
 */
import { join } from 'node:path'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import type { Plugin } from 'vite'
import { readSchemas, resolve, SCHEMAS_FOLDER, type Schema } from './schemas.ts'

const NAME = 'virtual:voxrisk-validators'
const RESOLVED = `\0${NAME}`

/** The formats read from outside: function names and their schemas. */
const VALIDATORS = {
  validateCalibration: 'calibration.schema.json',
  validateReport: 'report.schema.json',
}

export function validators(): Plugin {
  return {
    name: 'voxrisk:validators',
    resolveId: id => (id === NAME ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return null
      const schemas = await readSchemas()
      for (const id of schemas.keys()) this.addWatchFile(join(SCHEMAS_FOLDER, id))
      return { code: validatorCode(schemas), moduleType: 'js' }
    },
  }
}

function validatorCode(schemas: ReadonlyMap<string, Schema>): string {
  const ajv = new Ajv({
    strict: true,
    messages: false, // src/formats/fault.ts has its own
    validateFormats: false, // the patterns next to them check the same
    // Lengths are only compared with 0 and 1, and counting code points would need a function of ajv.
    unicode: false,
    logger: false, // otherwise it warns on every build that `unicode` is deprecated
    inlineRefs: false, // one function per definition
    code: { source: true, esm: true },
  })
  const words: Record<string, string> = {}
  for (const id of Object.values(VALIDATORS)) {
    const schema = schemas.get(id)!
    collectWords(schema, words)
    ajv.addSchema(simplified(schema, reference => resolve(reference, schema, schemas)) as Schema)
  }
  const code = standalone(ajv, VALIDATORS)
  const [foreign] = /\b(require|import|Function|eval)\b.*/.exec(code) ?? []
  if (foreign) throw new Error(`a validator contains forbidden code: ${foreign.slice(0, 100)}`)
  return `${code}\nexport const patternWords = ${JSON.stringify(words)}`
}

/** Collects the patterns and the descriptions of texts that match them. */
function collectWords(value: unknown, words: Record<string, string>): void {
  if (typeof value !== 'object' || value === null) return
  const { pattern, description } = value as Schema
  if (pattern !== undefined && description !== undefined) words[pattern] = description
  for (const inner of Object.values(value)) collectWords(inner, words)
}

/**
 * An equivalent but smaller schema. Drops texts, which ajv would copy into the code. Turns an object that
 * extends another into one list of fields, because otherwise every function would have to record which fields
 * it has seen.
 */
function simplified(value: unknown, resolve: (reference: string) => Schema): unknown {
  if (Array.isArray(value)) return value.map(inner => simplified(inner, resolve))
  if (typeof value !== 'object' || value === null) return value
  const schema = value as Schema
  if (schema.$ref && schema.properties) {
    const base = resolve(schema.$ref)
    const { $ref, unevaluatedProperties, ...own } = schema
    const properties = { ...base.properties, ...own.properties }
    const required = [...(base.required ?? []), ...(own.required ?? [])]
    return simplified({ ...own, properties, required, additionalProperties: false }, resolve)
  }
  const isText = (key: string, inner: unknown) => TEXTS.has(key) && typeof inner === 'string'
  const kept = Object.entries(value).filter(([key, inner]) => !isText(key, inner))
  return Object.fromEntries(kept.map(([key, inner]) => [key, simplified(inner, resolve)]))
}

const TEXTS = new Set(['$schema', 'title', 'description', 'format'])
