/**
 * Builds the benchmark into bench/built: `node/` runs in Node with nothing beside it but the package `webgpu`, `page/` is what
 * the browser loads.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import viteConfig from '../vite.config.ts'

const ROOT = join(import.meta.dirname, '..')
const BUILT = join(ROOT, 'bench', 'built')

/** The commit that is checked out, `+` behind it where files differ from it; null without git. */
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

const { plugins, define } = viteConfig
const shared = {
  configFile: false as const,
  logLevel: 'warn' as const,
  plugins: plugins ?? [],
  define: { ...define, __VOXRISK_COMMIT__: JSON.stringify(commit()) },
}

rmSync(BUILT, { recursive: true, force: true })
await build({
  ...shared,
  root: ROOT,
  ssr: { noExternal: true, external: ['webgpu', '@sparticuz/chromium'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: join(BUILT, 'node'),
    rollupOptions: {
      input: { bench: 'bench/node.ts', chrome: 'bench/chrome.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
await build({
  ...shared,
  root: join(ROOT, 'bench', 'page'),
  base: './',
  build: { target: 'es2023', outDir: join(BUILT, 'page'), emptyOutDir: true },
})
