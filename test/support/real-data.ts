import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { needs } from './needs.ts'

/** Files of real trades, if somebody has put them beside the checkout. */
export const DATA = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'data')

/** Path of one of the files. */
export const realFile = (name: string): string => join(DATA, name)

/** Options of a test that reads some of the files. */
export const needsData = (...names: readonly string[]) =>
  needs(
    names.map(realFile).every(existsSync),
    'the real trades do not lie beside the checkout (../shared/data)',
  )
