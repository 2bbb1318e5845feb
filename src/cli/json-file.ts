import { readFile } from 'node:fs/promises'
import { VoxriskError } from '../errors.ts'

/**
 * Reads a JSON file and checks it.
 * @param check throws what is wrong with the parsed value
 * @param fix   what to do if the file is not valid JSON or fails the check
 * @throws {VoxriskError} `bad-data`, naming the file
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
    const problem = cause instanceof VoxriskError ? message : `is not JSON: ${message}`
    throw new VoxriskError('bad-data', `${path}: ${problem}`, fix, { cause })
  }
}
