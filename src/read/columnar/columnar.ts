import { VoxriskError } from '../../errors.ts'
import {
  CHUNK_ROWS,
  type ReadAccount,
  type TradeChunk,
  TradeFlag,
  type TradeSource,
} from '../../events/trades.ts'
import { count } from '../../units/counts.ts'
import { type Parsed, type TimeUnit, Verdict } from '../../units/decimal.ts'
import { grouped } from '../../units/grouped.ts'
import { columnsByName, unitByMagnitude, unknownUnit } from '../columns.ts'
import { allRejected, breaksOff, inFile, named } from '../file-error.ts'
import { type CsvColumns, type FormatOptions, isPlainDecimal } from '../format.ts'
import { IdSequence } from '../ids.ts'
import { PendingChunk } from '../rows/pending-chunk.ts'
import { type Rejection, secondSymbol } from '../rows/rejection.ts'
import { NO_WORD, sameWord } from '../rows/words.ts'
import {
  decimalCell,
  flagCell,
  idCell,
  makerCell,
  type StoredColumn,
  shownCell,
  sideCell,
  type Texts,
  timeCell,
} from './cells.ts'

export type Role = keyof CsvColumns

/** What a caller may specify about a columnar file. */
export interface ColumnarOptions extends FormatOptions {
  /** Symbol to read, in any case, where rows carry symbols. Required when there are several. */
  readonly symbol?: string
}

/** A column of a file's schema. */
export interface SchemaColumn {
  readonly name: string
  /** Type as the file names it, for messages. */
  readonly type: string
  /** How its values are stored; undefined for types that cannot hold any part of a trade. */
  readonly kind: StoredColumn['kind'] | undefined
}

/** Rows read in one go; only these are in memory. */
export interface Run {
  readonly length: number
  /** The requested columns. */
  readonly columns: Readonly<Partial<Record<Role, StoredColumn>>>
}

/** Which kinds of columns can play each role. */
const FITTING: Readonly<Record<Role, readonly StoredColumn['kind'][]>> = {
  time: ['timestamp', 'integer', 'float', 'text'],
  price: ['integer', 'float', 'text'],
  size: ['integer', 'float', 'text'],
  side: ['text', 'integer'],
  buyerIsMaker: ['boolean', 'text', 'integer'],
  symbol: ['text'],
  id: ['integer', 'text'],
  flag: ['boolean', 'integer', 'text'],
}

/** Index of the schema column that plays each role, counted from 0. */
export type RoleColumns = Readonly<Partial<Record<Role, number>>>

/**
 * Assigns roles to the columns of a schema.
 * @param file name for messages
 * @throws {VoxriskError} `bad-setting` when the columns are neither named nor obvious; `bad-data` when a
 *   column's type cannot hold its role
 */
export function roleColumns(
  file: string,
  schema: readonly SchemaColumn[],
  options: ColumnarOptions,
): RoleColumns {
  const header = schema.map(column => column.name)
  const columns: Partial<Record<Role, number>> = {
    ...inFile(file, () => columnsByName(header, options.columns)),
  }
  for (const [role, column] of Object.entries(columns) as [Role, number][]) {
    const { name, type, kind } = schema[column]
    if (kind !== undefined && FITTING[role].includes(kind)) continue
    if (role === 'id' && options.columns?.id === undefined) {
      delete columns.id // an id that is not a number has no gaps to count
      continue
    }
    throw new VoxriskError(
      'bad-data',
      `${file}: column "${name}" is of type ${type}, which cannot be read as ${role}`,
      kind === 'boolean' && role === 'side'
        ? 'Name it as the column that says whether the buyer was the maker.'
        : 'Name another column, or save this one as numbers or text.',
      { settings: ['columns'] },
    )
  }
  return columns
}

/** Turns runs of columns into trades. */
export class ColumnReader {
  /** Grows with every row. */
  readonly account: ReadAccount = { read: 0, rejected: {}, outside: {}, noted: {} }
  /** The first rejected row. */
  firstRejection: Rejection | undefined

  private readonly order: readonly Role[]
  private readonly filter: boolean
  private readonly chunk = new PendingChunk()
  private readonly ids = new IdSequence(this.account.noted)
  private timeUnit: TimeUnit | undefined
  private knownSymbol: string
  private symbolBytes: Uint8Array | undefined

  /**
   * @param columns which column plays which role
   * @param options unit for a time column without its own, and the symbol to read
   */
  constructor(columns: RoleColumns, options: ColumnarOptions) {
    const entries = Object.entries(columns) as [Role, number][]
    this.order = entries.sort(([, a], [, b]) => a - b).map(([role]) => role)
    this.timeUnit = options.timeUnit
    this.knownSymbol = options.symbol ?? ''
    this.filter = this.knownSymbol !== '' && columns.symbol !== undefined
    if (this.filter) this.symbolBytes = new TextEncoder().encode(this.knownSymbol)
  }

  /**
   * The requested symbol, otherwise that of the first trade; empty before the first trade and when the rows
   * carry no symbol.
   */
  get symbol(): string {
    return this.knownSymbol
  }

  /**
   * Reads the rows of a run. Rows are read as the chunks are consumed.
   * @returns the chunks filled so far
   * @throws {VoxriskError} `bad-setting` when a second symbol appears and none was requested, or when the
   *   time unit cannot be determined
   */
  *push(run: Run): Generator<TradeChunk> {
    const read = this.rowReader(run)
    let row = 0
    while (row < run.length) {
      row = read(row)
      if (row < run.length || this.chunk.length === CHUNK_ROWS) yield this.chunk.take()
    }
  }

  /** @returns the remaining trades */
  *end(): Generator<TradeChunk> {
    if (this.chunk.length > 0) yield this.chunk.take()
  }

  /**
   * @returns a function that reads rows from a given one until the run or the chunk ends, and returns the
   *   first row not read
   */
  private rowReader(run: Run): (from: number) => number {
    const { length, columns } = run
    const timeColumn = columns.time!
    this.timeUnit ??= guessTimeUnit(timeColumn, length)
    const timeAt = this.timeUnit === undefined ? () => -1 : timeCell(timeColumn, this.timeUnit)
    const priceAt = decimalCell(columns.price!)
    const sizeAt = decimalCell(columns.size!)
    const sideAt = columns.side
      ? sideCell(columns.side)
      : columns.buyerIsMaker
        ? makerCell(columns.buyerIsMaker)
        : undefined
    const flagAt = columns.flag && flagCell(columns.flag)
    const idAt = columns.id && idCell(columns.id)
    const symbols = columns.symbol?.kind === 'text' ? columns.symbol.texts : undefined
    const price: Parsed = { value: 0, decimals: 0 }
    const size: Parsed = { value: 0, decimals: 0 }
    const chunk = this.chunk
    const { account } = this

    return from => {
      for (let row = from; row < length; row++) {
        if (chunk.length === CHUNK_ROWS) return row
        const time = timeAt(row)
        const priceVerdict = priceAt(row, price)
        const sizeVerdict = sizeAt(row, size)
        const side = sideAt === undefined ? 0 : sideAt(row)
        const flagged = flagAt === undefined ? 0 : flagAt(row)
        if (
          time < 0 ||
          priceVerdict !== Verdict.ok ||
          price.value === 0 ||
          sizeVerdict !== Verdict.ok ||
          size.value === 0 ||
          side === NO_WORD ||
          flagged === NO_WORD
        ) {
          account.read++
          const faults: Partial<Record<Role, string>> = {
            time: time < 0 ? 'bad-time' : '',
            price: decimalFault('price', priceVerdict, price.value),
            size: decimalFault('size', sizeVerdict, size.value),
            [columns.side ? 'side' : 'buyerIsMaker']: side === NO_WORD ? 'bad-side' : '',
            flag: flagged === NO_WORD ? 'bad-flag' : '',
          }
          this.reject(faults, run, row)
          if (idAt !== undefined && this.isExpected(symbols, row)) this.see(idAt(row))
          continue
        }
        if (symbols !== undefined) {
          if (!this.isExpected(symbols, row)) {
            if (!this.filter) throw this.secondSymbol(symbols, row)
            account.read++
            count(account.outside, 'other-symbol')
            continue
          }
        }
        const flags = flagged === 1 ? TradeFlag.flagged : 0
        if (!chunk.append(time, price.value, price.decimals, size.value, size.decimals, side, flags))
          return row
        account.read++
        if (flags !== 0) count(account.noted, 'flagged')
        if (this.symbolBytes === undefined && symbols !== undefined) this.adoptSymbol(symbols, row)
        if (idAt !== undefined) this.see(idAt(row))
      }
      return length
    }
  }

  private see(id: number): void {
    if (id >= 0) this.ids.see(id)
  }

  /**
   * Whether the row's symbol is the requested one, otherwise that of the first trade; true before the first
   * trade.
   */
  private isExpected(symbols: Texts | undefined, row: number): boolean {
    const expected = this.symbolBytes
    if (symbols === undefined || expected === undefined) return true
    if (!symbols.locate(row)) return expected.length === 0
    return sameWord(symbols.bytes, symbols.start, symbols.end, expected)
  }

  private adoptSymbol(symbols: Texts, row: number): void {
    const named = symbols.locate(row)
    this.symbolBytes = symbols.bytes.slice(symbols.start, named ? symbols.end : symbols.start)
    this.knownSymbol = new TextDecoder().decode(this.symbolBytes)
  }

  private secondSymbol(symbols: Texts, row: number): VoxriskError {
    const named = symbols.locate(row)
    const bytes = symbols.bytes.subarray(symbols.start, named ? symbols.end : symbols.start)
    const other = new TextDecoder().decode(bytes)
    return secondSymbol(this.account.read + 1, this.knownSymbol, other)
  }

  /** Counts a row under its first fault in column order. */
  private reject(faults: Partial<Record<Role, string>>, run: Run, row: number): void {
    const role = this.order.find(role => faults[role])!
    const reason = faults[role]!
    const { rejected, read } = this.account
    count(rejected, reason)
    this.firstRejection ??= {
      reason,
      row: read,
      text: faultInWords(role, reason, shownCell(run.columns[role]!, row)),
    }
  }
}

function decimalFault(role: 'price' | 'size', verdict: Verdict, value: number): string {
  switch (verdict) {
    case Verdict.ok:
      return value === 0 ? `zero-${role}` : ''
    case Verdict.negative:
      return `negative-${role}`
    case Verdict.tooManyDigits:
      return 'too-many-digits'
    default:
      return `bad-${role}`
  }
}

function faultInWords(role: Role, reason: string, shown: string): string {
  switch (reason) {
    case `zero-${role}`:
      return `${role} is 0`
    case `negative-${role}`:
      return `${role} ${shown} is negative`
    case 'too-many-digits':
      return `${role} ${shown} has more digits than an exact integer holds`
    case 'bad-time':
      return `time ${shown} is not a time since 1970`
    case 'bad-side':
      return role === 'side'
        ? `side ${shown} is neither buy nor sell`
        : `${role} ${shown} is neither true nor false`
    case 'bad-flag':
      return `flag ${shown} is neither 0 nor 1`
    default:
      return `${role} ${shown} is not a number`
  }
}

/**
 * The unit of a time column without its own, guessed from its first value; undefined when all are missing.
 */
function guessTimeUnit(column: StoredColumn, length: number): TimeUnit | undefined {
  if (column.kind === 'timestamp') return column.unit
  let strange: number | undefined
  for (let row = 0; row < length; row++) {
    if (column.kind === 'text') {
      const { texts } = column
      if (!texts.locate(row)) continue
      const text = new TextDecoder().decode(texts.bytes.subarray(texts.start, texts.end))
      if (/^\d{4}-\d\d-\d\d/.test(text)) return 'iso'
      if (isPlainDecimal(text)) return unitByMagnitude(Number(text), text)
      strange ??= row
    } else {
      const stored = column.at(row) ?? Number.NaN
      if (Number.isNaN(stored)) continue
      const scale = column.kind === 'integer' ? column.decimals : 0
      const count = Number(stored) / 10 ** scale
      return unitByMagnitude(count, `${count}`)
    }
  }
  if (strange === undefined) return undefined
  throw unknownUnit(
    'bad-data',
    `row ${grouped(strange + 1)}: time ${shownCell(column, strange)} is neither a date nor a number`,
  )
}

/** Rows read ahead to find their symbol and time unit. */
const PROBE_ROWS = 100

/** Trades from a columnar file; can be read once. */
export class ColumnarTrades implements TradeSource {
  readonly format: string
  private readonly name: string
  private readonly reader: ColumnReader
  private readonly runs: AsyncIterator<Run>
  private readonly probedSymbol: string
  private first: IteratorResult<Run> | undefined

  private constructor(
    name: string,
    format: string,
    runs: AsyncIterator<Run>,
    first: IteratorResult<Run>,
    columns: RoleColumns,
    options: ColumnarOptions,
  ) {
    this.name = name
    this.format = format
    this.runs = runs
    this.first = first
    this.reader = new ColumnReader(columns, options)
    const probe = new ColumnReader(columns, options)
    if (!first.done) {
      const { value } = first
      const head = { ...value, length: Math.min(value.length, PROBE_ROWS) }
      inFile(name, () => {
        for (const _ of probe.push(head));
      })
    }
    this.probedSymbol = probe.symbol
  }

  /**
   * @param name file name for messages
   * @param runs the rows of the file; anything it throws means that the file is damaged
   * @throws {VoxriskError} `bad-data` when the first run cannot be read; `bad-setting` as in
   *   {@link ColumnReader.push}
   */
  static async open(
    name: string,
    format: string,
    runs: AsyncIterator<Run>,
    columns: RoleColumns,
    options: ColumnarOptions,
  ): Promise<ColumnarTrades> {
    try {
      const first = await runs.next().catch(cause => {
        throw breaksOff(name, 0, cause)
      })
      return new ColumnarTrades(name, format, runs, first, columns, options)
    } catch (error) {
      await stop(runs)
      throw error
    }
  }

  get symbol(): string {
    return this.probedSymbol || this.reader.symbol
  }

  get account(): ReadAccount {
    return this.reader.account
  }

  /** The first row rejected so far. */
  get firstRejection(): Rejection | undefined {
    return this.reader.firstRejection
  }

  async *chunks(): AsyncGenerator<TradeChunk> {
    let next = this.first
    if (next === undefined) {
      throw new VoxriskError(
        'bad-state',
        `${this.name}: the trades have been read already`,
        'Open the file again.',
      )
    }
    this.first = undefined
    let trades = 0
    try {
      while (!next.done) {
        for (const chunk of this.reader.push(next.value)) {
          trades += chunk.length
          yield chunk
        }
        next = await this.runs.next().catch(cause => {
          throw breaksOff(this.name, this.account.read, cause)
        })
      }
      for (const chunk of this.reader.end()) {
        trades += chunk.length
        yield chunk
      }
    } catch (error) {
      throw named(this.name, error)
    } finally {
      await stop(this.runs)
    }
    const { firstRejection, account } = this
    if (trades > 0 || firstRejection === undefined || account.outside['other-symbol'] !== undefined) return
    throw allRejected(this.name, account, firstRejection, 'Check that the columns are the right ones.', [
      'columns',
    ])
  }
}

/** A read error matters more than a failure to stop reading. */
async function stop(runs: AsyncIterator<Run>): Promise<void> {
  await runs.return?.().catch(() => {})
}
