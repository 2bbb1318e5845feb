import { sampleDay, tickBatches } from 'voxrisk'

const TRADES_A_BATCH = 500
const MS_A_BATCH = 50

/** Trades of another made-up day, to learn what is ordinary. */
export const yesterday = () => sampleDay({ seed: 2, trades: 30_000 }).source

/** Replace this with your feed. Here: a made-up day, some trades at a time. */
export async function* feed(instrument) {
  const { source } = sampleDay({ trades: 30_000 })
  for await (const ticks of tickBatches(source, instrument, { size: TRADES_A_BATCH })) {
    yield ticks
    await new Promise(resolve => setTimeout(resolve, MS_A_BATCH))
  }
}
