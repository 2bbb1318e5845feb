import { resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { VoxriskError } from '../errors.ts'
import type { TradeFile } from '../read/file.ts'
import { openFile } from './files.ts'

/**
 * Opens files by path or by glob pattern (`trades/2024-*.csv.gz`), for shells that expand none; a file that two patterns
 * name is taken once. A path that exists is never a pattern, whatever characters it has.
 * @throws {VoxriskError} as `openFile`; `bad-data` for a pattern that matches no file
 */
export async function openFiles(patterns: readonly string[]): Promise<TradeFile[]> {
  const files = new Map<string, TradeFile>()
  for (const pattern of patterns) {
    for (const path of await pathsOf(pattern)) {
      const absolute = resolve(path)
      if (!files.has(absolute)) files.set(absolute, await openFile(path))
    }
  }
  return [...files.values()]
}

async function pathsOf(pattern: string): Promise<readonly string[]> {
  if (!isDynamicPattern(pattern)) return [pattern]
  const exists = await openFile(pattern).then(
    () => true,
    () => false,
  )
  if (exists) return [pattern]
  const slashes = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern
  const paths = await glob(slashes, { onlyFiles: true, expandDirectories: false })
  if (paths.length > 0) return paths.sort()
  throw new VoxriskError('bad-data', `${pattern}: no file matches`, 'Check the pattern and the folder.')
}
