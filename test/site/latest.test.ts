import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Latest } from '../../site/latest.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A queue with a grace period of 400 ms, whose runs end on command. */
function queue() {
  const begun: number[] = []
  const ends: (() => void)[] = []
  const latest = new Latest<number>(request => {
    begun.push(request)
    return new Promise(resolve => {
      ends.push(resolve)
    })
  }, 400)
  return { latest, begun, ends }
}

test('of the requests that come within the grace the latest is run, once the run at hand has ended', async () => {
  const { latest, begun, ends } = queue()
  for (const request of [1, 2, 3]) latest.request(request)
  expect(begun).toEqual([1])
  ends[0]()
  await vi.waitFor(() => expect(begun).toEqual([1, 3]))
  ends[1]()
})

test('after the grace a newer request is run at once, and the end of the older run begins nothing', async () => {
  const { latest, begun, ends } = queue()
  latest.request(1)
  vi.advanceTimersByTime(400)
  latest.request(2)
  expect(begun).toEqual([1, 2])
  latest.request(3)
  ends[0]()
  await new Promise(resolve => setImmediate(resolve))
  expect(begun).toEqual([1, 2])
  ends[1]()
  await vi.waitFor(() => expect(begun).toEqual([1, 2, 3]))
})
