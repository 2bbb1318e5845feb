/**
 * Makes the bundle that runs the equality suite and the benchmark on a GPU machine without a network:
 *
 *         npm run bench:bundle -- [--chrome] [--no-archive] [--out FOLDER]
 *
 * Writes voxrisk-bench/ and voxrisk-bench.tar.xz into FOLDER (default bench/bundled). With `--chrome` it also
 * writes voxrisk-bench-chromium.tar.xz, which unpacks into the same folder. Linux x64; needs GNU tar and xz.
 * The programs in bench/built must have been built. Packing takes minutes, and the same input gives the same
 * bytes.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFolder } from './bundle/folder.ts'
import { Trouble } from './trouble.ts'

const NAME = 'voxrisk-bench'
/** Largest archive we allow, in MiB. An archive that people carry to a machine must not grow unnoticed. */
const LIMIT = 35
const CHROMIUM_LIMIT = 62
const MIB = 2 ** 20

/**
 * x86: makes jumps absolute, so that calls of one function look alike; 5 % smaller. One thread: keeps the
 * bytes the same.
 */
const XZ = 'xz --threads=1 --x86 --lzma2=preset=9e,dict=256MiB'
const SAME_BYTES =
  '--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u+w,go-w,a+rX --format=ustar'

const { values } = parseArgs({
  options: {
    chrome: { type: 'boolean', default: false },
    archive: { type: 'boolean', default: true },
    out: { type: 'string', default: join(import.meta.dirname, 'bundled') },
  },
  allowNegative: true,
})
try {
  const out = resolve(values.out)
  mkdirSync(out, { recursive: true })
  await writeFolder({
    built: join(import.meta.dirname, 'built'),
    to: join(out, NAME),
    chromium: values.chrome,
  })
  console.log(shown(join(out, NAME)))
  if (values.archive) {
    pack(out, `${NAME}.tar.xz`, [`--exclude=${NAME}/chromium`, NAME], LIMIT)
    if (values.chrome) pack(out, `${NAME}-chromium.tar.xz`, [`${NAME}/chromium`], CHROMIUM_LIMIT)
  }
} catch (error) {
  if (!(error instanceof Trouble)) throw error
  console.error(`bench:bundle: ${error.message}. ${error.fix}`)
  process.exitCode = 1
}

/** @throws {Trouble} `io` when tar or xz fail, or the archive is larger than `limit` MiB */
function pack(folder: string, name: string, members: readonly string[], limit: number): void {
  const archive = join(folder, name)
  const start = performance.now()
  const { status, error } = spawnSync(
    'tar',
    ['-c', '-f', archive, ...SAME_BYTES.split(' '), `--use-compress-program=${XZ}`, '-C', folder, ...members],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (status !== 0) {
    rmSync(archive, { force: true })
    throw new Trouble(
      `tar and xz made no ${name}: ${error?.message ?? `exit status ${status}`}`,
      'Install GNU tar and xz (Debian: xz-utils), or give --no-archive.',
    )
  }
  const { size } = statSync(archive)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(
    `${shown(archive)}  ${(size / MIB).toFixed(1)} MiB (${(size / 1e6).toFixed(1)} MB), ${seconds} s`,
  )
  if (size > limit * MIB) {
    throw new Trouble(
      `${name} is larger than ${limit} MiB`,
      'Find out what grew. Another major version of Node can be the cause.',
    )
  }
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path
}
