import type { TimeUnit } from '../../units/decimal.ts'
import { namedColumns, obviousColumns, unitByMagnitude, unknownUnit } from '../columns.ts'
import { delimited, type Format, isPlainDecimal, splitFields } from '../format.ts'

/**
 * Any delimited text (`,` `;` or tab) with one trade per line. The columns are named by the caller or by a
 * header with obvious names. The unit of a numeric time is given by the caller or guessed from the magnitude
 * of the first one.
 */
export const csv: Format = {
  name: 'csv',
  read({ lines }, options) {
    const delimiter = pickDelimiter(lines[0])
    const first = splitFields(lines[0], delimiter)
    const obvious = options.columns ? undefined : obviousColumns(first)
    const named = options.columns
      ? namedColumns(options.columns, first)
      : obvious && { columns: obvious, byName: true }
    if (named === undefined) return undefined
    const { columns, byName } = named
    // A row with a time is data, however bad its price, so that a trade is never mistaken for a header.
    const header = byName || (!/^\d/.test(first[columns.time]) && !isPlainDecimal(first[columns.price]))
    const timeUnit = options.timeUnit ?? guessTimeUnit(lines.slice(header ? 1 : 0), delimiter, columns.time)
    return delimited({ delimiter: delimiter.charCodeAt(0), header, columns, timeUnit })
  },
}

function pickDelimiter(line: string): string {
  const count = (delimiter: string) => splitFields(line, delimiter).length
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best))
}

/** @param rows the first rows; the last may be cut off */
function guessTimeUnit(rows: readonly string[], delimiter: string, column: number): TimeUnit {
  for (const [i, row] of rows.entries()) {
    const fields = splitFields(row, delimiter)
    // A cut-off time has the wrong magnitude. The time is complete only if another field follows.
    if (i > 0 && i === rows.length - 1 && fields.length <= column + 1) break
    const time = fields[column] ?? ''
    if (/^\d{4}-\d\d-\d\d/.test(time)) return 'iso'
    if (isPlainDecimal(time)) return unitByMagnitude(Number(time), time)
  }
  if (rows.length === 0) return 's'
  const shown = (splitFields(rows[0], delimiter)[column] ?? '').slice(0, 40)
  throw unknownUnit('bad-data', `row 1: time "${shown}" is neither a date nor a number`)
}
