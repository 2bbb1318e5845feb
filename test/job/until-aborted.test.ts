import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { untilAborted } from '../../src/job/session/until-aborted.ts'

const ABORTED = expect.objectContaining({ name: 'AbortError' })

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

async function* chunks(count: number) {
  for (let n = 0; n < count; n++) {
    await nextTurn()
    yield { n }
  }
}

test('items that were passed on are not kept', async () => {
  const seen: WeakRef<object>[] = []
  let isFirstGone = false
  for await (const chunk of untilAborted(chunks(10), new AbortController().signal)) {
    seen.push(new WeakRef(chunk))
    if (chunk.n < 9) continue
    await nextTurn() // a weak reference holds its object until the end of the task that made it
    collectGarbage()
    isFirstGone = seen[0].deref() === undefined
  }
  expect(seen).toHaveLength(10)
  expect(isFirstGone).toBe(true)
})

test('a signal ends a source that is waiting', async () => {
  const abort = new AbortController()
  let isWaiting = () => {}
  const waiting = new Promise<void>(resolve => {
    isWaiting = resolve
  })
  const source = {
    async *[Symbol.asyncIterator]() {
      yield 1
      isWaiting()
      await new Promise(() => {})
    },
  }
  const seen: number[] = []
  const reading = (async () => {
    for await (const item of untilAborted(source, abort.signal)) seen.push(item)
  })()
  await waiting
  abort.abort()
  await expect(reading).rejects.toThrow(ABORTED)
  expect(seen).toEqual([1])
})
