/**
 * Bundles the code of a document that is a single HTML file: one classic script, one style sheet, and their
 * hashes.
 */
import { createHash } from 'node:crypto'
import { dirname, join, relative } from 'node:path'
import { build, type Rollup } from 'vite'
import type { DocumentCode } from '../src/html/shell.ts'

const ROOT = join(import.meta.dirname, '..')

/** Folders with code that runs in a document: any folder named `script` under the root. */
const SCRIPTS = /(^|[\\/])script[\\/]/

/**
 * Bundles a document's entry module and the style sheets it imports.
 * @throws {Error} when there is no script or no style sheet, or one that cannot be embedded in HTML
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
        // package.json says that modules of this package have no side effects, but those of documents do.
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
  if (!script || asset?.type !== 'asset') throw new Error(`${name} has no script or no style sheet`)
  const style = String(asset.source).trim()
  // Either would close its own element in the document.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new Error(`the script or style of ${name} cannot be embedded in HTML`)
  }
  return { script, style, scriptHash: hash(script), styleHash: hash(style) }
}

/** SHA-256 in the notation of a content security policy. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
