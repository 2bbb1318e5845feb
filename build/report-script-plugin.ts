/**
 * Makes `import { script, style } from 'virtual:voxrisk-report-script'` work: bundles src/report/script/ into
 * one classic script and one style sheet. The report embeds them in every document it writes.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { bundleDocument } from './bundle-document.ts'

const NAME = 'virtual:voxrisk-report-script'
const RESOLVED = `\0${NAME}`
const SCRIPT = join(import.meta.dirname, '..', 'src', 'report', 'script')

export function reportScript(): Plugin {
  return {
    name: 'voxrisk:report-script',
    resolveId: id => (id === NAME ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return null
      for (const name of readdirSync(SCRIPT)) this.addWatchFile(join(SCRIPT, name))
      const { script, style, scriptHash, styleHash } = await bundleDocument(join(SCRIPT, 'main.ts'))
      const exported = { script, style, scriptHash, styleHash }
      const lines = Object.entries(exported).map(
        ([name, text]) => `export const ${name} = ${JSON.stringify(text)}`,
      )
      return { code: lines.join('\n'), moduleType: 'js' }
    },
  }
}
