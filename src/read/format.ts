import type { ReadAccount, TradeChunk } from '../events/trades.ts'
import type { Counts } from '../units/counts.ts'
import type { TimeUnit } from '../units/decimal.ts'
import { RowReader } from './rows/delimited.ts'
import type { RowLayout } from './rows/layout.ts'
import type { Rejection } from './rows/rejection.ts'

/** A column: its name (in any case), or its number counted from 1. */
export type ColumnName = string | number

/** Which column of a `csv`, Parquet or Arrow file plays which role. */
export interface CsvColumns {
  /** Time of the trade. Its unit is guessed from the first value unless it is given. */
  readonly time: ColumnName
  /** Price, a decimal number above 0. */
  readonly price: ColumnName
  /** Size, a decimal number above 0. */
  readonly size: ColumnName
  /** Aggressor side, spelled buy/sell, b/s or 1/-1. */
  readonly side?: ColumnName
  /** Instead of the side: whether the buyer's order rested (`true` means that the aggressor sold). */
  readonly buyerIsMaker?: ColumnName
  /** Instrument of the row, for files with several. */
  readonly symbol?: ColumnName
  /** Trade id, a whole number; gaps are counted. */
  readonly id?: ColumnName
  /** Whether the venue marks the print as suspicious: 0 or 1, false or true. */
  readonly flag?: ColumnName
}

/** What a caller may specify about the rows of a file. */
export interface FormatOptions {
  /** Columns of a `csv`, Parquet or Arrow file; found by their names by default. */
  readonly columns?: CsvColumns
  /** Unit of the time column of such a file; guessed from its first value by default. */
  readonly timeUnit?: TimeUnit
  /** IANA name of the time zone that defines the feed's day (`lean`); that of its market by default. */
  readonly timeZone?: string
  /**
   * Stream of a websocket recording, e.g. `btcusdt@aggTrade`; required when it holds several streams of
   * trades.
   */
  readonly stream?: string
}

/** Turns the bytes of one text into trades, in feed order, and keeps an account of its rows. */
export interface Rows {
  readonly account: ReadAccount
  /**
   * The requested symbol, otherwise that of the first trade; empty before the first trade and when the rows
   * carry no symbol.
   */
  readonly symbol: string
  readonly firstRejection: Rejection | undefined
  /** Reads the next bytes. Rows are read as the chunks are consumed. @returns the chunks filled so far */
  push(bytes: Uint8Array): Iterable<TradeChunk>
  /** Reads what remains after the last byte. */
  end(): Iterable<TradeChunk>
}

/** How to read the rows of one text. */
export interface Reading {
  /**
   * @param symbol symbol to read, in any case; empty: that of the first trade, and a second one is an error
   */
  newRows(symbol: string): Rows
  /** Rows that count trades by symbol into `census` and give no chunks; only if the rows carry symbols. */
  readonly newCensus: ((census: Counts) => Rows) | undefined
}

/** How a text begins. */
export interface TextStart {
  /** The first lines without empty ones. The last may be cut off if there are several. */
  readonly lines: readonly string[]
  /** Path of the text, for formats whose file names give a symbol or a date. */
  readonly path: string
}

/** A format of trade files: how to recognise it from the first lines, and how to read its rows. */
export interface Format {
  readonly name: string
  /** The symbol in a path that follows this format's naming convention. */
  symbolOf?(path: string): string | undefined
  /** Whether a symbol of this venue is an inverse contract, whose size counts quote units. */
  isInverse?(symbol: string): boolean
  /**
   * @returns undefined when the text is not of this format
   * @throws {VoxriskError} `bad-setting` when the caller's options contradict the text
   */
  read(start: TextStart, options: FormatOptions): Reading | undefined
}

/** Reads a text as delimited rows. */
export function delimited(layout: RowLayout): Reading {
  return {
    newRows: symbol => new RowReader(layout, symbol),
    newCensus: layout.columns.symbol === undefined ? undefined : census => new RowReader(layout, '', census),
  }
}

/** The fields of one line, without quotes and padding, as the row reader would see them. */
export function splitFields(line: string, delimiter = ','): string[] {
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
