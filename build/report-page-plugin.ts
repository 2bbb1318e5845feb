/**
 * Makes `import { script, style } from 'virtual:voxrisk-report-page'` work: bundles src/report/page/ into one classic
 * script and one style sheet, which the report puts into every page it writes.
 */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin, type Rollup } from 'vite'

const NAME = 'virtual:voxrisk-report-page'
const RESOLVED = `\0${NAME}`
const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'src', 'report', 'page')

async function bundlePage(): Promise<{ script: string; style: string }> {
  const built = (await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    plugins: [
      {
        name: 'voxrisk:page-side-effects',
        // package.json says that modules of this package have no side effects; those of the page do.
        transform: (code, id) => (id.startsWith(PAGE) ? { code, map: null, moduleSideEffects: true } : null),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      cssMinify: true,
      lib: { entry: join(PAGE, 'main.ts'), formats: ['iife'], name: 'voxriskReportPage' },
    },
  })) as Rollup.RollupOutput[]
  const files = built.flatMap(({ output }) => output)
  const script = files.find(file => file.type === 'chunk')?.code.trim()
  const style = files.find(file => file.type === 'asset' && file.fileName.endsWith('.css'))
  if (!script || style?.type !== 'asset') throw new Error('the report page gave no script or no style sheet')
  const code = { script, style: String(style.source).trim() }
  // Either would end its own element in the page.
  if (/<\/script|<!--/i.test(code.script) || /<\/style/i.test(code.style)) {
    throw new Error('the script or style of the report page cannot stand inside HTML')
  }
  return code
}

/** SHA-256 as a content security policy writes it. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

export function reportPage(): Plugin {
  return {
    name: 'voxrisk:report-page',
    resolveId: id => (id === NAME ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return null
      for (const name of readdirSync(PAGE)) this.addWatchFile(join(PAGE, name))
      const { script, style } = await bundlePage()
      const exported = { script, style, scriptHash: hash(script), styleHash: hash(style) }
      const lines = Object.entries(exported).map(
        ([name, text]) => `export const ${name} = ${JSON.stringify(text)}`,
      )
      return { code: lines.join('\n'), moduleType: 'js' }
    },
  }
}
