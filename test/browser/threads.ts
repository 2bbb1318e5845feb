import type { Thread } from '../../src/cpu/threads/thread.ts'

/** What test/support/threads.ts is in Node: workers that run the sources, as the test server gives them. */
export function testThreads(): () => Thread {
  return () => new Worker(new URL('../../src/cpu/threads/main.ts', import.meta.url), { type: 'module' })
}
