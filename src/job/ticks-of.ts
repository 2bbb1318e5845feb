import { VoxriskError } from '../errors.ts'
import { TickConverter } from '../events/convert.ts'
import { sliceTicks, type TickColumns } from '../events/ticks.ts'
import { CHUNK_ROWS, type TradeChunk, type TradeSource } from '../events/trades.ts'
import type { Counts } from '../units/counts.ts'
import type { Instrument } from '../units/instrument.ts'

/**
 * The chunks of a source as ticks of the converter's instrument.
 * @throws {VoxriskError} `bad-data` when not one row became a tick
 */
export async function* ticksOf(
  source: TradeSource,
  chunks: AsyncIterable<TradeChunk>,
  converter: TickConverter,
): AsyncGenerator<TickColumns> {
  let ticks = 0
  for await (const chunk of chunks) {
    const columns = converter.convert(chunk)
    ticks += columns.length
    yield columns
  }
  if (ticks > 0) return
  const { rejected, outside } = converter.account
  throw new VoxriskError(
    'bad-data',
    `none of the ${source.account.read} rows became a tick (${describe({ ...rejected, ...outside })})`,
    'Check that tick size and lot size, or the calibration, fit this instrument.',
    { settings: ['tickSize', 'lotSize', 'calibration'] },
  )
}

/** How ticks are cut into batches. */
export interface TickBatchOptions {
  /** Most ticks in a batch, 1 …; by default as many as the source gives at a time. */
  readonly size?: number
}

/**
 * The trades of a source as ticks of an instrument, in batches for `RiskMap.ingest()`.
 *
 * ```ts
 * for await (const ticks of tickBatches(source, map.instrument, { size: 500 })) await map.ingest(ticks)
 * ```
 * @throws {VoxriskError} from reading; `bad-setting` for the size; `bad-data` when not one row became a tick
 */
export async function* tickBatches(
  source: TradeSource,
  instrument: Instrument,
  { size = CHUNK_ROWS }: TickBatchOptions = {},
): AsyncGenerator<TickColumns> {
  if (!Number.isInteger(size) || size < 1) {
    throw new VoxriskError(
      'bad-setting',
      `batch size ${size} is not a positive whole number`,
      'Give a whole number, 1 or more.',
      { settings: ['size'] },
    )
  }
  for await (const ticks of ticksOf(source, source.chunks(), new TickConverter(instrument))) {
    for (let from = 0; from < ticks.length; from += size) yield sliceTicks(ticks, from, from + size)
  }
}

function describe(counts: Counts): string {
  return Object.entries(counts)
    .map(([reason, times]) => `${reason}: ${times}`)
    .join(', ')
}
