import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/**
 * Libraries that the packaged Chromium links to and a bare Linux lacks. Fonts and the crypto modules are not
 * needed to open a document.
 */
const LIBRARIES = [
  'libexpat.so.1',
  'libnspr4.so',
  'libnss3.so',
  'libnssutil3.so',
  'libplc4.so',
  'libplds4.so',
]

/**
 * Unpacks those libraries from the npm package `@sparticuz/chromium` into `lib/` of a folder.
 * @throws {Error} when the system's tar is missing or fails
 */
export function unpackChromiumLibraries(folder: string): void {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const packed = join(dirname(entry), '..', '..', 'bin', 'al2023.tar.br')
  const { status, error, stderr } = spawnSync(
    'tar',
    ['x', '-C', folder, ...LIBRARIES.map(name => `lib/${name}`)],
    { input: brotliDecompressSync(readFileSync(packed)) },
  )
  if (status !== 0) throw new Error(`tar did not unpack ${packed}: ${error?.message ?? stderr}`)
}
