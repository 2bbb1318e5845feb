import { pathToFileURL } from 'node:url'
import type { Thread } from '../../src/cpu/threads/thread.ts'
import { startThread } from '../../src/node/threads.ts'

/** What test/support/threads.ts is under Vitest: threads that run what is built beside the program. */
export function testThreads(): () => Thread {
  return () => startThread(new URL('cpu-thread.js', pathToFileURL(process.argv[1])))
}
