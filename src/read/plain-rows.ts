import {
  MAX_DECIMALS,
  MICROSECOND_POWER,
  microseconds,
  type Parsed,
  parseTime,
  rescaled,
  scanDecimal,
  scanNanoseconds,
} from './decimal.ts'
import { endsField, lineFeedFrom, plainFieldEnd } from './field.ts'
import type { IdSequence } from './ids.ts'
import { fieldsNeeded, type RowLayout } from './layout.ts'
import type { PendingChunk } from './pending-chunk.ts'
import { MAX_LINE_BYTES } from './rejection.ts'
import { CHUNK_ROWS, type Counts, TradeFlag } from './trades.ts'
import { INSERT, NO_WORD, parseTruth, quickSide, type SideWords, sameWord } from './words.ts'

const TEXT = 0
const DECIMAL = 1
const NANOSECONDS = 2
/** Text that is compared on the way, as it is nearly always the expected one. */
const SYMBOL = 3

/**
 * Reads rows in which all is plain: digits, words without quotes and padding, nothing to reject, decimals that the chunk
 * has. All others are left to {@link CarefulRow}, which would read these to the same trades.
 *
 * A row is read in two steps. The first goes over the bytes and knows only numbers and text, so that its loop is short:
 * a branch on the role of each column made it half as slow again. The second takes the columns by their roles.
 */
export class PlainRows {
  /** Rows taken by the last call, trades of other symbols among them. */
  taken = 0
  /** Trades of other symbols that the last call passed over. */
  otherSymbol = 0

  readonly #layout: RowLayout
  readonly #sides: SideWords | undefined
  readonly #ids: IdSequence
  readonly #noted: Counts
  /** Of each column: {@link TEXT}, {@link DECIMAL}, {@link NANOSECONDS} or {@link SYMBOL}. */
  readonly #kinds: Uint8Array
  /** Of each number of the row. */
  readonly #values: Float64Array
  readonly #decimals: Int32Array
  /** Of each field of the row: index of the delimiter or line break behind it. */
  readonly #ends: Int32Array
  readonly #date: Parsed = { value: 0, decimals: 0 }

  /**
   * @param ids sees the ids of the trades
   * @param noted where `flagged` trades are counted
   */
  constructor(layout: RowLayout, sides: SideWords | undefined, ids: IdSequence, noted: Counts) {
    const { columns, timeUnit } = layout
    const fields = fieldsNeeded(columns)
    this.#layout = layout
    this.#sides = sides
    this.#ids = ids
    this.#noted = noted
    this.#kinds = new Uint8Array(fields)
    this.#values = new Float64Array(fields)
    this.#decimals = new Int32Array(fields)
    this.#ends = new Int32Array(fields)
    for (const column of [columns.price, columns.size, columns.milliseconds, columns.id]) {
      if (column !== undefined) this.#kinds[column] = DECIMAL
    }
    if (columns.symbol !== undefined) this.#kinds[columns.symbol] = SYMBOL
    if (timeUnit !== 'iso') this.#kinds[columns.time] = timeUnit === 'ns' ? NANOSECONDS : DECIMAL
  }

  /**
   * Appends trades to the chunk until a row is not plain, the chunk is full, or the lines end.
   * @param view the same bytes
   * @param row index of a row's first byte
   * @param symbol the expected symbol
   * @param filter whether trades of other symbols are passed over
   * @returns index of the first byte not read, a row's first
   */
  read(
    bytes: Uint8Array,
    view: DataView,
    row: number,
    end: number,
    symbol: Uint8Array | undefined,
    filter: boolean,
    chunk: PendingChunk,
  ): number {
    const { delimiter, timeUnit, timeOffset = 0, priceDecimals: impliedDecimals = 0 } = this.#layout
    const { columns } = this.#layout
    const { time: timeColumn, price: priceColumn, size: sizeColumn } = columns
    const { side: sideColumn = -1, symbol: symbolColumn = -1, id: idColumn = -1 } = columns
    const { buyerIsMaker: makerColumn = -1, aggressor: aggressorColumn = -1, flag: flagColumn = -1 } = columns
    const { milliseconds: millisecondsColumn = -1, action: actionColumn = -1 } = columns
    const power = timeUnit === 'iso' ? 0 : MICROSECOND_POWER[timeUnit]
    const isDate = timeUnit === 'iso'
    const kinds = this.#kinds
    const values = this.#values
    const decimals = this.#decimals
    const ends = this.#ends
    const sides = this.#sides
    const ids = this.#ids
    const last = kinds.length - 1
    const { time: times, price: prices, size: sizes, side: aggressors, flags } = chunk
    const { priceDecimals, sizeDecimals } = chunk
    let length = chunk.length
    let taken = 0
    let otherSymbol = 0

    rows: while (row < end && length < CHUNK_ROWS) {
      let at = row
      let isOther = false
      for (let column = 0; ; column++) {
        const kind = kinds[column]
        if (kind === DECIMAL) at = scanDecimal(view, at, values, decimals, column)
        else if (kind === TEXT) at = plainFieldEnd(bytes, at, delimiter)
        else if (kind === NANOSECONDS) at = scanNanoseconds(view, at, values, decimals, column)
        else if (symbol === undefined) break rows
        else {
          let same = 0
          while (same < symbol.length && bytes[at + same] === symbol[same]) same++
          isOther = same < symbol.length
          at = isOther ? plainFieldEnd(bytes, at, delimiter) : at + same
        }
        if (at < 0) break rows
        ends[column] = at
        if (column === last) break
        if (bytes[at++] !== delimiter) break rows
      }
      if (!endsField(bytes, at, delimiter)) break
      const next = lineFeedFrom(view, at) + 1
      if (next - row > MAX_LINE_BYTES) break

      let time = timeOffset
      if (isDate) {
        const start = timeColumn === 0 ? row : ends[timeColumn - 1] + 1
        if (!parseTime(bytes, start, ends[timeColumn], timeUnit, this.#date)) break
        time += this.#date.value
      } else {
        time += microseconds(values[timeColumn], decimals[timeColumn], power)
      }
      if (millisecondsColumn >= 0) {
        if (decimals[millisecondsColumn] > 0 || values[millisecondsColumn] > 999) break
        time += values[millisecondsColumn] * 1000
      }
      if (!(time >= 0 && time <= Number.MAX_SAFE_INTEGER)) break

      let side = 0
      if (sideColumn >= 0) {
        side = quickSide(
          bytes,
          view,
          sideColumn === 0 ? row : ends[sideColumn - 1] + 1,
          ends[sideColumn],
          sides,
        )
        if (side === NO_WORD) break
      }
      if (makerColumn >= 0) {
        const isMaker = parseTruth(
          bytes,
          makerColumn === 0 ? row : ends[makerColumn - 1] + 1,
          ends[makerColumn],
        )
        if (isMaker === NO_WORD) break
        side = isMaker === 1 ? -1 : 1
      }
      let flag = 0
      if (aggressorColumn >= 0) {
        const start = aggressorColumn === 0 ? row : ends[aggressorColumn - 1] + 1
        const isAggressor = parseTruth(bytes, start, ends[aggressorColumn])
        if (isAggressor === NO_WORD) break
        if (isAggressor === 0) {
          side = 0 - side
          flag = TradeFlag.restingRow
        }
      }
      if (flagColumn >= 0) {
        const start = flagColumn === 0 ? row : ends[flagColumn - 1] + 1
        const isFlagged = start === ends[flagColumn] ? 0 : parseTruth(bytes, start, ends[flagColumn])
        if (isFlagged === NO_WORD) break
        if (isFlagged === 1) flag |= TradeFlag.flagged
      }
      if (actionColumn >= 0) {
        const start = actionColumn === 0 ? row : ends[actionColumn - 1] + 1
        if (!sameWord(bytes, start, ends[actionColumn], INSERT)) break
      }

      if (isOther && symbol !== undefined) {
        const start = symbolColumn === 0 ? row : ends[symbolColumn - 1] + 1
        if (!sameWord(bytes, start, ends[symbolColumn], symbol)) {
          const isTrade =
            values[priceColumn] > 0 &&
            values[sizeColumn] > 0 &&
            decimals[priceColumn] + impliedDecimals <= MAX_DECIMALS
          if (!filter || !isTrade) break
          otherSymbol++
          taken++
          row = next
          continue
        }
      }
      const price = rescaled(values[priceColumn], decimals[priceColumn] + impliedDecimals, priceDecimals)
      const size = rescaled(values[sizeColumn], decimals[sizeColumn], sizeDecimals)
      if (!(price > 0 && size > 0)) break

      if (idColumn >= 0) {
        const id = rescaled(values[idColumn], decimals[idColumn], 0)
        if (id >= 0) ids.see(id)
      }
      if (flag & TradeFlag.flagged) this.#noted.flagged = (this.#noted.flagged ?? 0) + 1
      times[length] = time
      prices[length] = price
      sizes[length] = size
      aggressors[length] = side
      flags[length] = flag
      length++
      taken++
      row = next
    }
    chunk.length = length
    this.taken = taken
    this.otherSymbol = otherSymbol
    return row
  }
}
