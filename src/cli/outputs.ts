import { randomUUID } from 'node:crypto'
import { access, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { VoxriskError } from '../errors.ts'

/** A file that a command writes at the end of its work. */
export interface Output<Result> {
  /** The option that requests it, such as `--save-calibration`. */
  readonly option: string
  readonly path: string
  readonly content: (result: Result) => string | Uint8Array | Promise<string | Uint8Array>
}

/** What a path refers to, with links followed. */
interface Target {
  readonly path: string
  /** `special`: a device or pipe such as /dev/null, which is written to and never replaced. */
  readonly kind: 'new' | 'file' | 'directory' | 'special'
  /** Equal for two paths to the same file. */
  readonly identity: string
}

/**
 * Checks the files to write before the work begins, rather than after it.
 * @param inputs paths that are read and must not be overwritten
 * @throws {VoxriskError} `io` when one cannot be written; `bad-setting` when one is an input, or is named
 *   twice
 */
export async function checkOutputs(
  outputs: readonly Pick<Output<never>, 'option' | 'path'>[],
  inputs: readonly string[],
): Promise<void> {
  const taken = new Map<string, string>()
  for (const input of inputs) taken.set((await targetOf(input)).identity, 'is also an input')
  for (const { option, path } of outputs) {
    const target = await targetOf(path)
    if (target.kind === 'directory') throw cannotWrite(path, 'is a directory')
    if (target.kind === 'special') continue
    await access(`${dirname(target.path)}/.`, constants.W_OK).catch(cause => {
      throw cannotWrite(path, folderProblem(cause), cause)
    })
    const clash = taken.get(target.identity)
    if (clash !== undefined) {
      throw new VoxriskError('bad-setting', `${option} ${path}: the file ${clash}`, 'Choose another file.')
    }
    taken.set(target.identity, `is also written by ${option}`)
  }
}

/**
 * Writes files, each completely or not at all. No file is replaced before all are written.
 * @throws {VoxriskError} `io`
 */
export async function writeOutputs<Result>(
  outputs: readonly Output<Result>[],
  result: Result,
): Promise<void> {
  const unfinished: { from: string; to: string; named: string }[] = []
  try {
    for (const { path: named, content } of outputs) {
      const { path: to, kind } = await targetOf(named)
      const from = kind === 'special' ? to : `${to}.${randomUUID()}`
      if (from !== to) unfinished.push({ from, to, named })
      const bytes = await content(result)
      await writeFile(from, bytes).catch(cause => {
        throw cannotWrite(named, (cause as Error).message, cause)
      })
    }
    for (const { from, to, named } of unfinished) {
      await rename(from, to).catch(cause => {
        throw cannotWrite(named, (cause as Error).message, cause)
      })
    }
  } catch (error) {
    for (const { from } of unfinished) await rm(from, { force: true })
    throw error
  }
}

async function targetOf(named: string): Promise<Target> {
  const path = await realpath(named).catch(() => undefined)
  if (path === undefined) {
    const folder = await realpath(dirname(named)).catch(() => dirname(named))
    return { path: named, kind: 'new', identity: join(folder, basename(named)) }
  }
  const facts = await stat(path, { bigint: true })
  const kind = facts.isFile() ? 'file' : facts.isDirectory() ? 'directory' : 'special'
  return { path, kind, identity: `${facts.dev}:${facts.ino}` }
}

function folderProblem(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'its folder does not exist'
  return code === 'EACCES' || code === 'EPERM' ? 'its folder is not writable' : message
}

function cannotWrite(path: string, problem: string, cause?: unknown): VoxriskError {
  return new VoxriskError('io', `${path}: ${problem}`, 'Choose a file that can be written.', { cause })
}
