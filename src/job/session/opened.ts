import type { TradeSource } from '../../events/trades.ts'
import { unlessAborted, untilAborted } from './until-aborted.ts'

/**
 * A source of trades, opened if it is not open yet. If the signal aborts first, the source is released, even
 * if it only opens later.
 * @throws the signal's reason; what the opener throws
 */
export async function opened(
  source: TradeSource | ((signal: AbortSignal) => TradeSource | Promise<TradeSource>),
  signal: AbortSignal,
): Promise<TradeSource> {
  if (typeof source === 'function') signal.throwIfAborted()
  const opening = Promise.resolve(typeof source === 'function' ? source(signal) : source)
  try {
    return await unlessAborted(opening, signal)
  } catch (error) {
    const released = opening.then(late => untilAborted(late.chunks(), signal).return()).catch(() => {})
    if (typeof source !== 'function') await released
    throw error
  }
}
