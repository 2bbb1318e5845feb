import { defineConfig } from 'vite'
import { entriesFromSource } from '../build/entries.ts'
import { reportScript } from '../build/report-script-plugin.ts'
import { validators } from '../build/validators-plugin.ts'
import { wgsl } from '../build/wgsl-plugin.ts'

/**
 * Serves the examples with voxrisk from its sources. If you copy an example, install the package instead; you
 * need none of this.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [wgsl(), validators(), reportScript()],
  define: { __VOXRISK_VERSION__: JSON.stringify('of the sources') },
  resolve: { alias: entriesFromSource },
  server: { port: 5173 },
})
