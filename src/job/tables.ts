import type { DataType, Vector } from 'apache-arrow'
import type { Hotspot } from '../layers/trades/facts.ts'
import { MOMENTS } from '../layers/trades/moments.ts'
import type { MapReport } from './report.ts'

type Row = MapReport['hotspots'][number]
type Arrow = typeof import('apache-arrow')

/** One column of the table of hotspots. */
interface Column {
  readonly name: string
  readonly text: (row: Row) => string
  /** The column's values for Arrow. */
  readonly vector: (arrow: Arrow, rows: readonly Row[], report: MapReport) => Vector
}

/** A column with the same values in both tables: text in CSV, float64 in Arrow. */
function number(name: string, value: (row: Row) => number): Column {
  return {
    name,
    text: row => String(value(row)),
    vector: (arrow, rows) => arrow.makeVector(Float64Array.from(rows, value)),
  }
}

/** An integer below 2^53. */
function integer(name: string, value: (row: Row) => number | string): Column {
  return {
    name,
    text: row => String(value(row)),
    vector: (arrow, rows) => arrow.makeVector(BigInt64Array.from(rows, row => BigInt(value(row)))),
  }
}

/** A decimal: its text in CSV, the nearest float64 in Arrow. */
function decimal(name: string, value: (row: Row) => string | null): Column {
  return {
    name,
    text: row => value(row) ?? '',
    vector: (arrow, rows) =>
      arrow.vectorFromArray(
        rows.map(row => {
          const text = value(row)
          return text === null ? null : Number(text)
        }),
        new arrow.Float64(),
      ),
  }
}

/**
 * The start or the end of the time bin.
 * @param binsOn 0 for the start, 1 for the end
 */
function instant(name: string, value: (time: Hotspot['time']) => string, binsOn: number): Column {
  return {
    name,
    text: row => value(row.time),
    vector: (arrow, rows, { grid }) => {
      const micros = BigInt64Array.from(rows, row => BigInt(row.voxel.time + binsOn) * BigInt(grid.timeWidth))
      const type = new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, 'UTC')
      return arrow.makeVector(arrow.makeData({ type, length: micros.length, nullCount: 0, data: micros }))
    },
  }
}

const COLUMNS: readonly Column[] = [
  integer('rank', row => row.rank),
  number('score', row => row.score),
  instant('time_from', time => time.from, 0),
  instant('time_to', time => time.to, 1),
  decimal('price_from', row => row.price.from),
  decimal('price_to', row => row.price.to),
  decimal('size_from', row => row.size.from),
  decimal('size_to', row => row.size.to),
  number('trades', row => row.trades),
  number('volume', row => row.volume),
  number('imbalance', row => row.imbalance),
  number('volatility_bps', row => row.volatilityBps),
  ...MOMENTS.map(moment => integer(`smoothed_${moment}`, row => row.moments[moment])),
  integer('voxel_time', row => row.voxel.time),
  integer('voxel_price', row => row.voxel.price),
  integer('voxel_size', row => row.voxel.size),
]

/**
 * The hotspots as CSV (RFC 4180, but lines end in `\n`): a header and one row per hotspot. Times are ISO
 * 8601, prices and sizes exact decimals. `size_to` is empty when the size has no upper limit.
 */
export function hotspotsToCsv(report: MapReport): string {
  const lines = [
    COLUMNS.map(column => column.name),
    ...report.hotspots.map(row => COLUMNS.map(column => column.text(row))),
  ]
  return lines.map(fields => `${fields.join(',')}\n`).join('')
}

/**
 * The hotspots as an Arrow file (Feather 2), with the columns of {@link hotspotsToCsv}. Times are timestamps
 * in µs, UTC; ranks, smoothed moments and voxel numbers are int64; everything else is float64. Prices and
 * sizes are float64 too, so that a notebook can calculate with them; the voxel numbers stay exact. `size_to`
 * is null when the size has no upper limit. The schema's metadata holds the symbol, both digests and the
 * version of voxrisk.
 */
export async function hotspotsToArrow(report: MapReport): Promise<Uint8Array> {
  const arrow = await import('apache-arrow')
  const vectors = COLUMNS.map(column => column.vector(arrow, report.hotspots, report))
  const fields = COLUMNS.map(
    ({ name }, i) => new arrow.Field<DataType>(name, vectors[i].type, name === 'size_to'),
  )
  const metadata = new Map([
    ['voxrisk.version', report.voxrisk.version],
    ['voxrisk.symbol', report.instrument.symbol],
    ['voxrisk.digest.moments', report.digest.moments],
    ['voxrisk.digest.hotspots', report.digest.hotspots],
  ])
  const schema = new arrow.Schema(fields, metadata)
  const rows = arrow.makeData({
    type: new arrow.Struct(fields),
    length: report.hotspots.length,
    nullCount: 0,
    children: vectors.map(vector => vector.data[0]),
  })
  return arrow.tableToIPC(new arrow.Table(schema, new arrow.RecordBatch(schema, rows)), 'file')
}
