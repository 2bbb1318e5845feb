/** The entries of the package: their import names, and the module of each. */
import { join } from 'node:path'

const SOURCES = join(import.meta.dirname, '..', 'src')

/** Source of each entry, by the last part of its name: `voxrisk` is `index`, `voxrisk/read` is `read`. */
export const ENTRIES = {
  index: join(SOURCES, 'entries', 'index.ts'),
  read: join(SOURCES, 'entries', 'read.ts'),
  engine: join(SOURCES, 'entries', 'engine.ts'),
  view: join(SOURCES, 'entries', 'view.ts'),
  report: join(SOURCES, 'entries', 'report.ts'),
  node: join(SOURCES, 'entries', 'node.ts'),
  'cpu-thread': join(SOURCES, 'cpu', 'threads', 'main.ts'),
} as const

/**
 * For Vite: lets `site/`, `examples/` and `bench/` import `voxrisk` as any user would, built from its
 * sources. `paths` in tsconfig.json tells TypeScript the same.
 */
export const entriesFromSource = Object.entries(ENTRIES).map(([name, replacement]) => ({
  find: new RegExp(name === 'index' ? '^voxrisk$' : `^voxrisk/${name}$`),
  replacement,
}))
