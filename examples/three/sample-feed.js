import { sampleDay, TickConverter } from 'voxrisk'

const TRADES_A_BATCH = 500
const MS_A_BATCH = 50

/** Trades of another made-up day, to learn from what is ordinary. */
export const yesterday = () => sampleDay({ seed: 2, trades: 30_000 }).source

/** Stands for your feed: a made-up day, some trades at a time. */
export async function* feed(instrument) {
  const converter = new TickConverter(instrument)
  for await (const chunk of sampleDay({ trades: 30_000 }).source.chunks()) {
    const { length, time, price, size, side } = converter.convert(chunk)
    for (let from = 0; from < length; from += TRADES_A_BATCH) {
      const to = Math.min(from + TRADES_A_BATCH, length)
      yield {
        length: to - from,
        time: time.subarray(from, to),
        price: price.subarray(from, to),
        size: size.subarray(from, to),
        side: side.subarray(from, to),
      }
      await new Promise(resolve => setTimeout(resolve, MS_A_BATCH))
    }
  }
}
