import { type Parsed, parseDecimal, parseTime, rescaled, Verdict } from '../../units/decimal.ts'
import { Field } from './field.ts'
import type { Columns, RowLayout } from './layout.ts'
import { Fault } from './rejection.ts'
import { INSERT, NO_WORD, PARTIAL, parseSide, parseTruth, type SideWords, sameWord } from './words.ts'

type Role = keyof Columns

/**
 * Reads any row field by field: quotes, padding, exponents, and rows to reject. One object reads all rows.
 */
export class CarefulRow {
  /** Why the row is not a trade; 0 if it is one. */
  fault = 0
  /** µs since the Unix epoch. */
  time = 0
  /** Price as an integer of 10^-priceDecimals; size likewise. */
  price = 0
  priceDecimals = 0
  size = 0
  sizeDecimals = 0
  /** Side as given in the row: +1, −1 or 0. */
  side = 0
  /** Whether that side is the resting order's. */
  isResting = false
  isFlagged = false
  /** Trade id; −1 if there is none that is a whole number below 2^53. */
  id = -1
  /** The symbol is `symbolBytes[symbolStart … symbolEnd)`. The end is −1 until a symbol is read. */
  symbolBytes: Uint8Array = new Uint8Array(0)
  symbolStart = 0
  symbolEnd = -1

  private readonly layout: RowLayout
  private readonly sides: SideWords | undefined
  /** The role of each column up to the last needed one. */
  private readonly roles: (Role | undefined)[] = []
  private readonly field = new Field()
  private readonly number: Parsed = { value: 0, decimals: 0 }
  private faultyColumn = 0
  private faultyStart = 0

  constructor(layout: RowLayout, sides: SideWords | undefined) {
    this.layout = layout
    this.sides = sides
    for (const [role, column] of Object.entries(layout.columns)) this.roles[column] = role as Role
  }

  /**
   * @param at index of the row's first byte
   * @returns index after the last field read
   */
  read(bytes: Uint8Array, at: number): number {
    const { delimiter, timeOffset = 0 } = this.layout
    this.fault = 0
    this.time = timeOffset
    this.side = 0
    this.isResting = false
    this.isFlagged = false
    this.id = -1
    this.symbolEnd = -1
    const roles = this.roles
    for (let column = 0; column < roles.length; column++) {
      if (column > 0) {
        if (bytes[at] !== delimiter) {
          this.fault = Fault['too-few-fields']
          break
        }
        at++
      }
      const start = at
      at = this.field.find(bytes, at, delimiter)
      const fault = this.take(roles[column])
      if (fault !== 0 && this.fault === 0) {
        this.fault = fault
        this.faultyColumn = column
        this.faultyStart = start
      }
    }
    return at
  }

  /** Text of the faulty field of the last row read. */
  faultyText(bytes: Uint8Array): string {
    this.field.find(bytes, this.faultyStart, this.layout.delimiter)
    return this.field.text()
  }

  /** Role of the faulty field. */
  get faultyRole(): Role | undefined {
    return this.roles[this.faultyColumn]
  }

  /** Stores what the last field found says about the trade. @returns the fault, 0 for none */
  private take(role: Role | undefined): number {
    const { timeUnit, priceDecimals } = this.layout
    const { bytes, start, end } = this.field
    const number = this.number
    switch (role) {
      case 'time':
        if (!parseTime(bytes, start, end, timeUnit, number)) return Fault['bad-time']
        this.time += number.value
        return this.time >= 0 && this.time <= Number.MAX_SAFE_INTEGER ? 0 : Fault['bad-time']
      case 'milliseconds': {
        const verdict = parseDecimal(bytes, start, end, number)
        if (verdict !== Verdict.ok || number.decimals > 0 || number.value > 999) return Fault['bad-time']
        this.time += number.value * 1000
        return this.time <= Number.MAX_SAFE_INTEGER ? 0 : Fault['bad-time']
      }
      case 'price': {
        const verdict = parseDecimal(bytes, start, end, number, priceDecimals)
        this.price = number.value
        this.priceDecimals = number.decimals
        if (verdict === Verdict.ok) return number.value === 0 ? Fault['zero-price'] : 0
        return decimalFault(verdict, Fault['bad-price'], Fault['negative-price'])
      }
      case 'size': {
        const verdict = parseDecimal(bytes, start, end, number)
        this.size = number.value
        this.sizeDecimals = number.decimals
        if (verdict === Verdict.ok) return number.value === 0 ? Fault['zero-size'] : 0
        return decimalFault(verdict, Fault['bad-size'], Fault['negative-size'])
      }
      case 'side':
        this.side = parseSide(bytes, start, end, this.sides)
        return this.side === NO_WORD ? Fault['bad-side'] : 0
      case 'buyerIsMaker': {
        const truth = parseTruth(bytes, start, end)
        this.side = truth === 1 ? -1 : 1
        return truth === NO_WORD ? Fault['bad-side'] : 0
      }
      case 'aggressor': {
        const truth = parseTruth(bytes, start, end)
        this.isResting = truth === 0
        return truth === NO_WORD ? Fault['bad-side'] : 0
      }
      case 'flag': {
        const truth = start === end ? 0 : parseTruth(bytes, start, end)
        this.isFlagged = truth === 1
        return truth === NO_WORD ? Fault['bad-flag'] : 0
      }
      case 'id': {
        const verdict = parseDecimal(bytes, start, end, number)
        this.id = verdict === Verdict.ok ? rescaled(number.value, number.decimals, 0) : -1
        return 0
      }
      case 'action':
        if (sameWord(bytes, start, end, PARTIAL)) return Fault.snapshot
        return sameWord(bytes, start, end, INSERT) ? 0 : Fault['bad-action']
      case 'symbol':
        this.symbolBytes = bytes
        this.symbolStart = start
        this.symbolEnd = end
        return 0
      case undefined:
        return 0
    }
  }
}

function decimalFault(verdict: Verdict, bad: number, negative: number): number {
  if (verdict === Verdict.negative) return negative
  return verdict === Verdict.tooManyDigits ? Fault['too-many-digits'] : bad
}
