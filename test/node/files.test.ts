import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFile } from '../../src/node/files.ts'
import { findFiles } from '../../src/node/glob.ts'
import { fileFromBlob, type TradeFile } from '../../src/read/file.ts'
import { openTrades } from '../../src/read/source.ts'
import { needs } from '../support/needs.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-files-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

async function times(files: TradeFile | readonly TradeFile[]): Promise<number[]> {
  const source = await openTrades(files)
  const found: number[] = []
  for await (const chunk of source.chunks()) found.push(...chunk.time.subarray(0, chunk.length))
  return found.map(time => time / 1e6)
}

const row = (time: number) => `${time},276.5,1\n`

describe('findFiles', () => {
  test('expands patterns, in the order of names, each file once', async () => {
    for (const day of ['02', '01', '03']) await written(`days/2024-01-${day}.csv`, row(1_704_067_200))
    await written('days/2024-02-01.txt', 'x')
    const at = (name: string) => join(folder, 'days', name)
    const names = (paths: string[]) => paths.map(path => relative(folder, path))
    const days = ['01', '02', '03'].map(day => join('days', `2024-01-${day}.csv`))
    expect(names(await findFiles([at('2024-*.csv')]))).toEqual(days)
    expect(names(await findFiles([at('2024-01-03.csv'), at('**/*.csv'), at('2024-01-0[12].csv')]))).toEqual([
      days[2],
      days[0],
      days[1],
    ])
  })

  test('a path is taken as it is, also one that looks like a pattern or does not exist', async () => {
    const odd = await written('odd[1]*.csv', row(1_704_067_200))
    expect(await findFiles([odd, 'no such file'])).toEqual([odd, 'no such file'])
  })

  test('a pattern that matches nothing is refused', async () => {
    const pattern = join(folder, '*.parquet')
    await expect(findFiles([pattern])).rejects.toMatchObject({
      code: 'bad-data',
      message: `${pattern}: no file matches`,
    })
  })
})

describe('openFile', () => {
  test('the same bytes by stream and by slice', async () => {
    const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => (i * i) % 251)
    const path = join(folder, 'a.bin')
    await writeFile(path, bytes)
    const file = await openFile(path)
    expect([file.name, file.size]).toEqual(['a.bin', 700_000])
    for (let round = 0; round < 2; round++) {
      const parts: Uint8Array[] = []
      for await (const part of file.stream()) parts.push(part)
      expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    }
    expect(await file.slice(10, 13)).toEqual(bytes.slice(10, 13))
    expect(await file.slice(699_999, 800_000)).toEqual(bytes.slice(699_999))
    expect(await file.slice(800_000, 800_001)).toEqual(new Uint8Array(0))
    expect(await file.slice(5, 5)).toEqual(new Uint8Array(0))
  })

  const refused = (path: string, message: RegExp) =>
    expect(openFile(path)).rejects.toThrow(
      expect.objectContaining({
        code: 'bad-data',
        message: expect.stringMatching(message),
        fix: expect.stringMatching(/\.$/),
      }),
    )

  test('files that cannot be opened', async () => {
    await writeFile(join(folder, 'f'), '')
    await refused(join(folder, 'none'), /none: does not exist$/)
    await refused(join(folder, 'f', 'x'), /x: does not exist$/)
    await refused(folder, /: a directory$/)
    await refused('/dev/null', /^\/dev\/null: not a regular file$/)
  })

  test(
    'files that may not be read',
    needs(process.getuid?.() !== 0, 'root may read every file'),
    async () => {
      await writeFile(join(folder, 'secret'), '', { mode: 0 })
      await refused(join(folder, 'secret'), /secret: may not be read$/)
    },
  )

  test('gzip on disk is read as gzip in memory is, broken or whole', async () => {
    const text = Array.from({ length: 100_000 }, (_, i) => row(1_704_067_200 + i)).join('')
    const packed = gzipSync(text)
    const whole = await openFile(await written('whole.gz', packed))
    const expected = await times(fileFromBlob(new Blob([packed]), 'whole.gz'))
    expect(expected).toHaveLength(100_000)
    expect(await times(whole)).toEqual(expected)
    const twice = await openFile(
      await written('twice.gz', Buffer.concat([packed, gzipSync(row(1_805_000_000))])),
    )
    expect(await times(twice)).toHaveLength(100_001)

    const cut = await openFile(await written('cut.gz', packed.subarray(0, packed.length >> 1)))
    await expect(times(cut)).rejects.toThrow(
      /^cut\.gz: breaks off after row \d+,\d{3}: unexpected end of file$/,
    )
    const damaged = packed.slice()
    damaged.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64)
    const broken = await openFile(await written('broken.gz', damaged))
    await expect(times(broken)).rejects.toThrow(/^broken\.gz: breaks off after row \d+,\d{3}: /)
  })

  test('a reading that is left closes the file', async () => {
    const text = Array.from({ length: 300_000 }, (_, i) => row(1_704_067_200 + i)).join('')
    for (const [name, content] of [
      ['plain.csv', text],
      ['packed.gz', gzipSync(text)],
    ] as const) {
      const file = await openFile(await written(name, content))
      const before = await openHandles()
      for (let i = 0; i < 20; i++) {
        for await (const chunk of (await openTrades(file)).chunks()) {
          expect(chunk.length).toBeGreaterThan(0)
          break
        }
      }
      await expect.poll(openHandles, { timeout: 120_000 }).toBeLessThanOrEqual(before)
    }
  })

  test('a file that is removed before it is read', async () => {
    const path = await written('gone.csv', row(1_704_067_200))
    const file = await openFile(path)
    await rm(path)
    await expect(openTrades(file)).rejects.toThrow(/gone\.csv: does not exist$/)
  })
})

/** Files of this test that the process holds open; 0 if the system cannot tell. */
async function openHandles(): Promise<number> {
  const { readdir, readlink } = await import('node:fs/promises')
  const numbers = await readdir('/proc/self/fd').catch(() => [])
  const links = await Promise.all(numbers.map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return links.filter(link => link.startsWith(folder)).length
}

describe('zstd', () => {
  // zstd -19 of the two rows below, by the reference implementation.
  const packed = Buffer.from(
    'KLUv/QRoTQEA4oIHCqAvBmCD1a6K3RHw/6/oxMF/7iPHXyeYFHaHdhVOAgBgCIxCPQFlUNcJ',
    'base64',
  )
  const text = '1633046554,276.53000,0.10970000\n1633046555,276.5,18.90000000\n'

  test.each(['in memory', 'on disk'])('%s', async where => {
    const open = async (name: string, content: Uint8Array<ArrayBuffer>) =>
      where === 'on disk' ? openFile(await written(name, content)) : fileFromBlob(new Blob([content]), name)
    expect(await times(fileFromBlob(new Blob([text]), 'x'))).toEqual([1_633_046_554, 1_633_046_555])
    expect(await times(await open('x.zst', packed))).toEqual([1_633_046_554, 1_633_046_555])
    for (const length of [packed.length - 1, packed.length >> 1, 20]) {
      const cut = await open('cut.zst', packed.subarray(0, length))
      await expect(times(cut)).rejects.toThrow(
        /^cut\.zst: breaks off (before its first row|after row [12]): /,
      )
    }
  })
})
