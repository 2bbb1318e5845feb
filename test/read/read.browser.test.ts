import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileFromBlob } from '../../src/read/file.ts'
import type { OpenOptions } from '../../src/read/source.ts'
import { readFiles } from '../support/browser-work.ts'
import { type Chrome, openChrome } from '../support/chrome.ts'
import { zip } from '../support/trade-files.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const PYARROW: OpenOptions = {
  columns: {
    time: 'time_us',
    price: 'price_double',
    size: 'size_double',
    side: 'side_text',
    symbol: 'symbol',
  },
}
/** Options for reading each file, by name. */
const FILES: Record<string, OpenOptions> = {
  'trades.csv': {},
  'trades.csv.gz': {},
  // With `.gz` the browser would unpack it, and Chrome leaves out all members but the first.
  'members.csv.gzip': {},
  'symbols.zip': { symbol: 'TWO' },
  'kraken.csv.zst': {},
  'duckdb-brotli.parquet': {},
  'duckdb-gzip.parquet': {},
  'duckdb-lz4_raw.parquet': {},
  'duckdb-snappy.parquet': {},
  'duckdb-uncompressed.parquet': {},
  'duckdb-zstd.parquet': {},
  'pyarrow.parquet': PYARROW,
  'pyarrow-encodings.parquet': PYARROW,
  'pyarrow-lz4.arrow': PYARROW,
  'pyarrow-zstd.arrow': PYARROW,
  'pyarrow.arrows': PYARROW,
}
/** Two rows as Kraken publishes them, by zstd -19 of the reference implementation. */
const ZSTD = 'KLUv/QRoTQEA4oIHCqAvBmCD1a6K3RHw/6/oxMF/7iPHXyeYFHaHdhVOAgBgCIxCPQFlUNcJ'

let folder = ''
let chrome: Chrome

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-read-'))
  for (const name of await readdir(FIXTURES)) {
    await writeFile(join(folder, name), await readFile(join(FIXTURES, name)))
  }
  const csv = await readFile(join(FIXTURES, 'trades.csv'))
  const middle = csv.indexOf('\n', csv.length / 2) - 7 // within a row
  const made: Record<string, Uint8Array> = {
    'trades.csv.gz': gzipSync(csv),
    'members.csv.gzip': Buffer.concat([gzipSync(csv.subarray(0, middle)), gzipSync(csv.subarray(middle))]),
    'symbols.zip': await zip({
      'ONE.csv': 'time,price,size\n1633046554,1.5,1\n',
      'TWO.csv': 'time,price,size\n1633046554,2.5,1\n1633046555,2.6,3\n',
    }),
    'kraken.csv.zst': Buffer.from(ZSTD, 'base64'),
  }
  for (const [name, bytes] of Object.entries(made)) await writeFile(join(folder, name), bytes)
  chrome = await openChrome({ serve: folder })
})

afterAll(async () => {
  await chrome?.close()
  await rm(folder, { recursive: true, force: true })
})

/** The result in Node for the same bytes. */
async function inNode(name: string) {
  const bytes = await readFile(join(folder, name))
  const contents = await readFiles([fileFromBlob(new Blob([bytes]), name)], FILES[name])
  expect(contents.time.length).toBeGreaterThan(1)
  return contents
}

const requestsFor = (path: string) => chrome.requests.filter(request => request.split(' ')[1] === path)

describe.each(['document', 'worker'] as const)('read in a %s', place => {
  test.each(Object.keys(FILES))(
    '%s, chosen by the user: as in Node, and nothing leaves the browser',
    async name => {
      await chrome.choose(join(folder, name))
      const expected = await inNode(name)
      // The first reading may fetch the reader's own code, which is loaded when a file needs it.
      expect(await chrome.run(place, 'readFiles', FILES[name])).toEqual(expected)
      const before = chrome.requests.length
      expect(await chrome.run(place, 'readFiles', FILES[name])).toEqual(expected)
      expect(chrome.requests.slice(before)).toEqual([])
    },
  )

  test.each(Object.keys(FILES))('%s, fetched by ranges and whole', async name => {
    const { account, ...expected } = await inNode(name)
    for (const path of [`/files/${name}`, `/whole/${name}`]) {
      const { account: found, ...contents } = await chrome.run(place, 'readUrl', path, FILES[name])
      expect({ path, ...contents }).toEqual({ path, ...expected })
      expect(found).toEqual(account)
    }
  })
})

describe('a file on a server', () => {
  test('of a Parquet file and a zip only parts are fetched', async () => {
    for (const name of ['pyarrow.parquet', 'symbols.zip']) {
      const before = requestsFor(`/files/${name}`).length
      await chrome.run('document', 'readUrl', `/files/${name}`, FILES[name])
      const requests = requestsFor(`/files/${name}`).slice(before)
      expect(requests.length).toBeGreaterThan(2)
      expect(requests.filter(request => !request.includes(' bytes='))).toEqual([])
    }
  })

  test('without ranges it is fetched once', async () => {
    const before = requestsFor('/whole/trades.csv').length
    await chrome.run('document', 'readUrl', '/whole/trades.csv')
    expect(requestsFor('/whole/trades.csv').slice(before)).toEqual(['GET /whole/trades.csv bytes=0-0'])
  })

  test('that a server sends packed is fetched whole and unpacked on the way', async () => {
    const { account } = await chrome.run('document', 'readUrl', '/files/trades.csv.gz')
    expect(account).toEqual((await inNode('trades.csv.gz')).account)
    expect(requestsFor('/files/trades.csv.gz')).toContain('GET /files/trades.csv.gz')
  })

  test('that is not there', async () => {
    await expect(chrome.run('document', 'readUrl', '/files/none.csv')).rejects.toThrow(
      '/files/none.csv: the server answers 404 Not Found',
    )
  })

  test('on another origin, which the content policy forbids', async () => {
    await expect(chrome.run('document', 'readUrl', 'http://localhost:9/x.csv')).rejects.toThrow(
      'http://localhost:9/x.csv: cannot be fetched: ',
    )
  })
})

test('Snappy by WebAssembly, in a document whose policy allows it', async () => {
  const lenient = await openChrome({ lenient: true })
  try {
    await lenient.choose(join(folder, 'duckdb-snappy.parquet'))
    expect(await lenient.run('document', 'readFiles')).toEqual(await inNode('duckdb-snappy.parquet'))
    expect(lenient.complaints).toEqual([])
  } finally {
    await lenient.close()
  }
})
