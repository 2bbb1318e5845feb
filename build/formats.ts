/**
 * Writes the TypeScript types of every format from schemas/.
 *
 *     npm run formats
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { typesOf } from './format-types.ts'
import { readSchemas } from './schemas.ts'

const ROOT = join(import.meta.dirname, '..')

/** Type names of whole schemas. */
const TYPE_NAMES = {
  'benchmark.schema.json': 'BenchmarkResult',
  'calibration.schema.json': 'Calibration',
  'comparison.schema.json': 'ReportComparison',
  'hotspot-stream.schema.json': 'HotspotStreamLine',
  'inspection.schema.json': 'Inspection',
  'report-document.schema.json': 'ReportData',
  'report.schema.json': 'MapReport',
  'symbol-list.schema.json': 'SymbolList',
}

/** The text of every generated file by its path in the project. */
export async function formatFiles(): Promise<ReadonlyMap<string, string>> {
  const byId = await readSchemas()
  const files = new Map<string, string>()
  for (const id of byId.keys()) {
    const name = id.replace('.schema.json', '.ts')
    const path = name === 'benchmark.ts' ? 'bench/suite/result.ts' : `src/formats/${name}`
    const origin = `// Made from schemas/${id} by \`npm run formats\`: change the schema, not this file.`
    files.set(path, `${origin}\n\n${typesOf(id, { byId, typeNames: TYPE_NAMES })}`)
  }
  return files
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of await formatFiles()) await writeFile(join(ROOT, path), text)
}
