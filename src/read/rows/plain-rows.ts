import { CHUNK_ROWS, TradeFlag } from '../../events/trades.ts'
import { type Counts, count } from '../../units/counts.ts'
import {
  MAX_DECIMALS,
  MICROSECOND_POWER,
  microseconds,
  type Parsed,
  parseTime,
  rescaled,
  scanDecimal,
  scanNanoseconds,
} from '../../units/decimal.ts'
import type { IdSequence } from '../ids.ts'
import { endsField, LINE_FEED, lineFeedFrom, plainFieldEnd } from './field.ts'
import { type Columns, fieldsNeeded, type RowLayout } from './layout.ts'
import type { PendingChunk } from './pending-chunk.ts'
import { MAX_LINE_BYTES } from './rejection.ts'
import { INSERT, lengthOfSide, NO_WORD, parseSide, parseTruth, type SideWords, sameWord } from './words.ts'

// Role of a column. Plain constants, because looking up an object's members for every field cost 5 % of the
// time.
const PRICE = 0
const SIZE = 1
const TIME = 2
const ID = 3
const MILLISECONDS = 4
/**
 * Roles up to this one are numbers, all read by one call: V8 inlines it into the loop only if it appears
 * once.
 */
const LAST_NUMBER = MILLISECONDS
const UNUSED = 5
const NANOSECONDS = 6
const DATE = 7
const SIDE = 8
const SYMBOL = 9
const BUYER_IS_MAKER = 10
const AGGRESSOR = 11
const FLAG = 12
const ACTION = 13

/**
 * Reads rows in which everything is plain: digits, words without quotes or padding, nothing to reject,
 * decimals that the chunk has. All other rows are left to {@link CarefulRow}, which would read the plain ones
 * as the same trades. All state of a row is in local variables: a row object shared by two functions made it
 * a third slower.
 */
export class PlainRows {
  /** Rows read by the last call, including trades of other symbols. */
  taken = 0
  /** Trades of other symbols skipped by the last call. */
  otherSymbol = 0

  private readonly layout: RowLayout
  private readonly sides: SideWords | undefined
  private readonly ids: IdSequence
  private readonly noted: Counts
  /** The role of each column up to the last needed one. */
  private readonly roles: Uint8Array

  /**
   * @param ids sees the ids of the trades
   * @param noted counts `flagged` trades
   */
  constructor(layout: RowLayout, sides: SideWords | undefined, ids: IdSequence, noted: Counts) {
    const { columns, timeUnit } = layout
    this.layout = layout
    this.sides = sides
    this.ids = ids
    this.noted = noted
    this.roles = new Uint8Array(fieldsNeeded(columns)).fill(UNUSED)
    const roles: Record<keyof Columns, number> = {
      time: timeUnit === 'iso' ? DATE : timeUnit === 'ns' ? NANOSECONDS : TIME,
      milliseconds: MILLISECONDS,
      price: PRICE,
      size: SIZE,
      side: SIDE,
      symbol: SYMBOL,
      id: ID,
      buyerIsMaker: BUYER_IS_MAKER,
      aggressor: AGGRESSOR,
      flag: FLAG,
      action: ACTION,
    }
    for (const [role, column] of Object.entries(columns)) this.roles[column] = roles[role as keyof Columns]
  }

  /**
   * Appends trades to the chunk until a row is not plain, the chunk is full, or the lines end.
   * @param view the same bytes
   * @param row index of a row's first byte
   * @param symbol the expected symbol
   * @param filter whether to skip trades of other symbols
   * @returns index of the first byte not read, which begins a row
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
    const { delimiter, timeUnit, timeOffset = 0, priceDecimals: impliedDecimals = 0 } = this.layout
    const power = timeUnit === 'iso' ? 0 : MICROSECOND_POWER[timeUnit]
    const roles = this.roles
    const sides = this.sides
    const number: Parsed = { value: 0, decimals: 0 }
    const { time: times, price: prices, size: sizes, side: aggressors, flags } = chunk
    const { priceDecimals: chunkPriceDecimals, sizeDecimals: chunkSizeDecimals } = chunk
    const start4 = fourBytes(symbol, 0)
    const next4 = fourBytes(symbol, 4)
    let length = chunk.length
    let taken = 0
    let otherSymbol = 0

    rows: while (row < end && length < CHUNK_ROWS) {
      let at = row
      let time = timeOffset
      let price = 0
      let priceDecimals = 0
      let size = 0
      let sizeDecimals = 0
      let side = 0
      let flag = 0
      let id = -1
      let isOther = false
      for (let column = 0; column < roles.length; column++) {
        if (column > 0 && bytes[at++] !== delimiter) break rows
        const role = roles[column]
        if (role <= LAST_NUMBER) {
          at = scanDecimal(view, at, number)
          const { value, decimals } = number
          if (role === PRICE) {
            price = value
            priceDecimals = decimals + impliedDecimals
          } else if (role === SIZE) {
            size = value
            sizeDecimals = decimals
          } else if (role === TIME) {
            time += microseconds(value, decimals, power)
          } else if (role === ID) {
            id = rescaled(value, decimals, 0)
          } else {
            if (decimals > 0 || value > 999) break rows
            time += value * 1000
          }
          if (at < 0) break rows
          continue
        }
        const start = at
        switch (role) {
          case SIDE: {
            const letters = sides === undefined ? lengthOfSide(view, at) : 0
            if (letters > 0) {
              at += letters
              side = letters === 3 ? 1 : -1
            } else {
              at = plainFieldEnd(bytes, at, delimiter)
              side = parseSide(bytes, start, at, sides)
              if (side === NO_WORD) break rows
            }
            break
          }
          case SYMBOL: {
            // Compared while it is being read, as it is nearly always the expected one.
            if (symbol === undefined) break rows
            let isSame =
              (view.getInt32(at, true) & start4.mask) === start4.word &&
              (view.getInt32(at + 4, true) & next4.mask) === next4.word
            for (let i = 8; i < symbol.length && isSame; i++) isSame = bytes[at + i] === symbol[i]
            if (isSame) {
              at += symbol.length
            } else {
              at = plainFieldEnd(bytes, at, delimiter)
              isOther = !sameWord(bytes, start, at, symbol)
            }
            break
          }
          case BUYER_IS_MAKER: {
            at = plainFieldEnd(bytes, at, delimiter)
            const isMaker = parseTruth(bytes, start, at)
            if (isMaker === NO_WORD) break rows
            side = isMaker === 1 ? -1 : 1
            break
          }
          case NANOSECONDS:
            at = scanNanoseconds(view, at, number)
            time += microseconds(number.value, number.decimals, power)
            break
          case DATE:
            at = plainFieldEnd(bytes, at, delimiter)
            if (!parseTime(bytes, start, at, timeUnit, number)) break rows
            time += number.value
            break
          case AGGRESSOR: {
            at = plainFieldEnd(bytes, at, delimiter)
            const isAggressor = parseTruth(bytes, start, at)
            if (isAggressor === NO_WORD) break rows
            if (isAggressor === 0) flag |= TradeFlag.restingRow
            break
          }
          case FLAG: {
            at = plainFieldEnd(bytes, at, delimiter)
            const isFlagged = at === start ? 0 : parseTruth(bytes, start, at)
            if (isFlagged === NO_WORD) break rows
            if (isFlagged === 1) flag |= TradeFlag.flagged
            break
          }
          case ACTION:
            at = plainFieldEnd(bytes, at, delimiter)
            if (!sameWord(bytes, start, at, INSERT)) break rows
            break
          default:
            at = plainFieldEnd(bytes, at, delimiter)
        }
        if (at < 0) break rows
      }
      if (!endsField(bytes, at, delimiter)) break
      const next = bytes[at] === LINE_FEED ? at + 1 : lineFeedFrom(view, at) + 1
      if (next - row > MAX_LINE_BYTES || !(time >= 0 && time <= Number.MAX_SAFE_INTEGER)) break

      if (isOther) {
        if (!filter || price === 0 || size === 0 || priceDecimals > MAX_DECIMALS) break
        otherSymbol++
        taken++
        row = next
        continue
      }
      const scaledPrice = rescaled(price, priceDecimals, chunkPriceDecimals)
      const scaledSize = rescaled(size, sizeDecimals, chunkSizeDecimals)
      if (!(scaledPrice > 0 && scaledSize > 0)) break

      if (flag & TradeFlag.flagged) count(this.noted, 'flagged')
      if (id >= 0) this.ids.see(id)
      times[length] = time
      prices[length] = scaledPrice
      sizes[length] = scaledSize
      aggressors[length] = flag & TradeFlag.restingRow ? 0 - side : side
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

/** Up to four bytes of a word, starting at `from`, as one number, and a mask of the bits that count. */
function fourBytes(bytes: Uint8Array | undefined, at: number): { word: number; mask: number } {
  let word = 0
  let mask = 0
  for (let i = 0; i < 4 && bytes !== undefined && at + i < bytes.length; i++) {
    word |= bytes[at + i] << (8 * i)
    mask |= 0xff << (8 * i)
  }
  return { word, mask }
}
