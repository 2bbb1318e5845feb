import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { validators } from '../build/validators-plugin.ts'
import { wgsl } from '../build/wgsl-plugin.ts'

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url))

/** Serves the examples with voxrisk from its sources. Whoever copies an example installs the package and needs none of this. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [wgsl(), validators()],
  define: { __VOXRISK_VERSION__: JSON.stringify('of the sources') },
  resolve: {
    alias: [
      { find: /^voxrisk$/, replacement: source('index.ts') },
      { find: /^voxrisk\/view$/, replacement: source('view/index.ts') },
    ],
  },
  server: { port: 5173 },
})
