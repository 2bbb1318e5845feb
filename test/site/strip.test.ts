import { expect, test } from 'vitest'
import { stripOf } from '../../site/strip.ts'
import { TradeStore } from '../../src/job/session/trade-store.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'

test('the strip holds every trade once', async () => {
  const store = await TradeStore.read(sampleDay({ trades: 20_000 }).source)
  const strip = await stripOf(store, 100)
  let volume = 0
  let last = 0
  for await (const chunk of store.chunks()) {
    for (let i = 0; i < chunk.length; i++) volume += chunk.size[i]
    last = chunk.price[chunk.length - 1]
  }
  expect(strip.volume.reduce((sum, part) => sum + part, 0)).toBeCloseTo(volume / 1000, 6)
  expect(strip.price.at(-1)).toBeCloseTo(last / 10, 9)
  expect(strip.time).toHaveLength(100)
})
