import { join } from 'node:path'
import type { Plugin } from 'vite'

const HARNESS = import.meta.dirname
const TESTS = join(HARNESS, '..')
const OPEN_DEVICE = join(TESTS, 'support', 'open-device.ts')
const OPEN_DEVICE_IN_PAGES = join(TESTS, 'browser', 'open-device.ts')

/**
 * Makes test files run where there is no Vitest: `vitest` is the harness beside this file, and in pages and workers the
 * device of the tests comes from `navigator.gpu`.
 */
export function testsOutsideVitest(place: 'node' | 'browser'): Plugin {
  return {
    name: 'voxrisk:tests-outside-vitest',
    enforce: 'pre',
    config: () => ({ resolve: { alias: [{ find: /^vitest$/, replacement: join(HARNESS, 'vitest.ts') }] } }),
    // package.json says that modules of this package have no side effects; tests are nothing else.
    transform: (code, id) => (id.startsWith(TESTS) ? { code, map: null, moduleSideEffects: true } : null),
    async resolveId(source, importer, options) {
      if (place === 'node' || !source.endsWith('/open-device.ts')) return null
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      return resolved?.id === OPEN_DEVICE ? OPEN_DEVICE_IN_PAGES : resolved
    },
  }
}
