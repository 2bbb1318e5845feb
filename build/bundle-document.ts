/** Bundles the code of a document that stands in one HTML file: one classic script, one style sheet, and their hashes. */
import { createHash } from 'node:crypto'
import { dirname, join, relative } from 'node:path'
import { build, type Rollup } from 'vite'
import type { DocumentCode } from '../src/html/shell.ts'

const ROOT = join(import.meta.dirname, '..')

/** Folders of code that runs in a document: `script` anywhere under the root. */
const SCRIPTS = /(^|[\\/])script[\\/]/

/**
 * Bundles a document's entry module and the style sheets that it imports.
 * @throws {Error} when there is no script or no style sheet, or one that cannot stand inside HTML
 */
export async function bundleDocument(entry: string): Promise<DocumentCode> {
  const name = relative(ROOT, dirname(entry))
  const built = (await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    plugins: [
      {
        name: 'voxrisk:script-side-effects',
        // package.json says that modules of this package have no side effects; those of documents do.
        transform: (code, id) =>
          id.startsWith(ROOT) && SCRIPTS.test(relative(ROOT, id))
            ? { code, map: null, moduleSideEffects: true }
            : null,
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      cssMinify: true,
      lib: { entry, formats: ['iife'], name: 'voxriskDocument' },
    },
  })) as Rollup.RollupOutput[]
  const files = built.flatMap(({ output }) => output)
  const script = files.find(file => file.type === 'chunk')?.code.trim()
  const asset = files.find(file => file.type === 'asset' && file.fileName.endsWith('.css'))
  if (!script || asset?.type !== 'asset') throw new Error(`${name} gave no script or no style sheet`)
  const style = String(asset.source).trim()
  // Either would end its own element in the document.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new Error(`the script or style of ${name} cannot stand inside HTML`)
  }
  return { script, style, scriptHash: hash(script), styleHash: hash(style) }
}

/** SHA-256 as a content security policy writes it. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
