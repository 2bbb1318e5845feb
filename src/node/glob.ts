import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { VoxriskError } from '../errors.ts'

/**
 * Finds files by path or glob pattern (`trades/2024-*.csv.gz`), for shells that do not expand patterns. A
 * file that matches twice is listed once. An existing path is never treated as a pattern, whatever characters
 * it has.
 * @throws {VoxriskError} `bad-data` for a pattern that matches no file
 */
export async function findFiles(patterns: readonly string[]): Promise<string[]> {
  const paths = new Map<string, string>()
  for (const pattern of patterns) {
    for (const path of await pathsOf(pattern)) {
      const absolute = resolve(path)
      if (!paths.has(absolute)) paths.set(absolute, path)
    }
  }
  return [...paths.values()]
}

async function pathsOf(pattern: string): Promise<readonly string[]> {
  if (!isDynamicPattern(pattern) || (await exists(pattern))) return [pattern]
  const slashes = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern
  const paths = await glob(slashes, { onlyFiles: true, expandDirectories: false })
  if (paths.length > 0) return paths.sort()
  throw new VoxriskError('bad-data', `${pattern}: no file matches`, 'Check the pattern and the folder.')
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
