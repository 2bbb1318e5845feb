import { VoxriskError } from '../errors.ts'
import { CHUNK_ROWS, type ReadAccount, type TradeChunk, type TradeSource } from '../events/trades.ts'
import { grouped } from '../units/grouped.ts'
import { Arrivals } from './arrivals.ts'
import { EPISODE_PLANS, type Episode, EpisodeRecord, episodeStarts } from './episodes.ts'
import { Market, STEP, STEPS_A_DAY } from './market.ts'
import { Random } from './random.ts'
import { orderSize } from './sizes.ts'

/** How to make the sample day. The same options give the same trades. */
export interface SampleOptions {
  /** Which day: 0 … 2^32 − 1; default 1. */
  readonly seed?: number
  /** Approximate number of trades, 10,000 … 100,000,000; default 250,000. */
  readonly trades?: number
}

/** A day of synthetic trades. */
export interface SampleDay {
  /** The trades. `chunks()` can be called again and gives the same ones. */
  readonly source: TradeSource
  /** The injected episodes in order of time. Grows as the trades in their windows are read from `source`. */
  readonly episodes: readonly Episode[]
}

/** 2024-03-05T00:00:00Z in µs. */
const MIDNIGHT = 1_709_596_800e6

const SYMBOL = 'SAMPLE-PERP'
/** Prices are multiples of 0.5, printed with one decimal. */
const PRICE_DECIMALS = 1
const TICK = 5
/** 60,000 in ticks. */
const TICKS_AT_MIDNIGHT = 120_000
/** Sizes are multiples of 0.001 coin. */
const SIZE_DECIMALS = 3

/** Most trades that fill one order. */
const FILLS = 32
/**
 * Mean number of trades in a day at an intensity of 1 order per µs, as measured. Scales the intensity so that
 * `trades` is met.
 */
const TRADES_A_UNIT = 86_400e6 * 1.56

/**
 * Separate streams of random numbers, so that the course of the day does not depend on the number of trades.
 */
const STREAM = { episodes: 1, market: 2, arrivals: 3, orders: 4 }

/**
 * Makes one UTC day of trades of a perpetual swap near 60,000, with two episodes of stress. Arrivals are
 * self-exciting, sizes are heavy-tailed, prices bounce between bid and ask, and large orders fill in several
 * trades. The same options give the same trades on every machine, because only integer and basic IEEE
 * arithmetic is used. `seed` alone determines the course of the day; `trades` sets how densely it is traded.
 * Holds one chunk in memory.
 *
 * ```ts
 * const day = sampleDay({ trades: 4_000_000 })
 * for await (const chunk of day.source.chunks()) use(chunk)
 * console.log(day.episodes)
 * ```
 * @throws {VoxriskError} `bad-setting`
 */
export function sampleDay(options: SampleOptions = {}): SampleDay {
  const seed = whole('seed', options.seed ?? 1, 0, 2 ** 32 - 1)
  const trades = whole('trades', options.trades ?? 250_000, 10_000, 100_000_000)
  const account: ReadAccount = { read: 0, rejected: {}, outside: {}, noted: {} }
  const episodes: Episode[] = []
  async function* chunks(): AsyncIterable<TradeChunk> {
    const day = new Day(seed, trades)
    account.read = 0
    for (let chunk = day.chunk(); chunk.length > 0; chunk = day.chunk()) {
      account.read = day.trades
      episodes.push(...day.episodesFrom(episodes.length))
      yield chunk
    }
  }
  return {
    source: { format: 'sample', symbol: SYMBOL, account, chunks },
    episodes,
  }
}

type GrowingChunk = { -readonly [column in keyof TradeChunk]: TradeChunk[column] }

/** Generates one day. */
class Day {
  trades = 0
  private readonly orders: Random
  private readonly market: Market
  private readonly arrivals: Arrivals
  private readonly records: EpisodeRecord[]
  /** Orders per µs in an ordinary market. */
  private readonly intensity: number
  private step = 0
  private record = 0
  private side = 1
  /** How far recent orders have pushed the quotes, in ticks. */
  private displacement = 0

  constructor(seed: number, trades: number) {
    const starts = episodeStarts(new Random(seed, STREAM.episodes))
    this.market = new Market(new Random(seed, STREAM.market), starts)
    this.arrivals = new Arrivals(new Random(seed, STREAM.arrivals))
    this.orders = new Random(seed, STREAM.orders)
    this.records = EPISODE_PLANS.map(({ name, minutes }, i) => {
      const from = MIDNIGHT + starts[i]!
      return new EpisodeRecord(name, from, from + minutes * 60e6)
    })
    this.intensity = trades / TRADES_A_UNIT
  }

  /** Finished episodes, starting with number `first`. */
  episodesFrom(first: number): Episode[] {
    return this.records.slice(first, this.record).map(record => record.episode(PRICE_DECIMALS, SIZE_DECIMALS))
  }

  /** The next trades; none at the end of the day. */
  chunk(): TradeChunk {
    const { market, arrivals } = this
    const chunk: GrowingChunk = {
      length: 0,
      time: new Float64Array(CHUNK_ROWS),
      price: new Float64Array(CHUNK_ROWS),
      size: new Float64Array(CHUNK_ROWS),
      side: new Int8Array(CHUNK_ROWS),
      flags: new Uint8Array(CHUNK_ROWS),
      priceDecimals: PRICE_DECIMALS,
      sizeDecimals: SIZE_DECIMALS,
    }
    while (chunk.length <= CHUNK_ROWS - FILLS) {
      const at = this.step === 0 ? -1 : arrivals.next()
      if (at >= 0) {
        this.order(chunk, MIDNIGHT + (this.step - 1) * STEP + Math.floor(at))
      } else if (this.step < STEPS_A_DAY) {
        market.advance()
        arrivals.step(this.intensity * market.trading)
        this.step++
      } else {
        this.record = this.records.length
        break
      }
    }
    this.trades += chunk.length
    return chunk
  }

  /** Fills one market order against the quotes. */
  private order(chunk: GrowingChunk, time: number): void {
    const { orders, market } = this
    const { stress } = market
    const word = orders.word()

    // Two orders in five take the side of the previous one.
    if (word % 5 >= 2) this.side = orders.unit() < market.buying ? 1 : -1
    const { side } = this

    const spread = 2 + market.volatility * (1 + ((word >>> 8) & 3)) // half of it, in ticks
    const mid = market.mid * TICKS_AT_MIDNIGHT + this.displacement
    let price = side > 0 ? Math.ceil(mid + spread) : Math.floor(mid - spread)

    // Forced orders are larger: at full stress, every second one by two octaves.
    const octavesUp = ((word >>> 16) & 0xff) < 128 * stress ? 2 : 0
    let left = orderSize(orders, octavesUp)
    const record = this.recordAt(time)
    let walked = 0
    for (let fill = 1; left > 0; fill++) {
      const draw = orders.word()
      // The larger the rest, the less likely that one counterparty takes all of it.
      const taken =
        fill === FILLS || (draw & 0xff) >= 16 + 8 * (32 - Math.clz32(left))
          ? left
          : 1 + Math.floor(((left - 1) * (draw >>> 16)) / 0x10000)
      left -= taken
      const row = chunk.length++
      chunk.time[row] = time
      chunk.price[row] = price * TICK
      chunk.size[row] = taken
      chunk.side[row] = side
      if (record) record.add(price * TICK, taken, side)
      // The next counterparty may want a worse price; under stress the book is thin.
      if (((draw >>> 8) & 0xff) < 64 + 128 * stress) {
        price += side
        walked += side
      }
    }
    this.displacement = (this.displacement + 0.5 * walked) * 0.7
  }

  /** The record of the current episode. */
  private recordAt(time: number): EpisodeRecord | undefined {
    let record = this.records[this.record]
    if (record && time >= record.to) record = this.records[++this.record]
    return record && time >= record.from ? record : undefined
  }
}

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new VoxriskError(
    'bad-setting',
    `sample ${name} ${value} is not a whole number in ${grouped(least)} … ${grouped(most)}`,
    `Leave ${name} out for the usual day.`,
  )
}
