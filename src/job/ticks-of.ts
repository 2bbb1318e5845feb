import { VoxriskError } from '../errors.ts'
import type { TickConverter } from '../events/convert.ts'
import type { TickColumns } from '../events/ticks.ts'
import type { TradeChunk, TradeSource } from '../events/trades.ts'
import type { Counts } from '../units/counts.ts'

/**
 * The chunks of a source as ticks of the converter's instrument.
 * @throws {VoxriskError} `bad-data` when there were rows and none became a tick
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
    `none of ${source.account.read} rows became a tick (${describe({ ...rejected, ...outside })})`,
    'Check that tick size and lot size, or the calibration, fit this instrument.',
    { settings: ['tickSize', 'lotSize', 'calibration'] },
  )
}

function describe(counts: Counts): string {
  return Object.entries(counts)
    .map(([reason, times]) => `${reason}: ${times}`)
    .join(', ')
}
