/**
 * Compares reading trade files with DuckDB, from the file on disk to typed arrays of time, price, size and
 * side: text and gzip, on one core.
 *
 *         npm run build && npm install --no-save @duckdb/node-api
 *         taskset -c 0 npx tsx --tsconfig tsconfig.built.json bench/peers/duckdb-read.ts FILE ...
 *
 * Pin the process to one core, as above: DuckDB gets one thread, but this process has others. The contestants
 * take turns, with one warm-up and five repeats each. DuckDB is given the type of every column (so it need
 * not detect them), may return doubles, and its arrays are not copied. voxrisk returns exact integers and
 * counts the rows it rejects. Before anything is timed, the number of rows and the sums of price and size
 * must agree. Files must have one of the formats that have a query below.
 */
import { open } from 'node:fs/promises'
import { cpus } from 'node:os'
import { createGunzip } from 'node:zlib'
import { openTrades } from 'voxrisk'
import { openFile } from 'voxrisk/node'
import { count } from '../report/text.ts'

const REPEATS = 5

/** The part of `@duckdb/node-api` used here, because the package is not a dependency of the project. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, settings: Record<string, string>): Promise<{ connect(): Promise<Connection> }>
  }
  version(): string
}
interface Connection {
  stream(sql: string): Promise<{ fetchChunk(): Promise<DataChunk | null> }>
}
interface DataChunk {
  readonly rowCount: number
  readonly columnCount: number
  getColumnVector(column: number): { readonly items: Float64Array | Int8Array }
}

/** By voxrisk's format name: time, price, size and, if the file has it, side. */
const QUERIES: Readonly<Record<string, (path: string) => string>> = {
  bybit: path => `
    SELECT timestamp, price, size, CASE side WHEN 'Buy' THEN 1::TINYINT ELSE -1::TINYINT END
    FROM read_csv('${path}', header = true, delim = ',', columns = {
      'timestamp': 'DOUBLE', 'symbol': 'VARCHAR', 'side': 'VARCHAR', 'size': 'DOUBLE', 'price': 'DOUBLE',
      'tickDirection': 'VARCHAR', 'trdMatchID': 'VARCHAR', 'grossValue': 'VARCHAR', 'homeNotional': 'VARCHAR',
      'foreignNotional': 'VARCHAR'})`,
  kraken: path => `
    SELECT time, price, size
    FROM read_csv('${path}', header = false, delim = ',', columns = {
      'time': 'DOUBLE', 'price': 'DOUBLE', 'size': 'DOUBLE'})`,
}

interface Columns {
  readonly price: ArrayLike<number>
  readonly size: ArrayLike<number>
  readonly length: number
  /** What one unit of the columns is. */
  readonly priceUnit: number
  readonly sizeUnit: number
}

async function readWithVoxrisk(path: string): Promise<Columns[]> {
  const file = await openFile(path)
  const parts: Columns[] = []
  for await (const { price, size, length, priceDecimals, sizeDecimals } of (
    await openTrades(file)
  ).chunks()) {
    parts.push({ price, size, length, priceUnit: 10 ** -priceDecimals, sizeUnit: 10 ** -sizeDecimals })
  }
  return parts
}

async function readWithDuckDb(connection: Connection, sql: string): Promise<Columns[]> {
  const result = await connection.stream(sql)
  const parts: Columns[] = []
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return parts
    const columns = Array.from({ length: chunk.columnCount }, (_, i) => chunk.getColumnVector(i).items)
    parts.push({ price: columns[1], size: columns[2], length: chunk.rowCount, priceUnit: 1, sizeUnit: 1 })
  }
}

function totals(parts: readonly Columns[]): { rows: number; price: number; size: number } {
  const sum = { rows: 0, price: 0, size: 0 }
  for (const { price, size, length, priceUnit, sizeUnit } of parts) {
    sum.rows += length
    for (let i = 0; i < length; i++) {
      sum.price += price[i] * priceUnit
      sum.size += size[i] * sizeUnit
    }
  }
  return sum
}

/** Sums of millions of doubles agree to within this. */
const TOLERANCE = 1e-9

function mustAgree(path: string, ours: ReturnType<typeof totals>, theirs: ReturnType<typeof totals>): void {
  for (const key of ['rows', 'price', 'size'] as const) {
    if (Math.abs(ours[key] - theirs[key]) <= TOLERANCE * Math.abs(ours[key])) continue
    throw new Error(`${path}: ${key} adds up to ${ours[key]} in voxrisk and to ${theirs[key]} in DuckDB`)
  }
}

/** Bytes of the text, unpacked. */
async function textBytes(path: string): Promise<number> {
  const file = await open(path)
  const bytes = file.createReadStream()
  let length = 0
  for await (const part of path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes) length += part.length
  return length
}

async function seconds(step: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await step()
  return (performance.now() - from) / 1000
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]
}

async function importDuckDb(): Promise<DuckDb> {
  // Not a literal in the import, so that types can be checked without the package.
  const name = '@duckdb/node-api'
  return (await import(name)) as DuckDb
}

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error(
    `Give files of trades (${Object.keys(QUERIES).join(', ')}; plain or .gz), e.g.\n` +
      '  taskset -c 0 npx tsx --tsconfig tsconfig.built.json bench/peers/duckdb-read.ts BTCUSD2019-10-01.csv BTCUSD2019-10-01.csv.gz AAVEUSD.csv',
  )
  process.exit(1)
}
const duckDb = await importDuckDb().catch(() => {
  console.error('@duckdb/node-api is not installed: npm install --no-save @duckdb/node-api')
  process.exit(1)
})
const instance = await duckDb.DuckDBInstance.create(':memory:', { threads: '1' })
const connection = await instance.connect()

console.log(`${cpus()[0].model}, Node ${process.version}, DuckDB ${duckDb.version()}, ${REPEATS} repeats\n`)
console.log('| file | reader | median s (least to most) | million rows/s | MB/s of text | times DuckDB |')
console.log('|---|---|---|---|---|---|')
for (const path of files) {
  const file = await openFile(path)
  const { format } = await openTrades(file)
  const query = QUERIES[format]
  if (query === undefined) throw new Error(`${path}: this script has no query for format ${format}`)
  const sql = query(path.replaceAll("'", "''"))
  const contestants = {
    voxrisk: () => readWithVoxrisk(path),
    DuckDB: () => readWithDuckDb(connection, sql),
  }

  const ours = totals(await contestants.voxrisk()) // also the warm-up
  mustAgree(path, ours, totals(await contestants.DuckDB()))
  const times: Record<keyof typeof contestants, number[]> = { voxrisk: [], DuckDB: [] }
  for (let i = 0; i < REPEATS; i++) {
    times.voxrisk.push(await seconds(contestants.voxrisk))
    times.DuckDB.push(await seconds(contestants.DuckDB))
  }

  const megabytes = (await textBytes(path)) / 1e6
  for (const reader of ['voxrisk', 'DuckDB'] as const) {
    const middle = median(times[reader])
    const spread = `${Math.min(...times[reader]).toFixed(2)} to ${Math.max(...times[reader]).toFixed(2)}`
    const cells = [
      reader === 'voxrisk' ? `${path.split('/').pop()} (${count(ours.rows)} rows)` : '',
      reader,
      `${middle.toFixed(2)} (${spread})`,
      (ours.rows / middle / 1e6).toFixed(2),
      (megabytes / middle).toFixed(0),
      reader === 'voxrisk' ? (median(times.DuckDB) / middle).toFixed(2) : '',
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}
