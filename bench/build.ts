/**
 * Builds the benchmark into bench/built: `node/` runs in Node with nothing else but the package `webgpu`,
 * `site/` is what the browser loads.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { ENTRIES } from '../build/entries.ts'
import { validators } from '../build/validators-plugin.ts'
import { wgsl } from '../build/wgsl-plugin.ts'
import { testsOutsideVitest } from '../test/harness/plugin.ts'
import viteConfig from '../vite.config.ts'

const ROOT = join(import.meta.dirname, '..')
const BUILT = join(ROOT, 'bench', 'built')

/** The checked-out commit, followed by `+` if files differ from it; null without git. */
function commit(): string | null {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    return (
      git('rev-parse', '--short=10', 'HEAD') +
      (git('status', '--porcelain', '--untracked-files=no') ? '+' : '')
    )
  } catch {
    return null
  }
}

const { plugins, define, resolve } = viteConfig
const shared = {
  configFile: false as const,
  logLevel: 'warn' as const,
  plugins: plugins ?? [],
  ...(resolve ? { resolve } : {}), // `voxrisk` is built from its sources
  define: { ...define, __VOXRISK_COMMIT__: JSON.stringify(commit()) },
}

const forNode = {
  ...shared,
  root: ROOT,
  ssr: { noExternal: true as const, external: ['webgpu', '@sparticuz/chromium'] },
}
/** Programs share chunks. Those built separately keep their chunks separate. */
const programs = (input: Record<string, string>, chunks: string) => ({
  ssr: true,
  target: 'node20',
  outDir: join(BUILT, 'node'),
  emptyOutDir: false,
  rollupOptions: {
    input,
    output: { entryFileNames: '[name].js', chunkFileNames: `${chunks}/[name]-[hash].js` },
  },
})

rmSync(BUILT, { recursive: true, force: true })
await build({
  ...forNode,
  build: programs({ bench: 'bench/node.ts', chrome: 'bench/chrome.ts' }, 'chunks'),
})
for (const [name, entry] of Object.entries({
  'cpu-thread': ENTRIES['cpu-thread'],
  'copy-thread': 'bench/suite/copy-thread.ts',
})) {
  await build({ ...forNode, build: programs({ [name]: entry }, 'chunks') })
}
await build({
  ...forNode,
  plugins: [...shared.plugins, testsOutsideVitest('node')],
  build: programs({ equality: 'test/harness/node-main.ts' }, 'chunks-of-tests'),
})
await build({
  ...shared,
  root: join(ROOT, 'bench', 'site'),
  base: './',
  // Exports of voxrisk/engine that threads do not use are parsed before they are dropped.
  worker: { format: 'es', plugins: () => [wgsl(), validators()] },
  build: { target: 'es2023', outDir: join(BUILT, 'site'), emptyOutDir: true },
})

mkdirSync(join(BUILT, 'peers'))
for (const name of readdirSync(join(ROOT, 'bench', 'peers'))) {
  if (/\.(py|mjs)$/.test(name)) copyFileSync(join(ROOT, 'bench', 'peers', name), join(BUILT, 'peers', name))
}
