import type { TestModules } from './run-tests.ts'

/** The backend suite: the tests that every place runs in which the engine runs. */
export const backendSuite: TestModules = {
  'test/fixed/fixed.gpu.test.ts': () => import('../fixed/fixed.gpu.test.ts'),
  'test/layers/pulse.gpu.test.ts': () => import('../layers/pulse.gpu.test.ts'),
  'test/map/kept-pages.gpu.test.ts': () => import('../map/kept-pages.gpu.test.ts'),
  'test/engine/layout.gpu.test.ts': () => import('../engine/layout.gpu.test.ts'),
  'test/map/map.gpu.test.ts': () => import('../map/map.gpu.test.ts'),
  'test/map/risk-map.gpu.test.ts': () => import('../map/risk-map.gpu.test.ts'),
  'test/view/still.gpu.test.ts': () => import('../view/still.gpu.test.ts'),
}

/** What runs in documents and workers: the backend suite, and code that uses another platform API there than in Node. */
export const browserSuite: TestModules = {
  ...backendSuite,
  'test/read/gunzip.test.ts': () => import('../read/gunzip.test.ts'),
}
