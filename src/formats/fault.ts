import { patternWords } from 'virtual:voxrisk-validators'

/** A function written by ajv: says whether a value is valid, and keeps what is wrong with it. */
export interface Validator {
  (value: unknown): boolean
  readonly errors?: readonly ValidationError[] | null
}

/** The part of ajv's errors that is read here. */
interface ValidationError {
  /** JSON pointer to the value that is wrong. */
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The first thing that is wrong with a value, such as `grid.sizeBins is 0, not 1 or more`; null when it is valid. */
export function faultOf(validate: Validator, value: unknown): string | null {
  if (validate(value)) return null
  const { instancePath, keyword, params } = validate.errors![0]
  const keys = instancePath.split('/').slice(1)
  switch (keyword) {
    case 'required':
      return `field ${place([...keys, params.missingProperty as string])} is missing`
    case 'additionalProperties':
      return `field ${place([...keys, params.additionalProperty as string])} is not known`
    case 'unevaluatedProperties':
      return `field ${place([...keys, params.unevaluatedProperty as string])} is not known`
  }
  return `${place(keys)} is ${shown(valueAt(value, keys))}, not ${wanted(keyword, params)}`
}

/** What stands at a place has to be this. */
function wanted(keyword: string, params: ValidationError['params']): string {
  switch (keyword) {
    case 'type':
      return TYPES[params.type as string]
    case 'const':
      return shown(params.allowedValue)
    case 'enum':
      return (params.allowedValues as unknown[]).map(shown).join(' or ')
    case 'minimum':
      return `${params.limit} or more`
    case 'maximum':
      return `${params.limit} or less`
    case 'exclusiveMinimum':
      return `above ${params.limit}`
    case 'minItems':
      return `a list of ${params.limit} or more`
    case 'maxItems':
      return `a list of ${params.limit} or fewer`
    case 'multipleOf':
      return `a multiple of ${params.multipleOf}`
    case 'pattern':
      return inSentence(patternWords[params.pattern as string])
    case 'minLength':
      return 'a text with something in it'
  }
  return `as its schema wants it (${keyword})`
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
}

/** A place as code would write it: `score.flow.mean[3]`. */
function place(keys: readonly string[]): string {
  if (keys.length === 0) return 'the whole'
  const path = keys.map(key => (/^\d+$/.test(key) ? `[${key}]` : `.${unescaped(key)}`)).join('')
  return path.replace(/^\./, '')
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce((inner, key) => (inner as Readonly<Record<string, unknown>>)[unescaped(key)], value)
}

/** A key of a JSON pointer as it is in the object. */
function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

const MOST_SHOWN = 60

function shown(value: unknown): string {
  const text = typeof value === 'number' ? `${value}` : `${JSON.stringify(value)}`
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

/** A description, as it reads within a sentence. */
function inSentence(description: string): string {
  return description[0].toLowerCase() + description.slice(1).replace(/\.$/, '')
}
