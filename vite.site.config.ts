import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { entriesFromSource } from './build/entries.ts'
import { reportScript } from './build/report-script-plugin.ts'
import { validators } from './build/validators-plugin.ts'
import { wgsl } from './build/wgsl-plugin.ts'

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'))

/** While developing, Vite's own client writes styles and scripts into the document. */
const lenientWhileDeveloping: Plugin = {
  name: 'voxrisk:lenient-while-developing',
  apply: 'serve',
  transformIndexHtml: html => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
}

/** package.json says that modules of this package have no side effects; the one that mends the language of a browser has. */
const languageMended: Plugin = {
  name: 'voxrisk:language-mended',
  transform: (code, id) =>
    id.endsWith('/site/locale.ts') ? { code, map: null, moduleSideEffects: true } : null,
}

/** The site: static files for any server and under any path. */
export default defineConfig({
  root: fileURLToPath(new URL('./site', import.meta.url)),
  base: './',
  resolve: { alias: entriesFromSource },
  plugins: [wgsl(), validators(), reportScript(), languageMended, lenientWhileDeveloping],
  define: { __VOXRISK_VERSION__: JSON.stringify(manifest.version) },
  server: { fs: { allow: [fileURLToPath(new URL('.', import.meta.url))] } },
  build: {
    target: 'es2023',
    outDir: fileURLToPath(new URL('./dist-site', import.meta.url)),
    emptyOutDir: true,
    modulePreload: { polyfill: false }, // it would be a script in the document, which the policy forbids
    assetsInlineLimit: 0,
  },
})
