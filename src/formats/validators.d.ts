/** Validators of the formats that are read from outside: see build/validators-plugin.ts. Never part of an exported type. */
declare module 'virtual:voxrisk-validators' {
  import type { Validator } from './fault.ts'

  export const validateCalibration: Validator
  export const validateReport: Validator
  /** What texts that must fit a pattern are, in words. */
  export const patternWords: Readonly<Record<string, string>>
}
