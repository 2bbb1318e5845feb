/**
 * DuckDB: computes the raw moments of every touched voxel in SQL, with exact integers. It has no smoothing,
 * so it stops there. Plain JavaScript, so that Node can run it from a bundle.
 *
 *         node duckdb-bin.mjs FOLDER
 *
 * FOLDER is the one that run-peers.ts wrote. The package is resolved as usual, or in the folder named by
 * VOXRISK_DUCKDB. The timed part is the query, from ticks in a table in memory to voxels in another. Loading
 * the ticks is not timed, because a user of DuckDB already has them there. Increments and sides are given, as
 * for all peers.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const PACKAGE = '@duckdb/node-api'
/** Rows per chunk; DuckDB's own limit. */
const CHUNK_ROWS = 2048

const folder = process.argv[2]
const task = JSON.parse(await readFile(join(folder, 'task.json'), 'utf8'))

/** Numbers of a result as float64, which is exact because they are below 2^53. */
const VOXELS_IN_ORDER = `
  SELECT time_bin::DOUBLE, size_bin::DOUBLE, price_bin::DOUBLE,
    trades::DOUBLE, volume::DOUBLE, flow::DOUBLE, variation::DOUBLE, covariation::DOUBLE
  FROM voxels ORDER BY time_bin, size_bin, price_bin`

function binQuery({ priceWidth, timeWidth, sizeResolution, sizeBins }) {
  // floor(log2()) is exact for 32 bits: apart from powers of two, no such number has a logarithm within 1e-10
  // of an integer.
  const octave = `(floor(log2(lots))::BIGINT - ${sizeResolution})`
  const sizeBin = `CASE WHEN ${octave} < 0 THEN lots - 1
    ELSE (${octave} << ${sizeResolution}) + (lots >> greatest(${octave}, 0)) - 1 END`
  return `
    CREATE OR REPLACE TABLE voxels AS
    SELECT
      time // ${timeWidth} AS time_bin,
      least(${sizeResolution === 0 ? 'floor(log2(lots))::BIGINT' : sizeBin}, ${sizeBins - 1}) AS size_bin,
      price // ${priceWidth} AS price_bin,
      count(*) AS trades,
      sum(size)::BIGINT AS volume,
      sum(side * size)::BIGINT AS flow,
      sum(increment * increment)::BIGINT AS variation,
      sum(increment * previousIncrement)::BIGINT AS covariation
    FROM (SELECT *, greatest(size, 1) AS lots FROM ticks)
    GROUP BY time_bin, size_bin, price_bin`
}

async function column(name, ArrayType) {
  const bytes = await readFile(join(folder, name))
  return new ArrayType(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

/** Loads the ticks into a table of integers. */
async function load(duckDb, connection) {
  const { DOUBLE, UINTEGER, TINYINT, DuckDBDataChunk } = duckDb
  const columns = [
    { values: await column('time', Float64Array), type: DOUBLE },
    { values: await column('price', Uint32Array), type: UINTEGER },
    { values: await column('size', Uint32Array), type: UINTEGER },
    { values: await column('side', Int8Array), type: TINYINT },
    { values: await column('increment', Float64Array), type: DOUBLE },
    { values: await column('previousIncrement', Float64Array), type: DOUBLE },
  ]
  await connection.run(`
    CREATE TABLE given (time DOUBLE, price UINTEGER, size UINTEGER, side TINYINT, increment DOUBLE,
      previousIncrement DOUBLE)`)
  const appender = await connection.createAppender('given')
  const types = columns.map(({ type }) => type)
  for (let from = 0; from < task.ticks; from += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, task.ticks - from)
    const chunk = DuckDBDataChunk.create(types, rows)
    for (const [i, { values }] of columns.entries()) {
      const vector = chunk.getColumnVector(i)
      vector.items.set(values.subarray(from, from + rows))
      vector.flush()
    }
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
  await connection.run(`
    CREATE TABLE ticks AS
    SELECT time::BIGINT AS time, price, size::BIGINT AS size, side, increment::BIGINT AS increment,
      previousIncrement::BIGINT AS previousIncrement
    FROM given`)
  await connection.run('DROP TABLE given')
}

async function writeVoxels(connection, when) {
  const result = await connection.stream(VOXELS_IN_ORDER)
  const rows = []
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    const columns = Array.from({ length: chunk.columnCount }, (_, i) => chunk.getColumnVector(i).items)
    const part = new Float64Array(chunk.rowCount * columns.length)
    for (const [i, values] of columns.entries()) {
      for (let row = 0; row < chunk.rowCount; row++) part[row * columns.length + i] = values[row]
    }
    rows.push(Buffer.from(part.buffer))
  }
  await writeFile(join(folder, `${when}-moments`), Buffer.concat(rows))
}

/** Smallest observed step of the clock, in seconds. */
function clockQuantum() {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 1000; i++) {
    const start = process.hrtime.bigint()
    let now = start
    while (now === start) now = process.hrtime.bigint()
    least = Math.min(least, Number(now - start) / 1e9)
  }
  return least
}

async function importDuckDb() {
  const place = process.env.VOXRISK_DUCKDB
  if (!place) return import(PACKAGE)
  return import(pathToFileURL(createRequire(join(place, 'package.json')).resolve(PACKAGE)).href)
}

async function run(duckDb) {
  const instance = await duckDb.DuckDBInstance.create(':memory:', { threads: String(task.threads) })
  const connection = await instance.connect()
  await load(duckDb, connection)
  const query = binQuery(task.grid)
  const until = performance.now() + task.secondsAtMost * 1000
  for (let i = 0; i < Math.max(task.warmUps, 1); i++) {
    await connection.run(query)
    if (i === 0) await writeVoxels(connection, 'before')
  }
  const seconds = []
  for (let i = 0; i < task.repeats && (i === 0 || performance.now() < until); i++) {
    const from = process.hrtime.bigint()
    await connection.run(query)
    seconds.push(Number(process.hrtime.bigint() - from) / 1e9)
  }
  await writeVoxels(connection, 'after')
  const cores = task.threads === 1 ? '1 thread' : `${task.threads} threads`
  return {
    label: `DuckDB ${duckDb.version().replace(/^v/, '')}, ${cores}`,
    runsOn: `Node ${process.version}, ${cores}`,
    cores: task.threads,
    seconds: { bin: seconds },
    clockQuantum: clockQuantum(),
  }
}

const duckDb = await importDuckDb().catch(error => ({ missing: String(error.message).split('\n')[0] }))
const result = duckDb.missing ? duckDb : await run(duckDb)
await writeFile(join(folder, 'result.json'), JSON.stringify(result))
