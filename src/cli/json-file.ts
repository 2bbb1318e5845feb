import { readFile } from 'node:fs/promises'
import { VoxriskError } from '../errors.ts'

/**
 * Reads a JSON file and checks it.
 * @param check says what is wrong with a value that is not what it should be
 * @param fix   what to do about a file that is no JSON, or not what it should be
 * @throws {VoxriskError} `bad-data` that names the file
 */
export async function readJsonFile<T>(path: string, check: (value: unknown) => T, fix: string): Promise<T> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const problem =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a directory'
          : message
    throw new VoxriskError('bad-data', `${path}: ${problem}`, 'Check the path.', { cause })
  }
  try {
    return check(JSON.parse(text))
  } catch (cause) {
    const { message } = cause as Error
    const problem = cause instanceof VoxriskError ? message : `is no JSON: ${message}`
    throw new VoxriskError('bad-data', `${path}: ${problem}`, fix, { cause })
  }
}
