import type { TestModules } from './run-tests.ts'

/** The backend suite: the tests that every place runs in which the engine runs. */
export const backendSuite: TestModules = {
  'test/fixed.gpu.test.ts': () => import('../fixed.gpu.test.ts'),
  'test/kept-pages.gpu.test.ts': () => import('../kept-pages.gpu.test.ts'),
  'test/layout.gpu.test.ts': () => import('../layout.gpu.test.ts'),
  'test/map.gpu.test.ts': () => import('../map.gpu.test.ts'),
  'test/risk-map.gpu.test.ts': () => import('../risk-map.gpu.test.ts'),
}

/** What runs in pages and workers: the backend suite, and what there stands on other code of the platform than in Node. */
export const browserSuite: TestModules = {
  ...backendSuite,
  'test/gunzip.test.ts': () => import('../gunzip.test.ts'),
}
