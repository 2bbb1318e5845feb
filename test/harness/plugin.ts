import { basename, join } from 'node:path'
import type { Plugin } from 'vite'
import { entriesFromSource } from '../../build/entries.ts'

const HARNESS = import.meta.dirname
const TESTS = join(HARNESS, '..')
const SUPPORT = join(TESTS, 'support')

/** Support modules that depend on a platform, and their replacements elsewhere. */
const SWAPS = {
  node: { 'threads.ts': join(HARNESS, 'threads.ts') },
  browser: {
    'open-device.ts': join(TESTS, 'browser', 'open-device.ts'),
    'threads.ts': join(TESTS, 'browser', 'threads.ts'),
  },
}

/**
 * Makes test files run where there is no Vitest: `vitest` is the harness beside this file. In documents and workers device and
 * threads are the browser's; in plain Node, threads run the code built beside the program.
 */
export function testsOutsideVitest(place: 'node' | 'browser'): Plugin {
  const swaps = new Map(Object.entries(SWAPS[place]).map(([name, other]) => [join(SUPPORT, name), other]))
  return {
    name: 'voxrisk:tests-outside-vitest',
    enforce: 'pre',
    config: () => ({
      resolve: {
        alias: [{ find: /^vitest$/, replacement: join(HARNESS, 'vitest.ts') }, ...entriesFromSource],
      },
    }),
    // package.json says that modules of this package have no side effects; tests are nothing else.
    transform: (code, id) => (id.startsWith(TESTS) ? { code, map: null, moduleSideEffects: true } : null),
    async resolveId(source, importer, options) {
      if (![...swaps.keys()].some(path => source.endsWith(basename(path)))) return null
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      return (resolved && swaps.get(resolved.id)) ?? resolved
    },
  }
}
