/**
 * Validators for the formats read from outside: see build/validators-plugin.ts. Never part of an exported
 * type.
 */
declare module 'virtual:voxrisk-validators' {
  import type { Validator } from './fault.ts'

  export const validateCalibration: Validator
  export const validateReport: Validator
  /** For each pattern, what the texts that match it are, in words. */
  export const patternWords: Readonly<Record<string, string>>
}
