import type { TimeUnit } from './decimal.ts'
import type { RowLayout } from './delimited.ts'

/** A column: its name (any case) or its number, counted from 1. */
export type ColumnName = string | number

/** Which columns of a `csv`, Parquet or Arrow file hold what. */
export interface CsvColumns {
  readonly time: ColumnName
  readonly price: ColumnName
  readonly size: ColumnName
  /** Aggressor side, spelled buy/sell, b/s or 1/-1. */
  readonly side?: ColumnName
  /** Instead of the side: whether the buyer's order rested (`true` is a sell by the aggressor). */
  readonly buyerIsMaker?: ColumnName
  readonly symbol?: ColumnName
  /** Trade id, a whole number; gaps are counted. */
  readonly id?: ColumnName
  /** Whether the venue marks the print as suspicious: 0 or 1, false or true. */
  readonly flag?: ColumnName
}

/** What a caller may say about the rows of a file. */
export interface FormatOptions {
  readonly columns?: CsvColumns
  readonly timeUnit?: TimeUnit
}

/** A format of trade files: how to tell it by its first lines, and how its rows are laid out. */
export interface Format {
  readonly name: string
  /** Whether a zip member is named after the symbol it holds. */
  readonly symbolNamesMember?: boolean
  /**
   * @param lines the first lines of the unpacked text, empty ones left out; the last may be cut off
   * @returns how to read the rows; undefined when the first line is not of this format
   * @throws {VoxriskError} `bad-setting` when the caller's options contradict the file
   */
  layout(lines: readonly string[], options: FormatOptions): RowLayout | undefined
}

/** The fields of one line, without quotes and padding, as the row reader would see them. */
export function splitFields(line: string, delimiter: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const character = line[i]
    if (quoted) {
      if (character !== '"') field += character
      else if (line[i + 1] === '"') field += line[++i]
      else quoted = false
    } else if (character === '"' && unpadded(field) === '') {
      field = ''
      quoted = true
    } else if (character === delimiter) {
      fields.push(unpadded(field))
      field = ''
    } else {
      field += character
    }
  }
  fields.push(unpadded(field))
  return fields
}

function unpadded(field: string): string {
  return field.replace(/^[\s\0]+|[\s\0]+$/g, '')
}

/** Whether a field is an unsigned decimal in plain digits. */
export function isPlainDecimal(field: string): boolean {
  return /^\d+(\.\d*)?$/.test(field)
}
