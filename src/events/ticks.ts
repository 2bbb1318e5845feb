import { VoxriskError } from '../errors.ts'

/**
 * Ticks (trades) in arrival order, as integers of the instrument. Each column has `length` used entries (the
 * arrays may be longer) and still belongs to the caller.
 */
export interface TickColumns {
  /** Number of ticks, 0 or more. */
  readonly length: number
  /** µs since the Unix epoch, an integer in 0 … 2^53 − 1. May step back, see `lateness`. */
  readonly time: Float64Array
  /** Price in tick sizes, 1 … 2^32 − 1. */
  readonly price: Uint32Array
  /** Size in lots, 0 … 2^32 − 1; 0 is dust, a positive size under half a lot. */
  readonly size: Uint32Array
  /** Aggressor side: +1 bought, −1 sold, 0 not given (then set by the tick rule). */
  readonly side: Int8Array
  /** Bits of `TradeFlag`; may be omitted when nothing is flagged. */
  readonly flags?: Uint8Array
}

/**
 * A range of tick columns that shares their memory: the rest of a batch, or a batch of a convenient size.
 * @param from 0 … `to`
 * @param to the tick after the last; clamped to the end
 */
export function sliceTicks(ticks: TickColumns, from: number, to = ticks.length): TickColumns {
  const { time, price, size, side, flags } = ticks
  const end = Math.min(to, ticks.length)
  return {
    length: end - from,
    time: time.subarray(from, end),
    price: price.subarray(from, end),
    size: size.subarray(from, end),
    side: side.subarray(from, end),
    ...(flags ? { flags: flags.subarray(from, end) } : {}),
  }
}

/**
 * Checks columns passed by a caller before any of their ticks is binned.
 * @throws {VoxriskError} `bad-data` naming the tick
 */
export function checkTicks(ticks: TickColumns): void {
  const { length, time, price, size, side, flags } = ticks
  if (!Number.isInteger(length) || length < 0) throw badTicks(`length ${length} is not a count`)
  const kinds = [
    ['time', time, Float64Array],
    ['price', price, Uint32Array],
    ['size', size, Uint32Array],
    ['side', side, Int8Array],
    ...(flags ? ([['flags', flags, Uint8Array]] as const) : []),
  ] as const
  for (const [name, column, kind] of kinds) {
    if (!(column instanceof kind)) throw badTicks(`column ${name} is not a ${kind.name}`)
    if (column.length < length) throw badTicks(`column ${name} holds ${column.length} of ${length} ticks`)
  }
  for (let i = 0; i < length; i++) {
    const at = time[i]
    if (!(at >= 0 && at < 2 ** 53 && at === Math.floor(at))) {
      throw badTicks(`tick ${i}: time ${at} is not a whole number of µs since 1970`)
    }
    if (price[i] === 0) throw badTicks(`tick ${i}: price 0`)
    if (flags && flags[i] > 3) throw badTicks(`tick ${i}: flags ${flags[i]} are not bits of TradeFlag`)
    if (side[i] > 1 || side[i] < -1) throw badTicks(`tick ${i}: side ${side[i]} is not +1, −1 or 0`)
  }
}

function badTicks(message: string): VoxriskError {
  return new VoxriskError('bad-data', message, 'Correct the tick columns; none of them was binned.')
}
