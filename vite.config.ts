import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { ENTRIES, entriesFromSource } from './build/entries.ts'
import { LAYERS } from './build/layers.ts'
import { reportScript } from './build/report-script-plugin.ts'
import { validators } from './build/validators-plugin.ts'
import { wgsl } from './build/wgsl-plugin.ts'
import { TEST_LAYERS } from './test/layers/linked.ts'

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'))

export default defineConfig({
  plugins: [wgsl({ ...LAYERS, ...TEST_LAYERS }), validators(), reportScript()],
  define: { __VOXRISK_VERSION__: JSON.stringify(manifest.version) },
  resolve: { alias: entriesFromSource }, // for tests of site, examples and bench
  build: {
    target: 'es2023',
    minify: false,
    sourcemap: true,
    lib: {
      entry: { ...ENTRIES, cli: 'src/cli/main.ts' },
      formats: ['es'],
    },
    rollupOptions: {
      external: [
        /^node:/,
        'webgpu',
        ...Object.keys(manifest.dependencies).map(name => new RegExp(`^${name}(/|$)`)),
      ],
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks', // Dawn wants a process of its own: environment set for the run reaches forks, not threads
    maxWorkers: 2,
    globalSetup: ['test/support/workshop.ts'],
    // No test depends on how fast the machine is: these end what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', './build/tests-line-reporter.ts'],
  },
})
