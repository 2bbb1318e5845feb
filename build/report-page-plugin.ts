/**
 * Makes `import { script, style } from 'virtual:voxrisk-report-page'` work: bundles src/report/page/ into one classic
 * script and one style sheet, which the report puts into every page it writes.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { bundlePage } from './bundle-page.ts'

const NAME = 'virtual:voxrisk-report-page'
const RESOLVED = `\0${NAME}`
const PAGE = join(import.meta.dirname, '..', 'src', 'report', 'page')

export function reportPage(): Plugin {
  return {
    name: 'voxrisk:report-page',
    resolveId: id => (id === NAME ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return null
      for (const name of readdirSync(PAGE)) this.addWatchFile(join(PAGE, name))
      const { script, style, scriptHash, styleHash } = await bundlePage(join(PAGE, 'main.ts'))
      const exported = { script, style, scriptHash, styleHash }
      const lines = Object.entries(exported).map(
        ([name, text]) => `export const ${name} = ${JSON.stringify(text)}`,
      )
      return { code: lines.join('\n'), moduleType: 'js' }
    },
  }
}
