import { beforeAll } from 'vitest'
import type { Thread } from '../../src/cpu/threads/thread.ts'
import { startThread } from '../../src/node/threads.ts'
import { askWorkshop } from './ask.ts'

/**
 * Threads for the tests of a file, on the sources as they stand.
 * @returns starts a thread; to be called inside a test. `before` is put in front of the thread's code.
 */
export function testThreads(): (before?: string) => Thread {
  let code = ''
  beforeAll(async () => {
    code = await askWorkshop('/thread')
  })
  return (before = '') =>
    startThread(new URL(`data:text/javascript,${encodeURIComponent(`${before}\n${code}`)}`))
}
