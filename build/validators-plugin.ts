/**
 * Makes `import { validateReport } from 'virtual:voxrisk-validators'` work: plain functions written from the schemas by ajv
 * (its standalone code). They need neither ajv nor `eval` where they run, so a page's content security policy has nothing
 * to forbid.
 */
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import type { Plugin } from 'vite'
import { readSchemas, SCHEMAS_FOLDER, type Schema } from './schemas.ts'

const NAME = 'virtual:voxrisk-validators'
const RESOLVED = `\0${NAME}`

/** What is read from outside: names of functions with the schema each goes by. */
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
      const schemas = [...(await readSchemas()).values()]
      for (const { $id } of schemas) this.addWatchFile(join(SCHEMAS_FOLDER, $id!))
      return { code: validatorCode(schemas), moduleType: 'js' }
    },
  }
}

function validatorCode(schemas: readonly Schema[]): string {
  const ajv = new Ajv2020({
    strict: true,
    messages: false, // src/formats/fault.ts has its own
    validateFormats: false, // the patterns beside them say as much
    unicode: false, // lengths are only compared with 0 and 1; counting code points would need a function of ajv
    logger: false, // or it says at every build that `unicode` will go
    inlineRefs: false, // one function for each definition
    code: { source: true, esm: true },
  })
  const words = new Map<string, string>()
  for (const schema of schemas) {
    collectWords(schema, words)
    ajv.addSchema(withoutTexts(schema) as Schema)
  }
  const code = standalone(ajv, VALIDATORS)
  const [foreign] = /\b(require|import|Function|eval)\b.*/.exec(code) ?? []
  if (foreign) throw new Error(`a validator needs what it may not have: ${foreign.slice(0, 100)}`)
  return `${code}\nexport const patternWords = ${JSON.stringify(Object.fromEntries(words))}`
}

/** Finds the patterns and what the schema says of the texts that fit them. */
function collectWords(value: unknown, words: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return
  const { pattern, description } = value as Schema
  if (pattern !== undefined && description !== undefined) words.set(pattern, description)
  for (const inner of Object.values(value)) collectWords(inner, words)
}

/** A schema without its texts, or ajv would copy them into the code. */
function withoutTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTexts)
  if (typeof value !== 'object' || value === null) return value
  const isText = (key: string, inner: unknown) =>
    (key === 'title' || key === 'description') && typeof inner === 'string'
  const kept = Object.entries(value).filter(([key, inner]) => !isText(key, inner))
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutTexts(inner)]))
}
